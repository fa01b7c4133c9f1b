"""Everything in one command: database, demo, web server, background worker and scheduler, until Ctrl-C."""

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection

from cms.demonstration import ACCOUNTS, PASSWORD
from cms.serving import find_start_problem
from cms.settings.env import BASE_DIR, DATA_DIR, PORT, env

RESTART_SECONDS = 3
STOP_SECONDS = 15
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process of the site, in its own process group so that stopping it leaves no grandchild behind."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    restart_at: float = 0.0

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, cwd=BASE_DIR, start_new_session=True, preexec_fn=_die_with_parent)

    def exit_code(self) -> int | None:
        return self.process.poll() if self.process else None

    def send(self, signum: int) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signum)


class Command(BaseCommand):
    help = "Prepare the database and serve the site with its background worker and scheduler. Ctrl-C stops it all."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=env.str("HOST", default="127.0.0.1"), help="Address to listen on.")
        parser.add_argument("--port", default=str(PORT), help="Port to listen on; PORT in the environment.")
        parser.add_argument("--no-demo", action="store_true", help="Do not make the demo site and accounts.")

    def handle(self, *args: Any, host: str, port: str, no_demo: bool, **options: Any) -> None:
        if problem := find_start_problem(host, port, DATA_DIR):
            raise CommandError(problem)
        self._check_database()
        has_demo = settings.DEBUG and not no_demo
        self._prepare(has_demo)
        connection.close()
        self._serve(host, port, has_demo)

    def _check_database(self) -> None:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            reason = str(error).strip().splitlines()[0].strip()
            name = connection.settings_dict["HOST"] or connection.settings_dict["NAME"]
            raise CommandError(f"The database on {name} does not answer: {reason}. Check DATABASE_URL.") from None

    def _prepare(self, has_demo: bool) -> None:
        self.stdout.write("Preparing the database")
        self.stdout.flush()
        logging.getLogger("wagtail").setLevel(logging.WARNING)  # one line for every page made is no news here
        call_command("migrate", interactive=False, verbosity=0)
        call_command("setup", verbosity=0)
        if has_demo:
            call_command("demo", verbosity=0)
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)

    def _serve(self, host: str, port: str, has_demo: bool) -> None:
        signal.signal(signal.SIGTERM, _stop)
        signal.signal(signal.SIGINT, _stop)
        children = make_children(host, port)
        try:
            web, *others = children
            web.start()
            wait_for_answer(web, host, port)
            self._announce(has_demo)
            for child in others:
                child.start()
            watch(children)
        except KeyboardInterrupt:
            self.stdout.write("Stopping")
        finally:
            stop_all(children)

    def _announce(self, has_demo: bool) -> None:
        lines = ["", f"  Coursewright is at {settings.SITE_BASE_URL}/   (editors: /admin/, API: /api/v1/docs/)"]
        if has_demo:
            lines += ["", *(f"    {account.email:<24} {account.role}" for account in ACCOUNTS), ""]
            lines += [f"  The password of all of them: {PASSWORD}", "  Ctrl-C stops everything.", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def make_children(host: str, port: str) -> list[Child]:
    """Web first: the site lives as long as it does."""
    manage = [sys.executable, str(BASE_DIR / "manage.py")]
    web = [
        *(sys.executable, "-m", "gunicorn", "cms.wsgi:application", "--bind", f"{host}:{port}"),
        *("--worker-class", "gthread", "--workers", env.str("WEB_WORKERS", default="1")),
        *("--threads", env.str("WEB_THREADS", default="16"), "--keep-alive", "30", "--timeout", "120"),
        *("--graceful-timeout", "10", "--log-level", "error", "--no-control-socket"),
    ]
    if settings.DEBUG:
        # Django keeps parsed templates in memory, so a changed template restarts the server as changed code does.
        web.append("--reload")
        for template in sorted((BASE_DIR / "templates").rglob("*.html")):
            web += ["--reload-extra-file", str(template)]
    return [
        Child("web", web),
        Child("worker", [*manage, "db_worker", "--queue-name", "*", "--verbosity", "0"]),
        Child("scheduler", [*manage, "tick", "--loop"]),
    ]


def wait_for_answer(web: Child, host: str, port: str, *, seconds: float = 90) -> None:
    """Return when the site answers; CommandError if the web process ends or stays silent."""
    end = time.monotonic() + seconds
    target = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 -- compared, not bound
    while time.monotonic() < end:
        if (code := web.exit_code()) is not None:
            raise CommandError(f"The web server ended at once (exit code {code}); its message is above.")
        try:
            with urllib.request.urlopen(f"http://{target}:{port}/healthz", timeout=5):
                return
        except urllib.error.HTTPError as error:
            if error.code < 500:
                return  # it answers, if only to say that this host name is not allowed
            raise CommandError(f"The site answers with an error ({error.code}); its message is above.") from None
        except OSError:
            time.sleep(0.2)
    raise CommandError(f"The web server did not answer within {seconds:.0f} s.")


def watch(children: list[Child]) -> None:
    """Restart what falls over, except the web server: when that ends, so does the command, with a failure."""
    web, *others = children
    while True:
        if (code := web.exit_code()) is not None:
            raise CommandError(f"The web server ended (exit code {code}).")
        for child in others:
            if child.exit_code() is None:
                continue
            if not child.restart_at:
                sys.stderr.write(f"The {child.name} ended (exit code {child.exit_code()}); it starts again shortly.\n")
                child.restart_at = time.monotonic() + RESTART_SECONDS
            elif time.monotonic() >= child.restart_at:
                child.restart_at = 0.0
                child.start()
        time.sleep(0.5)


def stop_all(children: list[Child]) -> None:
    """Ask every process group to end, then make it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for child in children:
        child.send(signal.SIGTERM)
    end = time.monotonic() + STOP_SECONDS
    while time.monotonic() < end and any(child.process and child.exit_code() is None for child in children):
        time.sleep(0.1)
    for child in children:
        child.send(signal.SIGKILL)


def _stop(signum: int, frame: Any) -> None:
    raise KeyboardInterrupt


def _die_with_parent() -> None:
    """On Linux a child gets SIGTERM even if this command is killed without a chance to clean up."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
