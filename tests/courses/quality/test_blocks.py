"""What is said about each type of block, and about any body that may stand in a database."""

from typing import Any

import pytest
from hypothesis import given, settings

from courses.blocks.refs import FileRow, ImageRow, Refs
from courses.quality.copies import Copy
from courses.quality.findings import Policy
from courses.quality.pages import check_copy
from courses.quality.surroundings import LinkedPage, Surroundings
from tests.courses.quality.bodies import bodies
from tests.factories.pages import make_block, make_choice_question, make_item, make_quiz

AROUND = Surroundings(
    refs=Refs(
        images={1: ImageRow(800, 600)},
        media_rows={2: FileRow("call.mp4", "video/mp4", 1000, 60)},
        documents={4: FileRow("call.vtt", "text/vtt", 90)},
        lessons={"one/beta.md": "/courses/a/one/beta/"},
    ),
    pages={6: LinkedPage("Live", True), 7: LinkedPage("Draft", False)},
    site_paths={"/courses/a/": LinkedPage("A", True)},
)
FILM = {"title": "Call", "media": 2}


def check(*blocks: dict[str, Any], **fields: Any) -> list[tuple[str, str]]:
    copy = Copy("lesson", 1, "", "Lesson", body=tuple(blocks), **fields)  # type: ignore[arg-type]
    return [(finding.code, finding.message) for finding in check_copy(copy, AROUND, Policy())]


def codes(*blocks: dict[str, Any], **fields: Any) -> list[str]:
    return [code for code, _message in check(*blocks, **fields)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (FILM, ["captions"]),
        ({**FILM, "transcript": "<p></p>"}, ["captions"]),
        ({**FILM, "transcript": '<p data-block-key="a">Hello</p>'}, []),
        ({**FILM, "captions": [make_item("captions", {"file": 4, "language": "en"})]}, []),
        ({"title": "Call", "url": "https://cdn.example.com/a.mp4"}, ["captions"]),
        ({"title": "Call", "url": "https://youtu.be/O4dd172mZhs"}, ["hosted_captions"]),
        ({"title": "Call", "url": "https://example.com/watch"}, ["hosted_captions"]),
        ({"title": " ", "url": "https://youtu.be/O4dd172mZhs", "transcript": "<p>x</p>"}, ["media_titles"]),
        ({"title": "", "media": 2, "transcript": "<p>x</p>"}, []),
        ({"title": "Call"}, ["publishing"]),
    ],
)
def test_videos(value: dict[str, Any], expected: list[str]) -> None:
    assert codes(make_block("video", value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"title": "Call", "media": 2}, ["transcripts"]),
        ({"title": "Call", "media": 2, "transcript": "<p>Hello</p>"}, []),
        ({"url": "https://cdn.example.com/a.mp3"}, ["transcripts", "media_titles"]),
    ],
)
def test_recordings(value: dict[str, Any], expected: list[str]) -> None:
    assert codes(make_block("audio", value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"image": 1}, ["alternative_texts"]),
        ({"image": 1, "alt": "A map"}, []),
        ({"image": 1, "is_decorative": True}, []),
        ({"image": 99, "alt": "A map"}, ["missing_files"]),
        ({"file_name": "map.png"}, ["advice"]),
    ],
)
def test_images(value: dict[str, Any], expected: list[str]) -> None:
    assert codes(make_block("image", value)) == expected


def test_files_and_captions_that_were_deleted() -> None:
    assert codes(make_block("file", {"document": 99})) == ["missing_files"]
    gone = {**FILM, "poster": 99, "captions": [make_item("captions", {"file": 99})]}
    assert check(make_block("video", gone)) == [
        ("missing_files", "The document was deleted from the library. Choose another."),
        ("missing_files", "The image was deleted from the library. Choose another."),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("text", {"text": '<a linktype="page" id="6">x</a>'}, []),
        ("text", {"text": '<a linktype="page" id="99">x</a>'}, ["broken_links"]),
        ("callout", {"text": '<a linktype="page" id="7">x</a>'}, ["unpublished_links"]),
        ("markdown", {"source": "[x](beta.md) [y](https://example.com/a.md) [z](#here) [m](mailto:a@b.c)"}, []),
        ("markdown", {"source": "[x](gamma.md) [y](tel:123)"}, ["broken_links"]),
        ("markdown", {"source": "[x](/courses/a/) [y](/learn/)"}, []),
        ("markdown", {"source": "[x](/courses/gone/)"}, ["broken_links"]),
        ("audio", {"media": 2, "transcript": '<a linktype="page" id="99">x</a>'}, ["broken_links"]),
    ],
)
def test_links(kind: str, value: dict[str, Any], expected: list[str]) -> None:
    assert codes(make_block(kind, value), source="one/alpha.md") == expected


