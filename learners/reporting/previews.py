"""Impact previews for editors: of what is published, or of the drafts as well, and whom it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _

from courses.editions.gates import CompileError
from courses.editions.models import CourseState
from courses.editions.queries import find_state
from courses.editions.releasing import Candidate
from courses.editions.services import get_or_create_state
from courses.enums import ReleasePolicy
from courses.models import CoursePage
from courses.releases.services import list_offered_pages, read_candidate
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import LONG_TEXTS
from learners.reporting.impact import Impact, predict_impact

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from learners.accounts.models import User

Source = Literal["published", "drafts"]
SOURCES: tuple[Source, ...] = ("published", "drafts")


class PreviewRefusedError(Exception):
    """``code``: not_found, permission_denied or does_not_compile."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Preview:
    state: CourseState
    candidate: Candidate
    source: Source
    policy: str
    impact: Impact


@dataclass(frozen=True, slots=True)
class AffectedLearner:
    """``name`` and ``email`` are empty for viewers who may not see the register of enrolments."""

    enrolment_id: int
    name: str
    email: str
    state: str
    percent: int
    edition_number: int


def preview_impact(
    *,
    user: "User | AnonymousUser",
    slug: str,
    language: str = "",
    source: Source = "published",
    policy: str = "",
) -> Preview:
    """What a release would do now, for whoever may edit the course page. ``policy`` empty means the course's own,
    ``language`` empty the version that has the slug.

    ``drafts`` counts every pending page as published that is neither withdrawn nor scheduled. Raises
    ``PreviewRefusedError``; a course that is not public is not found for others.
    """
    course = _find_course(user, slug, language)
    state = get_or_create_state(course)
    try:
        candidate = read_candidate(course, list_offered_pages(course) if source == "drafts" else ())
    except CompileError as error:
        raise PreviewRefusedError("does_not_compile", str(error)) from None
    policy = policy or candidate.course.release_policy or ReleasePolicy.EVERYONE
    impact = predict_impact(state=state, candidate=candidate, policy=policy)
    return Preview(state, candidate, source, policy, impact)


def count_impact(course: CoursePage) -> dict[str, int]:
    """What releasing the drafts of the course under its own policy would do, in numbers; empty before its first
    release. Raises ``CompileError``."""
    state = get_or_create_state(course)
    if state.edition is None:
        return {}
    candidate = read_candidate(course, list_offered_pages(course))
    impact = predict_impact(state=state, candidate=candidate, policy=course.release_policy)
    return {
        "learners_in_progress": impact.learners.in_progress,
        "learners_not_started": impact.learners.not_started,
        "learners_moving": impact.moving,
        "learners_with_more_to_do": len(impact.gaining),
        "blocks_to_do_at_most": impact.todo_blocks,
        "minutes_to_do_at_most": impact.todo_minutes,
        "learners_completing": len(impact.completing),
        "certificates_issued": impact.certificates,
        "deadlines_moving": impact.deadlines.moved,
        "running_attempts_with_a_changed_key": impact.attempts.open,
        "attempts_to_pass_if_graded_again": impact.attempts.to_pass,
        "attempts_to_fail_if_graded_again": impact.attempts.to_fail,
    }


def list_affected(enrolment_ids: Sequence[int], *, viewer: "User") -> list[AffectedLearner]:
    """The people behind a page of ``Impact.completing`` or ``Impact.gaining``, in its order. One query, besides those
    of the viewer's permissions."""
    can_see = viewer.has_perm("learners.view_enrolment")
    rows = Enrolment.objects.select_related("user", "edition").defer(*LONG_TEXTS).in_bulk(list(enrolment_ids))
    return [
        AffectedLearner(
            enrolment_id=row.pk,
            name=str(row.user) if can_see else "",
            email=row.user.email if can_see else "",
            state=row.state,
            percent=row.percent,
            edition_number=row.edition.number,
        )
        for pk in enrolment_ids
        if (row := rows.get(pk)) is not None
    ]


def _find_course(user: "User | AnonymousUser", slug: str, language: str) -> CoursePage:
    state = find_state(slug, language)
    courses = CoursePage.objects.select_related("cover", "locale")
    found = courses.filter(pk=state.course_id).first() if state is not None and state.course_id else None
    course = found or courses.filter(slug=slug).order_by("pk").first()
    if course is not None and course.permissions_for_user(user).can_edit():
        return course
    if course is not None and state is not None and state.is_published:
        raise PreviewRefusedError("permission_denied", _("Only those who may edit the course see this."))
    raise PreviewRefusedError("not_found", _("There is no such course."))
