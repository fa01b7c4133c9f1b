"""Turns what a domain refuses into the error a client gets: access that is not given, services that say no."""

from typing import Any

from rest_framework import exceptions, status

from api.fields import MomentField
from certificates.life import LifeRefusedError
from learners.enrolments.extending import DeadlineRefusedError
from learners.enrolments.locks import Access
from learners.enrolments.services import EnrolmentRefusedError
from learners.exams.services import AttemptRefusedError
from learners.progress.reopening import ReopeningRefusedError
from learners.progress.services import ProgressRefusedError
from learners.reporting.previews import PreviewRefusedError

REFUSALS = (
    EnrolmentRefusedError,
    AttemptRefusedError,
    DeadlineRefusedError,
    ProgressRefusedError,
    ReopeningRefusedError,
    PreviewRefusedError,
    LifeRefusedError,
)

# Whatever is not listed is a conflict with the state of things.
STATUSES = {
    "not_found": status.HTTP_404_NOT_FOUND,
    "not_translated": status.HTTP_404_NOT_FOUND,
    "malformed": status.HTTP_400_BAD_REQUEST,
    "too_many_events": status.HTTP_400_BAD_REQUEST,
    "note_required": status.HTTP_400_BAD_REQUEST,
    "note_too_long": status.HTTP_400_BAD_REQUEST,
    "past": status.HTTP_400_BAD_REQUEST,
    "too_far": status.HTTP_400_BAD_REQUEST,
    "archived": status.HTTP_403_FORBIDDEN,
    "enrolment_required": status.HTTP_403_FORBIDDEN,
    "expired": status.HTTP_403_FORBIDDEN,
    "invitation_required": status.HTTP_403_FORBIDDEN,
    "locked_in_order": status.HTTP_403_FORBIDDEN,
    "not_released_yet": status.HTTP_403_FORBIDDEN,
    "permission_denied": status.HTTP_403_FORBIDDEN,
    "prerequisite_course": status.HTTP_403_FORBIDDEN,
    "prerequisite_lesson": status.HTTP_403_FORBIDDEN,
    "purchase_required": status.HTTP_403_FORBIDDEN,
}


def as_api_exception(error: Exception) -> exceptions.APIException | None:
    """The client's error for a refusal by a service; None for anything else, which is a failure."""
    if not isinstance(error, REFUSALS):
        return None
    refusal = make_refusal(error.code, error.message)
    if isinstance(error, AttemptRefusedError):
        refusal.members = _members(error)  # type: ignore[attr-defined]
    return refusal


def _members(error: AttemptRefusedError) -> dict[str, Any]:
    """What a program needs besides the code: when to come again, and which answers came too late."""
    members: dict[str, Any] = {}
    if error.available_at is not None:
        members["available_at"] = MomentField().to_representation(error.available_at)
    if error.code == "time_is_up":
        members["late"] = list(error.late)
    return members


def refuse(access: Access) -> exceptions.APIException:
    """The client's error for access that was not given; says what would unlock it."""
    refusal = make_refusal(access.code, f"{access.message} {access.unlock}".strip())
    refusal.members = describe_unlock(access)  # type: ignore[attr-defined]
    return refusal


def describe_unlock(access: Access) -> dict[str, Any]:
    """What a program needs to lead the learner to what opens this; only what there is."""
    opens_at = None if access.opens_at is None else MomentField().to_representation(access.opens_at)
    members = {
        "unlock_lesson": access.unlock_lesson_id,
        "unlock_course": access.unlock_course_id,
        "opens_at": opens_at,
    }
    return {name: value for name, value in members.items() if value}


def make_refusal(code: str, message: str) -> exceptions.APIException:
    if code == "login_required":
        return exceptions.NotAuthenticated(message)
    error = exceptions.APIException(message, code=code)
    error.status_code = STATUSES.get(code, status.HTTP_409_CONFLICT)
    return error
