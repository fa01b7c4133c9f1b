"""Follows every link and form on the learner pages, as everyone, and finds no answer key before it may be shown."""

import re
from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from courses.editions.models import CourseState
from courses.editions.queries import get_outline, get_state
from courses.editions.services import compile_course
from courses.models import CataloguePage
from courses.quizzes.definition import Question
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enrolments.services import enrol
from learners.exams.models import Attempt
from learners.exams.services import open_attempt, save_answers, submit_attempt
from tests.factories.learners import UserFactory
from tests.factories.pages import make_block, make_course, make_item, make_lesson, make_module, make_text

pytestmark = pytest.mark.once

GUIDANCE = "planted-guidance"
RIGHT, WRONG, EXPLANATION, ACCEPTED, NUMBER = (
    "planted-right",
    "planted-wrong",
    "planted-why",
    "planted-word",
    "73195.25",
)
TELLING = re.compile(
    rf"{RIGHT}|{WRONG}|{EXPLANATION}|{ACCEPTED}|{re.escape(NUMBER)}|{GUIDANCE}|is_correct|correct_choices|data-correct"
    r"|tolerance|right_(?:pairs|order|blanks|parts)"
)
# Handing in is what the crawl must not do; logging out would end it; these sites are other tests' business.
KEEP_OFF = re.compile(r"/submit/$|/logout/|^/admin/|^/static/|^/api/|^/accounts/(password|2fa|email)")
LIMIT = 200


def planted_choices() -> dict[str, Any]:
    right = make_item("choice", {"text": "The one", "is_correct": True, "feedback": RIGHT})
    return {"choices": [right, make_item("choice", {"text": "The other", "is_correct": False, "feedback": WRONG})]}


def planted_quiz() -> dict[str, Any]:
    truth = {"answer": "true", "feedback_true": RIGHT, "feedback_false": WRONG}
    parts = {
        "single": planted_choices(),
        "multiple": planted_choices(),
        "true_false": truth,
        "short_text": {"answers": [make_item("answer", ACCEPTED)], "is_case_sensitive": False},
        "numeric": {"number": float(NUMBER), "tolerance": 0.5, "unit": "kg"},
        "matching": {"pairs": [make_item("pair", {"left": f"L{n}", "right": f"R{n}"}) for n in range(3)]},
        "ordering": {"items": [make_item("item", f"Step {n}") for n in range(3)]},
        "blanks": {"text": f"Before [[{ACCEPTED}]] after."},
        "essay": {
            "rubric": [make_item("criterion", {"title": GUIDANCE, "points": 1, "description": GUIDANCE})],
            "guidance": GUIDANCE,
        },
    }
    questions = [
        make_item(kind, {"prompt": f"A question, {kind}?", "points": 1, "explanation": EXPLANATION} | part)
        for kind, part in parts.items()
    ]
    settings = {"title": "Check", "introduction": "Take your time.", "pass_percent": 70, "attempts_allowed": 3}
    return make_block("quiz", settings | {"questions": questions})


@pytest.fixture
def quiz() -> dict[str, Any]:
    return planted_quiz()


@pytest.fixture
def courses(catalogue: CataloguePage, quiz: dict[str, Any]) -> list[CourseState]:
    """The same lessons on a course for those enrolled and on one that anybody reads."""
    states = []
    for access in ("enrolled", "open"):
        course = make_course(catalogue, f"For {access}", access=access)
        module = make_module(course, "Module 1")
        make_lesson(module, "Reading")
        make_lesson(module, "Testing", [quiz, make_text()])
        compile_course(course.pk)
        states.append(get_state(course.slug))
    return states


@dataclass
class Page(HTMLParser):
    """The links and forms of one page."""

    links: list[str] = field(default_factory=list)
    forms: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self.forms.append((given.get("method", "get").lower(), given.get("action", ""), {}))
        elif tag == "input" and given.get("name") not in (None, "csrfmiddlewaretoken") and self.forms:
            self.forms[-1][2][given["name"]] = given.get("value", "")


def crawl(client: Client, start: list[str]) -> tuple[set[str], list[tuple[str, str]]]:
    """The addresses that were reached, and what each of them gave away.

    Twice round, because pressing a button (enrol, start the quiz) opens pages that were closed before.
    """
    reached: set[str] = set()
    leaks: list[tuple[str, str]] = []
    for _ in range(2):
        steps = deque(("get", path, {}) for path in start)
        seen: set[tuple[str, ...]] = set()
        while steps and len(seen) < LIMIT:
            method, url, fields = steps.popleft()
            step = (method, url, *sorted(fields.values()))
            if step in seen or not url.startswith("/") or KEEP_OFF.search(urlsplit(url).path):
                continue
            seen.add(step)
            text, target = take_step(client, method, url, fields)
            leaks += [(url, secret) for secret in TELLING.findall(text)]
            steps.extend(read_steps(text, urlsplit(url).path))
            if target:
                steps.append(("get", target, {}))
        assert len(seen) < LIMIT, "the crawl does not end"
        reached |= {step[1] for step in seen}
    return reached, leaks


