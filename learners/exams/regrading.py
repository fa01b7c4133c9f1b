"""Grading a quiz again after its key was corrected: first on trial, then in batches that survive being killed.

A new result is put beside the earlier ones, with reason and author; nothing is overwritten. What a learner had
completed stays completed. Attempts that are running keep their paper and key.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.editions.models import Edition
from courses.quizzes.grading import Mark
from courses.quizzes.results import grade_to_json, read_result
from learners.exams.answers import is_storable
from learners.exams.grading import (
    Keys,
    Regraded,
    grade_again,
    keep_first_result,
    lock_any_attempt,
    marks_by_attempt,
    settle_again,
)
from learners.exams.locking import AttemptRefusedError
from learners.exams.models import Attempt, AttemptState, Regrade, ResultKind
from learners.exams.settling import add_result
from learners.exams.tasks import enqueue_regrades

if TYPE_CHECKING:
    from learners.accounts.models import User

logger = logging.getLogger(__name__)

BATCH = 200
LEASE = timedelta(minutes=2)
# A call stops after so long, so that one regrade does not keep the scheduler from its other jobs.
BUDGET = timedelta(seconds=20)
MAX_REASON = 500


class RegradeRefusedError(Exception):
    """``code``: quiz_missing, nothing_to_grade, already_running, reason_missing or bad_reason."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Change:
    """What would become of one attempt. Scores are ``None`` while an essay waits. ``is_kept``: it would lose by it, and
    keeps the result it has."""

    attempt_id: UUID
    enrolment_id: int
    old_score: Decimal | None
    new_score: Decimal | None
    old_passed: bool | None
    new_passed: bool | None
    is_kept: bool

    @property
    def flip(self) -> str:
        """``passes``, ``fails`` or nothing."""
        if self.old_passed == self.new_passed or self.is_kept:
            return ""
        return "passes" if self.new_passed else "fails"


@dataclass(frozen=True, slots=True)
class RegradePreview:
    """``changes`` are the attempts whose score would change, those that flip first; the others are ``unchanged``, of
    which ``renewed`` would still get a new result, because their learner is shown other answers as right.

    ``kept_questions`` (wording by id) are graded with their own key, because the other one does not fit the paper.
    ``broken`` attempts cannot be read.
    """

    total: int
    unchanged: int
    renewed: int
    broken: int
    changes: tuple[Change, ...]
    kept_questions: dict[str, str]

    def count(self, flip: str) -> int:
        return sum(change.flip == flip for change in self.changes)

    @property
    def kept_count(self) -> int:
        return sum(change.is_kept for change in self.changes)

    @property
    def due_count(self) -> int:
        """How many would get a new result."""
        return len(self.changes) - self.kept_count + self.renewed


def list_regradable(key_edition: Edition, lesson_key: UUID | str, block_id: UUID | str) -> "QuerySet[Attempt]":
    """The closed attempts at the quiz on older editions, in the order of their keys."""
    older = Edition.objects.filter(
        course_key=key_edition.course_key, language=key_edition.language, number__lt=key_edition.number
    )
    attempts = Attempt.objects.filter(edition_id__in=older.values("pk"), lesson_key=lesson_key, block_id=block_id)
    return attempts.exclude(state=AttemptState.OPEN).defer("paper", "late_answers").order_by("pk")


def preview_regrade(
    *, key_edition: Edition, lesson_key: UUID | str, block_id: UUID | str, is_in_favour_only: bool = True
) -> RegradePreview:
    """What ``start_regrade`` would do to whom. Writes nothing. Raises ``RegradeRefusedError`` for an unknown quiz."""
    keys = Keys()
    _check_quiz(keys, key_edition, lesson_key, block_id)
    total = renewed = broken = 0
    changes: list[Change] = []
    kept: dict[str, str] = {}
    attempts = list_regradable(key_edition, lesson_key, block_id)
    cursor: UUID | None = None
    while batch := _read_batch(attempts, cursor):
        marks = marks_by_attempt(attempt.pk for attempt in batch)
        total += len(batch)
        for attempt in batch:
            regraded = _try_grading(attempt, key_edition.pk, keys, marks.get(attempt.pk, {}))
            if regraded is None:
                broken += 1
                continue
            kept.update((question.id, question.prompt) for question in regraded.kept)
            change = _find_change(attempt, regraded, is_in_favour_only=is_in_favour_only)
            if (change.old_score, change.old_passed) != (change.new_score, change.new_passed):
                changes.append(change)
            else:
                renewed += _is_due(attempt, regraded, is_in_favour_only=is_in_favour_only)
        cursor = batch[-1].pk
    order = {"fails": 0, "passes": 1, "": 2}
    changes.sort(key=lambda change: (order[change.flip], change.is_kept, change.attempt_id))
    return RegradePreview(total, total - broken - len(changes), renewed, broken, tuple(changes), kept)


