"""The one answer to "may this person open this, and if not, why and what unlocks it?".

HTML, API, files and exams all ask here. The rules:

- an open course may be read by anyone; enrolling is what keeps progress;
- any other course needs an enrolment; invitation and paid courses also need a grant in force;
- people who may enter the admin may read everything (code ``staff``), whether enrolled or not;
- an enrolment that ended unfinished is closed (code ``expired``), on open courses, too: what is closed is the record;
- a course that is no longer published stays readable for those who are enrolled, and does not exist for others;
- with progression ``in_order`` a lesson opens when every required block of every earlier lesson is completed.
  A lesson that was opened once stays open, so that an edit of an earlier lesson never shuts a learner out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from courses.editions.documents import Outline, OutlineLesson, OutlineModule
from courses.enums import CourseAccess, Progression
from learners.enrolments.queries import has_active_grant
from learners.enums import ProgressState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from courses.editions.models import CourseState
    from learners.accounts.models import User
    from learners.enrolments.models import Enrolment

STAFF_PERMISSION = "wagtailadmin.access_admin"


@dataclass(frozen=True, slots=True)
class Access:
    """``code`` is for programs, ``message`` says why, ``unlock`` says what to do about it (with an address, if any)."""

    is_allowed: bool
    code: str
    message: str = ""
    unlock: str = ""
    unlock_lesson_id: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What access needs to know of a learner's progress: completed (lesson, block) pairs and lessons opened once."""

    completed: frozenset[tuple[str, str]] = frozenset()
    opened: frozenset[str] = frozenset()


NO_STANDING = Standing()


def course_access(
    user: "User | AnonymousUser",
    state: "CourseState",
    outline: Outline | None,
    enrolment: "Enrolment | None",
    *,
    has_grant: bool | None = None,
) -> Access:
    """May ``user`` read the lessons of this course?

    ``enrolment`` is this user's own or ``None``. ``has_grant`` spares the query when the caller knows;
    it is only asked for on invitation and paid courses.
    """
    if outline is None or not (state.is_published or enrolment is not None or _is_staff(user)):
        return Access(False, "not_found", _("This course does not exist or is no longer offered."))
    return study_access(user, outline, enrolment, has_grant=has_grant)


def study_access(
    user: "User | AnonymousUser", outline: Outline, enrolment: "Enrolment | None", *, has_grant: bool | None = None
) -> Access:
    """``course_access`` without the question whether the course is still offered."""
    kind = outline["course"]["access"]
    if enrolment is not None and enrolment.is_expired:
        return staff_or(user, _expired())
    if kind == CourseAccess.OPEN:
        return Access(True, "ok")
    if not user.is_authenticated:
        return Access(False, "login_required", _("Log in to study this course."), _("Log in."))
    if kind in (CourseAccess.INVITATION, CourseAccess.PAID):
        if has_grant is None:
            has_grant = has_active_grant(user, outline["course"]["id"])
        if not has_grant:
            return staff_or(user, _missing_grant(kind))
    if enrolment is None:
        message = _("Enrol to open the lessons of this course.")
        return staff_or(user, Access(False, "enrolment_required", message, _("Enrol on the course page.")))
    return Access(True, "ok")


def lesson_access(
    user: "User | AnonymousUser",
    state: "CourseState",
    outline: Outline | None,
    enrolment: "Enrolment | None",
    lesson_id: str,
    *,
    has_grant: bool | None = None,
    standing: Standing | None = None,
) -> Access:
    """May ``user`` open this lesson? ``standing`` spares the query on courses studied in order."""
    access = course_access(user, state, outline, enrolment, has_grant=has_grant)
    if not access.is_allowed or outline is None:
        return access
    lesson_id = str(lesson_id)
    if not any(lesson["id"] == lesson_id for _module, lesson in walk_lessons(outline)):
        return Access(False, "not_found", _("This lesson does not exist in this edition of the course."))
    if enrolment is None or outline["course"]["progression"] != Progression.IN_ORDER:
        return access
    lock = LessonLocks(outline, load_standing(enrolment) if standing is None else standing).find(lesson_id)
    return access if lock is None else staff_or(user, lock)


class LessonLocks:
    """Which lessons of an in-order course are still locked, worked out once for the whole outline."""

    def __init__(self, outline: Outline, standing: Standing) -> None:
        self._standing = standing
        is_in_order = outline["course"]["progression"] == Progression.IN_ORDER
        self._gap = _find_gap(outline, standing) if is_in_order else None
        self._order: dict[str, int] = {}
        if self._gap is not None:
            self._order = {lesson["id"]: place for place, (_module, lesson) in enumerate(walk_lessons(outline))}

    def find(self, lesson_id: str) -> Access | None:
        """The refusal that names the lesson to complete first, or ``None`` when the lesson is open."""
        if self._gap is None or lesson_id in self._standing.opened:
            return None
        if self._order[lesson_id] <= self._order[self._gap["id"]]:
            return None
        title = self._gap["title"]
        return Access(
            False,
            "locked_in_order",
            _("This lesson opens after “%(lesson)s”.") % {"lesson": title},
            _("Complete “%(lesson)s”.") % {"lesson": title},
            self._gap["id"],
        )


def load_standing(enrolment: "Enrolment") -> Standing:
    """One query, two short columns a row."""
    rows = enrolment.blocks.values_list("lesson_key", "block_id", "state")
    return make_standing((str(lesson), str(block), state) for lesson, block, state in rows)


def make_standing(rows: Iterable[tuple[str, str, str]]) -> Standing:
    completed, opened = set(), set()
    for lesson, block, state in rows:
        opened.add(lesson)
        if state == ProgressState.COMPLETED:
            completed.add((lesson, block))
    return Standing(frozenset(completed), frozenset(opened))


def walk_lessons(outline: Outline) -> Iterator[tuple[OutlineModule, OutlineLesson]]:
    for module in outline["modules"]:
        for lesson in module["lessons"]:
            yield module, lesson


def _find_gap(outline: Outline, standing: Standing) -> OutlineLesson | None:
    """The first lesson that still has a required block to complete."""
    for _module, lesson in walk_lessons(outline):
        if any(
            block["is_required"] and (lesson["id"], block["id"]) not in standing.completed for block in lesson["blocks"]
        ):
            return lesson
    return None


def _is_staff(user: "User | AnonymousUser") -> bool:
    return user.is_authenticated and user.has_perm(STAFF_PERMISSION)


def staff_or(user: "User | AnonymousUser", refusal: Access) -> Access:
    """Asked last, because it costs queries: only when everything else has refused."""
    return Access(True, "staff", _("You can read this because you work on the site.")) if _is_staff(user) else refusal


def _expired() -> Access:
    message = _("The time for this course is over, and it was not finished.")
    return Access(False, "expired", message, _("Ask your manager or the people who run the course for an extension."))


def _missing_grant(kind: str) -> Access:
    if kind == CourseAccess.PAID:
        message = _("This course has to be bought before it can be studied.")
        return Access(False, "purchase_required", message, _("Buy the course, or ask your company for a seat."))
    message = _("This course is only open to people who were invited.")
    return Access(False, "invitation_required", message, _("Ask the people who run the course for an invitation."))
