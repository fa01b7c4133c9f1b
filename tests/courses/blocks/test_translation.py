"""What of blocks goes to the translator, and how it comes back."""

from typing import Any

from wagtail_localize.segments import OverridableSegmentValue, StringSegmentValue
from wagtail_localize.segments.extract import StreamFieldSegmentExtractor

from courses.blocks.lesson import LessonBody
from courses.blocks.translation import ReplaceableTextBlock, SyncedCharBlock, TranslatableTableBlock
from tests.factories.pages import make_block, make_item, make_quiz


def segments(*blocks: dict[str, Any]) -> dict[str, Any]:
    """Path without ids -> what goes to the translator."""
    body = LessonBody()
    value = body.to_python(list(blocks))
    extractor = StreamFieldSegmentExtractor(None, include_overridables=True)
    found = {}
    for segment in extractor.handle_stream_block(value):
        names = [step for step in segment.path.split(".") if len(step) != 36 and not step.startswith("'")]
        kind = {StringSegmentValue: "words", OverridableSegmentValue: "may differ"}.get(type(segment), "frame")
        found.setdefault(".".join(names), kind)
    return found


def test_words_of_a_quiz_are_translated_and_nothing_that_decides_is() -> None:
    quiz = make_quiz("A check")
    quiz["value"]["questions"] += [
        make_item("true_false", {"prompt": "So?", "answer": "true", "feedback_true": "Yes", "feedback_false": "No"}),
        make_item("numeric", {"prompt": "How much?", "number": 1.5, "tolerance": 0.1, "unit": "kg"}),
        make_item("short_text", {"prompt": "Capital?", "answers": [make_item("answer", "Paris")]}),
        make_item("matching", {"prompt": "Which?", "pairs": [make_item("pair", {"left": "a", "right": "b"})]}),
        make_item("ordering", {"prompt": "Order?", "items": [make_item("item", "one")]}),
        make_item("blanks", {"prompt": "Fill", "text": "Water [[boils]]"}),
        make_item("essay", {"prompt": "Why?", "guidance": "Because"}),
        make_item("pool", {"title": "for editors", "count": 1, "questions": []}),
    ]
    assert segments(quiz) == {
        "title": "words",
        "questions.prompt": "words",
        "questions.choices.text": "words",
        "questions.choices.feedback": "words",
        "questions.explanation": "words",
        "questions.feedback_true": "words",
        "questions.feedback_false": "words",
        "questions.unit": "words",
        "questions.answers": "words",
        "questions.pairs.left": "words",
        "questions.pairs.right": "words",
        "questions.items": "words",
        "questions.text": "words",
        "questions.guidance": "words",
    }


def test_files_and_addresses_may_differ_and_technical_names_do_not() -> None:
    video = make_block(
        "video",
        {"title": "A call", "url": "https://example.com/a.mp4", "file_name": "a.mp4", "transcript": "<p>Hi</p>"},
    )
    code = make_block("code", {"code": "x = 1  ", "language": "python", "caption": "One"})
    found = segments(video, code)
    assert {name: kind for name, kind in found.items() if kind == "may differ"} == {
        "url": "may differ",
        "code": "may differ",
    }
    assert (found["title"], found["transcript"], found["caption"]) == ("words", "frame", "words")
    assert not {"file_name", "language"} & found.keys()


def test_cells_keep_their_translation_when_rows_move() -> None:
    block = TranslatableTableBlock()
    value = {"data": [["A", "B"], [None, "A"]], "table_caption": "C"}
    found = block.get_translatable_segments(value)
    assert [segment.render_text() for segment in found] == ["A", "B", "C"]
    told = [StringSegmentValue(segment.path, segment.render_text().lower()) for segment in found]
    moved = {"data": [["x"], ["A", "B"]], "table_caption": None}
    assert block.restore_translated_segments(value, told) == {"data": [["a", "b"], [None, "a"]], "table_caption": "c"}
    assert block.restore_translated_segments(moved, told) == {"data": [["x"], ["a", "b"]], "table_caption": None}
    assert block.get_translatable_segments(None) == []


def test_code_is_replaced_as_a_whole() -> None:
    block = ReplaceableTextBlock()
    assert block.restore_translated_segments("x", [OverridableSegmentValue("", "  y\n")]) == "  y\n"
    assert (block.get_translatable_segments(""), SyncedCharBlock().get_translatable_segments("x")) == ([], [])
