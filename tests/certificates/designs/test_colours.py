"""Contrast and mixing."""

import pytest

from certificates.designs.colours import contrast, mix, mute


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert (round(contrast(one, other), 2), round(contrast(other, one), 2)) == (ratio, ratio)


def test_mix_goes_from_one_to_the_other() -> None:
    assert [mix("#000000", "#ffffff", share) for share in (0, 0.5, 1)] == ["#000000", "#808080", "#ffffff"]


def test_muted_ink_can_still_be_read() -> None:
    assert mute("#1c2623", "#ffffff") == "#606765"
    assert mute("#707070", "#ffffff") == "#707070"
