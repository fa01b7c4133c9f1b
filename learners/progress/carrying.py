"""Taking learners along with releases, in the background: in batches that survive being killed.

Rows are the truth: every release has a ``CarryOver``, made when it is announced or by the sweep, and its cursor moves
in the transaction that moves the learners. Whoever opens the course earlier is moved at once, in the same way.
"""

import logging
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone

from courses.editions.models import CourseState, Edition, Release
from courses.enums import DeltaTraining
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import LONG_TEXTS
from learners.enums import ProgressState
from learners.progress.delta_cycles import open_delta_cycles
from learners.progress.models import CarryOver
from learners.progress.moves import find_step
from learners.progress.moving import CourseReleases, Move, get_releases, move_enrolments

logger = logging.getLogger(__name__)

BATCH = 200
LEASE = timedelta(minutes=2)
# A call stops after so long, so that one course does not keep the scheduler from its other jobs.
BUDGET = timedelta(seconds=20)

Row = tuple[int, int, str, bool]  # enrolment, number of its edition, state, whether it has expired


def begin_carry_over(release_id: int) -> bool:
    """Make the row that says so; False for the first release of a course, which finds nobody to take along."""
    if not Release.objects.filter(pk=release_id, previous__isnull=False).exists():
        return False
    CarryOver.objects.get_or_create(release_id=release_id, defaults={"created_at": timezone.now()})
    return True


def continue_carry_overs(budget: timedelta = BUDGET) -> int:
    """Go on with everything that is not finished; how many enrolments were looked at. Safe to call from anywhere.

    Each enrolment is moved once, however many workers there are and wherever they are killed. The lease just saves
    double work.
    """
    lost = Release.objects.filter(previous__isnull=False, carry_over=None)
    for release_id in lost.order_by("pk").values_list("pk", flat=True):
        begin_carry_over(release_id)
    until = timezone.now() + budget
    done = 0
    for key in list(CarryOver.objects.filter(finished_at=None).order_by("release_id").values_list("pk", flat=True)):
        while _claim(key) and (seen := _continue(key)):
            done += seen
            if timezone.now() >= until:
                return done
    return done


class _OvertakenError(Exception):
    """Another worker has taken this step."""


def _claim(key: int) -> bool:
    """Once a batch, so that a long carry-over never loses its lease to its own length."""
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    return bool(CarryOver.objects.filter(free, pk=key, finished_at=None).update(claimed_until=now + LEASE))


def _continue(key: int) -> int:
    """One batch, then the lease is given back; how many enrolments it took. None are left after 0."""
    carry_over = (
        CarryOver.objects.select_related("release__edition")
        .defer("release__edition__outline", "release__edition__contents", "release__note")
        .get(pk=key)
    )
    edition = carry_over.release.edition
    current = _read_current(edition)
    batch = [] if _is_taken_over(edition, current) else _read_batch(carry_over)
    try:
        if batch:
            _take_along(carry_over, batch, get_releases(edition.course_key, current))
        else:
            unfinished = CarryOver.objects.filter(pk=key, cursor=carry_over.cursor, finished_at=None)
            unfinished.update(finished_at=timezone.now(), claimed_until=None)
    except _OvertakenError:
        return 0
    return len(batch)


def _read_current(edition: Edition) -> Edition:
    """The edition in force: learners go straight there, also when it is newer than the release."""
    state = (
        CourseState.objects.filter(course_key=edition.course_key, language=edition.language)
        .select_related("edition")
        .defer("edition__outline", "edition__contents", "search_text", "card")
        .first()
    )
    return state.edition if state is not None and state.edition is not None else edition


def _is_taken_over(edition: Edition, current: Edition) -> bool:
    """Whether a later release has its own carry-over already, which does what is left of this one."""
    return current.number > edition.number and CarryOver.objects.filter(release__edition_id=current.pk).exists()


def _read_batch(carry_over: CarryOver) -> list[Row]:
    """The next enrolments on older editions of the course, moved or not."""
    release = carry_over.release
    rows = Enrolment.objects.filter(
        course_key=release.edition.course_key,
        edition__language=release.edition.language,
        edition__number__lt=release.edition.number,
        pk__gt=carry_over.cursor,
    )
    if release.delta_training != DeltaTraining.ASSIGNED:
        rows = rows.exclude(state=ProgressState.COMPLETED)
    found = rows.order_by("pk").values_list("pk", "edition__number", "state", "expired_at")[:BATCH]
    return [(pk, number, state, expired_at is not None) for pk, number, state, expired_at in found]


def _take_along(carry_over: CarryOver, batch: list[Row], releases: CourseReleases) -> None:
    """The batch in one transaction; where that fails, one by one, so that a damaged row stops no other."""
    try:
        _take_step(carry_over, batch, releases)
    except (DatabaseError, _OvertakenError):
        raise
    except Exception:
        if len(batch) > 1:
            for row in batch:
                _take_along(carry_over, [row], releases)
            return
        logger.exception("enrolment %s could not be moved to another edition", batch[0][0])
        _step(carry_over, batch, failed=1)
    carry_over.cursor = batch[-1][0]


def _take_step(carry_over: CarryOver, batch: list[Row], releases: CourseReleases) -> None:
    with transaction.atomic():
        # The step is taken first: a worker that was overtaken waits here and then moves nobody.
        _step(carry_over, batch)
        wanted = [
            pk
            for pk, number, state, is_expired in batch
            if state == ProgressState.COMPLETED
            or find_step(releases.steps, number=number, state=state, is_expired=is_expired)
        ]
        # Whoever has gone on in another language since the batch was read is left to the releases of that one.
        rows = [row for row in _lock(wanted) if row.edition.language == releases.current.language] if wanted else []
        now = timezone.now()
        completed = [row for row in rows if row.state == ProgressState.COMPLETED]
        moved = move_enrolments(_list_moves(rows, releases), now)
        is_assigned = carry_over.release.delta_training == DeltaTraining.ASSIGNED
        opened = open_delta_cycles(completed, releases.current, now) if is_assigned and completed else []
        CarryOver.objects.filter(pk=carry_over.pk).update(
            claimed_until=None,
            moved=F("moved") + len(moved),
            completed=F("completed") + sum(each.is_completed for each in moved),
            gained_todos=F("gained_todos") + sum(each.to_do > 0 for each in moved),
            assigned=F("assigned") + len(opened),
        )


def _lock(keys: list[int]) -> list[Enrolment]:
    """In the order of their keys, as everybody locks several."""
    rows = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("user", "edition")
        .defer(*LONG_TEXTS)
        .filter(pk__in=keys)
        .order_by("pk")
    )
    return list(rows)


def _list_moves(rows: list[Enrolment], releases: CourseReleases) -> list[Move]:
    """What they say under the lock counts."""
    moves = []
    for enrolment in rows:
        step = find_step(
            releases.steps,
            number=enrolment.edition.number,
            state=enrolment.state,
            is_expired=enrolment.is_expired,
        )
        if step is not None:
            moves.append(Move(enrolment, releases.make_edition(step.edition_id)))
    return moves


def _step(carry_over: CarryOver, batch: list[Row], *, failed: int = 0) -> None:
    """Move the cursor from where this worker saw it, or raise: then another one has."""
    stepped = CarryOver.objects.filter(pk=carry_over.pk, cursor=carry_over.cursor, finished_at=None).update(
        cursor=batch[-1][0], seen=F("seen") + len(batch), failed=F("failed") + failed
    )
    if not stepped:
        raise _OvertakenError
