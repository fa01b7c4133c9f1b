"""The register of error codes: what each one is called, and the address that explains it."""

# code -> title. A code a service brings along that is not listed here is titled like "refused".
PROBLEMS = {
    "already_submitted": "This attempt was handed in before",
    "attempts_used_up": "No attempts are left",
    "authentication_failed": "The credentials are not valid",
    "completed": "This is completed already",
    "conflict": "The request does not fit the current state",
    "cooling_down": "The next attempt opens later",
    "csrf_failed": "The CSRF token is missing or wrong",
    "enrolment_required": "Enrol first",
    "expired": "The time for this course is over",
    "invalid": "The request is not valid",
    "invitation_required": "This course is by invitation",
    "locked_in_order": "A lesson before this one has to be completed first",
    "malformed": "The request could not be understood",
    "method_not_allowed": "This address does not take that method",
    "never_expires": "Nothing runs out here",
    "no_deadline": "There is no deadline to extend",
    "not_acceptable": "The requested format is not available",
    "not_authenticated": "Sign in first",
    "not_completed": "Complete it first",
    "not_found": "Nothing is here",
    "not_later": "An extension has to be later",
    "not_released_yet": "This lesson opens later",
    "not_ready": "This is still being prepared",
    "not_translated": "The course is not offered in that language",
    "note_required": "A note is needed",
    "note_too_long": "The note is too long",
    "parse_error": "The request could not be read",
    "past": "The day has passed",
    "not_started": "The time for this part is limited: start it first",
    "permission_denied": "You may not do this",
    "prerequisite_course": "Another course has to be completed first",
    "prerequisite_lesson": "Another lesson has to be completed first",
    "purchase_required": "This course has to be bought",
    "refused": "The request was refused",
    "server_error": "Something went wrong on our side",
    "throttled": "Too many requests",
    "time_is_up": "The time is over",
    "too_early": "It is too early for that",
    "too_far": "The day is too far away",
    "too_large": "The request is too large",
    "too_many_events": "Too many events at once",
    "unsupported_media_type": "Send JSON",
}


def problem_type(code: str) -> str:
    """A URI that names the kind of problem and, opened in a browser, explains it."""
    return f"/api/v1/docs/problems/#{code if code in PROBLEMS else 'refused'}"
