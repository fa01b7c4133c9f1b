"""Where "Continue" leads: the next lesson that is open, or what opens the next one."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from courses.editions.documents import OutlineLesson
from learners.enrolments.access import load_standing
from learners.enrolments.locks import Access, LessonLocks, Standing, make_standing
from learners.enrolments.models import Enrolment
from learners.enums import ProgressState
from learners.progress.arithmetic import CourseMap, find_resume_lesson
from learners.progress.models import BlockProgress
from learners.progress.queries import get_course_map


@dataclass(frozen=True, slots=True)
class NextLesson:
    """``lock`` says why it is shut: then nothing unfinished is open."""

    lesson: OutlineLesson
    lock: Access | None


def find_next_lesson(enrolment: Enrolment, course: CourseMap, standing: Standing) -> NextLesson | None:
    """Of the enrolment's edition, arranged as ``course``; ``None`` in a course without lessons. No query."""
    locks = None
    if course.has_locks:
        locks = LessonLocks(course.outline, standing, enrolled_at=enrolment.enrolled_at, now=timezone.now())
    lesson_id = find_resume_lesson(
        course,
        standing.completed,
        last_lesson_id=str(enrolment.last_lesson_key) if enrolment.last_lesson_key else None,
        is_completed=enrolment.state == ProgressState.COMPLETED,
        is_open=lambda key: locks is None or locks.find(key) is None,
    )
    if lesson_id is None:
        return None
    return NextLesson(course.lessons[lesson_id], locks.find(lesson_id) if locks else None)


def is_lesson_open(enrolment: Enrolment, lesson_id: str) -> bool:
    """Whether locks leave the lesson open to a learner who may study the course. One query where any lesson is shut."""
    course = get_course_map(enrolment.edition_id, enrolment.edition.digest)
    if not course.has_locks:
        return True
    standing, enrolled_at = load_standing(enrolment), enrolment.enrolled_at
    locks = LessonLocks(course.outline, standing, enrolled_at=enrolled_at, now=timezone.now())
    return locks.find(lesson_id) is None


def read_standings(enrolment_ids: Collection[int]) -> dict[int, Standing]:
    """What is completed, opened and scored on each of several enrolments. One query."""
    found: dict[int, list[tuple[str, str, str, Decimal | None]]] = {pk: [] for pk in enrolment_ids}
    rows = BlockProgress.objects.filter(enrolment_id__in=enrolment_ids)
    for pk, lesson, block, state, score in rows.values_list("enrolment_id", "lesson_key", "block_id", "state", "score"):
        found[pk].append((str(lesson), str(block), state, score))
    return {pk: make_standing(of_one) for pk, of_one in found.items()}
