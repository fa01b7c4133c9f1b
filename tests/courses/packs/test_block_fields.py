"""The YAML of each block type."""

from typing import Any

import pytest

from courses.packs.block_fields import READERS, read_block
from courses.packs.definition import PackBlock
from courses.packs.errors import PackError
from courses.packs.yaml_text import load_mapping
from tests.courses.packs.builder import uid


def _block(block_type: str, text: str) -> PackBlock:
    return read_block(block_type, uid("block"), load_mapping(text, file="f", first_line=2), file="f", line=1)


@pytest.mark.parametrize(
    ("block_type", "text", "fields"),
    [
        ("text", "html: <p>A</p>", {"text": "<p>A</p>"}),
        ("code", "code: |\n  x\nlanguage: py", {"code": "x\n", "language": "py", "caption": ""}),
        ("callout", "text: A", {"kind": "info", "title": "", "text": "A"}),
        ("embed", "url: https://a.example/", {"url": "https://a.example/", "title": ""}),
        ("file", "src: a.pdf", {"src": "a.pdf", "title": "", "description": ""}),
        (
            "table",
            "rows: [[a]]",
            {"caption": "", "rows": [["a"]], "has_header_row": True, "has_header_column": False},
        ),
        ("image", "src: a.png\nalt: A", {"src": "a.png", "alt": "A", "is_decorative": False, "caption": ""}),
    ],
)
def test_each_type_has_all_its_fields(block_type: str, text: str, fields: dict[str, Any]) -> None:
    assert _block(block_type, text).fields == fields


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("provider: youtube\nref: bVFfcYh6UBw", "https://www.youtube.com/watch?v=bVFfcYh6UBw"),
        ("provider: vimeo\nref: '76979871'", "https://vimeo.com/76979871"),
        ("provider: url\nref: https://a.example/v.mp4", "https://a.example/v.mp4"),
        ("url: https://a.example/v.mp4", "https://a.example/v.mp4"),
        ("src: film.mp4", ""),
    ],
)
def test_video_addresses_have_one_form(text: str, url: str) -> None:
    assert _block("video", text).fields["url"] == url


def test_text_with_markdown_is_a_markdown_block_and_verbatim() -> None:
    block = _block("text", 'markdown: " a  \\n\\n b "')
    assert (block.type, block.fields) == ("markdown", {"source": " a  \n\n b "})


def test_settings_and_unread_keys_are_kept() -> None:
    block = _block("embed", "url: https://a.example/\nis_required: no\ntime_limit: 5\ncolour: red")
    assert (block.is_required, block.time_limit, block.extra) == (False, 5, {"colour": "red"})


def test_unread_keys_below_stay_with_what_they_belong_to() -> None:
    video = _block("video", "captions: [{src: a.vtt, kind: x}]")
    quiz = _block("quiz", f"questions: [{{id: {uid('q')}, type: numeric, prompt: A, hint: B}}]")
    found = [video.fields["captions"][0]["extra"], quiz.fields["questions"][0]["extra"]]
    assert (found, video.extra, quiz.extra) == ([{"kind": "x"}, {"hint": "B"}], {}, {})


@pytest.mark.parametrize(
    ("block_type", "text", "fault"),
    [
        ("video", "provider: youtube\nref: short", "f:3: `ref` must be the 11 letters"),
        ("video", "provider: vimeo\nref: x/../../y", "f:3: `ref` must be the number"),
        ("video", "provider: url\nref: javascript:alert(1)", "f:3: `ref` must be an address"),
        ("video", "provider: ftp\nref: a", "f:2: `provider` must be one of"),
        ("video", "captions: [{language: en}]", "f:2: `src` is missing"),
        ("audio", "url: file:///etc/passwd", "f:2: `url` must be an address"),
        ("embed", "url: data:text/html,hello", "f:2: `url` must be an address"),
        ("embed", "title: A", "f:2: `url` is missing"),
        ("image", "src: ../../secret.png", "f:2: `src` is '../../secret.png', but a media name"),
        ("image", "src: /etc/passwd", "f:2: `src` is '/etc/passwd', but a media name"),
        ("file", "title: A", "f:2: `src` is missing"),
        ("callout", "kind: loud", "f:2: `kind` must be one of"),
        ("quiz", "pass_percent: 101", "f:2: `pass_percent` must be a whole number"),
        ("text", "is_required: perhaps", "f:2: `is_required` must be true or false"),
    ],
)
def test_wrong_fields_are_refused(block_type: str, text: str, fault: str) -> None:
    with pytest.raises(PackError) as caught:
        _block(block_type, text)
    assert str(caught.value)[: len(fault)] == fault


def test_every_block_type_of_lessons_can_be_written() -> None:
    from courses.blocks.lesson import LessonBody

    assert sorted(READERS) == sorted(LessonBody().child_blocks)
