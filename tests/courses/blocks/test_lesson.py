"""From stored JSON to lesson documents: every block type, no queries, no answers, nothing lost by a round trip."""

import json
from typing import Any

import pytest
from django.test import TestCase

from courses.blocks.lesson import LessonBody
from courses.blocks.refs import FileRow, ImageRow, Refs
from courses.models import LessonPage
from courses.quizzes.definition import Choice, Question, Quiz
from tests.factories.pages import PLANTED_SECRET, make_block, make_item, make_quiz

REFS = Refs(
    images={1: ImageRow(800, 600)},
    media_rows={2: FileRow("call.mp4", "video/mp4", 1000, 12.5), 3: FileRow("call.mp3", "audio/mpeg", 500, 0)},
    documents={4: FileRow("call.vtt", "text/vtt", 90), 5: FileRow("sheet.pdf", "application/pdf", 70)},
    pages={6: "/courses/a/b/c/"},
)
BODY = LessonBody()


def document_of(kind: str, value: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """The document of one block without what all blocks have."""
    [document] = BODY.to_documents([make_block(kind, value, **settings)], REFS)
    return {name: document[name] for name in document if name not in {"id", "type", "is_required", "time_limit"}}


def test_to_documents_adds_id_type_and_settings() -> None:
    block = make_block("code", {"code": " x\n", "language": "text", "caption": ""}, is_required=False, time_limit=5)
    assert BODY.to_documents([block], REFS) == [
        {
            "id": block["id"],
            "type": "code",
            "is_required": False,
            "time_limit": 5,
            "code": " x\n",
            "code_language": "text",
            "caption": "",
        }
    ]


def test_to_documents_takes_missing_settings_as_required_without_limit() -> None:
    [document] = BODY.to_documents([make_item("markdown", {"source": "a"})], REFS)
    assert (document["is_required"], document["time_limit"]) == (True, None)


def test_to_documents_leaves_out_types_that_no_longer_exist() -> None:
    assert BODY.to_documents([make_item("gone", {})], REFS) == []


def test_to_documents_keeps_heading_ids_apart_across_blocks() -> None:
    documents = BODY.to_documents([make_block("markdown", {"source": "## Why"}) for _ in range(2)], REFS)
    assert [document["html"] for document in documents] == [
        '<h2 id="h-why">Why</h2>',
        '<h2 id="h-why-2">Why</h2>',
    ]


def test_text_document_resolves_page_links() -> None:
    assert document_of("text", {"text": '<p><a linktype="page" id="6">b</a></p>'}) == {
        "html": '<p><a href="/courses/a/b/c/" rel="noopener noreferrer">b</a></p>'
    }


def test_callout_document_falls_back_to_info() -> None:
    assert document_of("callout", {"kind": "bogus", "title": "T", "text": "<p>x</p>"}) == {
        "kind": "info",
        "title": "T",
        "html": "<p>x</p>",
    }


def test_table_document_is_plain_rows() -> None:
    table = {"data": [["a", None], [1, "b"]], "first_row_is_table_header": True, "first_col_is_header": False}
    assert document_of("table", {"caption": "C", "table": table}) == {
        "caption": "C",
        "rows": [["a", ""], ["1", "b"]],
        "has_header_row": True,
        "has_header_column": False,
    }


def test_image_document_of_decorative_image_has_no_alt() -> None:
    assert document_of("image", {"image": 1, "alt": "A map", "is_decorative": True, "caption": "C"}) == {
        "image": {"id": 1, "width": 800, "height": 600, "alt": ""},
        "alt": "",
        "is_decorative": True,
        "caption": "C",
    }


def test_image_document_of_a_deleted_image_is_empty() -> None:
    assert document_of("image", {"image": 99, "alt": "A map"})["image"] is None


def test_video_document_of_a_file_has_captions_poster_and_duration() -> None:
    value = {
        "title": "Call",
        "media": 2,
        "url": "https://youtu.be/O4dd172mZhs",
        "poster": 1,
        "captions": [
            make_item("captions", {"file": 4, "language": "en", "label": ""}),
            make_item("captions", {"file": 99, "language": "de", "label": "Deutsch"}),
        ],
        "transcript": "<p>Hello</p>",
    }
    assert document_of("video", value) == {
        "title": "Call",
        "provider": "file",
        "video_id": "",
        "url": "",
        "is_playable": False,
        "file": {"kind": "media", "id": 2, "name": "call.mp4", "content_type": "video/mp4", "size": 1000},
        "poster": {"id": 1, "width": 800, "height": 600, "alt": ""},
        "captions": [
            {
                "language": "en",
                "label": "en",
                "file": {"kind": "document", "id": 4, "name": "call.vtt", "content_type": "text/vtt", "size": 90},
            }
        ],
        "transcript": "<p>Hello</p>",
        "duration": 12.5,
        "required_percent": 90,
    }


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://youtu.be/O4dd172mZhs", ("youtube", "O4dd172mZhs", "", False)),
        ("https://vimeo.com/76979871", ("vimeo", "76979871", "", False)),
        ("https://cdn.example.com/a.mp4", ("url", "", "https://cdn.example.com/a.mp4", True)),
        ("https://example.com/watch", ("url", "", "https://example.com/watch", False)),
        ("javascript:alert(1)", ("file", "", "", False)),
        ("", ("file", "", "", False)),
    ],
)
def test_video_document_tells_the_provider(url: str, expected: tuple[str, str, str, bool]) -> None:
    document = document_of("video", {"title": "", "media": None, "url": url})
    assert tuple(document[name] for name in ("provider", "video_id", "url", "is_playable")) == expected


