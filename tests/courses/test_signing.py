"""Signed addresses: stable within an hour, expiring, unforgeable."""

import pytest
import time_machine

from courses.signing import BadTokenError, ExpiredTokenError, read_token, sign_file


def test_address_is_the_same_within_an_hour_so_that_browsers_cache() -> None:
    with time_machine.travel("2026-01-01T10:05:00Z"):
        first = sign_file("media", 1, "a.mp4")
    with time_machine.travel("2026-01-01T10:55:00Z"):
        assert sign_file("media", 1, "a.mp4") == first


def test_token_gives_back_kind_and_key() -> None:
    assert read_token(sign_file("media", 7, "a.mp4").split("/")[2]) == ("media", 7)


def test_name_is_quoted() -> None:
    assert sign_file("media", 7, "a b?.mp4").endswith("/a%20b%3F.mp4")


@pytest.mark.parametrize("token", ["", "media.7.9999999999", "media.7.9999999999~forged", "~", "😀"])
def test_forged_token_is_refused(token: str) -> None:
    with pytest.raises(BadTokenError):
        read_token(token)


def test_token_expires() -> None:
    with time_machine.travel("2026-01-01T10:05:00Z"):
        token = sign_file("media", 7, "a.mp4").split("/")[2]
    with time_machine.travel("2026-01-02T10:05:00Z"), pytest.raises(ExpiredTokenError):
        read_token(token)
