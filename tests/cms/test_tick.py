"""The scheduler: each job on its own, one tick at a time, daily jobs once a day."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cms.management.commands import tick as command
from cms.management.commands.tick import JOBS, Job, is_due, only_one, tick
from cms.settings.env import BASE_DIR


@pytest.fixture(autouse=True)
def own_data_dir(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "DATA_DIR", tmp_path)
    cache.clear()


def test_tick_runs_every_job_although_one_fails(db, caplog):
    ran = []

    def fail():
        raise RuntimeError("no luck")

    jobs = (Job("first", lambda: ran.append(1)), Job("broken", fail), Job("last", lambda: ran.append(2)))
    assert tick(jobs) == ["broken"]
    assert ran == [1, 2]
    assert [record.getMessage() for record in caplog.records] == ["Job failed: broken"]


def test_tick_runs_the_real_jobs_on_an_empty_site(db):
    assert tick(JOBS) == []


def test_daily_job_is_due_once_a_day():
    job = Job("sweep the floor", print, every=timedelta(days=1))
    assert [is_due(job), is_due(job)] == [True, False]


def test_daily_job_that_failed_is_due_again(db):
    def fail():
        raise RuntimeError("no luck")

    job = Job("sweep the floor", fail, every=timedelta(days=1))
    assert [tick((job,)), tick((job,))] == [["sweep the floor"], ["sweep the floor"]]


def test_job_without_a_period_is_always_due():
    job = Job("look around", print)
    assert [is_due(job), is_due(job)] == [True, True]


def test_second_tick_does_nothing_while_one_is_running(db, tmp_path):
    ran = []
    with lock_held_elsewhere(tmp_path):
        assert tick((Job("look around", lambda: ran.append(1)),)) == []
    assert ran == []
    assert tick((Job("look around", lambda: ran.append(1)),)) == []
    assert ran == [1]


def test_lock_is_given_back(db):
    with only_one() as first:
        pass
    with only_one() as second:
        pass
    assert [first, second] == [True, True]


def test_old_task_results_are_pruned_and_young_ones_kept(db):
    now = timezone.now()
    for days, status in ((20, "SUCCESSFUL"), (20, "FAILED"), (20, "READY"), (3, "SUCCESSFUL")):
        DBTaskResult.objects.create(
            args_kwargs={"args": [], "kwargs": {}},
            task_path="nowhere.at_all",
            queue_name="other",
            backend_name="default",
            status=status,
            run_after=now,
            finished_at=None if status == "READY" else now - timedelta(days=days),
            exception_class_path="",
            traceback="",
        )
    command.prune_task_results()
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["READY", "SUCCESSFUL"]


def test_command_names_what_failed(db, monkeypatch):
    def fail():
        raise RuntimeError("no luck")

    monkeypatch.setattr(command, "tick", lambda: tick((Job("broken", fail),)))
    with pytest.raises(CommandError, match=r"^Failed: broken\. The reasons are in the log\.$"):
        call_command("tick")


def test_command_refuses_an_interval_of_nothing():
    with pytest.raises(CommandError, match=r"^--interval must be at least 1 second\.$"):
        call_command("tick", "--loop", "--interval=0")


class lock_held_elsewhere:  # noqa: N801 -- reads as a function
    """Another process (SQLite) or another connection (PostgreSQL) holds the tick lock."""

    def __init__(self, data_dir):
        self.data_dir = data_dir

    def __enter__(self):
        if connection.vendor == "postgresql":
            self.other = connection.copy()
            self.other.cursor().execute("SELECT pg_advisory_lock(%s)", [command.ADVISORY_LOCK])
            return
        hold = "import fcntl,sys; f=open(sys.argv[1],'w'); fcntl.flock(f,2); print(1,flush=True); sys.stdin.read()"
        self.other = subprocess.Popen(
            [sys.executable, "-c", hold, str(self.data_dir / "tick.lock")],
            cwd=BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.other.stdout.readline()

    def __exit__(self, *exc):
        if connection.vendor == "postgresql":
            self.other.cursor().execute("SELECT pg_advisory_unlock(%s)", [command.ADVISORY_LOCK])
            self.other.close()
        else:
            self.other.communicate()
