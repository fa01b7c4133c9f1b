"""JSON with one meaning only."""

import pytest

from certificates.credentials.strict_json import StrictJsonError, read_json


def test_plain_object_is_read() -> None:
    assert read_json(b'{"a": [1, true, "\xc3\xa9"], "b": {"a": null}}') == {"a": [1, True, "é"], "b": {"a": None}}


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": 1, "a": 2}',
        b'{"x": {"a": 1, "a": 1}}',
        b'{"a": 1.5}',
        b'{"a": 1e400}',
        b'{"a": NaN}',
        b'{"a": 1' + b"0" * 5000 + b"}",
        b'{"a": "\\ud800"}',
        b'{"\\ud800": 1}',
        b'{"a": "\xff"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[]",
        b'"a"',
        b"",
        b"{",
    ],
    ids=range(15),
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(StrictJsonError):
        read_json(data)
