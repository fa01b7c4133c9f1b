"""Drafts over the API: the shape of the published answer, for anybody with a token, and nothing else with it."""

import json
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from rest_framework.test import APIClient

from api.throttling import AnonymousThrottle
from courses.editions.services import compile_course
from courses.models import CataloguePage, CoursePage, LessonPage
from courses.preview_links import make_link, revoke_links, sign_link
from learners.accounts.models import User
from learners.enrolments.services import enrol
from learners.exams.services import open_attempt
from tests.factories.learners import UserFactory
from tests.factories.pages import PLANTED_SECRET, make_course, make_lesson, make_module, make_quiz, make_text
from tests.factories.site import take_snapshot

PATH = "/api/v1/preview/"


@pytest.fixture
def editor(db: None) -> User:
    return UserFactory(admin=True)


@pytest.fixture
def page_tree(catalogue: CataloguePage) -> CoursePage:
    course = make_course(catalogue, "Selling", access="enrolled")
    module = make_module(course, "Listening")
    make_lesson(module, "Ask", blocks=[make_text("live words"), make_quiz()])
    make_lesson(module, "New", blocks=[make_text("new words")], live=False)
    compile_course(course.pk)
    return course


@pytest.fixture
def ask(page_tree: CoursePage) -> LessonPage:
    lesson = LessonPage.objects.get(title="Ask")
    body = lesson.body.get_prep_value()
    body[0]["value"]["source"] = "draft words"
    lesson.body = json.dumps(body)
    lesson.save_revision()
    return lesson


def open_preview(api: Any, token: str, **more: str) -> Any:
    return api.get(PATH, {"token": token} | more)


def test_lesson_link_answers_the_draft_in_the_shape_of_a_lesson(
    api: APIClient, as_learner: APIClient, learner: User, page_tree: CoursePage, ask: LessonPage, editor: User
) -> None:
    enrol(user=learner, state=page_tree.state)
    published = as_learner.get(f"/api/v1/lessons/{ask.translation_key}/").json()
    response = open_preview(api, sign_link(make_link(page=ask, by=editor)))
    draft = response.json()
    assert (response.status_code, response["Cache-Control"], response["X-Robots-Tag"]) == (200, "no-store", "noindex")
    assert (draft["blocks"][0]["html"], published["blocks"][0]["html"]) == ("<p>draft words</p>", "<p>live words</p>")
    draft["blocks"][0]["html"] = published["blocks"][0]["html"]
    assert draft == published
    ask.save_revision().publish()
    compile_course(page_tree.pk)
    again = as_learner.get(f"/api/v1/lessons/{ask.translation_key}/").json()
    assert again == open_preview(api, sign_link(make_link(page=ask, by=editor))).json()


def test_course_link_answers_detail_and_outline_with_the_drafts_in_them(
    api: APIClient, page_tree: CoursePage, editor: User
) -> None:
    page_tree.title = "Selling more"
    page_tree.save_revision()
    draft = open_preview(api, sign_link(make_link(page=page_tree, by=editor))).json()
    detail = api.get("/api/v1/courses/selling/").json()
    outline = api.get("/api/v1/courses/selling/outline/").json()
    assert (draft["course"].keys(), draft["outline"].keys()) == (detail.keys(), outline.keys())
    assert (draft["course"]["title"], draft["course"]["edition"]["number"]) == ("Selling more", 0)
    assert draft["course"]["languages"][0].keys() == detail["languages"][0].keys()
    assert [lesson["title"] for lesson in draft["outline"]["modules"][0]["lessons"]] == ["Ask", "New"]
    assert [lesson["title"] for lesson in outline["modules"][0]["lessons"]] == ["Ask"]


def test_course_link_opens_every_lesson_of_the_course_and_no_other(
    api: APIClient, catalogue: CataloguePage, page_tree: CoursePage, editor: User
) -> None:
    token = sign_link(make_link(page=page_tree, by=editor))
    new = LessonPage.objects.get(title="New")
    assert open_preview(api, token, lesson=str(new.translation_key)).json()["blocks"][0]["html"] == "<p>new words</p>"
    other = make_lesson(make_module(make_course(catalogue, "Other"), "X"), "Y")
    for lesson in (str(other.translation_key), "nonsense", "00000000-0000-0000-0000-000000000000"):
        response = open_preview(api, token, lesson=lesson)
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_lesson_link_opens_only_its_lesson(api: APIClient, ask: LessonPage, editor: User) -> None:
    token = sign_link(make_link(page=ask, by=editor))
    assert open_preview(api, token, lesson=str(ask.translation_key)).status_code == 200
    new = LessonPage.objects.get(title="New")
    assert open_preview(api, token, lesson=str(new.translation_key)).status_code == 404


def test_fixed_link_stays_with_its_draft(api: APIClient, ask: LessonPage, editor: User) -> None:
    fixed, latest = (sign_link(make_link(page=ask, by=editor, is_fixed=is_fixed)) for is_fixed in (True, False))
    ask.title = "Later"
    ask.save_revision()
    assert [open_preview(api, token).json()["title"] for token in (fixed, latest)] == ["Ask", "Later"]


def test_token_may_come_in_a_header(api: APIClient, ask: LessonPage, editor: User) -> None:
    token = sign_link(make_link(page=ask, by=editor))
    assert api.get(PATH, headers={"X-Preview-Token": token}).json()["title"] == "Ask"


