"""Counters and completion of an enrolment. Every function here expects the lock of ``lock_enrolment``."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction

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
    course = get_course_map(enrolment.edition_id, enrolment.edition.digest)
    done = 0
    scores = {}
    rows = BlockProgress.objects.filter(enrolment_id=enrolment.pk)
    for lesson, block, state, score in rows.values_list("lesson_key", "block_id", "state", "score"):
        unit = (str(lesson), str(block))
        done += state == ProgressState.COMPLETED and unit in course.required
        if score is not None:
            scores[unit] = score
    enrolment.required_done = done
    enrolment.percent = percent_of(done, len(course.required))
    enrolment.score = mean_score(course.required, scores)


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
