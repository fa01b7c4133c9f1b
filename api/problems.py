"""The register of error codes: what each one is called, and which status a refusal by a domain service gets."""

from rest_framework import status

# code -> title. A code a service brings along that is not listed here is titled like "refused".
PROBLEMS = {
    "authentication_failed": "The credentials are not valid",
    "already_submitted": "This attempt was handed in before",
    "attempt_closed": "This attempt is closed",
    "attempts_used": "No attempts are left",
    "conflict": "The request does not fit the current state",
    "csrf_failed": "The CSRF token is missing or wrong",
    "enrolment_required": "Enrol first",
    "invalid": "The request is not valid",
    "invitation_required": "This course is by invitation",
    "locked_in_order": "A lesson before this one has to be completed first",
    "login_required": "Sign in first",
    "method_not_allowed": "This address does not take that method",
    "not_acceptable": "The requested format is not available",
    "not_authenticated": "Sign in first",
    "not_found": "Nothing is here",
    "not_ready": "This is still being prepared",
    "parse_error": "The request could not be read",
    "permission_denied": "You may not do this",
    "purchase_required": "This course has to be bought",
    "refused": "The request was refused",
    "server_error": "Something went wrong on our side",
    "throttled": "Too many requests",
    "too_large": "The request is too large",
    "unsupported_media_type": "Send JSON",
}

NOT_FOUND_CODES = frozenset({"not_found", "unknown_block", "unknown_lesson"})


def problem_type(code: str) -> str:
    """A URI that names the kind of problem and, opened in a browser, explains it."""
    return f"/api/v1/docs/problems/#{code if code in PROBLEMS else 'refused'}"


def refusal_status(error: Exception) -> int | None:
    """The status of an error that a domain service raised on purpose; None for anything else, which is a failure."""
    from learners.enrolments.services import EnrolmentRefusedError
    from learners.exams.services import AttemptRefusedError

    if not isinstance(error, EnrolmentRefusedError | AttemptRefusedError):
        return None
    if error.code in NOT_FOUND_CODES:
        return status.HTTP_404_NOT_FOUND
    if isinstance(error, EnrolmentRefusedError) or error.code in ACCESS_CODES:
        return status.HTTP_403_FORBIDDEN
    return status.HTTP_409_CONFLICT


ACCESS_CODES = frozenset(
    {"enrolment_required", "invitation_required", "purchase_required", "locked_in_order", "login_required"}
)
