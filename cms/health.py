"""Health for machines: is the process alive, may it get traffic, and figures for Prometheus."""

import hmac
import ipaddress
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Case, Count, Min, When
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from certificates.models import Certificate
from courses.editions.models import CourseState
from learners.models import Attempt, Enrolment

LATE_TASK_SECONDS = 300


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked, so that a slow database never gets it killed."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """503 while database or migrations are not ready. A dead cache or a late queue is told, but stops no traffic."""
    database = check_database()
    checks = {"database": database}
    if database == "ok":
        checks |= {"migrations": check_migrations(), "cache": check_cache(), "tasks": check_tasks()}
    is_ready = database == "ok" and checks["migrations"] == "ok"
    return JsonResponse(
        {"status": "ok" if is_ready else "unavailable", "checks": checks}, status=200 if is_ready else 503
    )


def check_database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "unreachable"
    return "ok"


_has_all_migrations = False


def check_migrations() -> str:
    """Asked until the answer is yes; from then on it cannot change while this code runs."""
    global _has_all_migrations
    if not _has_all_migrations:
        executor = MigrationExecutor(connection)
        _has_all_migrations = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "ok" if _has_all_migrations else "missing"


def check_cache() -> str:
    try:
        cache.set("readyz", "1", timeout=10)
        return "ok" if cache.get("readyz") == "1" else "unreachable"
    except Exception:  # noqa: BLE001 -- every backend has its own errors, and none of them may fail this page
        return "unreachable"


def check_tasks() -> str:
    seconds = oldest_task_seconds()
    return "ok" if seconds <= LATE_TASK_SECONDS else f"late: the oldest task has waited {seconds:.0f} s"


def oldest_task_seconds() -> float:
    """How long the oldest task that could run has been waiting; 0 with an empty queue."""
    now = timezone.now()
    due_at = Case(When(run_after__lte=now, then="run_after"), default="enqueued_at")  # unplanned: year 9999
    oldest: datetime | None = DBTaskResult.objects.ready().aggregate(oldest=Min(due_at))["oldest"]
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, for loopback or with ``METRICS_TOKEN`` only. From the database, so the same on every node."""
    if not may_read_metrics(request):
        return HttpResponseForbidden("Metrics need the token of METRICS_TOKEN.", content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(SiteCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def may_read_metrics(request: HttpRequest) -> bool:
    """A bearer token, or a call from this very machine; a proxy's forwarded call is not one."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    token = settings.METRICS_TOKEN
    if token and scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), token.encode()):
        return True
    is_forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"))
    return not is_forwarded and is_loopback(request.META.get("REMOTE_ADDR", ""))


def is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


class SiteCollector:
    """Counts rows when asked; nothing is kept in the process."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield gauge("coursewright_courses", "Courses with an edition in force.", published_courses())
        yield by_label("coursewright_enrolments", "Enrolments by state.", "state", Enrolment.objects.all())
        yield by_label("coursewright_attempts", "Exam attempts by state.", "state", Attempt.objects.all())
        yield by_label("coursewright_certificates", "Certificates by status.", "status", Certificate.objects.all())
        yield by_label("coursewright_tasks", "Background tasks by status.", "status", DBTaskResult.objects.all())
        yield gauge("coursewright_oldest_task_seconds", "Waiting time of the oldest task due.", oldest_task_seconds())


def published_courses() -> int:
    return CourseState.objects.filter(edition__isnull=False).count()


def gauge(name: str, description: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, description, value=value)


def by_label(name: str, description: str, column: str, rows: Any) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, description, labels=[column])
    for label, number in rows.order_by().values_list(column).annotate(number=Count("pk")).order_by(column):
        family.add_metric([str(label)], number)
    return family
