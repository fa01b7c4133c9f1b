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
