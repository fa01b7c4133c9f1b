"""The scheduler: does whatever is due, each job on its own, so that what a lost task left behind is caught up."""

import fcntl
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from certificates import services as certificates
from certificates.archives import services as archives
from cms.settings.env import DATA_DIR
from courses import translating
from courses.curriculum import copying
from courses.editions import services as editions
from courses.releases import running as releases
from learners.enrolments import scheduling
from learners.exams import regrading, statistics
from learners.exams import services as exams
from learners.progress import carrying

logger = logging.getLogger(__name__)

ADVISORY_LOCK = 6_277_101  # any number, the same in every process
KEEP_TASKS = timedelta(days=14)
PAGES_A_TICK = 20


def publish_scheduled() -> None:
    """Publish and expire what editors have timed; each course then compiles once, not once a page."""
    with editions.batch():
        call_command("publish_scheduled", verbosity=0)


def close_overdue_attempts() -> None:
    exams.close_overdue_attempts(timezone.now())


def continue_translations() -> None:
    """A few pages a tick, so that the other jobs have their turn; a task does the rest in one go."""
    translating.continue_translations(most=PAGES_A_TICK)


def prune_task_results() -> None:
    DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEEP_TASKS).delete()


def clear_sessions() -> None:
    call_command("clearsessions", verbosity=0)


@dataclass(frozen=True)
class Job:
    """Something that is due every ``every``, or at every tick. Running it twice must do no harm."""

    name: str
    run: Callable[[], object]
    every: timedelta | None = None


JOBS = (
    Job("publish scheduled pages", publish_scheduled),
    Job("carry out planned releases", releases.run_due_plans),
    Job("compile stale courses", editions.compile_stale_courses, every=timedelta(minutes=5)),
    Job("continue copies of courses", copying.continue_copies),
    Job("close overdue attempts", close_overdue_attempts),
    Job("mark all deadlines stale", scheduling.mark_all_deadlines_stale, every=timedelta(days=1)),
    Job("refresh stale deadlines", scheduling.refresh_stale_deadlines),
    Job("mark overdue enrolments", scheduling.mark_overdue),
    Job("close expired enrolments", scheduling.close_expired),
    Job("carry learners over to new editions", carrying.continue_carry_overs),
    Job("continue regrades", regrading.continue_regrades),
    Job("count attempts", statistics.count_attempts),
    Job("continue translations", continue_translations),
    Job("issue missing certificates", certificates.issue_missing_certificates),
    Job("render pending certificates", certificates.render_pending_files),
    Job("send certificates", certificates.send_pending_mails),
    Job("put archives together", archives.build_pending_archives),
    Job("delete expired archives", archives.delete_expired_archives, every=timedelta(hours=1)),
    Job("clear sessions", clear_sessions, every=timedelta(days=1)),
    Job("prune task results", prune_task_results, every=timedelta(days=1)),
)


class Command(BaseCommand):
    help = "Run every job that is due once; with --loop, again and again. Call it from cron, or keep one loop running."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="Go on until stopped.")
        parser.add_argument("--interval", type=int, default=30, help="Seconds between two ticks (default 30).")

    def handle(self, *args: Any, loop: bool, interval: int, **options: Any) -> None:
        if interval < 1:
            raise CommandError("--interval must be at least 1 second.")
        if not loop:
            failed = tick()
            if failed:
                raise CommandError(f"Failed: {', '.join(failed)}. The reasons are in the log.")
            return
        try:
            while True:
                close_old_connections()
                tick()
                close_old_connections()
                time.sleep(interval)
        except KeyboardInterrupt:
            self.stdout.write("Scheduler stopped.")


def tick(jobs: tuple[Job, ...] = JOBS) -> list[str]:
    """Run what is due and return the names of the jobs that failed. Does nothing while another tick is running."""
    try:
        with only_one() as is_mine:
            if not is_mine:
                logger.info("Another tick is running")
                return []
            return [job.name for job in jobs if is_due(job) and not run_job(job)]
    except Exception:
        logger.exception("The tick could not start")
        return ["tick"]


def run_job(job: Job) -> bool:
    """Whether the job succeeded. One that fails is logged and comes again; it never keeps the others from running."""
    try:
        job.run()
    except Exception:
        logger.exception("Job failed: %s", job.name)
        cache.delete(_cache_key(job))
        return False
    return True


def is_due(job: Job) -> bool:
    """Jobs with a period are remembered in the cache: a forgotten one comes too early, never too late."""
    if job.every is None:
        return True
    return bool(cache.add(_cache_key(job), 1, timeout=int(job.every.total_seconds())))


def _cache_key(job: Job) -> str:
    return f"tick:{job.name.replace(' ', '-')}"


@contextmanager
def only_one() -> Iterator[bool]:
    """Whether this process holds the tick lock: PostgreSQL's own across machines, a file on the one SQLite machine."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
            is_mine = bool(cursor.fetchone()[0])
        try:
            yield is_mine
        finally:
            if is_mine:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
        return
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (DATA_DIR / "tick.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
