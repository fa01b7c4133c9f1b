"""Crawls every GET address of the API, as everyone, before anything is handed in: no key, feedback or explanation."""

import json
import re
from urllib.parse import quote

import pytest
from django.conf import settings
from django.urls import URLPattern
from rest_framework.test import APIClient

from api.v1.urls import urlpatterns
from courses.models import CataloguePage
from courses.preview_links import make_link, sign_link
from learners.accounts.models import User
from learners.enrolments.services import enrol
from learners.exams.services import open_attempt, save_answers
from tests.api.editions import SECRETS, Published, make_id, publish
from tests.factories.pages import make_course, make_lesson, make_module, make_quiz

# Names that only the result of a submitted attempt may use.
TELLING = re.compile(
    r'"(is_correct|correct\w*|answer_key|accepted|explanation|feedback\w*|tolerance|points_by_choice|right_\w+|guidance|rubric)"'
)


@pytest.fixture
def addresses(learner: User, course: Published, catalogue: CataloguePage) -> list[str]:
    """Every address with something behind it: a course enrolled on, an open attempt with saved answers."""
    publish("open-course", access="open")
    enrolment, _is_new = enrol(user=learner, state=course.state)
    block = course.block_id("quiz")
    attempt = open_attempt(user=learner, enrolment=enrolment, lesson_key=course.lesson_ids[0], block_id=block)
    answers = [{"question": make_id(block, "single"), "choices": [make_id(block, "right")]}]
    save_answers(user=learner, attempt_id=attempt.pk, answers=answers)
    values = {
        "slug:slug": [course.slug, "open-course"],
        "uuid:lesson_id": [*course.lesson_ids, make_id("open-course", "lesson", 1)],
        "int:enrolment_id": [str(enrolment.pk)],
        "uuid:attempt_id": [str(attempt.pk)],
        "str:number": ["CW-0000-0000-0000"],
    }
    found = []
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        route = str(pattern.pattern)
        parameter = re.search(r"<([^>]+)>", route)
        shown = values[parameter.group(1)] if parameter else [""]
        found.extend("/api/v1/" + re.sub(r"<[^>]+>", value, route) for value in shown)
    return [*(address for address in found if "^" not in address), *preview_addresses(catalogue)]


def preview_addresses(catalogue: CataloguePage) -> list[str]:
    """A draft whose quiz holds every secret, as a lesson and in its course."""
    tree = make_course(catalogue, "Drafts")
    quiz = make_quiz()
    choices = quiz["value"]["questions"][0]["value"]["choices"]
    for choice, secret in zip(choices, SECRETS, strict=False):
        choice["value"]["feedback"] = secret
    quiz["value"]["questions"][0]["value"]["explanation"] = SECRETS[-1]
    lesson = make_lesson(make_module(tree, "One"), "Two", blocks=[quiz])
    editor = User.objects.create_superuser("editor@example.com", "pass-word-1", name="Ed")
    of_course, of_lesson = (quote(sign_link(make_link(page=page, by=editor))) for page in (tree, lesson))
    queries = (of_course, f"{of_course}&lesson={lesson.translation_key}", of_lesson)
    return [f"/api/v1/preview/?token={query}" for query in queries] + [f"/preview/?token={query}" for query in queries]


@pytest.mark.parametrize("who", ["visitor", "charlie", "learner", "staff"])
def test_no_address_gives_a_key_away(addresses: list[str], learner: User, charlie: User, who: str) -> None:
    staff = User.objects.create_superuser("admin@example.com", "pass-word-1", name="Admin")
    client = APIClient()
    person = {"charlie": charlie, "learner": learner, "staff": staff}.get(who)
    if person:
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    leaks = []
    for address in addresses:
        text = client.get(address).content.decode()
        leaks += [(address, secret) for secret in SECRETS if secret in text]
        if not address.endswith(("openapi.json", "docs/")):
            leaks += [(address, name) for name in TELLING.findall(text)]
    assert leaks == []


def test_the_crawl_reaches_every_resource(addresses: list[str], learner: User) -> None:
    client = APIClient()
    client.force_login(learner, backend=settings.AUTHENTICATION_BACKENDS[0])
    answers = {address: client.get(address).status_code for address in addresses}
    missed = [address for address, status in answers.items() if status not in (200, 405)]
    assert missed == [
        "/api/v1/courses/selling-well/impact/",  # for editors; what it says to them is in v1/test_releases.py
        "/api/v1/courses/open-course/impact/",
        "/api/v1/certificates/CW-0000-0000-0000/",
        "/api/v1/certificates/CW-0000-0000-0000/pdf",
        "/api/v1/preview/",  # without a token
    ]


def test_what_the_crawl_looks_for_is_there_after_handing_in(addresses: list[str], learner: User) -> None:
    client = APIClient()
    client.force_login(learner, backend=settings.AUTHENTICATION_BACKENDS[0])
    first = client.post(next(address for address in addresses if address.endswith("/submit/"))).json()
    assert "SECRET" not in json.dumps(first)  # one attempt is left: an empty paper does not buy the answers
    opened = client.post("/api/v1/attempts/", {key: first[key] for key in ("enrolment", "block")}, format="json").json()
    text = json.dumps(client.post(f"/api/v1/attempts/{opened['id']}/submit/").json())
    assert sorted(set(TELLING.findall(text))) == [
        "accepted",
        "correct_choices",
        "explanation",
        "feedback",
        "is_correct",
        "right_blanks",
        "right_order",
        "right_pairs",
        "right_parts",
    ]
    assert "SECRET-EXPLANATION" in text
