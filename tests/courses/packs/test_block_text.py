"""The text of blocks: prose as it stands, and a fence wherever prose would not stay what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.packs.block_text import write_block
from courses.packs.definition import PackBlock
from courses.packs.lesson_text import read_text_blocks
from courses.packs.yaml_writer import to_clean_text
from tests.courses.packs.builder import uid

MARKER = f"<!-- block text {uid('a')} -->\n"


def _prose(source: str) -> PackBlock:
    return PackBlock(uid("a"), "markdown", True, None, {"source": source}, 1, {})


@pytest.mark.parametrize(
    "source", ["Words.", "# A\n\n- b\n  c  ", "```python\nx\n```", "~~~\n```{quiz} x\n~~~", "  indented"]
)
def test_prose_stands_behind_a_marker_as_it_is(source: str) -> None:
    assert write_block(_prose(source)) == f"{MARKER}\n{source}\n"


def test_no_prose_is_a_marker_alone() -> None:
    assert write_block(_prose("")) == MARKER


@pytest.mark.parametrize(
    "source",
    [
        "\nAbove",
        "below\n",
        "```\nnever closed",
        MARKER,
        f"```{{quiz}} {uid('b')}\n```",
        "a\rb",
        "```{poem} " + uid("c"),
    ],
)
def test_what_prose_would_lose_stands_in_a_fence(source: str) -> None:
    text = write_block(_prose(source))
    assert text.startswith(f"```{{markdown}} {uid('a')}\nmarkdown: ")
    assert [block.fields["source"] for block in read_text_blocks(text)] == [source]


@given(st.lists(st.text().map(to_clean_text), min_size=1, max_size=4))
def test_blocks_behind_each_other_are_read_back(sources: list[str]) -> None:
    blocks = [
        PackBlock(uid(f"{n}"), "markdown", n % 2 == 0, n or None, {"source": s}, 1, {}) for n, s in enumerate(sources)
    ]
    text = "\n".join(write_block(block) for block in blocks)
    if "\r" in text:  # files have one kind of line end; only quoted text keeps the others
        return
    found = [(each.id, each.is_required, each.time_limit, each.fields) for each in read_text_blocks(text)]
    assert found == [(each.id, each.is_required, each.time_limit, each.fields) for each in blocks]


def test_the_last_line_end_of_code_is_kept() -> None:
    block = PackBlock(uid("a"), "code", True, None, {"code": "x\n", "language": "", "caption": ""}, 1, {})
    assert write_block(block) == f"```{{code}} {uid('a')}\ncode: |\n  x\n\n```\n"
    assert read_text_blocks(write_block(block))[0].fields["code"] == "x\n"