def test_audio_document_prefers_the_file() -> None:
    assert document_of("audio", {"title": "Call", "media": 3, "url": "https://cdn.example.com/a.mp3"}) == {
        "title": "Call",
        "url": "",
        "file": {"kind": "media", "id": 3, "name": "call.mp3", "content_type": "audio/mpeg", "size": 500},
        "transcript": "",
        "duration": None,
        "required_percent": 90,
    }


@pytest.mark.parametrize(("stored", "expected"), [(50, 50), (None, 90), (0, 1), (400, 100), ("x", 90)])
def test_media_documents_say_how_much_has_to_be_played(stored: object, expected: int) -> None:
    value = {"title": "Call", "media": 3, "required_percent": stored}
    assert [document_of(kind, value)["required_percent"] for kind in ("video", "audio")] == [expected] * 2


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_a_share_of_unknown_length_is_warned_of(kind: str) -> None:
    elsewhere = {"url": "https://cdn.example.com/a.mp4"}
    block = LessonBody().child_blocks[kind]
    found = [
        [(problem.path, problem.level) for problem in block.find_problems(value)]
        for value in (
            elsewhere | {"required_percent": 50},
            elsewhere | {"required_percent": 90},
            elsewhere,
            {"media": 3, "required_percent": 50},
        )
    ]
    assert found == [[(("required_percent",), "warning")], [], [], []]


def test_file_document_takes_its_title_from_the_file() -> None:
    assert document_of("file", {"title": "", "description": "d", "document": 5}) == {
        "title": "sheet.pdf",
        "description": "d",
        "file": {"kind": "document", "id": 5, "name": "sheet.pdf", "content_type": "application/pdf", "size": 70},
    }


def test_embed_document_frames_known_hosts_only() -> None:
    framed = document_of("embed", {"url": "https://vimeo.com/76979871", "title": "T"})
    assert framed["frame_url"] == "https://player.vimeo.com/video/76979871"
    assert document_of("embed", {"url": "https://example.com/", "title": ""}) == {
        "url": "https://example.com/",
        "title": "",
        "frame_url": "",
    }
    assert document_of("embed", {"url": "javascript:alert(1)", "title": ""})["url"] == ""


def test_quiz_document_holds_no_answers() -> None:
    document = document_of("quiz", make_quiz()["value"])
    assert document == {
        "title": "Check yourself",
        "introduction": "",
        "question_count": 1,
        "points": 1,
        "pass_percent": 70,
        "attempts_allowed": None,
        "shuffle_questions": False,
        "shuffle_choices": False,
        "cooldown_minutes": None,
        "score_policy": "best",
        "review_policy": "when_useless",
        "needs_marking": False,
    }
    assert PLANTED_SECRET not in json.dumps(document)


def test_references_name_every_row_a_block_needs() -> None:
    raw = [
        make_block("text", {"text": '<a linktype="page" id="6">x</a><a linktype="document" id="5">y</a>'}),
        make_block("image", {"image": 1}),
        make_block(
            "video", {"media": 2, "poster": 7, "captions": [make_item("captions", {"file": 4})], "transcript": ""}
        ),
        make_block("audio", {"media": 3, "transcript": '<a id="8" linktype="page">z</a>'}),
        make_block("file", {"document": 5}),
        make_block("code", {"code": ""}),
    ]
    assert list(BODY.references(raw)) == [
        ("page", 6),
        ("image", 1),
        ("media", 2),
        ("image", 7),
        ("document", 4),
        ("media", 3),
        ("page", 8),
        ("document", 5),
    ]


def test_quizzes_are_the_pure_definitions_by_block_id() -> None:
    quiz = make_quiz()
    question = quiz["value"]["questions"][0]
    right, wrong = (choice["id"] for choice in question["value"]["choices"])
    assert BODY.quizzes([quiz, make_block("markdown", {"source": ""})], REFS) == {
        quiz["id"]: Quiz(
            id=quiz["id"],
            title="Check yourself",
            introduction="",
            questions=(
                Question(
                    id=question["id"],
                    type="single",
                    prompt="Which one is right?",
                    choices=(
                        Choice(right, "This", True, PLANTED_SECRET),
                        Choice(wrong, "That", False, PLANTED_SECRET),
                    ),
                    explanation=PLANTED_SECRET,
                ),
            ),
        )
    }


def test_no_text_of_the_body_enters_the_search_index(db: None) -> None:
    page = LessonPage(title="Open questions", body=json.dumps([make_quiz()]))
    assert PLANTED_SECRET not in " ".join(page.body.stream_block.get_searchable_content(page.body))
    assert "body" not in {field.field_name for field in LessonPage.search_fields}


def test_every_block_type_survives_the_editor_unchanged(db: None) -> None:
    """What a form sends back for an untouched block is what was stored."""
    raw = [
        make_block("markdown", {"source": "  indented\n\n* a\n"}),
        make_block("code", {"code": "\tif x:\n\t\tpass\n", "language": "python", "caption": ""}),
        make_quiz(),
        make_block("embed", {"url": "https://vimeo.com/76979871", "title": ""}),
    ]
    value = BODY.to_python(raw)
    cleaned = BODY.clean(value)
    assert BODY.to_documents(list(cleaned.get_prep_value()), REFS) == BODY.to_documents(raw, REFS)
    assert BODY.quizzes(list(cleaned.get_prep_value()), REFS) == BODY.quizzes(raw, REFS)


def test_to_documents_makes_no_query(db: None) -> None:
    raw = [make_block("image", {"image": 1}), make_block("text", {"text": '<a linktype="page" id="6">x</a>'})]
    with TestCase().assertNumQueries(0):
        BODY.to_documents(raw, REFS)