def start_regrade(
    *,
    key_edition: Edition,
    lesson_key: UUID | str,
    block_id: UUID | str,
    reason: str,
    author: "User",
    is_in_favour_only: bool = True,
) -> Regrade:
    """Decide it: one row, which workers and the scheduler carry out. Raises ``RegradeRefusedError``."""
    _check_quiz(Keys(), key_edition, lesson_key, block_id)
    reason = reason.strip()
    if not reason:
        raise RegradeRefusedError("reason_missing", _("Give a reason: it stands on record with every new result."))
    if len(reason) > MAX_REASON or not is_storable(reason):
        message = _("The reason has at most %(most)s characters, all of them printable.")
        raise RegradeRefusedError("bad_reason", message % {"most": MAX_REASON})
    total = list_regradable(key_edition, lesson_key, block_id).count()
    if not total:
        raise RegradeRefusedError("nothing_to_grade", _("Nobody has handed in this quiz on an older edition."))
    try:
        with transaction.atomic():
            regrade = Regrade.objects.create(
                course_key=key_edition.course_key,
                lesson_key=lesson_key,
                block_id=block_id,
                key_edition=key_edition,
                reason=reason,
                author=author,
                is_in_favour_only=is_in_favour_only,
                created_at=timezone.now(),
                attempts_total=total,
            )
            enqueue_regrades()
    except IntegrityError:
        message = _("This quiz is being graded again already. Wait until that is finished.")
        raise RegradeRefusedError("already_running", message) from None
    return regrade


def continue_regrades(budget: timedelta = BUDGET) -> int:
    """Go on with every regrade that is not finished; how many attempts were looked at. Safe to call from anywhere.

    Each attempt is done once, however many workers there are and wherever they are killed: the step from one attempt to
    the next is taken in the transaction that grades it, and only by one. The lease just saves double work.
    """
    until = timezone.now() + budget
    done = 0
    for regrade_id in list(Regrade.objects.filter(finished_at=None).order_by("pk").values_list("pk", flat=True)):
        while _claim(regrade_id) and (taken := _continue(regrade_id)):
            done += taken
            if timezone.now() >= until:
                Regrade.objects.filter(pk=regrade_id).update(claimed_until=None)
                return done
    return done


class _OvertakenError(Exception):
    """Another worker has taken this step."""


def _claim(regrade_id: int) -> bool:
    """Once a batch, so that a long regrade never loses its lease to its own length."""
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    return bool(Regrade.objects.filter(free, pk=regrade_id, finished_at=None).update(claimed_until=now + LEASE))


def _continue(regrade_id: int) -> int:
    """One batch, then the lease is given back; how many attempts it took. None are left after 0."""
    regrade = (
        Regrade.objects.select_related("key_edition", "author")
        .defer("key_edition__outline", "key_edition__contents")
        .get(pk=regrade_id)
    )
    attempts = list_regradable(regrade.key_edition, regrade.lesson_key, regrade.block_id)
    batch = _read_batch(attempts.filter(submitted_at__lte=regrade.created_at), regrade.cursor)
    try:
        if batch:
            _grade_batch(regrade, batch)
            Regrade.objects.filter(pk=regrade_id).update(claimed_until=None)
        else:
            unfinished = Regrade.objects.filter(pk=regrade_id, cursor=regrade.cursor, finished_at=None)
            unfinished.update(finished_at=timezone.now(), claimed_until=None)
    except _OvertakenError:
        return 0
    return len(batch)


def _grade_batch(regrade: Regrade, batch: list[Attempt]) -> None:
    """Attempts to which the key makes no difference are passed by in one step; whatever changes is graded under its
    locks. Reading without them is safe: marks, which may come meanwhile, count the same under either key."""
    keys = Keys()
    marks = marks_by_attempt(attempt.pk for attempt in batch)
    passed = failed = 0
    for attempt in batch:
        passed += 1
        regraded = _try_grading(attempt, regrade.key_edition_id, keys, marks.get(attempt.pk, {}))
        failed += regraded is None
        if regraded is not None and _is_due(attempt, regraded, is_in_favour_only=regrade.is_in_favour_only):
            _grade_one(regrade, attempt.pk, keys, passed=passed, failed=failed)
            passed = failed = 0
    if passed:
        _step(regrade, batch[-1].pk, passed=passed, failed=failed)