def test_refusals_are_problems_that_say_what_to_do(api: APIClient, ask: LessonPage, editor: User) -> None:
    expiring, revoked = (make_link(page=ask, by=editor, hours=1) for _number in range(2))
    revoke_links(page=ask, by=editor, only=[revoked.pk])
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        expired = open_preview(api, sign_link(expiring))
    answers = [expired, open_preview(api, sign_link(revoked)), open_preview(api, "preview.x"), api.get(PATH)]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (410, "preview_expired"), (404, "preview_revoked"), (403, "preview_forged"), (403, "preview_forged"),
    ]  # fmt: skip
    assert {each["Content-Type"] for each in answers} == {"application/problem+json"}
    assert {each["Cache-Control"] for each in answers} == {"no-store"}
    assert "Ask whoever sent it for a new one" in answers[0].json()["detail"]


def test_preview_holds_no_key(api: APIClient, page_tree: CoursePage, ask: LessonPage, editor: User) -> None:
    tokens = [sign_link(make_link(page=page, by=editor)) for page in (page_tree, ask)]
    key = str(ask.translation_key)
    texts = [open_preview(api, token, **more).content.decode() for token in tokens for more in ({}, {"lesson": key})]
    texts += [
        Client().get("/preview/", {"token": token} | more).content.decode()
        for token in tokens
        for more in ({}, {"lesson": key})
    ]
    assert any("Which one is right?" in text for text in texts)  # the questions are there
    telling = re.compile(rf"{PLANTED_SECRET}|is_correct|correct_choices|explanation|\"accepted\"")
    assert [telling.findall(text) for text in texts] == [[]] * 8


def test_preview_is_throttled_like_the_rest(
    api: APIClient, ask: LessonPage, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AnonymousThrottle, "rate", "2/min", raising=False)
    token = sign_link(make_link(page=ask, by=editor))
    assert [open_preview(api, token).status_code for _number in range(3)] == [200, 200, 429]


def writing_routes() -> list[str]:
    """Every address of learners, teams, certificates, accounts and the API, with something plausible in it."""
    routes: list[str] = []

    def walk(patterns: Any, prefix: str) -> None:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                routes.append(route)
            else:
                walk(pattern.url_patterns, route)

    walk(get_resolver().url_patterns, "/")
    wanted = ("/learn/", "/team/", "/courses/", "/certificates/", "/evidence/", "/api/v1/", "/accounts/", "/_allauth/")
    return [route for route in routes if route.startswith(wanted) and "^" not in route]


def test_no_request_with_a_preview_token_changes_a_row(
    learner: User, page_tree: CoursePage, ask: LessonPage, editor: User
) -> None:
    enrolment, _is_new = enrol(user=learner, state=page_tree.state)
    text, quiz = (item["id"] for item in ask.body.get_prep_value())
    attempt = open_attempt(user=learner, enrolment=enrolment, lesson_key=ask.translation_key, block_id=quiz)
    token = sign_link(make_link(page=ask, by=editor))
    client = APIClient()
    client.force_login(learner, backend=settings.AUTHENTICATION_BACKENDS[0])
    values = {
        "enrolment_id": enrolment.pk, "attempt_id": attempt.pk, "lesson_id": ask.translation_key, "block_id": quiz,
        "slug": "selling", "course_slug": "selling", "module_slug": "listening", "lesson_slug": "ask",
        "language": "de", "number": "CW-0000-0000-0000", "token": "x",
    }  # fmt: skip
    event = {"id": str(uuid.uuid4()), "lesson": str(ask.translation_key), "block": text, "state": "completed"}
    body = {"events": [event], "course": "selling", "enrolment": enrolment.pk, "name": "Changed", "language": "de",
            "lesson": str(ask.translation_key), "block": quiz, "answers": []}  # fmt: skip
    routes = writing_routes()
    before = take_snapshot()
    for route in routes:
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values.get(found.group(1), 1)), route)
        for given in ({"QUERY_STRING": f"token={token}"}, {"HTTP_X_PREVIEW_TOKEN": token}):
            for method in (client.get, client.post, client.patch, client.put, client.delete):
                data = {} if method == client.get else {"data": body, "format": "json"}
                if path == PATH and method == client.get:
                    continue
                response = method(path, **data, **given)
                assert response.status_code == 403, (path, response.status_code)
    assert take_snapshot() == before
    assert len(routes) > 70
    # The same requests without a token do change rows: there was something to change.
    assert client.post(f"/api/v1/enrolments/{enrolment.pk}/progress/", [event], format="json").status_code == 200
    assert take_snapshot() != before


def test_opening_a_preview_changes_no_row(learner: User, page_tree: CoursePage, ask: LessonPage, editor: User) -> None:
    enrol(user=learner, state=page_tree.state)
    token = sign_link(make_link(page=page_tree, by=editor))
    client = Client()
    client.force_login(learner, backend=settings.AUTHENTICATION_BACKENDS[0])
    before = take_snapshot()
    for path in (PATH, "/preview/"):
        for more in ({}, {"lesson": str(ask.translation_key)}):
            assert client.get(path, {"token": token} | more).status_code == 200
        assert client.post(f"{path}?token={token}").status_code == 403
    assert take_snapshot() == before
