"""Delta training: a new cycle of a completed course in which only what changed since is left to do.

Rows of everything else that was completed are copied into it with the edition, times and scores they have, so that they
lie before the cycle's own beginning: that is how evidence tells them apart. The old cycle and its certificate stay as
they are; completing the new one issues another in the ordinary way.

Whoever completed the course may do so once a cycle, unless the proof has run out, which asks for the whole course
again, or was revoked, which no part of a course undoes (folders to the right say so through the Wagtail hook
``find_revoked_enrolments``).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, cast

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks

from courses.editions.models import CourseState, Edition
from courses.editions.queries import get_outline, get_state_of
from courses.enums import CourseAccess, DeltaTraining
from courses.models import CoursePage
from learners.accounts.models import User
from learners.enrolments.access import course_access
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import LONG_TEXTS, active_grants
from learners.enrolments.rules import get_course_rules, proof_runs_out_at, read_dues
from learners.enrolments.scheduling import store_due
from learners.enrolments.services import EnrolmentRefusedError
from learners.enums import ProgressState
from learners.progress.completion import WRITTEN, recount_all
from learners.progress.delta import Delta, compare_for_delta, find_delta
from learners.progress.models import BlockProgress
from learners.progress.writing import update_enrolments

HOOK = "find_revoked_enrolments"


def find_offer(enrolment: Enrolment) -> Delta | None:
    """What the learner of this completed cycle is offered to do now; ``None`` for nothing.

    One query for a course without delta training, seven otherwise, and those of ``find_delta``.
    """
    if enrolment.completed_at is None or _read_rule(enrolment) == DeltaTraining.OFF:
        return None
    delta = find_delta(enrolment)
    return delta if delta.blocks and _keep_eligible([enrolment], timezone.now()) else None


def open_delta_cycle(*, enrolment: Enrolment, by: User) -> tuple[Enrolment, bool]:
    """The next cycle with only the delta left to do, on the edition in force; (that enrolment, whether it is new).

    Opening it again, also at the same moment from two tabs, returns the same. Raises ``EnrolmentRefusedError``:
    not_found, not_completed, not_offered, nothing_changed, or a code of access.
    """
    with transaction.atomic():
        rows = Enrolment.objects.select_for_update(of=("self",)).select_related("user", "edition").defer(*LONG_TEXTS)
        locked = rows.filter(pk=enrolment.pk, user_id=by.pk).first()
        if locked is None:
            raise EnrolmentRefusedError("not_found", _("There is no such enrolment."))
        following = Enrolment.objects.filter(
            user_id=locked.user_id, course_key=locked.course_key, cycle=locked.cycle + 1
        )
        existing = following.select_related("user", "edition").defer(*LONG_TEXTS).first()
        if existing is not None:
            return existing, False
        state = _check_offer(locked)
        opened = open_delta_cycles([locked], cast(Edition, state.edition), timezone.now())
        if not opened:
            message = _("Your certificate has run out or was revoked: the whole course has to be done again.")
            raise EnrolmentRefusedError("not_offered", message)
    return opened[0], True


def open_delta_cycles(completed: Sequence[Enrolment], edition: Edition, now: datetime) -> list[Enrolment]:
    """The same for several of one course, whose locks the caller holds; who is not entitled is left out.

    They carry ``user`` and ``edition``. A fixed number of queries for each edition they were completed on.
    """
    deltas = {
        row.edition_id: compare_for_delta(row.edition_id, row.edition.digest, edition.pk, edition.digest)
        for row in completed
        if row.edition.number < edition.number
    }
    concerned = [row for row in completed if row.edition_id in deltas and deltas[row.edition_id].blocks]
    olds = _keep_with_access(_keep_eligible(concerned, now), edition) if concerned else []
    if not olds:
        return []
    opened = Enrolment.objects.bulk_create(
        Enrolment(user=row.user, course_key=row.course_key, cycle=row.cycle + 1, edition=edition) for row in olds
    )
    by_edition: dict[int, list[int]] = defaultdict(list)
    for row in olds:
        by_edition[row.edition_id].append(row.pk)
    for edition_id, keys in by_edition.items():
        _copy_rows(keys, deltas[edition_id])
    dues = read_dues(opened)
    for row in opened:
        store_due(row, dues[row.pk], now)
    recount_all(opened)
    update_enrolments(opened, WRITTEN)
    return opened


def _read_rule(enrolment: Enrolment) -> str:
    """What the course asks for today. One query."""
    pages = CoursePage.objects.filter(
        translation_key=enrolment.course_key, locale__language_code=enrolment.edition.language
    )
    return pages.values_list("delta_training", flat=True).first() or DeltaTraining.OFF


def _check_offer(enrolment: Enrolment) -> CourseState:
    """The course with its edition in force, if its delta is to be had."""
    if enrolment.completed_at is None:
        raise EnrolmentRefusedError("not_completed", _("Complete the course first."))
    if _read_rule(enrolment) == DeltaTraining.OFF:
        message = _("This course does not ask anybody to study what has changed.")
        raise EnrolmentRefusedError("not_offered", message)
    state = get_state_of(enrolment.course_key, enrolment.edition.language)
    if state is None or state.edition is None or not state.is_published:
        raise EnrolmentRefusedError("not_found", _("This course does not exist or is no longer offered."))
    if not find_delta(enrolment).blocks:
        raise EnrolmentRefusedError("nothing_changed", _("Nothing that counts has changed since you completed it."))
    outline = get_outline(state.edition.pk, state.edition.digest)
    access = course_access(enrolment.user, state, outline, enrolment)
    if not access.is_allowed:
        raise EnrolmentRefusedError(access.code, access.message)
    return state


def _keep_eligible(completed: Sequence[Enrolment], now: datetime) -> list[Enrolment]:
    """Those in their latest cycle whose proof has neither run out nor been revoked. Three queries."""
    people = {row.user_id for row in completed}
    keys = {row.course_key for row in completed}
    last: dict[object, int] = {}
    cycles = Enrolment.objects.filter(user__in=people, course_key__in=keys).values_list(
        "user_id", "course_key", "cycle"
    )
    for user_id, course_key, cycle in cycles:
        last[user_id, course_key] = max(cycle, last.get((user_id, course_key), 0))
    rules = get_course_rules(row.edition for row in completed)
    revoked = _find_revoked([row.pk for row in completed])
    return [
        row
        for row in completed
        if row.completed_at is not None
        and row.cycle == last[row.user_id, row.course_key]
        and row.pk not in revoked
        and ((ends := proof_runs_out_at(row.completed_at, rules[row.edition_id])) is None or ends > now)
    ]


def _find_revoked(enrolment_ids: list[int]) -> set[int]:
    found: set[int] = set()
    for find in cast(Iterable[Any], hooks.get_hooks(HOOK)):
        found |= find(enrolment_ids)
    return found


def _keep_with_access(completed: list[Enrolment], edition: Edition) -> list[Enrolment]:
    """Nobody is assigned what they could not open. One query where the course asks for a grant."""
    course = get_outline(edition.pk, edition.digest)["course"]
    if course["access"] not in (CourseAccess.INVITATION, CourseAccess.PAID):
        return completed
    grants = active_grants().filter(user__in={row.user_id for row in completed}, course_key=course["id"])
    holders = set(grants.values_list("user_id", flat=True))
    return [row for row in completed if row.user_id in holders]


def _copy_rows(old_ids: list[int], delta: Delta) -> None:
    """Everything completed in these cycles, except what is to be done again, into the cycles that follow them. One
    statement, in the database: a batch of learners may have hundreds of thousands of rows."""
    units = sorted(delta.units)
    key = cast(Any, BlockProgress._meta.get_field("lesson_key"))
    events = cast(Any, BlockProgress._meta.get_field("recent_events"))
    params = [
        events.get_db_prep_save([], connection),
        ProgressState.COMPLETED.value,
        *old_ids,
        *(key.get_db_prep_value(part, connection) for unit in units for part in unit),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_copy_sql(len(old_ids), len(units)), params)


@cache
def _copied_columns() -> tuple[str, ...]:
    own = {"id", "enrolment_id", "recent_events"}
    return tuple(str(field.column) for field in BlockProgress._meta.concrete_fields if field.column not in own)


def _copy_sql(old_count: int, unit_count: int) -> str:
    columns = _copied_columns()
    values = ", ".join(["(%s, %s)"] * unit_count)
    return f"""
        INSERT INTO learners_blockprogress (enrolment_id, recent_events, {", ".join(columns)})
        SELECT new.id, %s, {", ".join(f"done.{column}" for column in columns)}
        FROM learners_blockprogress AS done
        JOIN learners_enrolment AS old ON old.id = done.enrolment_id
        JOIN learners_enrolment AS new
            ON new.user_id = old.user_id AND new.course_key = old.course_key AND new.cycle = old.cycle + 1
        WHERE done.state = %s AND old.id IN ({", ".join(["%s"] * old_count)})
            AND NOT (done.lesson_key, done.block_id) IN (VALUES {values})
    """  # noqa: S608 -- our own names
