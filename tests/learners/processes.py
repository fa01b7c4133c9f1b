"""Processes that are killed in the middle of their work: real ones, each on the database of the test."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).parents[2]

# Django is loaded once, and every worker is a fork of that: twenty workers in the time of one.
_SCRIPT = """
import os, sys, django
django.setup()
{work}
for command in sys.stdin:
    if command == "start\\n":
        worker = os.fork()
        if worker == 0:
            work()
            os._exit(0)
        print(worker, flush=True)
    else:
        done, status = os.waitpid(worker, 0 if command == "wait\\n" else os.WNOHANG)
        print(os.waitstatus_to_exitcode(status) if done else "", flush=True)
"""


class Worker:
    """One process; ``mother`` started it and hears of its end."""

    def __init__(self, mother: subprocess.Popen[str]) -> None:
        self.mother = mother
        self.pid = int(self._ask("start"))
        self.code: int | None = None

    def has_ended(self) -> bool:
        if self.code is None:
            answer = self._ask("poll")
            self.code = int(answer) if answer else None
        return self.code is not None

    def kill(self) -> bool:
        """SIGKILL; whether it was still alive to die of it."""
        if not self.has_ended():
            os.kill(self.pid, signal.SIGKILL)
            self.code = int(self._ask("wait"))
        return self.code == -signal.SIGKILL

    def _ask(self, command: str) -> str:
        assert self.mother.stdin is not None
        assert self.mother.stdout is not None
        self.mother.stdin.write(f"{command}\n")
        self.mother.stdin.flush()
        return self.mother.stdout.readline().strip()


def kill_workers(
    count: int, *, work: str, before: Callable[[], object], is_due: Callable[[int], bool], seconds: float
) -> int:
    """Starts ``count`` workers one after the other and kills each in the middle of its work.

    ``work`` is the source of a function ``work()``, ``before`` makes ready for the next worker; it is killed at a
    random moment of at most ``seconds`` after ``is_due(number)``. The answer is how many were still at it.
    """
    chance = random.Random(11)
    killed = 0
    with _mother_of_workers(work) as mother:
        for number in range(count):
            before()
            worker = Worker(mother)
            wait_until(lambda number=number, worker=worker: is_due(number) or worker.has_ended(), pause=0.005)
            time.sleep(chance.random() * seconds)
            killed += worker.kill()
    wait_until(_is_quiet)
    return killed


@contextmanager
def _mother_of_workers(work: str) -> Iterator[subprocess.Popen[str]]:
    environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
    command = [sys.executable, "-c", _SCRIPT.format(work=work)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as mother:
        try:
            yield mother
        finally:
            mother.kill()


def database_url() -> str:
    """Of the test database these threads use."""
    facts = connection.settings_dict
    login = f"{facts['USER']}:{facts['PASSWORD']}" if facts["PASSWORD"] else facts["USER"]
    return f"postgres://{login}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


def wait_until(is_so: Callable[[], bool], seconds: float = 30, pause: float = 0.05) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it took too long"
        time.sleep(pause)


def _is_quiet() -> bool:
    """The server has noticed that the last one is gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0] == 0
