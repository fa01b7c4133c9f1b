"""What the learner templates are given: plain, frozen view models without queries."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from courses.editions.documents import Block, ImageRef
from learners.enrolments.reasons import DueView
from learners.enrolments.renewing import Renewal


@dataclass(frozen=True, slots=True)
class LessonRow:
    id: str
    title: str
    url: str | None
    minutes: int
    kinds: list[str]
    state: str
    is_locked: bool
    lock_reason: str
    is_current: bool
    lock_code: str = ""


@dataclass(frozen=True, slots=True)
class ModuleRow:
    id: str
    title: str
    summary: str
    minutes: int
    minutes_left: int
    lessons: list[LessonRow]


@dataclass(frozen=True, slots=True)
class EnrolmentCard:
    id: int
    course_key: str
    title: str
    url: str
    cover: ImageRef | None
    percent: int
    score: Decimal | None
    state: str
    due_at: datetime | None
    is_overdue: bool
    due_in_days: int | None
    continue_url: str
    continue_label: str
    next_lesson_title: str
    minutes_left: int
    completed_at: datetime | None
    last_accessed_at: datetime | None
    next_lock: str = ""  # why it is shut; then nothing unfinished is open
    due: DueView | None = None  # why it is due then
    is_expired: bool = False
    renewal: Renewal | None = None
    renew_url: str = ""
    certificate_url: str | None = None  # filled in by the template tag of certificates


@dataclass(frozen=True, slots=True)
class AttemptSummary:
    number: int
    score: Decimal | None
    passed: bool | None
    url: str
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuizCard:
    open_url: str
    open_attempt_url: str | None
    attempts_used: int
    attempts_allowed: int | None
    attempts_left: int | None
    best_score: Decimal | None
    passed: bool
    can_open: bool
    message: str
    enrolment_id: int | None
    lesson_id: str
    block_id: str
    attempts: list[AttemptSummary]
    available_at: datetime | None = None  # while the quiz is cooling down
    limit_minutes: int | None = None  # this learner's, where it is another than the quiz's
    is_untimed: bool = False
    extra_attempts: int = 0
    score_note: str = ""


@dataclass(frozen=True, slots=True)
class TimerView:
    """A clock that runs: what ``components/timer.html`` shows."""

    opened_at: datetime
    deadline_at: datetime
    server_now: datetime


@dataclass(frozen=True, slots=True)
class BlockView:
    block: Block
    state: str
    is_required: bool
    position: float
    complete_url: str | None
    quiz: QuizCard | None = None
    is_waiting: bool = False  # its time is limited and it was not started: there is nothing in it yet
    start_url: str | None = None
    limit_minutes: int | None = None  # this learner's, where it is another than the block's
    is_untimed: bool = False
    timer: TimerView | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceView:
    id: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class QuestionView:
    id: str
    type: str
    prompt: str
    points: int
    unit: str
    choices: list[ChoiceView]
    text: str
    number: str
    seq: int
    lefts: list["MatchView"] = field(default_factory=list)
    items: list["OrderView"] = field(default_factory=list)
    parts: list["GapView"] = field(default_factory=list)
    min_words: int | None = None
    max_words: int | None = None


@dataclass(frozen=True, slots=True)
class MatchView:
    """One left side and everything that may belong to it."""

    id: str
    text: str
    rights: list[ChoiceView]


@dataclass(frozen=True, slots=True)
class OrderView:
    """``place`` is what the learner chose; None before that."""

    id: str
    text: str
    place: int | None


@dataclass(frozen=True, slots=True)
class GapView:
    """A piece of text, or a blank with its number and what was typed."""

    text: str
    blank: str = ""
    number: int = 0
    value: str = ""


@dataclass(frozen=True, slots=True)
class AttemptView:
    """An attempt that is running: nothing here knows a right answer."""

    id: str
    number: int
    opened_at: datetime
    deadline_at: datetime | None
    server_now: datetime
    questions: list[QuestionView]
    base_minutes: int | None = None
    limit_minutes: int | None = None
    is_marked_by_hand: bool = False  # there is an essay in it


@dataclass(frozen=True, slots=True)
class ResultChoice:
    text: str
    is_chosen: bool
    is_correct: bool | None  # None: not to be told yet
    feedback: str


@dataclass(frozen=True, slots=True)
class ResultView:
    prompt: str
    type: str
    points: Decimal
    max_points: int
    is_correct: bool
    choices: list[ResultChoice]
    answer_text: str
    accepted_text: str
    explanation: str
    rows: list["ResultRow"] = field(default_factory=list)
    given_order: list[str] = field(default_factory=list)
    right_order: list[str] = field(default_factory=list)
    is_pending: bool = False
    comment: str = ""
    criteria: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A left side or a blank. ``is_right`` is None and ``right`` empty while the key is kept back."""

    label: str
    given: str
    right: str
    is_right: bool | None


@dataclass(frozen=True, slots=True)
class Pagination:
    number: int
    pages: int
    previous_url: str | None
    next_url: str | None
    links: list[dict[str, Any]] = field(default_factory=list)
