"""Published courses as rows: every block type in a lesson, and secrets planted in the answer key."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from courses.catalogue import build_card, build_search_text
from courses.editions.canonical import sha256_hex, to_canonical_json
from courses.editions.models import AnswerKey, CourseState, Document, Edition
from courses.quizzes.definition import Blank, Choice, Item, Pair, Question, Quiz
from courses.quizzes.stored import quiz_to_json

SPACE = UUID("6f1c3f0e-5d7b-4b7e-9a53-8d2f4c1b7a10")
STEPS = ("first", "then", "last")
SECRETS = ("SECRET-FEEDBACK", "SECRET-EXPLANATION", "SECRET-ACCEPTED", "424242")


def make_id(*parts: object) -> str:
    """The same UUID for the same words, so that tests can name things."""
    return str(uuid5(SPACE, "/".join(str(part) for part in parts)))


@dataclass(frozen=True)
class Published:
    state: CourseState
    edition: Edition
    lesson_ids: list[str]

    @property
    def slug(self) -> str:
        return self.state.slug

    def block_id(self, kind: str, lesson: int = 1) -> str:
        return make_id(self.slug, lesson, kind)


IMAGE = {"id": 7, "width": 1600, "height": 900, "alt": "A harbour"}
FILE = {"kind": "media", "id": 3, "name": "film.mp4", "content_type": "video/mp4", "size": 1000}


def make_blocks(slug: str, lesson: int) -> list[dict[str, Any]]:
    """One block of every type; video and quiz are required."""
    video = {"title": "Film", "provider": "file", "video_id": "", "url": "", "is_playable": False, "file": FILE,
             "poster": IMAGE, "captions": [{"language": "en", "label": "English", "file": FILE}], "transcript": "",
             "duration": 60.0}  # fmt: skip
    quiz = {"title": "Check", "introduction": "", "question_count": 8, "points": 9, "pass_percent": 60,
            "attempts_allowed": 2, "shuffle_questions": False, "shuffle_choices": False}  # fmt: skip
    shapes: list[tuple[str, dict[str, Any]]] = [
        ("text", {"html": "<p>Words.</p>"}),
        ("markdown", {"html": "<h2 id='a'>A</h2>"}),
        ("image", {"image": IMAGE, "alt": "A harbour", "is_decorative": False, "caption": ""}),
        ("video", video),
        ("audio", {"title": "Talk", "url": "", "file": FILE, "transcript": "", "duration": None}),
        ("quiz", quiz),
        ("file", {"title": "Sheet", "description": "", "file": FILE | {"kind": "document", "name": "sheet.pdf"}}),
        ("embed", {"url": "https://example.com/", "title": "A page", "frame_url": ""}),
        ("code", {"code": "print(1)", "code_language": "python", "caption": ""}),
        ("table", {"caption": "", "rows": [["a", "b"]], "has_header_row": True, "has_header_column": False}),
        ("callout", {"kind": "tip", "title": "Mind", "html": "<p>This.</p>"}),
    ]
    return [
        {"id": make_id(slug, lesson, kind), "type": kind, "is_required": kind in ("video", "quiz"),
         "time_limit": 10 if kind == "quiz" else None} | shape
        for kind, shape in shapes
    ]  # fmt: skip


def make_quiz(block_id: str) -> Quiz:
    def choice(name: str, is_correct: bool) -> Choice:
        return Choice(make_id(block_id, name), name, is_correct, feedback="SECRET-FEEDBACK")

    def question(kind: Any, **fields: Any) -> Question:
        prompt = f"A {kind} question?"
        return Question(make_id(block_id, kind), kind, prompt, explanation="SECRET-EXPLANATION", **fields)

    true, false = Choice("true", "True", True, "SECRET-FEEDBACK"), Choice("false", "False", False)
    return Quiz(
        id=block_id, title="Check", introduction="", pass_percent=60, attempts_allowed=2, time_limit=10,
        questions=(
            question("single", choices=(choice("right", True), choice("wrong", False))),
            question("multiple", points=2, choices=(choice("one", True), choice("two", True), choice("three", False))),
            question("true_false", choices=(true, false)),
            question("short_text", accepted=("SECRET-ACCEPTED",)),
            question("numeric", number=424242.0),
            question("matching", pairs=(Pair(make_id(block_id, "l1"), "France", "Paris"),
                                        Pair(make_id(block_id, "l2"), "Italy", "Rome"))),
            question("ordering", items=tuple(Item(make_id(block_id, name), name) for name in STEPS)),
            question("blanks", texts=("At ", "."), blanks=(Blank("1", ("SECRET-ACCEPTED",)),)),
        ),
    )  # fmt: skip


def make_facts(slug: str, **changes: Any) -> dict[str, Any]:
    facts = {
        "id": make_id(slug), "title": slug.replace("-", " ").title(), "slug": slug, "path": f"/courses/{slug}/",
        "language": "en", "summary": "About it.", "description": "<p>More.</p>", "cover": IMAGE, "level": "beginner",
        "categories": [{"name": "Sales", "slug": "sales"}], "tags": ["talking"],
        "instructors": [{"name": "Ada Byron", "role": "", "biography": "", "photo": IMAGE}],
        "objectives": ["Sell"], "prerequisites": [], "minutes": 30, "passing_percentage": 50, "time_limit": None,
        "completion_deadline": None, "completion_days": None, "progression": "free", "access": "enrolled",
        "has_certificate": True, "certificate_validity_months": None,
    }  # fmt: skip
    return facts | changes


def make_outline(facts: dict[str, Any], lesson_count: int) -> dict[str, Any]:
    slug = facts["slug"]
    lessons = []
    for number in range(1, lesson_count + 1):
        blocks = make_blocks(slug, number)
        lessons.append(
            {"id": make_id(slug, "lesson", number), "title": f"Lesson {number}", "slug": f"lesson-{number}",
             "path": f"/courses/{slug}/module-1/lesson-{number}/", "minutes": 10,
             "kinds": [block["type"] for block in blocks],
             "blocks": [{"id": block["id"], "type": block["type"], "is_required": block["is_required"],
                         "weight": 9 if block["type"] == "quiz" else 0} for block in blocks]}
        )  # fmt: skip
    module = {"id": make_id(slug, "module"), "title": "Module 1", "slug": "module-1", "summary": "",
              "minutes": 10 * lesson_count, "lessons": lessons}  # fmt: skip
    return {"course": facts, "modules": [module]}


def _store_lesson(slug: str, number: int) -> tuple[str, str]:
    document = {"id": make_id(slug, "lesson", number), "title": f"Lesson {number}", "slug": f"lesson-{number}",
                "summary": "", "minutes": 10, "blocks": make_blocks(slug, number)}  # fmt: skip
    block_id = make_id(slug, number, "quiz")
    body = to_canonical_json(document)
    answers = to_canonical_json({block_id: quiz_to_json(make_quiz(block_id))})
    Document.objects.get_or_create(digest=sha256_hex(body), defaults={"body": body})
    AnswerKey.objects.get_or_create(digest=sha256_hex(answers), defaults={"body": answers})
    return sha256_hex(body), sha256_hex(answers)


def publish(slug: str, *, lessons: int = 2, is_published: bool = True, **facts: Any) -> Published:
    """A course in force, without pages: what the compiler leaves in the database."""
    outline = make_outline(make_facts(slug, **facts), lessons)
    ids = [lesson["id"] for lesson in outline["modules"][0]["lessons"]]
    stored = [_store_lesson(slug, number) for number in range(1, lessons + 1)]
    contents = {
        "lessons": dict(zip(ids, (document for document, _key in stored), strict=True)),
        "answers": dict(zip(ids, (key for _document, key in stored), strict=True)),
    }
    digest = sha256_hex(to_canonical_json([outline, contents]))
    now = timezone.now()
    outline["edition"] = {"number": 1, "digest": digest, "created_at": now.isoformat().replace("+00:00", "Z")}
    course_key = make_id(slug)
    edition = Edition.objects.create(
        course_key=course_key, language="en", number=1, digest=digest, title=outline["course"]["title"], slug=slug,
        outline=json.dumps(outline, ensure_ascii=False, separators=(",", ":")), contents=to_canonical_json(contents),
        created_at=now,
    )  # fmt: skip
    state = CourseState.objects.create(
        course_key=course_key, language="en", slug=slug, edition=edition, is_published=is_published,
        title=edition.title, content_language=outline["course"]["language"],
        level=outline["course"]["level"], access=outline["course"]["access"],
        minutes=outline["course"]["minutes"], card=to_canonical_json(build_card(outline)),
        search_text=build_search_text(outline), first_published_at=now, compiled_at=now,
    )  # fmt: skip
    return Published(CourseState.objects.select_related("edition").get(pk=state.pk), edition, ids)
