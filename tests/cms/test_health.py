"""Live, ready, and figures that only the right callers get."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from cms import health

FIGURES = [
    "coursewright_courses",
    "coursewright_enrolments",
    "coursewright_attempts",
    "coursewright_certificates",
    "coursewright_tasks",
    "coursewright_oldest_task_seconds",
]


def make_task(*, waiting: timedelta, due: timedelta | None = None) -> DBTaskResult:
    """A task put in ``waiting`` ago and planned for ``due`` ago (in the future if negative)."""
    now = timezone.now()
    task = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="nowhere.at_all",
        queue_name="default",
        backend_name="default",
        run_after=get_date_max() if due is None else now - due,
        exception_class_path="",
        traceback="",
    )
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=now - waiting)
    return task


@pytest.fixture
def migrated(monkeypatch):
    """Tests build their tables without migrations; this says they had run."""
    monkeypatch.setattr(health, "_has_all_migrations", True)


def test_healthz_asks_nothing_of_the_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_readyz_is_ok_when_everything_answers(client, db, migrated):
    response = client.get("/readyz")
    checks = {"database": "ok", "migrations": "ok", "cache": "ok", "tasks": "ok"}
    assert (response.status_code, response.json()) == (200, {"status": "ok", "checks": checks})
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_readyz_is_503_without_migrations(client, db, monkeypatch):
    monkeypatch.setattr(health, "_has_all_migrations", False)
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["one to go"])
    response = client.get("/readyz")
    assert (response.status_code, response.json()["checks"]["migrations"]) == (503, "missing")


def test_readyz_is_503_without_a_database(client, db, monkeypatch):
    def fail():
        raise OperationalError("connection refused")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", fail)
        response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        503,
        {"status": "unavailable", "checks": {"database": "unreachable"}},
    )


def test_readyz_tells_of_a_late_queue_and_a_dead_cache_but_stays_ready(client, db, migrated, settings):
    make_task(waiting=timedelta(minutes=20))
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    response = client.get("/readyz")
    assert (response.status_code, response.json()["checks"]) == (
        200,
        {
            "database": "ok",
            "migrations": "ok",
            "cache": "unreachable",
            "tasks": "late: the oldest task has waited 1200 s",
        },
    )


def test_oldest_task_counts_from_when_it_was_due(db):
    assert health.oldest_task_seconds() == 0.0
    make_task(waiting=timedelta(hours=9), due=timedelta(minutes=-5))  # planned for later: not waiting at all
    assert health.oldest_task_seconds() == 0.0
    make_task(waiting=timedelta(hours=9), due=timedelta(seconds=40))
    assert round(health.oldest_task_seconds()) == 40
    make_task(waiting=timedelta(seconds=90))
    assert round(health.oldest_task_seconds()) == 90


def test_metrics_are_for_loopback_and_for_the_token(client, db, settings):
    settings.METRICS_TOKEN = "figures-please"

    def status(address: str, **headers: str) -> int:
        return client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code

    assert status("127.0.0.1") == 200
    assert status("::1") == 200
    assert status("203.0.113.9") == 403
    assert status("203.0.113.9", Authorization="Bearer figures-please") == 200
    assert status("203.0.113.9", Authorization="Bearer figures") == 403
    assert status("127.0.0.1", X_Forwarded_For="203.0.113.9") == 403
    assert status("not-an-address") == 403


def test_metrics_without_a_token_open_to_nobody_else(client, db, settings):
    settings.METRICS_TOKEN = ""
    response = client.get("/metrics", REMOTE_ADDR="203.0.113.9", headers={"Authorization": "Bearer "})
    assert response.status_code == 403


def test_metrics_are_prometheus_text(client, db):
    make_task(waiting=timedelta(seconds=5))
    lines = client.get("/metrics").content.decode().splitlines()
    assert [line.split()[2] for line in lines if line.startswith("# TYPE")] == FIGURES
    assert 'coursewright_tasks{status="READY"} 1.0' in lines
    assert "coursewright_courses 0.0" in lines
