"""Splitting lessons into blocks."""

import pytest

from courses.packs.definition import PackBlock
from courses.packs.errors import PackError
from courses.packs.lesson_text import read_blocks, split_front_matter
from tests.courses.packs.builder import EVERY_BLOCK, lesson, uid

MARKER = f"<!-- block text {uid('a')} -->"
OTHER = f"<!-- block text {uid('b')} -->"
EMBED = f"```{{embed}} {uid('e')}\nurl: https://a.example/\n```"


def _blocks(body: str) -> tuple[PackBlock, ...]:
    return read_blocks(split_front_matter(f"---\ntitle: A\n---\n{body}", "f.md")[1], "f.md")


def _sources(body: str) -> list[str]:
    return [block.fields.get("source", block.type) for block in _blocks(body)]


def test_front_matter_is_read_with_lines() -> None:
    data, lines = split_front_matter("---\nid: 1\ntitle: A\n---\nbody", "f.md")
    assert (data, data.lines["title"], lines[0].number) == ({"id": "1", "title": "A"}, 3, 5)


@pytest.mark.parametrize("text", ["", "title: A\n", "---\ntitle: A\n", "# Heading\n---\n---"])
def test_missing_front_matter_is_refused(text: str) -> None:
    with pytest.raises(PackError) as caught:
        split_front_matter(text, "f.md")
    assert (caught.value.faults[0].file, caught.value.faults[0].line) == ("f.md", 1)


def test_prose_is_verbatim_without_the_empty_lines_around_it() -> None:
    assert _sources(f"{MARKER}\n\n\n  One  \n\n\nTwo\n---\n\n{OTHER}\nThree") == ["  One  \n\n\nTwo\n---", "Three"]


def test_prose_settings_stand_in_the_marker() -> None:
    block = _blocks(f"<!-- block text {uid('a')} {{is_required: false, time_limit: 3, odd: 1}} -->\nA")[0]
    assert (block.is_required, block.time_limit, block.extra) == (False, 3, {"odd": "1"})


@pytest.mark.parametrize(
    "code",
    [
        "```python\nx\n```",
        "```output\nx\n```",
        "~~~\n```{quiz} not here\n~~~",
        f"````\n{EMBED}\n````",
        f"```md\n{MARKER}\n```",
        "    ```{embed} indented code",
        "```{note}\nA directive of another tool\n```",
        "* item\n\n    ```sh\n    ls\n    ```",
        "`` ` ``",
        "```js run```",
    ],
)
def test_code_fences_of_prose_stay_prose(code: str) -> None:
    assert _sources(f"{MARKER}\n{code}\n\n{OTHER}\nEnd") == [code, "End"]


def test_fences_and_prose_alternate() -> None:
    assert _sources(f"{MARKER}\nA\n{EMBED}\n{OTHER}\nB") == ["A", "embed", "B"]


def test_longer_fences_may_hold_shorter_ones() -> None:
    block = _blocks(f"````{{code}} {uid('c')}\ncode: |\n  ```\n  x\n  ```\n````")[0]
    assert block.fields["code"] == "```\nx\n```"


def test_every_block_type_is_read_in_order() -> None:
    _, lines = split_front_matter(lesson("alpha", EVERY_BLOCK), "f.md")
    types = " ".join(block.type for block in read_blocks(lines, "f.md"))
    assert types == ("markdown text markdown markdown image image video video audio file embed code table callout quiz")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("Words without a marker", "f.md:4: this text belongs to no block"),
        (f"{EMBED}\n\nWords", "f.md:8: this text belongs to no block"),
        ("<!-- block text not-a-uuid -->\nA", "f.md:4: this marker cannot be read"),
        (f"<!-- block quiz {uid('a')} -->\nA", "f.md:4: this marker cannot be read"),
        (f"{MARKER}\nA\n<!-- block  text -->", "f.md:6: this marker cannot be read"),
        ("```{embed}\nurl: https://a.example/\n```", "f.md:4: the block needs a UUID"),
        ("```{embed} abc\nurl: https://a.example/\n```", "f.md:4: the block needs a UUID"),
        (f"```{{poll}} {uid('a')}\na: 1\n```", "f.md:4: the block type 'poll' is not known"),
        (f"```{{embed}} {uid('a')}\nurl: https://a.example/", "f.md:4: the embed block is not closed"),
        (f"{MARKER}\n```sh\nls\n\n{EMBED}\n{OTHER}\nA", "f.md:5: this code fence is never closed"),
        (f"```{{embed}} {uid('a')}\nurl: [\n```", "f.md:5: the YAML is broken"),
        (f"{MARKER}\n{'a' * 200_001}", "f.md:4: the text is 200001 characters long"),
        (f"{EMBED}\n" * 1001, "f.md: the lesson has 1001 blocks"),
    ],
)
def test_faults_name_line_and_remedy(body: str, fault: str) -> None:
    with pytest.raises(PackError) as caught:
        _blocks(body)
    assert str(caught.value)[: len(fault)] == fault


def test_unclosed_code_at_the_end_hides_nothing_and_is_kept() -> None:
    assert _sources(f"{MARKER}\n```sh\nls") == ["```sh\nls"]
