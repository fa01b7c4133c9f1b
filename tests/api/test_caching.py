"""ETags: equal for equal parts, compared like HTTP says."""

import pytest

from api.caching import is_current, make_etag, not_modified


def test_etag_is_quoted_and_depends_on_every_part() -> None:
    assert make_etag("a", 1) == make_etag("a", 1)
    assert make_etag("a", 1) != make_etag("a1")
    assert (make_etag("a")[0], make_etag("a")[-1]) == ('"', '"')


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ("*", True),
        ('"b"', False),
        ("a", False),
        ("", False),
        ('"a', False),
    ],
)
def test_copy_is_current_if_one_tag_fits(sent: str, expected: bool) -> None:
    assert is_current(sent, '"a"') is expected


def test_not_modified_has_no_body_and_the_same_headers() -> None:
    response = not_modified('"a"')
    assert (response.status_code, response.content) == (304, b"")
    assert dict(response.headers) == {
        "ETag": '"a"',
        "Cache-Control": "public, max-age=60, stale-while-revalidate=300",
        "Vary": "Accept-Encoding",
    }
