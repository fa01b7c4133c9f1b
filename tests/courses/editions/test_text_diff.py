"""Texts are compared word by word, and nothing of either is lost."""

from hypothesis import given
from hypothesis import strategies as st

from courses.editions.text_diff import MOST_WORDS, Segment, diff_texts, html_to_text, shorten_diff

texts = st.text(alphabet="ab .\n", max_size=60)


def test_equal_texts_differ_in_nothing() -> None:
    assert diff_texts("The same.", "The same.") == []


def test_a_changed_word_stands_between_what_stayed() -> None:
    assert diff_texts("Ask one question.", "Ask two questions.") == [
        Segment("same", "Ask "),
        Segment("removed", "one question."),
        Segment("added", "two questions."),
    ]


@given(texts, texts)
def test_kept_and_removed_are_the_old_text_kept_and_added_the_new(before: str, after: str) -> None:
    segments = diff_texts(before, after)
    if before != after:
        assert "".join(each.text for each in segments if each.operation != "added") == before
        assert "".join(each.text for each in segments if each.operation != "removed") == after


def test_long_kept_pieces_are_shortened_next_to_the_change() -> None:
    words = " ".join(f"w{n}" for n in range(100))
    segments = shorten_diff(diff_texts(f"{words} old {words}", f"{words} new {words}"))
    assert [each.operation for each in segments] == ["same", "removed", "added", "same"]
    assert segments[0].text.startswith(" … w88")
    assert segments[-1].text.rstrip().endswith("…")


def test_html_becomes_lines_of_words() -> None:
    table = "<table><tr><td>1</td><td>2</td></tr></table>"
    html = f"<h2>Prices</h2><p>A &amp; <b>B</b></p><ul><li>one</li><li>two</li></ul>{table}"
    assert html_to_text(html) == "Prices\nA & B\none\ntwo\n1 2"


def test_very_long_texts_are_compared_by_lines() -> None:
    lines = [f"line {n} " + "word " * 20 for n in range(MOST_WORDS // 20)]
    changed = [*lines[:50], "another line", *lines[51:]]
    segments = diff_texts("\n".join(lines), "\n".join(changed))
    assert [each.operation for each in segments] == ["same", "removed", "added", "same"]
