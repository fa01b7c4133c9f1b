"""Caption files: WebVTT passes, everything else is refused with the reason."""

import pytest

from courses.blocks.captions import find_webvtt_problem

GOOD = "WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n"


@pytest.mark.parametrize(
    "content", [GOOD.encode(), b"\xef\xbb\xbf" + GOOD.encode(), GOOD.replace("\n", "\r\n").encode()]
)
def test_find_webvtt_problem_accepts_captions(content: bytes) -> None:
    assert find_webvtt_problem(content) == ""


@pytest.mark.parametrize(
    ("content", "beginning"),
    [
        (b"1\n00:00:00,000 --> 00:00:02,000\nHello\n", "This is not a WebVTT file"),
        (b"", "This is not a WebVTT file"),
        (b"WEBVTT\n\n", "This caption file has no captions"),
        ("WEBVTT\n\n00:00.000 --> 00:02.000\nCaf\xe9\n".encode("latin-1"), "This caption file is not UTF-8"),
        (b"WEBVTT\n" + b"x" * (2 * 1024 * 1024), "This caption file is larger than 2 MB"),
    ],
)
def test_find_webvtt_problem_names_the_fault(content: bytes, beginning: str) -> None:
    assert find_webvtt_problem(content).startswith(beginning)
