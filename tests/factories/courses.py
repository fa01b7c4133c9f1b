"""Editions straight from plain dicts, without Wagtail pages: ``make_edition(lessons=3, quiz=True)``."""

import uuid
from typing import Any
from uuid import UUID

from django.utils import timezone

from courses.editions.canonical import sha256_hex, to_canonical_json
from courses.editions.diff import EditionView
from courses.editions.gates import GATE_FIELDS
from courses.editions.models import AnswerKey, CourseState, Document, Edition
from courses.quizzes.definition import (
    Blank,
    Choice,
    Criterion,
    Item,
    Pair,
    Question,
    Quiz,
    true_false_choices,
)
from courses.quizzes.scoring import digest_quiz
from courses.quizzes.stored import quiz_to_json

SECRET = "zebra-quartz"

Block = dict[str, Any]
Lesson = dict[str, Any]
Module = dict[str, Any]


def new_id() -> str:
    return str(uuid.uuid4())


def text_block(**settings: Any) -> Block:
    return {"type": "text", "html": "<p>Words.</p>"} | _base(settings)


def video_block(*, duration: float | None = 100.0, **settings: Any) -> Block:
    file = {"kind": "media", "id": 1, "name": "film.mp4", "content_type": "video/mp4", "size": 10}
    return {
        "type": "video",
        "title": "A film",
        "provider": "file" if duration else "youtube",
        "video_id": "" if duration else "abc",
        "url": "",
        "is_playable": False,
        "file": file if duration else None,
        "poster": None,
        "captions": [],
        "transcript": "",
        "duration": duration,
    } | _base(settings)


def single_question(**settings: Any) -> Question:
    """Choices "right" and "wrong"; feedback and explanation hold ``SECRET``."""
    choices = (Choice("right", "This", True, SECRET), Choice("wrong", "That", False, SECRET))
    defaults = {"id": new_id(), "type": "single", "prompt": "Which one?", "points": 1, "explanation": SECRET}
    return Question(**(defaults | {"choices": choices} | settings))


def every_question() -> tuple[Question, ...]:
    """One question of each type that has no parts, with ids q1 to q5; right: right · a and b · true · Paris · 1.5."""
    several = (Choice("a", "A", True), Choice("b", "B", True), Choice("c", "C", False), Choice("d", "D", False))
    return (
        single_question(id="q1"),
        Question("q2", "multiple", "Which ones?", 2, several),
        Question("q3", "true_false", "Is it so?", 1, true_false_choices(True)),
        Question("q4", "short_text", "Capital of France?", 1, accepted=("Paris",)),
        Question("q5", "numeric", "How much?", 1, number=1.5, tolerance=0.1, unit="kg"),
    )


MATCHING = Question(
    "q6", "matching", "Which capital?", 2, pairs=(Pair("fr", "France", "Paris"), Pair("it", "Italy", "Rome")),
    distractors=("Oslo",),
)  # fmt: skip
ORDERING = Question("q7", "ordering", "In which order?", 2, items=tuple(Item(key, f"Step {key}") for key in "abc"))
BLANKS = Question(
    "q8", "blanks", "Fill in.", 2, texts=("Water boils at ", " degrees ", "."),
    blanks=(Blank("1", ("100", "one hundred")), Blank("2", ("Celsius",))),
)  # fmt: skip
ESSAY = Question(
    "q9", "essay", "Why?", 3, rubric=(Criterion("facts", "Facts", 2), Criterion("style", "Style", 1)),
    guidance="Because of this.", max_words=200,
)  # fmt: skip


def part_questions() -> tuple[Question, ...]:
    """Matching, ordering, blanks and an essay, with ids q6 to q9."""
    return (MATCHING, ORDERING, BLANKS, ESSAY)


RIGHT_PART_ANSWERS = [
    {"question": "q6", "pairs": MATCHING.right_pairs},
    {"question": "q7", "order": ["a", "b", "c"]},
    {"question": "q8", "blanks": {"1": "100", "2": "celsius"}},
]