def _grade_one(regrade: Regrade, attempt_id: UUID, keys: Keys, *, passed: int, failed: int) -> None:
    with transaction.atomic():
        cursor = regrade.cursor
        _step(regrade, attempt_id, passed=passed, failed=failed)
        try:
            with transaction.atomic():
                is_changed = _add_regrade(regrade, attempt_id, keys)
        except DatabaseError:
            regrade.cursor = cursor
            raise
        except Exception:
            logger.exception("attempt %s could not be graded again", attempt_id)
            Regrade.objects.filter(pk=regrade.pk).update(attempts_failed=F("attempts_failed") + 1)
            return
        if is_changed:
            Regrade.objects.filter(pk=regrade.pk).update(attempts_changed=F("attempts_changed") + 1)


def _add_regrade(regrade: Regrade, attempt_id: UUID, keys: Keys) -> bool:
    """The new result, from the rows as they are under the locks; False when there is nothing to add any more."""
    try:
        attempt, enrolment = lock_any_attempt(attempt_id)
    except AttemptRefusedError:  # its learner has been deleted
        return False
    regraded = grade_again(attempt, key_edition_id=regrade.key_edition_id, keys=keys)
    if regraded is None or not _is_due(attempt, regraded, is_in_favour_only=regrade.is_in_favour_only):
        return False
    now = timezone.now()
    keep_first_result(attempt)
    add_result(
        attempt=attempt,
        grade=regraded.grade,
        kind=ResultKind.REGRADE,
        key_edition_id=regrade.key_edition_id,
        now=now,
        reason=regrade.reason,
        author=regrade.author,
        regrade=regrade,
    )
    settle_again(attempt, enrolment, keys=keys, now=now)
    return True


def _step(regrade: Regrade, attempt_id: UUID, *, passed: int, failed: int) -> None:
    """Move the cursor from where this worker saw it, or raise: then another one has."""
    moved = Regrade.objects.filter(pk=regrade.pk, cursor=regrade.cursor, finished_at=None).update(
        cursor=attempt_id,
        attempts_done=F("attempts_done") + passed,
        attempts_failed=F("attempts_failed") + failed,
        claimed_until=timezone.now() + LEASE,
    )
    if not moved:
        raise _OvertakenError
    regrade.cursor = attempt_id


def _read_batch(attempts: "QuerySet[Attempt]", cursor: UUID | None) -> list[Attempt]:
    return list((attempts if cursor is None else attempts.filter(pk__gt=cursor))[:BATCH])


def _try_grading(attempt: Attempt, key_edition_id: int, keys: Keys, marks: dict[str, Mark]) -> Regraded | None:
    """``None`` for an attempt that cannot be graded: a damaged row must not stop the others."""
    try:
        return grade_again(attempt, key_edition_id=key_edition_id, keys=keys, marks=marks)
    except (KeyError, TypeError, AttributeError):
        logger.exception("attempt %s cannot be graded again", attempt.pk)
        return None


def _is_due(attempt: Attempt, regraded: Regraded, *, is_in_favour_only: bool) -> bool:
    """Whether the new result says anything else than the one there is, and may take its place."""
    new = grade_to_json(regraded.grade)
    return _comparable(attempt.results) != _comparable(new) and not (
        is_in_favour_only and regraded.grade.points < _points(attempt)
    )


def _find_change(attempt: Attempt, regraded: Regraded, *, is_in_favour_only: bool) -> Change:
    grade = regraded.grade
    return Change(
        attempt_id=attempt.pk,
        enrolment_id=attempt.enrolment_id,
        old_score=attempt.score,
        new_score=None if grade.is_pending else grade.percent,
        old_passed=attempt.passed,
        new_passed=None if grade.is_pending else grade.passed,
        is_kept=is_in_favour_only and grade.points < _points(attempt),
    )


def _points(attempt: Attempt) -> Decimal:
    """Points decide about favour: paper and pass mark stay, so more points are never a worse result. For an attempt
    that waits for a marker they are those that are certain."""
    return Decimal(attempt.results["points"]) if attempt.results else Decimal(0)


def _comparable(results: dict[str, Any] | None) -> list[dict[str, Any]]:
    return [read_result(each, is_key_shown=True) for each in results["questions"]] if results else []


def _check_quiz(keys: Keys, key_edition: Edition, lesson_key: UUID | str, block_id: UUID | str) -> None:
    if keys.find(key_edition.pk, lesson_key, block_id) is None:
        raise RegradeRefusedError("quiz_missing", _("This edition of the course does not have the quiz."))