def test_dead_links_of_a_block_are_named_together() -> None:
    links = " ".join(f"[x](gone-{number}.md)" for number in range(7))
    named = "gone-0.md, gone-1.md, gone-2.md, gone-3.md, gone-4.md and 2 more"
    assert check(make_block("markdown", {"source": links})) == [
        ("broken_links", f"7 links lead nowhere: {named}. Correct or remove them.")
    ]


def make_bare(*, feedback: str = "") -> dict[str, Any]:
    question = make_choice_question()
    question["value"]["explanation"] = " "
    for choice in question["value"]["choices"]:
        choice["value"]["feedback"] = feedback
    return question


def quiz_of(*questions: dict[str, Any]) -> dict[str, Any]:
    quiz = make_quiz()
    quiz["value"]["questions"] = list(questions)
    return quiz


def test_questions_want_an_explanation_or_feedback_on_every_choice() -> None:
    full = make_choice_question()
    assert check(quiz_of(full, make_bare(feedback="Because."))) == []
    assert check(quiz_of(make_bare())) == [
        ("explanations", "No question has an explanation. Say why the right answer is right.")
    ]
    assert check(quiz_of(full, make_bare(), make_bare())) == [
        ("explanations", "Questions 2, 3 have no explanation. Say why the right answers are right.")
    ]
    essay = make_item("essay", {"prompt": "Why?", "points": 1})
    assert check(quiz_of(full, essay)) == []


def test_identical_options_and_impossible_quizzes_are_errors() -> None:
    twins = make_choice_question()
    for choice in twins["value"]["choices"]:
        choice["value"]["text"] = "Same"
    assert check(quiz_of(twins)) == [("identical_options", "Question 1: two choices have the same text.")]
    assert codes(quiz_of()) == ["publishing"]


def test_headings_across_blocks_and_long_or_empty_lessons() -> None:
    first = make_block("markdown", {"source": "# Start\n\nWords."})
    assert check(first, make_block("markdown", {"source": "#### Deep"})) == [
        ("headings", "The heading “Deep” leaves out a level: level 4 comes after level 2.")
    ]
    assert check(first, minutes=46) == [
        ("long_lessons", "The lesson takes 46 minutes, more than 45. Split it into lessons done in one go.")
    ]
    assert check() == [("empty_lessons", "The lesson has nothing in it yet.")]


def test_hard_words_are_warned_of_in_languages_with_a_formula() -> None:
    words = "Organisational interdependencies necessitate comprehensive administrative characterisation. " * 30
    block = make_block("text", {"text": f"<p>{words}</p>"})
    assert codes(block) == ["reading_level"]
    copy = Copy("lesson", 1, "", "Lesson", body=(block,))
    assert check_copy(copy, Surroundings(language="fr"), Policy()) == []


def test_findings_name_the_block() -> None:
    block = make_block("video", FILM)
    [finding] = check_copy(Copy("lesson", 5, "", "Lesson", body=(block,)), AROUND, Policy())
    assert (finding.place, finding.block_id, finding.page_id, finding.level) == (
        "Block 1 (video “Call”)",
        block["id"],
        5,
        "error",
    )


@settings(max_examples=150)
@given(bodies())
def test_no_body_makes_a_check_fail(body: list[dict[str, Any]]) -> None:
    copy = Copy("lesson", None, "", "Any", source="one/alpha.md", body=tuple(body))  # type: ignore[arg-type]
    for around in (AROUND, Surroundings()):
        for finding in check_copy(copy, around, Policy()):
            assert finding.message.strip()
            assert finding.level in ("error", "warning")
