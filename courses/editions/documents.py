"""The shapes of everything an edition stores: outline, lesson documents, blocks. The API serves the same shapes.

All ids are strings of UUIDs: course, module and lesson ids are Wagtail ``translation_key``s, block ids are StreamField
block ids. ``minutes`` and ``time_limit`` are minutes, ``duration`` is seconds. ``html`` is sanitised and ready to show.
"""

from typing import Literal, NotRequired, TypedDict

from courses.quizzes.definition import ReviewPolicy, ScorePolicy


class ImageRef(TypedDict):
    """An image; ``src`` and ``srcset`` are added on delivery and never stored."""

    id: int
    width: int
    height: int
    alt: str
    src: NotRequired[str]
    srcset: NotRequired[str]


class FileRef(TypedDict):
    """A private file; ``url`` is signed and added on delivery, never stored."""

    kind: Literal["media", "document"]
    id: int
    name: str
    content_type: str
    size: int
    url: NotRequired[str]


class Captions(TypedDict):
    language: str
    label: str
    file: FileRef


class BlockBase(TypedDict):
    """``is_started`` and ``deadline_at`` (UTC) are added on delivery to timed blocks other than quizzes: before the
    learner starts one, its contents are empty."""

    id: str
    is_required: bool
    time_limit: int | None
    is_started: NotRequired[bool]
    deadline_at: NotRequired[str | None]


class TextBlock(BlockBase):
    type: Literal["text"]
    html: str


class MarkdownBlock(BlockBase):
    type: Literal["markdown"]
    html: str


class ImageBlock(BlockBase):
    type: Literal["image"]
    image: ImageRef | None
    alt: str
    is_decorative: bool
    caption: str


class VideoBlock(BlockBase):
    type: Literal["video"]
    title: str
    provider: Literal["file", "youtube", "vimeo", "url"]
    video_id: str  # of YouTube or Vimeo, else ""
    url: str  # of an external file or page, else ""
    is_playable: bool  # an external url that a <video> element can play
    file: FileRef | None
    poster: ImageRef | None
    captions: list[Captions]
    transcript: str  # html
    duration: float | None
    required_percent: NotRequired[int]  # of its seconds, to complete it; editions from before the setting mean 90


class AudioBlock(BlockBase):
    type: Literal["audio"]
    title: str
    url: str
    file: FileRef | None
    transcript: str  # html
    duration: float | None
    required_percent: NotRequired[int]  # of its seconds, to complete it; editions from before the setting mean 90


class QuizBlock(BlockBase):
    """A quiz as the lesson shows it. Questions come with an attempt, keys never.

    ``question_count`` and ``points`` are those of one paper; where draws differ in points, of the one with the fewest.
    The keys that may be missing are those that documents made by version 1.0 do not have.
    """

    type: Literal["quiz"]
    title: str
    introduction: str
    question_count: int
    points: int
    pass_percent: int
    attempts_allowed: int | None
    shuffle_questions: bool
    shuffle_choices: bool
    cooldown_minutes: NotRequired[int | None]
    score_policy: NotRequired[ScorePolicy]
    review_policy: NotRequired[ReviewPolicy]
    needs_marking: NotRequired[bool]


class DownloadBlock(BlockBase):
    type: Literal["file"]
    title: str
    description: str
    file: FileRef | None


class EmbedBlock(BlockBase):
    type: Literal["embed"]
    url: str
    title: str
    frame_url: str  # what an iframe may show (YouTube, Vimeo), else "": show a link


class CodeBlock(BlockBase):
    type: Literal["code"]
    code: str
    code_language: str
    caption: str


class TableBlock(BlockBase):
    type: Literal["table"]
    caption: str
    rows: list[list[str]]
    has_header_row: bool
    has_header_column: bool


class CalloutBlock(BlockBase):
    type: Literal["callout"]
    kind: Literal["info", "tip", "warning", "success"]
    title: str
    html: str


Block = (
    TextBlock
    | MarkdownBlock
    | ImageBlock
    | VideoBlock
    | AudioBlock
    | QuizBlock
    | DownloadBlock
    | EmbedBlock
    | CodeBlock
    | TableBlock
    | CalloutBlock
)


class LessonDocument(TypedDict):
    id: str
    title: str
    slug: str
    summary: str
    minutes: int
    blocks: list[Block]


class OutlineBlock(TypedDict):
    """What progress arithmetic needs of a block. ``weight`` is the quiz's points, 0 for everything else; ``time_limit``
    stands here where the block is timed and no quiz."""

    id: str
    type: str
    is_required: bool
    weight: int
    time_limit: NotRequired[int]


class RequiredLesson(TypedDict):
    """A lesson of the same course to complete first, with at least this score in its quizzes."""

    id: str
    minimum_score: int | None


class RequiredCourse(TypedDict):
    """A course to complete first, with at least this score. Title and slug are those of the day of the compile."""

    id: str
    title: str
    slug: str
    minimum_score: int | None


class Gate(TypedDict):
    """When a lesson or module opens. A rule that is not set has no key: most lessons have none."""

    release_at: NotRequired[str]  # UTC
    release_after_days: NotRequired[int]  # days after enrolling
    requires: NotRequired[list[RequiredLesson]]


class OutlineLesson(Gate):
    id: str
    title: str
    slug: str
    path: str  # "/courses/<course>/<module>/<lesson>/", "/de/courses/..." in a version that is a translation
    minutes: int
    kinds: list[str]  # block types in it, each once, in order of appearance
    blocks: list[OutlineBlock]


class OutlineModule(Gate):
    id: str
    title: str
    slug: str
    summary: str
    minutes: int
    lessons: list[OutlineLesson]


class Person(TypedDict):
    name: str
    role: str
    biography: str
    photo: ImageRef | None


class Term(TypedDict):
    name: str
    slug: str


class CourseFacts(TypedDict):
    """The course as it was when the edition was made; certificates and rules read these, never the page."""

    id: str
    title: str
    slug: str
    path: str
    language: str
    summary: str
    description: str  # html
    cover: ImageRef | None
    level: str
    categories: list[Term]
    tags: list[str]
    instructors: list[Person]
    objectives: list[str]
    prerequisites: list[str]
    requires: NotRequired[list[RequiredCourse]]
    minutes: int
    passing_percentage: int
    time_limit: int | None
    completion_deadline: str | None  # ISO date
    completion_days: int | None
    expires_after_days: NotRequired[int]  # after the deadline; absent: an unfinished enrolment never closes
    progression: Literal["free", "in_order"]
    access: Literal["open", "enrolled", "invitation", "paid"]
    has_certificate: bool
    certificate_validity_months: int | None


class EditionFacts(TypedDict):
    number: int
    digest: str
    created_at: str


class Outline(TypedDict):
    """The whole course in one document: what the sidebar, the course page and progress arithmetic read."""

    course: CourseFacts
    edition: EditionFacts
    modules: list[OutlineModule]
