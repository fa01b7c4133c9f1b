"""The one answer to "may this person open this, and if not, why and what unlocks it?".

HTML, API, files and exams all ask here. The rules:

- an open course may be read by anyone; enrolling is what keeps progress;
- any other course needs an enrolment; invitation and paid courses also need a grant in force;
- people who may enter the admin may read everything (code ``staff``), whether enrolled or not;
- an enrolment that ended unfinished is closed (code ``expired``), on open courses, too: what is closed is the record;
- a course that is archived or no longer published stays readable for those who are enrolled, and does not exist for
  others;
- a course may ask for other courses first, perhaps with a minimum score: that decides who may enrol. Whoever is
  enrolled stays in, so that a rule added later never shuts a learner out;
- a course may limit the time a learner studies, as measured; an accommodation stretches it;
- when a lesson opens within a course is for ``learners.enrolments.locks`` to say: in order, after other lessons, on a
  date or days after enrolling.
"""

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.editions.documents import Outline, RequiredCourse
from courses.enums import CourseAccess
from courses.gates import has_dates, has_lesson_rules
from learners.accommodations.queries import get_accommodation
from learners.accommodations.timing import MINUTE, allowed_seconds
from learners.enrolments.locks import NO_STANDING, Access, LessonLocks, Standing, make_standing, walk_lessons
from learners.enrolments.queries import has_active_grant, list_completed_courses

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from courses.editions.models import CourseState
    from learners.accounts.models import User
    from learners.enrolments.models import Enrolment

STAFF_PERMISSION = "wagtailadmin.access_admin"


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
    if outline is None or not (state.is_offered or enrolment is not None or _is_staff(user)):
        return Access(False, "not_found", _("This course does not exist or is no longer offered."))
    return study_access(user, outline, enrolment, has_grant=has_grant)


def study_access(
    user: "User | AnonymousUser", outline: Outline, enrolment: "Enrolment | None", *, has_grant: bool | None = None
) -> Access:
    """``course_access`` without the question whether the course is still offered."""
    kind = outline["course"]["access"]
    if enrolment is not None and enrolment.is_expired:
        return staff_or(user, _expired())
    if enrolment is not None and is_study_time_up(enrolment, outline):
        message = _("The study time of this course is used up.")
        return staff_or(user, Access(False, "time_is_up", message, _("Ask the people who run the course.")))
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
        missing = find_missing_course(user, outline)
        if missing is not None:
            return staff_or(user, missing)
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
    """May ``user`` open this lesson? ``standing`` spares the query."""
    access = course_access(user, state, outline, enrolment, has_grant=has_grant)
    if not access.is_allowed or outline is None:
        return access
    lesson_id = str(lesson_id)
    if not any(lesson["id"] == lesson_id for _module, lesson in walk_lessons(outline)):
        return Access(False, "not_found", _("This lesson does not exist in this edition of the course."))
    if not (has_lesson_rules(outline) or has_dates(outline)):
        return access
    if enrolment is None:
        standing = NO_STANDING
    elif standing is None:
        standing = load_standing(enrolment)
    enrolled_at = enrolment.enrolled_at if enrolment is not None else None
    lock = LessonLocks(outline, standing, enrolled_at=enrolled_at, now=timezone.now()).find(lesson_id)
    return access if lock is None or access.code == "staff" else staff_or(user, lock)


def is_study_time_up(enrolment: "Enrolment", outline: Outline) -> bool:
    """Whether the measured time has reached what the course allows this learner. What is completed stays open. One
    query once the limit that everybody has is reached, none before."""
    limit = outline["course"]["time_limit"]
    if not limit or enrolment.completed_at is not None or enrolment.seconds_spent < limit * MINUTE:
        return False
    allowed: int | None = limit * MINUTE
    held = get_accommodation(enrolment.user_id)
    if held is not None:
        allowed = allowed_seconds(allowed, time_factor=held.time_factor, is_untimed=held.is_untimed)
    return allowed is not None and enrolment.seconds_spent >= allowed


def find_missing_course(user: "User", outline: Outline) -> Access | None:
    """The first course that ``user`` has to complete before this one, if any. One query, none without such a rule."""
    required = outline["course"].get("requires", [])
    if not required:
        return None
    completed = list_completed_courses(user, [rule["id"] for rule in required])
    for rule in required:
        scores = completed.get(rule["id"], [])
        # A course without any scored quiz has nothing to fail.
        if not any(score is None or score >= (rule["minimum_score"] or 0) for score in scores):
            return _missing_course(rule)
    return None


def load_standing(enrolment: "Enrolment") -> Standing:
    """One query, short columns."""
    rows = enrolment.blocks.values_list("lesson_key", "block_id", "state", "score")
    return make_standing((str(lesson), str(block), state, score) for lesson, block, state, score in rows)


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


def _missing_course(rule: RequiredCourse) -> Access:
    names = {"course": rule["title"], "score": rule["minimum_score"]}
    if rule["minimum_score"]:
        message = _("This course is open to those who completed “%(course)s” with at least %(score)s %%.") % names
        unlock = _("Complete “%(course)s” with at least %(score)s %%.") % names
    else:
        message = _("This course is open to those who completed “%(course)s”.") % names
        unlock = _("Complete “%(course)s”.") % names
    return Access(False, "prerequisite_course", message, unlock, unlock_course_id=rule["id"])
