"""HTML as the editor stores it."""

import pytest

from courses.blocks.base import RICH_TEXT
from courses.packs.errors import PackError
from courses.packs.rich_text import to_rich_text, without_block_keys


def _stored(html: str) -> str:
    return to_rich_text(html, RICH_TEXT, file="f.md", line=3)


@pytest.mark.parametrize(
    ("html", "stored"),
    [
        ("", ""),
        ("  ", ""),
        ("One\nline.\n\nTwo & <3.", "<p>One line.</p><p>Two &amp; &lt;3.</p>"),
        ("<p>A <strong>b</strong></p>", "<p>A <b>b</b></p>"),
        ("<p>one<br>two</p>", "<p>one<br/>two</p>"),
        ("<h2>H</h2><ul><li>a</li><li>b</li></ul>", "<h2>H</h2><ul><li>a</li><li>b</li></ul>"),
        ('<p><a href="https://a.example/">a</a></p>', '<p><a href="https://a.example/">a</a></p>'),
    ],
)
def test_html_takes_the_editors_form(html: str, stored: str) -> None:
    assert _stored(html) == stored


@pytest.mark.parametrize("html", ["<h2>H</h2><p>A <b>b</b> &amp; c</p>", "<ol><li>a</li></ol><hr/><p>b</p>"])
def test_form_is_stable(html: str) -> None:
    assert _stored(_stored(html)) == _stored(html)


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<p>A</p><script>alert(1)</script>", "f.md:3: the editor cannot keep <script>"),
        ("<table><tr><td>A</td></tr></table>", "f.md:3: the editor cannot keep <table>"),
        ("<pre><code>a\n b</code></pre>", "f.md:3: the editor cannot keep <pre>"),
        ("<h1>A</h1>", "f.md:3: the editor cannot keep <h1>"),
        ("<p>A <img src='a.png'></p>", "f.md:3: the editor cannot keep <img>"),
        ("<p>unclosed <b>A", "f.md:3: this HTML cannot be read"),
    ],
)
def test_html_that_would_lose_something_is_refused(html: str, fault: str) -> None:
    with pytest.raises(PackError) as caught:
        _stored(html)
    assert str(caught.value)[: len(fault)] == fault


def test_block_keys_are_taken_out() -> None:
    assert without_block_keys('<p data-block-key="ab1">A</p>') == "<p>A</p>"


def test_the_empty_paragraph_of_an_empty_field_is_nothing() -> None:
    assert without_block_keys('<p data-block-key="ab1"></p>') == ""
