"""The shape of evidence: what a page, the API, the JSON file and the PDF all show. Moments are UTC ISO 8601 text."""

from typing import Any, TypedDict


class LearnerEvidence(TypedDict):
    id: int
    name: str
    email: str
    time_zone: str


class CourseEvidence(TypedDict):
    id: str
    title: str
    edition: int
    edition_digest: str
    passing_percentage: int


class EnrolmentEvidence(TypedDict):
    id: int
    cycle: int
    state: str
    percent: int
    score: str | None  # 0-100, as text: JSON has no decimals
    seconds_spent: int
    enrolled_at: str
    started_at: str | None
    completed_at: str | None
    due_at: str | None
    overdue_at: str | None
    expired_at: str | None


class GrantEvidence(TypedDict):
    source: str
    reference: str
    starts_at: str
    ends_at: str | None


class ExtensionEvidence(TypedDict):
    due_at: str
    note: str
    granted_by: str
    created_at: str


class AccommodationEvidence(TypedDict):
    """``note`` is for staff alone; for everybody else it is empty."""

    time_factor: str
    extra_attempts: int
    is_untimed: bool
    note: str
    granted_by: str
    granted_at: str
    ended_at: str | None


class QuestionEvidence(TypedDict):
    """A question as it was asked and the answer as it was given. ``points`` is ``None`` where the viewer may not see it
    or nothing is graded yet; the key itself is never part of evidence."""

    id: str
    type: str
    prompt: str
    max_points: int
    choices: list[str]
    answer: list[str]
    saved_at: str | None
    late_answer: list[str]
    points: str | None
    comment: str


class GradingEvidence(TypedDict):
    number: int
    kind: str
    edition: int
    score: str | None
    passed: bool | None
    reason: str
    author: str
    created_at: str


class AttemptEvidence(TypedDict):
    id: str
    number: int
    edition: int
    state: str
    opened_at: str
    deadline_at: str | None
    submitted_at: str | None
    base_time_limit: int | None  # seconds
    time_limit: int | None  # seconds, with the accommodation
    accommodation: dict[str, Any]
    score: str | None
    passed: bool | None
    is_graded: bool
    questions: list[QuestionEvidence]
    gradings: list[GradingEvidence]


class ReopeningEvidence(TypedDict):
    """A timed block that might be started again, with the clock that had run until then."""

    clock_started_at: str
    deadline_at: str | None
    note: str
    reopened_by: str
    created_at: str


class BlockEvidence(TypedDict):
    """``edition`` is the one the block was completed on, or last touched on; ``is_in_edition`` is false for a block
    that the enrolment's edition no longer has. ``clock_started_at`` and ``deadline_at`` are of a timed block; the
    clocks before it are in ``reopenings``, oldest first. ``is_from_earlier_cycle``: it was completed before this cycle,
    in which only what had changed was to be done; its attempts are in the evidence of the cycle before."""

    id: str
    type: str
    title: str
    is_required: bool
    is_in_edition: bool
    is_from_earlier_cycle: bool
    edition: int | None
    state: str
    started_at: str | None
    completed_at: str | None
    last_accessed_at: str | None
    clock_started_at: str | None
    deadline_at: str | None
    reopenings: list[ReopeningEvidence]
    seconds_spent: int
    position: float
    duration: float | None
    watched: list[list[float]]
    watched_seconds: float
    score: str | None
    attempts: list[AttemptEvidence]


class LessonEvidence(TypedDict):
    id: str
    title: str
    module: str
    is_in_edition: bool
    opened_at: str | None
    last_accessed_at: str | None
    blocks: list[BlockEvidence]


class Evidence(TypedDict):
    """``digest`` is the SHA-256 of the canonical JSON of everything below it: two readings with the same digest say the
    same."""

    made_at: str
    viewer: str
    digest: str
    learner: LearnerEvidence
    course: CourseEvidence
    enrolment: EnrolmentEvidence
    grants: list[GrantEvidence]
    extensions: list[ExtensionEvidence]
    accommodations: list[AccommodationEvidence]
    lessons: list[LessonEvidence]
