"""What learner views share."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from learners.accounts.models import User
from learners.views.personal import BadBodyError, json_error, personal, read_json


@personal
def show_zone(_request):
    return HttpResponse(timezone.get_current_timezone_name())


def make_request(user):
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_personal_shows_times_in_the_readers_zone_and_forgets_it():
    assert show_zone(make_request(User(email="a@example.com", time_zone="Asia/Tokyo"))).content == b"Asia/Tokyo"
    assert show_zone(make_request(AnonymousUser())).content == b"UTC"


def test_personal_keeps_signed_in_pages_out_of_caches():
    assert show_zone(make_request(User(email="a@example.com")))["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in show_zone(make_request(AnonymousUser()))


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 50_000, b'"' + b"a" * 600_000 + b'"'])
def test_read_json_refuses_what_is_not_json_or_too_much(body):
    with pytest.raises(BadBodyError):
        read_json(RequestFactory().post("/", body, content_type="application/json"))


def test_json_error_says_code_and_detail():
    response = json_error(409, "time_is_up", "Over.")
    assert (response.status_code, response.content) == (
        409,
        b'{"status": 409, "code": "time_is_up", "detail": "Over."}',
    )
