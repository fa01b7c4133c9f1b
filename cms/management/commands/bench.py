"""Measures the promised figures on a throw-away database: ``name value goal PASS|SHORT``, one line each.

The benchmarks are imported when they run, for what they import is slow, and of no use to those who read ``--help``.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection

from cms.settings.env import BASE_DIR, env

if TYPE_CHECKING:
    from cms.benchmarks.figures import Figure, Scene

SETTINGS = "cms.settings.bench"
# What may be asked for by name, in the order in which all of it is measured, and the function that does.
GROUPS = {
    "outline": ("cms.benchmarks.figures", "measure_outline"),
    "lesson": ("cms.benchmarks.figures", "measure_lesson_page"),
    "progress": ("cms.benchmarks.figures", "measure_progress"),
    "compile": ("cms.benchmarks.figures", "measure_compile"),
    "attempts": ("cms.benchmarks.attempts", "measure_attempts"),
    "certificates": ("cms.benchmarks.certificates", "measure_certificates"),
    "releases": ("cms.benchmarks.releases", "measure_releases"),
}


def measure(scene: "Scene", chosen: list[str]) -> "Iterator[Figure]":
    """The figures of these groups, or of all, each after the one before is printed."""
    for name, (module, function) in GROUPS.items():
        if not chosen or name in chosen:
            yield from getattr(import_module(module), function)(scene)


class Command(BaseCommand):
    help = "Measure the promised figures. BENCH_DATABASE_URL names an empty PostgreSQL database to measure on."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--only", metavar="NAME", nargs="+", choices=GROUPS, default=[], help=f"some of: {', '.join(GROUPS)}"
        )

    def handle(self, *args: Any, only: list[str], **options: Any) -> None:
        if os.environ.get("DJANGO_SETTINGS_MODULE") != SETTINGS:
            self._run_apart(only)
            return
        from cms.benchmarks.course import build_course
        from cms.benchmarks.figures import Scene
        from courses.editions.services import compile_course
        from courses.models import CataloguePage
        from learners.accounts.models import User

        call_command("migrate", verbosity=0, interactive=False)
        call_command("setup", verbosity=0)
        catalogue = CataloguePage.objects.get()
        small = build_course(catalogue, "Small course", 1, 5)
        big = build_course(catalogue, "Big course", 20, 25)
        for course in (small, big):
            if compile_course(course.pk) is None:
                raise CommandError(f"“{course.title}” did not compile.")
        learner = User.objects.create_user("bench@example.com", "bench", name="Bench")
        with _Server() as port:
            self.stdout.write(f"# {connection.vendor}, gunicorn gthread, {os.cpu_count()} cores")
            scene = Scene(port, small, big, learner)
            for figure in measure(scene, only):
                self.stdout.write(figure.line())
                self.stdout.flush()

    def _run_apart(self, only: list[str]) -> None:
        with tempfile.TemporaryDirectory(prefix="coursewright-bench-") as folder:
            environment = os.environ | {"DJANGO_SETTINGS_MODULE": SETTINGS, "DATA_DIR": folder}
            environment.pop("DATABASE_URL", None)
            if url := env.str("BENCH_DATABASE_URL", default=""):
                environment["DATABASE_URL"] = url
            command = [sys.executable, str(BASE_DIR / "manage.py"), "bench"]
            command += ["--only", *only] if only else []
            code = subprocess.run(command, env=environment, cwd=BASE_DIR, check=False).returncode  # noqa: S603
        if code:
            raise CommandError("The benchmark did not finish.", returncode=code)


class _Server:
    """gunicorn on a free port of this machine, as production runs it."""

    def __enter__(self) -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "cms.wsgi", "--bind", f"127.0.0.1:{port}"]
        command += ["--worker-class", "gthread", "--workers", "1", "--threads", "4", "--keep-alive", "60"]
        command += ["--log-level", "error"]
        self.process = subprocess.Popen(command, cwd=BASE_DIR)  # noqa: S603
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
            except OSError:
                time.sleep(0.1)
            else:
                return port
        raise CommandError("The server to measure did not start.")

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait(10)
