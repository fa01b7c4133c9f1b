"""``manage.py demo``: refuses on real sites, and running it again changes nothing."""

import pytest
from django.core.management import CommandError, call_command

from tests.factories.site import take_snapshot


def test_demo_is_refused_without_debug(db):
    before = take_snapshot()
    with pytest.raises(CommandError) as refused:
        call_command("demo")
    assert str(refused.value) == (
        "The demo has accounts with a password that everybody knows: it is made with DEBUG on, or with --force."
    )
    assert take_snapshot() == before


def test_demo_is_made_with_debug_on(settings, monkeypatch, db):
    settings.DEBUG = True
    monkeypatch.setattr("cms.management.commands.demo.make_demo", list)
    call_command("demo", verbosity=0)


def test_demo_twice_changes_nothing(demo, db, run_demo):
    before = take_snapshot()
    second = run_demo()
    assert take_snapshot() == before
    assert second == demo.replace(": made", ": already there")
