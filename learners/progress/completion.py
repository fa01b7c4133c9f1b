"""Counters and completion of an enrolment. Every function here expects the lock of ``lock_enrolment``."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Q

from learners.enrolments.models import Enrolment
from learners.enums import ProgressState
from learners.progress.arithmetic import CourseMap, Unit, is_course_complete, mean_score, percent_of
from learners.progress.models import BlockProgress
from learners.progress.queries import get_course_map
from learners.progress.writing import update_enrolment
from learners.signals import course_completed, course_completing

WRITTEN = (
    "edition",
    "state",
    "due_at",
    "due_changed_at",
    "due_sequence",
    "closes_at",
    "overdue_at",
    "expired_at",
    "started_at",
    "completed_at",
    "last_accessed_at",
    "last_lesson_key",
    "last_block_id",
    "required_done",
    "percent",
    "score",
    "seconds_spent",
)


def add_completed(enrolment: Enrolment, units: Iterable[Unit]) -> None:
    """Count units that have just become completed. A completed enrolment is a record and is not counted on."""
    if enrolment.state == ProgressState.COMPLETED:
        return
    course = get_course_map(enrolment.edition_id, enrolment.edition.digest)
    enrolment.required_done += sum(unit in course.required for unit in units)
    enrolment.percent = percent_of(enrolment.required_done, len(course.required))


def recount(enrolment: Enrolment) -> None:
    """Counters and score from the rows themselves. One query."""
    recount_all([enrolment])


def recount_all(enrolments: Sequence[Enrolment], asked: Mapping[int, Collection[Unit]] | None = None) -> dict[int, int]:
    """``recount`` for several, in one query; how many of the units that are ``asked`` about (by enrolment) are done."""
    courses = {each.pk: get_course_map(each.edition_id, each.edition.digest) for each in enrolments}
    done = dict.fromkeys(courses, 0)
    answers = dict.fromkeys(courses, 0)
    scores: dict[int, dict[Unit, Decimal]] = {pk: {} for pk in courses}
    telling = Q(state=ProgressState.COMPLETED) | Q(score__isnull=False)
    rows = BlockProgress.objects.filter(telling, enrolment_id__in=list(courses)).values_list(
        "enrolment_id", "lesson_key", "block_id", "state", "score"
    )
    # A batch of learners may have more rows than should be held at once.
    for pk, lesson, block, state, score in rows.iterator() if len(courses) > 1 else rows:
        unit = (str(lesson), str(block))
        if state == ProgressState.COMPLETED:
            done[pk] += unit in courses[pk].required
            answers[pk] += asked is not None and unit in asked[pk]
        if score is not None:
            scores[pk][unit] = score
    for enrolment in enrolments:
        required = courses[enrolment.pk].required
        enrolment.required_done = done[enrolment.pk]
        enrolment.percent = percent_of(enrolment.required_done, len(required))
        enrolment.score = mean_score(required, scores[enrolment.pk])
    return answers


def finish_if_complete(enrolment: Enrolment, passing_percentage: int, now: datetime) -> bool:
    """Complete the enrolment when everything required is done and the score suffices; True when it is news.

    The counters are only a hint: before the one step that cannot be taken back, the rows are counted. The signals are
    sent once, because the state is changed under the lock: one at once, for which the row is written here, and one
    after commit.
    """
    course = get_course_map(enrolment.edition_id, enrolment.edition.digest)
    if enrolment.state == ProgressState.COMPLETED or not _is_complete(enrolment, course, passing_percentage):
        return False
    recount(enrolment)
    if not _is_complete(enrolment, course, passing_percentage):
        return False
    enrolment.state, enrolment.completed_at = ProgressState.COMPLETED, now
    save_enrolment(enrolment)
    course_completing.send_robust(sender=Enrolment, enrolment_id=enrolment.pk)
    transaction.on_commit(
        partial(course_completed.send_robust, sender=Enrolment, enrolment_id=enrolment.pk), robust=True
    )
    return True


def save_enrolment(enrolment: Enrolment) -> None:
    """An update rather than ``save``: there is nobody to be told of every heartbeat."""
    update_enrolment(enrolment, WRITTEN)


def _is_complete(enrolment: Enrolment, course: CourseMap, passing_percentage: int) -> bool:
    return is_course_complete(enrolment.required_done, len(course.required), enrolment.score, passing_percentage)
