"""Comparisons in words."""

from dataclasses import replace
from typing import Any

from courses.blocks.lesson import LessonBody
from courses.editions.diff import diff
from courses.releases.describing import BLOCK_NAMES, FIELD_NAMES, ChangesView, class_choices, describe_changes
from tests.factories.courses import SECRET, make_lesson, make_module, make_view, quiz_block, text_block

TEXT = text_block(id="t1", html="<p>Ask one question.</p>")
QUIZ = quiz_block(id="q1")
LESSON = make_lesson(TEXT, QUIZ, key="l1", title="First")
MODULE = make_module(LESSON)


def changes(*blocks: dict[str, Any], **facts: Any) -> ChangesView:
    module = MODULE | {"lessons": [LESSON | {"blocks": list(blocks or (TEXT, QUIZ))}]}
    return describe_changes(diff(make_view(MODULE), make_view(module, **facts)))


def test_a_changed_text_shows_what_was_added_and_removed() -> None:
    view = changes(TEXT | {"html": "<p>Ask two questions.</p>"}, QUIZ)
    [block] = view.lessons[0].blocks
    assert (block.kind_label, block.type_label, block.class_label) == ("Changed", "Text", "Cosmetic")
    assert [(each.operation, each.text) for each in block.fields[0].segments] == [
        ("same", "Ask "),
        ("removed", "one question."),
        ("added", "two questions."),
    ]
    assert view.summary == ("1 lesson changed",)


def test_a_corrected_key_is_named_and_never_shown() -> None:
    question = QUIZ["_quiz"].questions[0]
    flipped = tuple(replace(choice, is_correct=not choice.is_correct) for choice in question.choices)
    view = changes(TEXT, QUIZ | {"_quiz": replace(QUIZ["_quiz"], questions=(replace(question, choices=flipped),))})
    [block] = view.lessons[0].blocks
    assert [(field.label, field.before, field.after) for field in block.fields] == [("What counts as right", "", "")]
    assert view.summary == ("1 lesson changed", "1 quiz with another key")
    assert SECRET not in repr(view)


def test_of_a_block_that_may_not_be_shown_only_the_change_is_said() -> None:
    module = MODULE | {"lessons": [LESSON | {"blocks": [TEXT | {"html": "<p>Hidden.</p>"}, QUIZ]}]}
    view = describe_changes(diff(make_view(MODULE), make_view(module)), is_shown=lambda block: block.type == "quiz")
    [block] = view.lessons[0].blocks
    assert (block.kind_label, block.fields) == ("Changed", ())


def test_an_added_block_shows_how_it_begins_and_how_long_it_takes() -> None:
    view = changes(TEXT, QUIZ, text_block(id="new", html="<p>" + "word " * 400 + "</p>"))
    [block] = view.lessons[0].blocks
    assert (block.kind_label, block.minutes, block.is_required) == ("Added", 2, True)
    assert block.fields[0].after == " ".join(["word"] * 40) + " …"


def test_facts_of_the_course_show_before_and_after() -> None:
    view = changes(passing_percentage=80, completion_days=None, has_certificate=False)
    assert [(field.label, field.before, field.after) for field in view.course] == [
        ("Certificate", "yes", "no"),
        ("Pass mark of the course", "70", "80"),
    ]
    assert (view.change_class, view.summary) == ("major", ("facts of the course changed",))


def test_a_class_is_only_offered_upwards() -> None:
    assert [value for value, _label in class_choices("minor")] == ["minor", "major"]


def test_every_block_and_every_field_of_it_has_a_name() -> None:
    """A new block type or field that nobody named would show its technical name to learners."""
    assert set(LessonBody().child_blocks) <= set(BLOCK_NAMES)
    shown = {name for block in (TEXT, QUIZ) for name in block} - {"id", "_quiz"}
    assert shown <= set(FIELD_NAMES)
