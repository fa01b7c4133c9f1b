"""Numbers are unique, readable, and no typo turns one into another."""

import re

import pytest

from certificates.numbering import ALPHABET, check_symbol, is_valid, make_number, normalise

SAMPLES = [make_number() for _ in range(40)]


def test_make_number_is_valid_and_canonical() -> None:
    assert all(re.fullmatch(r"CW(-[0-9A-HJKMNP-TV-Z]{4}){3}", number) for number in SAMPLES)
    assert all(is_valid(number) and normalise(number) == number for number in SAMPLES)


def test_make_number_gives_a_hundred_thousand_different_ones() -> None:
    assert len({make_number() for _ in range(100_000)}) == 100_000


def test_check_symbol_is_pinned() -> None:
    # Numbers on paper outlive the code: this must never change.
    assert check_symbol("7K3M9QX2ABC") == "5"
    assert check_symbol("00000000001") == "2"


@pytest.mark.parametrize("number", SAMPLES, ids=range(len(SAMPLES)))
def test_is_valid_catches_every_wrong_symbol(number: str) -> None:
    positions = [index for index, symbol in enumerate(number) if index > 2 and symbol != "-"]
    wrong = [
        number[:index] + symbol + number[index + 1 :]
        for index in positions
        for symbol in ALPHABET
        if symbol != number[index]
    ]
    assert len(wrong) == 12 * 31
    assert [typo for typo in wrong if is_valid(typo)] == []


@pytest.mark.parametrize("number", SAMPLES, ids=range(len(SAMPLES)))
def test_is_valid_catches_every_swap(number: str) -> None:
    symbols = number.removeprefix("CW").replace("-", "")
    swapped = []
    for first in range(12):
        for second in range(first + 1, 12):
            if symbols[first] != symbols[second]:
                letters = list(symbols)
                letters[first], letters[second] = letters[second], letters[first]
                swapped.append("".join(letters))
    assert [typo for typo in swapped if is_valid(typo)] == []


@pytest.mark.parametrize(
    "typed",
    [
        "CW-7K3M-9QX1-0BCA",
        "cw-7k3m-9qx1-0bca",
        "CW7K3M9QX10BCA",
        "7k3m 9qx1 0bca",
        " cw–7K3M–9QXI–OBCA ",
        "CW-7K3M-9QXl-oBCA",
        "ＣＷ-７K3M-9QX1-0BCA",
    ],
)
def test_normalise_forgives(typed: str) -> None:
    assert normalise(typed) == "CW-7K3M-9QX1-0BCA"
    assert is_valid(typed)


@pytest.mark.parametrize(
    "typed", ["", "CW", "CW-7K3M-9QX1", "CW-7K3M-9QX1-0BCU", "CW-7K3M-9QX1-0BCAS", "x" * 500, "\x00"]
)
def test_normalise_gives_nothing_for_what_cannot_be_a_number(typed: str) -> None:
    assert normalise(typed) == ""
    assert not is_valid(typed)
