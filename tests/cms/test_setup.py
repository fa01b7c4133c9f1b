"""``manage.py setup``: says what it made, once, and what to do when it cannot."""

import io
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from tests.factories.site import take_snapshot

pytestmark = pytest.mark.django_db


def run_setup() -> str:
    output = io.StringIO()
    call_command("setup", stdout=output)
    return output.getvalue()


@pytest.fixture
def database_cache(settings) -> Iterator[str]:
    table = "test_cache_table"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": table}}
    yield table
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")


def test_setup_twice_changes_nothing(stock_site):
    first = run_setup()
    before = take_snapshot()
    second = run_setup()
    assert take_snapshot() == before
    assert second == first.replace(": made", ": already there")
    assert "already there" not in first.replace("Language “en”: already there", "")


def test_setup_makes_the_table_of_a_database_cache(stock_site, database_cache):
    assert "Cache table of “default”: made" in run_setup()
    caches["default"].set("answer", 42)
    assert caches["default"].get("answer") == 42
    assert "Cache table of “default”: already there" in run_setup()


def test_setup_without_tables_says_what_to_do(monkeypatch, capsys):
    def fail() -> None:
        raise OperationalError("no such table: wagtailcore_locale")

    monkeypatch.setattr("cms.management.commands.setup.set_up", fail)
    with pytest.raises(CommandError) as refused:
        call_command("setup")
    assert str(refused.value) == (
        "The database is not ready: no such table: wagtailcore_locale. Run “manage.py migrate” first."
    )
