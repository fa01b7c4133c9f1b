"""Searching in the admin: whatever people type is looked for, and nothing of it is taken for syntax."""

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.test import Client

from courses.models import CataloguePage, CourseDocument
from tests.factories.learners import UserFactory
from tests.factories.pages import make_course

ODD = ['"', '""', "'", "\"'", "''", "*", '"*', "(", 'a"b', "NOT", "AND OR", "a:b", "-", "%", "50% off", "{x} : y", "\\"]
TABLE = "wagtailsearch_indexentry"


@pytest.fixture
def admin(client: Client, catalogue: CataloguePage) -> Client:
    """With SQLite's full-text table, which only Wagtail's migrations make, and tests run without those."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {TABLE}_fts")
            cursor.execute(f"CREATE VIRTUAL TABLE {TABLE}_fts USING fts5(autocomplete, body, title)")
            cursor.execute(
                f"CREATE TRIGGER fill_{TABLE}_fts AFTER INSERT ON {TABLE} BEGIN INSERT INTO {TABLE}_fts"  # noqa: S608
                "(title, body, autocomplete, rowid) VALUES (NEW.title, NEW.body, NEW.autocomplete, NEW.id); END"
            )
    make_course(catalogue, "Sell the way people buy")
    make_course(catalogue, "People who buy")
    CourseDocument(title="Worksheet").file.save("w.pdf", ContentFile(b"%PDF-"), save=True)
    call_command("update_index", verbosity=0)
    client.force_login(UserFactory(admin=True))
    return client


@pytest.mark.parametrize("typed", ODD)
def test_odd_searches_find_something_or_nothing(admin: Client, typed: str) -> None:
    addresses = ["/admin/courses/", "/admin/pages/search/", "/admin/documents/", "/admin/images/"]
    assert [admin.get(address, {"q": typed}).status_code for address in addresses] == [200, 200, 200, 200]


def test_quotes_ask_for_a_phrase(admin: Client) -> None:
    page = admin.get("/admin/pages/search/", {"q": '"people buy"'}).content.decode()
    assert ("Sell the way people buy" in page, "People who buy" in page) == (True, False)


def test_half_a_quote_still_finds_the_word(admin: Client) -> None:
    assert "Worksheet" in admin.get("/admin/documents/", {"q": '"worksheet'}).content.decode()
