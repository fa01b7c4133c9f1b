"""Marking essays by hand: points, comment and criteria, each mark once, changed only knowingly and with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from courses.quizzes.definition import Question
from courses.quizzes.grading import is_waiting
from learners.exams.answers import is_storable
from learners.exams.grading import (
    Keys,
    find_questions,
    grade_again,
    keep_first_result,
    key_edition_of,
    lock_any_attempt,
    settle_again,
)
from learners.exams.locking import AttemptRefusedError
from learners.exams.models import Attempt, AttemptState, EssayMark, ResultKind
from learners.exams.settling import add_result

if TYPE_CHECKING:
    from learners.accounts.models import User

MAX_COMMENT = 5_000
MAX_REASON = 500
Points = Decimal | str | int | float | None


class MarkingRefusedError(Exception):
    """``code``: not_found, still_open, nothing_to_mark, own_attempt, already_marked, reason_missing, bad_reason,
    bad_points or bad_comment. ``field`` names the criterion that ``bad_points`` is about."""

    def __init__(self, code: str, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


@dataclass(frozen=True, slots=True)
class Marked:
    """``is_new`` is false when the same marker had given the very same mark before."""

    attempt: Attempt
    mark: EssayMark
    is_new: bool
    is_course_completed: bool


def mark_essay(
    *,
    attempt_id: UUID | str,
    question_id: str,
    marker: "User",
    points: Points = None,
    criteria: Mapping[str, Points] | None = None,
    comment: str = "",
    replaces: datetime | None = None,
    reason: str = "",
) -> Marked:
    """Mark one essay of a closed attempt; with its last one the attempt has its score, and the block is settled.

    Where the question has a rubric, ``criteria`` holds the points of each criterion, otherwise ``points`` counts.
    ``replaces`` says which mark is changed knowingly: its ``marked_at``, as the marker saw it; then a ``reason`` is
    needed. Each mark is a new result beside the earlier ones. The same mark by the same person again changes nothing.
    Raises ``MarkingRefusedError``.
    """
    keys = Keys()
    with transaction.atomic():
        try:
            attempt, enrolment = lock_any_attempt(attempt_id)
        except AttemptRefusedError as refusal:
            raise MarkingRefusedError(refusal.code, refusal.message) from None
        if enrolment.user_id == marker.pk:
            raise MarkingRefusedError("own_attempt", _("You cannot mark an exam of your own. Ask somebody else."))
        question = _find_essay(attempt, question_id, keys)
        facts = _read_mark(question, points, criteria or {}, comment)
        mark = EssayMark.objects.select_related("marked_by").filter(attempt=attempt, question_id=question_id).first()
        if mark is not None and mark.marked_by_id == marker.pk and _is_same(mark, facts):
            return Marked(attempt, mark, is_new=False, is_course_completed=False)
        if mark is not None:
            _check_replacing(mark, replaces, reason)
        now = timezone.now()
        mark = mark or EssayMark(attempt=attempt, question_id=question_id)
        mark.points, mark.criteria, mark.comment = facts.points, facts.criteria, facts.comment
        mark.marked_by, mark.marked_at = marker, now
        mark.save()
        is_news = _add_marking(attempt, keys, marker=marker, reason=reason.strip(), now=now)
        is_completed = settle_again(attempt, enrolment, keys=keys, now=now) if is_news else False
    return Marked(attempt, mark, is_new=True, is_course_completed=is_completed)


@dataclass(frozen=True, slots=True)
class _Facts:
    points: Decimal
    criteria: dict[str, str]
    comment: str


def _add_marking(attempt: Attempt, keys: Keys, *, marker: "User", reason: str, now: datetime) -> bool:
    """A result with all marks there are by now; whether that gave the attempt its score."""
    key_edition_id = key_edition_of(attempt)
    graded = grade_again(attempt, key_edition_id=key_edition_id, keys=keys)
    if graded is None:
        raise _no_question()
    keep_first_result(attempt)
    add_result(
        attempt=attempt,
        grade=graded.grade,
        kind=ResultKind.MARKING,
        key_edition_id=key_edition_id,
        now=now,
        reason=reason,
        author=marker,
    )
    return attempt.is_graded


def _find_essay(attempt: Attempt, question_id: str, keys: Keys) -> Question:
    if attempt.state == AttemptState.OPEN:
        raise MarkingRefusedError("still_open", _("This exam has not been handed in yet."))
    question = find_questions(attempt, keys).get(question_id)
    if question is None or not is_waiting(question, attempt.answers.get(question_id)):
        raise _no_question()
    return question


def _no_question() -> MarkingRefusedError:
    return MarkingRefusedError("nothing_to_mark", _("There is no answer here that a person has to mark."))


def _check_replacing(mark: EssayMark, replaces: datetime | None, reason: str) -> None:
    if mark.marked_at != replaces:
        moment = date_format(timezone.localtime(mark.marked_at), "j M Y, H:i")
        message = _("Already marked by %(person)s on %(moment)s. To change that mark, open it and give a reason.")
        person = str(mark.marked_by) if mark.marked_by else _("somebody who has left")
        raise MarkingRefusedError("already_marked", message % {"person": person, "moment": moment})
    if not reason.strip():
        raise MarkingRefusedError("reason_missing", _("Say why the mark is changed: the reason stays on record."))
    if len(reason.strip()) > MAX_REASON or not is_storable(reason):
        message = _("The reason has at most %(most)s characters, all of them printable.")
        raise MarkingRefusedError("bad_reason", message % {"most": MAX_REASON})


def _is_same(mark: EssayMark, facts: _Facts) -> bool:
    return (mark.points, mark.criteria, mark.comment) == (facts.points, facts.criteria, facts.comment)


def _read_mark(question: Question, points: Points, criteria: Mapping[str, Points], comment: str) -> _Facts:
    comment = comment.strip().replace("\r\n", "\n")
    if len(comment) > MAX_COMMENT or not is_storable(comment):
        message = _("The comment has at most %(most)s characters, all of them printable.")
        raise MarkingRefusedError("bad_comment", message % {"most": MAX_COMMENT})
    if not question.rubric:
        return _Facts(_read_points(points, question.points), {}, comment)
    read = {item.id: _read_points(criteria.get(item.id), item.points, field=item.id) for item in question.rubric}
    total = sum(read.values(), Decimal(0))
    if total > question.points:
        message = _("Together these are more than the %(most)s points of the question.")
        raise MarkingRefusedError("bad_points", message % {"most": question.points})
    return _Facts(total, {key: f"{value:.2f}" for key, value in read.items()}, comment)


def _read_points(value: Points, most: int, *, field: str = "") -> Decimal:
    message = _("Give points from 0 to %(most)s, with two decimals at most.") % {"most": most}
    refused = MarkingRefusedError("bad_points", message, field=field)
    try:
        points = Decimal(str(value))
    except InvalidOperation:
        raise refused from None
    if not points.is_finite() or not 0 <= points <= most or points != round(points, 2):
        raise refused
    return round(points, 2)