def take_step(client: Client, method: str, url: str, fields: dict[str, str]) -> tuple[str, str]:
    """The HTML of the answer if it is a page, and where it redirects to if it does."""
    response = client.post(url, fields) if method == "post" else client.get(url, fields or None)
    if response.status_code in (301, 302):
        return "", response["Location"].split("#")[0]
    is_page = not response.streaming and response["Content-Type"].startswith("text/html")
    return response.content.decode() if is_page else "", ""


def read_steps(text: str, path: str) -> list[tuple[str, str, dict[str, str]]]:
    page = Page()
    page.feed(text)
    steps = [("get", link, {}) for link in page.links] + page.forms
    return [(method, urljoin(path, url).split("#")[0], fields) for method, url, fields in steps]


@pytest.mark.parametrize("who", ["visitor", "newcomer", "enrolled", "sitting", "failed"])
def test_nothing_a_learner_can_click_gives_the_key_away(
    courses: list[CourseState], quiz: dict[str, Any], client: Client, who: str
) -> None:
    course = courses[0]
    lesson = f"/courses/{course.slug}/module-1/testing/"
    if who != "visitor":
        user = UserFactory()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    if who in ("enrolled", "sitting", "failed"):
        enrolment, _is_new = enrol(user=user, state=course)
    if who in ("sitting", "failed"):
        attempt = sit(user, enrolment, quiz)
    if who == "failed":
        submit_attempt(user=user, attempt_id=attempt.pk)
    reached, leaks = crawl(client, ["/courses/", "/learn/", lesson, f"/courses/{courses[1].slug}/module-1/testing/"])
    assert leaks == []
    expected = {lesson, f"/courses/{courses[1].slug}/module-1/reading/"}
    if who in ("sitting", "failed"):
        expected |= {f"/learn/attempts/{attempt.pk}/"}
    assert expected - reached == set()
    # Whoever may start the quiz has done so by now: the crawl presses every button but the last.
    assert Attempt.objects.exists() is (who != "visitor")


def test_what_the_crawl_looks_for_is_on_the_result(
    courses: list[CourseState], quiz: dict[str, Any], client: Client
) -> None:
    user = UserFactory()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    enrolment, _is_new = enrol(user=user, state=courses[0])
    attempt = sit(user, enrolment, quiz)
    questions = quiz["value"]["questions"]
    right = [question["value"]["choices"][0]["id"] for question in questions[:2]]
    given = [{"choices": [right[0]]}, {"choices": [right[1]]}, {"choices": ["true"]}, {"text": ACCEPTED}]
    given += [{"number": NUMBER}, *right_parts(questions)]
    answers = [{"question": question["id"]} | answer for question, answer in zip(questions, given, strict=False)]
    submit_attempt(user=user, attempt_id=attempt.pk, answers=answers)
    _reached, leaks = crawl(client, [f"/courses/{courses[0].slug}/module-1/testing/"])
    assert {RIGHT, EXPLANATION, ACCEPTED, NUMBER} - {secret for _url, secret in leaks} == set()
    assert {url for url, _secret in leaks} == {f"/learn/attempts/{attempt.pk}/"}


def right_parts(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The right answers to matching, ordering and blanks, as only somebody with the key can give them."""
    matching, ordering = questions[5], questions[6]
    asked = Question(matching["id"], "matching", "")
    return [
        {"pairs": {pair["id"]: asked.right_id(pair["value"]["right"]) for pair in matching["value"]["pairs"]}},
        {"order": [item["id"] for item in ordering["value"]["items"]]},
        {"blanks": {"1": ACCEPTED}},
    ]


def test_paper_gives_away_neither_pairs_nor_order_by_its_ids(
    courses: list[CourseState], quiz: dict[str, Any], client: Client
) -> None:
    user = UserFactory()
    enrolment, _is_new = enrol(user=user, state=courses[0])
    paper = sit(user, enrolment, quiz).paper["questions"]
    matching, ordering = paper[5], paper[6]
    assert {left["id"] for left in matching["lefts"]} & {right["id"] for right in matching["rights"]} == set()
    assert [item["text"] for item in ordering["items"]] != ["Step 0", "Step 1", "Step 2"]


def sit(user: User, enrolment: Enrolment, quiz: dict[str, Any]) -> Attempt:
    """Opened, with one wrong answer saved."""
    outline = get_outline(enrolment.edition_id, enrolment.edition.digest)
    lesson_key = outline["modules"][0]["lessons"][1]["id"]
    attempt = open_attempt(user=user, enrolment=enrolment, lesson_key=lesson_key, block_id=quiz["id"])
    question = quiz["value"]["questions"][0]
    wrong = question["value"]["choices"][1]["id"]
    save_answers(user=user, attempt_id=attempt.pk, answers=[{"question": question["id"], "choices": [wrong]}])
    return attempt
