"""Templates to begin with: three lessons and a course, written so that an author only fills in what is theirs."""

import json
import uuid
from typing import Any

from wagtail.models import Page

from courses.curriculum.templates import ensure_shelf
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage

Block = dict[str, Any]


def ensure_templates() -> bool:
    """The templates, if the shelf is empty; False if anything lies there already, whatever it is."""
    catalogue = CataloguePage.objects.first()
    if catalogue is None:
        return False
    shelf, _is_new = ensure_shelf(catalogue)
    if shelf.get_children().exists():
        return False
    for title, summary, blocks in LESSONS:
        _add_lesson(shelf, title, summary, blocks)
    _add_course(shelf)
    return True


def _item(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "id": str(uuid.uuid4()), "value": value}


def _block(block_type: str, /, *, is_required: bool = True, time_limit: int | None = None, **value: Any) -> Block:
    return _item(block_type, {**value, "is_required": is_required, "time_limit": time_limit})


def _text(*paragraphs: str, heading: str = "", is_required: bool = False) -> Block:
    head = f"<h2>{heading}</h2>" if heading else ""
    text = head + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return _block("text", text=text, is_required=is_required)


def _callout(kind: str, title: str, text: str) -> Block:
    return _block("callout", kind=kind, title=title, text=f"<p>{text}</p>", is_required=False)


def _choice(prompt: str, right: str, *wrong: str, explanation: str) -> dict[str, Any]:
    choices = [
        _item("choice", {"text": text, "is_correct": text == right, "feedback": "Say here why."})
        for text in (right, *wrong)
    ]
    return _item("single", {"prompt": prompt, "points": 1, "choices": choices, "explanation": explanation})


def _essay(prompt: str, guidance: str) -> dict[str, Any]:
    value = {"prompt": prompt, "points": 4, "guidance": guidance, "min_words": 80, "max_words": 300, "explanation": ""}
    rubric = [
        _item("criterion", {"title": title, "points": 2, "description": description})
        for title, description in (
            ("Decision", "Says what to do, and when."),
            ("Reasons", "Names the facts of the case that speak for it, and one against."),
        )
    ]
    return _item("essay", {**value, "rubric": rubric})


def _quiz(title: str, *questions: dict[str, Any], **settings: Any) -> Block:
    value = {"introduction": "", "pass_percent": 70, "attempts_allowed": None, **settings}
    limit = value.pop("time_limit", None)
    return _block("quiz", title=title, questions=list(questions), time_limit=limit, **value)


def _check(title: str = "Check yourself") -> Block:
    return _quiz(
        title,
        _choice(
            "Which of these would you do? (One situation from the daily work of your learners.)",
            "What the lesson teaches",
            "What most people do at first",
            "What sounds right and is not",
            explanation="Repeat the one sentence that learners should keep.",
        ),
        _item(
            "true_false",
            {
                "prompt": "A statement that people who skipped the lesson would get wrong.",
                "answer": "false",
                "feedback_true": "Name the misunderstanding.",
                "feedback_false": "",
                "points": 1,
                "explanation": "Say what is true instead.",
            },
        ),
    )


LESSONS: tuple[tuple[str, str, list[Block]], ...] = (
    (
        "Short lesson with a check",
        "One idea in five minutes: a situation, the idea, an example, two questions.",
        [
            _text("Begin with a moment your learners know. Who says what? What goes wrong?", heading="The situation"),
            _text(
                "One idea, in the words you would use aloud. If it takes more than five sentences, it is two lessons.",
                heading="The idea",
                is_required=True,
            ),
            _callout("tip", "For example", "The same moment again, this time with the idea in use."),
            _check(),
        ],
    ),
    (
        "Case study",
        "A case to read, a decision to defend in writing, and what really happened.",
        [
            _text(
                "Who are they, and what do they want? Keep to what somebody in the room would have known.",
                heading="The case",
                is_required=True,
            ),
            _block(
                "table",
                is_required=False,
                caption="The figures of the case",
                table={"data": [["", "Before", "Now"], ["Customers", "", ""], ["Cost", "", ""]]}
                | {"table_header_choice": "both", "first_row_is_table_header": True, "first_col_is_header": True},
            ),
            _quiz(
                "Your decision",
                _essay(
                    "What would you do, and why? Name one fact that speaks against it.",
                    "Any decision is fine that the facts of the case support. Look for the fact against it.",
                ),
                attempts_allowed=1,
                time_limit=30,
            ),
            _callout("info", "What happened", "How the story went on, and what it cost."),
        ],
    ),
    (
        "Module test",
        "A test at the end of a module: two attempts of twenty minutes.",
        [
            _text(
                "Two attempts, twenty minutes each, with an hour between them. Seventy percent passes.",
                heading="Before you begin",
            ),
            _quiz(
                "Module test",
                _choice(
                    "Replace this question, or draw from the question bank instead.",
                    "The right answer",
                    "A wrong answer",
                    explanation="Why.",
                ),
                attempts_allowed=2,
                time_limit=20,
                shuffle_questions=True,
                shuffle_choices=True,
                cooldown_minutes=60,
            ),
        ],
    ),
)
COURSE = "Workshop with follow-up"
COURSE_SUMMARY = "Before, during and after a day together: preparation, practice, and four weeks of use."
MODULES: tuple[tuple[str, str, tuple[tuple[str, list[Block]], ...]], ...] = (
    (
        "Before the workshop",
        "What everybody should know when they come into the room.",
        (
            ("Why we meet", [_text("What will be different afterwards? Two sentences.", is_required=True)]),
            ("What you know already", [_text("Answer without preparing."), _check("First look")]),
        ),
    ),
    (
        "In the workshop",
        "The exercises of the day, to have at hand.",
        (
            ("Exercise one", [_text("In pairs, ten minutes. Task, roles, and what to listen for.", is_required=True)]),
            ("Exercise two", [_text("In fours. One speaks, one answers, two watch.", is_required=True)]),
        ),
    ),
    (
        "Four weeks later",
        "What was used, and what was not.",
        (
            ("What you tried", [_text("Think of one time you used it.", heading="Look back"), _check("What stayed")]),
        ),
    ),
)  # fmt: skip


def _add_lesson(parent: Page, title: str, summary: str, blocks: list[Block]) -> LessonPage:
    lesson = LessonPage(title=title, summary=summary, body=json.dumps(blocks), **_draft(parent))
    return _save(parent, lesson)


def _add_course(shelf: Page) -> None:
    course = _save(shelf, CoursePage(title=COURSE, summary=COURSE_SUMMARY, progression="in_order", **_draft(shelf)))
    for title, summary, lessons in MODULES:
        module = _save(course, ModulePage(title=title, summary=summary, **_draft(course)))
        for name, blocks in lessons:
            _add_lesson(module, name, "", blocks)
    # The last part opens four weeks after enrolling.
    last = ModulePage.objects.child_of(course).last()
    last.release_after_days = 28
    last.save()
    last.save_revision()


def _draft(parent: Page) -> dict[str, Any]:
    return {"live": False, "has_unpublished_changes": True, "locale_id": parent.locale_id}


def _save(parent: Page, page: Any) -> Any:
    parent.add_child(instance=page)
    page.save_revision()
    return page
