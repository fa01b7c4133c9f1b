"""The list of bits: read back as written, never larger than it may be."""

import base64
import gzip

import pytest

from certificates.credentials.status_list import SIZE, StatusListError, encode_bits, read_bit


def encode(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(data)).rstrip(b"=").decode()


def test_bits_are_read_as_written() -> None:
    marked = {0, 1, 7, 8, 1000, SIZE - 1}
    encoded = encode_bits(marked)
    asked = [*range(1100), *range(SIZE - 100, SIZE)]
    assert {index for index in asked if read_bit(encoded, index)} == marked


def test_same_bits_give_the_same_text() -> None:
    assert encode_bits([5, 3]) == encode_bits([3, 5, 5])


def test_first_place_is_the_highest_bit() -> None:
    packed = encode_bits([0])
    assert gzip.decompress(base64.urlsafe_b64decode(packed[1:] + "=="))[:2] == b"\x80\x00"


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "u",
        encode_bits([])[1:],
        "u!!!!",
        encode(b""),
        encode(bytes(SIZE // 8 - 1)),
        encode(bytes(SIZE // 8 + 1)),
        encode(bytes(50_000_000)),
        "u" + "A" * 200_000,
    ],
    ids=range(9),
)
def test_other_lists_are_refused(encoded: str) -> None:
    with pytest.raises(StatusListError):
        read_bit(encoded, 0)


@pytest.mark.parametrize("index", [-1, SIZE])
def test_places_outside_are_refused(index: int) -> None:
    with pytest.raises(StatusListError):
        read_bit(encode_bits([]), index)
