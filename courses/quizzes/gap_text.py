"""Texts with gaps as authors write them: "Water boils at [[100|one hundred]] degrees."."""

import re

from courses.quizzes.definition import Blank

_GAP = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


def split_gaps(text: str) -> tuple[tuple[str, ...], tuple[Blank, ...]]:
    """The texts around the blanks, one more than there are blanks, and the blanks.

    A blank's id is its place ("1", "2" ...), so that an answer means the same after a typo in the text was mended.
    Brackets without a partner are ordinary text.
    """
    pieces = _GAP.split(text)
    blanks = tuple(
        Blank(str(place), tuple(answer.strip() for answer in gap.split("|") if answer.strip()))
        for place, gap in enumerate(pieces[1::2], start=1)
    )
    return tuple(pieces[::2]), blanks


def join_gaps(texts: tuple[str, ...], blanks: tuple[Blank, ...]) -> str:
    """The inverse of ``split_gaps``, with the answers tidied."""
    gaps = [f"[[{'|'.join(blank.accepted)}]]" for blank in blanks] + [""]
    return "".join(text + gap for text, gap in zip(texts, gaps, strict=True))
