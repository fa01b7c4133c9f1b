"""Request ids, NUL bytes, personal pages and the two Content-Security-Policies."""

import json
import uuid

import structlog
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from cms.middleware import (
    ContentSecurityPolicyMiddleware,
    RefuseNulBytesMiddleware,
    RequestIdMiddleware,
    build_policy,
)
from tests.factories.learners import UserFactory

requests = RequestFactory()


def say_context(request):
    return HttpResponse(json.dumps(structlog.contextvars.get_contextvars()))


def test_request_id_of_a_proxy_is_kept_and_bound():
    response = RequestIdMiddleware(say_context)(requests.get("/", headers={"X-Request-ID": "edge-0000-1234"}))
    assert response["X-Request-ID"] == "edge-0000-1234"
    assert json.loads(response.content) == {"request_id": "edge-0000-1234"}
    assert structlog.contextvars.get_contextvars() == {}


def test_request_id_that_could_forge_a_log_line_is_replaced():
    for forged in ("short", "a" * 65, "line\nbreak-in-it", "spaces are not ids", '{"json": "no, thanks"}'):
        response = RequestIdMiddleware(say_context)(requests.get("/", headers={"X-Request-ID": forged}))
        assert str(uuid.UUID(response["X-Request-ID"])) == response["X-Request-ID"]


def test_request_id_is_on_the_request_for_views():
    seen = []
    RequestIdMiddleware(lambda request: seen.append(request.request_id) or HttpResponse())(
        requests.get("/", headers={"X-Request-ID": "edge-0000-1234"})
    )
    assert seen == ["edge-0000-1234"]


def test_nul_byte_in_path_or_query_answers_400(client):
    assert [
        client.get("/courses/?q=a%00b").status_code,
        client.get("/a%00b/").status_code,
        client.get("/static/a%00b.css").status_code,
        client.get("/api/v1/courses/?q=%00").status_code,
    ] == [400, 400, 400, 400]


def test_nul_byte_in_the_api_answers_a_problem_with_policy_and_id(client):
    response = client.get("/api/v1/courses/?q=%00", headers={"X-Request-ID": "edge-0000-1234"})
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["request_id"] == "edge-0000-1234"
    assert response["Content-Security-Policy"] == build_policy(settings.CSP_SITE)


def test_harmless_request_passes_the_nul_check():
    request = requests.get("/courses/?q=100%25+sure")
    assert RefuseNulBytesMiddleware(lambda _: HttpResponse("through"))(request).content == b"through"


def test_policy_is_strict_on_the_site_and_looser_in_the_admin_only():
    middleware = ContentSecurityPolicyMiddleware(lambda _: HttpResponse())
    site, admin = build_policy(settings.CSP_SITE), build_policy(settings.CSP_ADMIN)
    policies = {
        path: middleware(requests.get(path)).headers["Content-Security-Policy"]
        for path in ("/", "/courses/x/", "/api/v1/courses/", "/administration/", "/admin/pages/3/edit/")
    }
    assert policies == {
        "/": site,
        "/courses/x/": site,
        "/api/v1/courses/": site,
        "/administration/": site,
        "/admin/pages/3/edit/": admin,
    }
    assert "unsafe-inline" not in site


def test_policy_a_view_has_set_stays():
    view = ContentSecurityPolicyMiddleware(lambda _: HttpResponse(headers={"Content-Security-Policy": "sandbox"}))
    assert view(requests.get("/files/x/y.svg")).headers["Content-Security-Policy"] == "sandbox"


def test_policy_is_written_as_browsers_read_it():
    policy = build_policy({"default-src": ["'self'"], "img-src": ["'self'", "data:"], "upgrade-insecure-requests": []})
    assert policy == "default-src 'self'; img-src 'self' data:; upgrade-insecure-requests"


def test_pages_of_signed_in_people_are_kept_by_no_cache(client, catalogue):
    client.force_login(UserFactory())
    headers = {path: client.get(path).headers.get("Cache-Control") for path in ("/accounts/email/", "/courses/")}
    assert headers == {"/accounts/email/": "private, no-store", "/courses/": "private, no-store"}


def test_public_answers_stay_public_for_signed_in_people(client, catalogue):
    client.force_login(UserFactory())
    assert client.get("/api/v1/courses/")["Cache-Control"] == "public, max-age=60, stale-while-revalidate=300"


def test_pages_of_visitors_are_not_marked(client, catalogue):
    assert client.get("/courses/").headers.get("Cache-Control") is None
