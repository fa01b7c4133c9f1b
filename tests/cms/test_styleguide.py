"""The style guide renders every page of the trainee site, in development only, and within the strict policy."""

import re

import pytest

from cms.styleguide.views import PAGES

pytestmark = pytest.mark.django_db

FORBIDDEN = {
    "style attribute": re.compile(r"<[^>]+\sstyle="),
    "event handler": re.compile(r"<[^>]+\son[a-z]+="),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>"),
    "inline style sheet": re.compile(r"<style"),
    "other host": re.compile(r"<(?:script|link|img|source|track)[^>]+(?:src|href)=\"(?:https?:)?//"),
}


@pytest.fixture
def debug(settings):
    settings.DEBUG = True


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_page_renders_in_development(client, debug, page):
    response = client.get("/styleguide/", {"page": page})

    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert html.count("<main") == 1


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_page_keeps_the_strict_policy(client, debug, page):
    html = client.get("/styleguide/", {"page": page}).content.decode()

    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(html)] == []


@pytest.mark.parametrize("page", sorted(PAGES))
def test_ids_are_unique(client, debug, page):
    html = client.get("/styleguide/", {"page": page}).content.decode()

    ids = re.findall(r"\sid=\"([^\"]+)\"", html)
    assert sorted(ids) == sorted(set(ids))


def test_without_a_page_the_components_are_shown(client, debug):
    assert client.get("/styleguide/").templates[0].name == "styleguide/components.html"


def test_an_unknown_page_is_not_found(client, debug):
    assert client.get("/styleguide/", {"page": "nonsense"}).status_code == 404


@pytest.mark.parametrize("page", ["components", "lesson"])
def test_it_does_not_exist_outside_development(client, page):
    assert client.get("/styleguide/", {"page": page}).status_code == 404


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("components", ("the next attempt opens on", "Waiting to be marked", "23 min (extended from 15 min)")),
        ("components", ("5 attempts", "(extended from 3)", "No time limit for you (instead of 15 min)")),
        ("components", ("This lesson opens on 16 Mar 2026",)),
        ("lesson", ("Start this part", "Open until", "The time for this part is over. Ask")),
        ("attempt-extended", ("23 min (extended from 15 min)", "a person reads your text")),
        ("result-waiting", ("Handed in, waiting to be marked", "Waiting for marks")),
    ],
)
def test_states_that_are_rare_are_shown(client, debug, page, words):
    html = client.get("/styleguide/", {"page": page}).content.decode()
    assert [word for word in words if word not in html] == []


def test_what_waits_to_be_marked_is_neither_passed_nor_failed(client, debug):
    html = client.get("/styleguide/", {"page": "result-waiting"}).content.decode()
    assert [word for word in ("Not passed", "You scored", "50%") if word in html] == []