RIGHT_ANSWERS = [
    {"question": "q1", "choices": ["right"]},
    {"question": "q2", "choices": ["a", "b"]},
    {"question": "q3", "choices": ["true"]},
    {"question": "q4", "text": " paris "},
    {"question": "q5", "number": "1,5"},
]


def quiz_block(
    *, questions: tuple[Question, ...] | None = None, time_limit: int | None = None, **settings: Any
) -> Block:
    """A quiz block whose key is kept under ``_quiz`` until ``make_edition`` takes it out."""
    base = _base({key: settings.pop(key) for key in ("id", "is_required") if key in settings})
    questions = (single_question(),) if questions is None else questions
    quiz = Quiz(
        **({"id": base["id"], "title": "Check", "introduction": "", "time_limit": time_limit} | settings),
        questions=questions,
    )
    return base | {
        "type": "quiz",
        "title": quiz.title,
        "introduction": quiz.introduction,
        "time_limit": time_limit,
        "question_count": quiz.question_count,
        "points": quiz.points,
        "pass_percent": quiz.pass_percent,
        "attempts_allowed": quiz.attempts_allowed,
        "shuffle_questions": quiz.shuffle_questions,
        "shuffle_choices": quiz.shuffle_choices,
        "cooldown_minutes": quiz.cooldown_minutes,
        "score_policy": quiz.score_policy,
        "review_policy": quiz.review_policy,
        "needs_marking": quiz.needs_marking,
        "_quiz": quiz,
    }


def make_lesson(
    *blocks: Block, title: str = "A lesson", slug: str = "", minutes: int = 5, key: str = "", **gate: Any
) -> Lesson:
    """``gate`` is when it opens: release_at, release_after_days, requires."""
    slug = slug or title.lower().replace(" ", "-")
    return {
        "id": key or new_id(),
        "title": title,
        "slug": slug,
        "summary": "",
        "minutes": minutes,
        "blocks": list(blocks),
    } | gate


def make_module(*lessons: Lesson, title: str = "Module 1", slug: str = "", **gate: Any) -> Module:
    slug = slug or title.lower().replace(" ", "-")
    return {"id": new_id(), "title": title, "slug": slug, "summary": "", "lessons": list(lessons)} | gate


def make_edition(
    *,
    lessons: int = 3,
    quiz: bool = False,
    modules: list[Module] | None = None,
    state: CourseState | None = None,
    is_published: bool = True,
    language: str = "en",
    key: UUID | None = None,
    **facts: Any,
) -> CourseState:
    """A course with one edition in force, or with ``state`` the next edition of that course.

    By default one module of ``lessons`` lessons with a required text each, and with ``quiz`` a required quiz in the
    last one. ``facts`` override the course facts: access, progression, passing_percentage ... With ``language`` and the
    ``key`` of a course it is that course in another language.
    """
    if modules is None:
        made = [make_lesson(text_block(), title=f"Lesson {number}") for number in range(1, lessons + 1)]
        if quiz:
            made[-1]["blocks"].append(quiz_block())
        modules = [make_module(*made)]
    key = state.course_key if state else key or uuid.uuid4()
    language = state.language if state else language
    slug = state.slug if state else facts.pop("slug", f"course-{key.hex[:8]}")
    number = state.edition.number + 1 if state and state.edition else 1
    contents: dict[str, dict[str, str]] = {"lessons": {}, "answers": {}}
    for lesson in (lesson for module in modules for lesson in module["lessons"]):
        _store_lesson(lesson, contents)
    outline = {
        "course": _facts(str(key), slug, {"language": language} | facts),
        "edition": {"number": number, "digest": "", "created_at": timezone.now().isoformat()},
        "modules": [_outline_module(slug, module) for module in modules],
    }
    digest = outline["edition"]["digest"] = sha256_hex(to_canonical_json([outline, contents]))
    edition = Edition.objects.create(
        course_key=key,
        language=language,
        number=number,
        digest=digest,
        title=outline["course"]["title"],
        slug=slug,
        outline=to_canonical_json(outline),
        contents=to_canonical_json(contents),
        created_at=timezone.now(),
    )
    state = state or CourseState(course_key=key, language=language, slug=slug)
    state.edition, state.is_published, state.title = edition, is_published, edition.title
    state.content_language = outline["course"]["language"]
    state.save()
    return state


def make_view(*modules: Module, **facts: Any) -> EditionView:
    """An edition for the comparison of editions, straight from the same dicts; nothing is stored."""
    course = _facts("00000000-0000-4000-8000-000000000001", "a-course", facts)
    lessons = [lesson for module in modules for lesson in module["lessons"]]
    quizzes = {
        lesson["id"]: {b["id"]: digest_quiz(quiz_to_json(b["_quiz"])) for b in lesson["blocks"] if "_quiz" in b}
        for lesson in lessons
    }
    documents = {
        lesson["id"]: {name: value for name, value in lesson.items() if name not in GATE_FIELDS}
        | {"blocks": [{name: value for name, value in b.items() if name != "_quiz"} for b in lesson["blocks"]]}
        for lesson in lessons
    }
    return EditionView(
        {"course": course, "modules": [_outline_module("a-course", module) for module in modules]},
        {
            key: (sha256_hex(to_canonical_json(document)), "".join(sorted(d.text for d in quizzes[key].values())))
            for key, document in documents.items()
        },
        documents,
        quizzes,
    )


def _base(settings: dict[str, Any]) -> Block:
    return {"id": new_id(), "is_required": True, "time_limit": None} | settings


def _store_lesson(lesson: Lesson, contents: dict[str, dict[str, str]]) -> None:
    quizzes = {block["id"]: quiz_to_json(block["_quiz"]) for block in lesson["blocks"] if "_quiz" in block}
    blocks = [{name: value for name, value in block.items() if name != "_quiz"} for block in lesson["blocks"]]
    document = {name: value for name, value in lesson.items() if name not in GATE_FIELDS}
    body = to_canonical_json(document | {"blocks": blocks})
    contents["lessons"][lesson["id"]] = sha256_hex(body)
    Document.objects.get_or_create(digest=sha256_hex(body), defaults={"body": body})
    if quizzes:
        body = to_canonical_json(quizzes)
        contents["answers"][lesson["id"]] = sha256_hex(body)
        AnswerKey.objects.get_or_create(digest=sha256_hex(body), defaults={"body": body})


def _outline_module(slug: str, module: Module) -> dict[str, Any]:
    lessons = [
        {
            "id": lesson["id"],
            "title": lesson["title"],
            "slug": lesson["slug"],
            "path": f"/courses/{slug}/{module['slug']}/{lesson['slug']}/",
            "minutes": lesson["minutes"],
            "kinds": list(dict.fromkeys(block["type"] for block in lesson["blocks"])),
            "blocks": [
                {
                    "id": block["id"],
                    "type": block["type"],
                    "is_required": block["is_required"],
                    "weight": block.get("points", 0),
                }
                | ({"time_limit": block["time_limit"]} if block["time_limit"] and block["type"] != "quiz" else {})
                for block in lesson["blocks"]
            ],
        }
        | {name: lesson[name] for name in GATE_FIELDS if name in lesson}
        for lesson in module["lessons"]
    ]
    return module | {"minutes": sum(lesson["minutes"] for lesson in lessons), "lessons": lessons}


def _facts(key: str, slug: str, changes: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": key,
        "title": "Selling with questions",
        "slug": slug,
        "path": f"/courses/{slug}/",
        "language": "en",
        "summary": "How to ask.",
        "description": "<p>How to ask.</p>",
        "cover": None,
        "level": "beginner",
        "categories": [],
        "tags": [],
        "instructors": [],
        "objectives": ["Ask"],
        "prerequisites": [],
        "minutes": 15,
        "passing_percentage": 70,
        "time_limit": None,
        "completion_deadline": None,
        "completion_days": None,
        "progression": "free",
        "access": "enrolled",
        "has_certificate": True,
        "certificate_validity_months": None,
    } | changes
