"""Bounded load on a server of this machine: two requests in turn, so that noise meets both alike."""

import http.client
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db import connection as database

ROUNDS = 12


@dataclass
class Call:
    """One kind of request. ``body`` is made anew each time, because no two progress events are the same."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Callable[[], bytes] | None = None
    expected: int = 200


def time_calls(connection: http.client.HTTPConnection, call: Call, count: int) -> float:
    """Seconds for ``count`` requests one after another on a kept connection. Raises on any other status."""
    bodies = [call.body() if call.body else None for _ in range(count)]
    started = time.perf_counter()
    for body in bodies:
        connection.request(call.method, call.path, body=body, headers=dict(call.headers))
        response = connection.getresponse()
        content = response.read()
        if response.status != call.expected:
            raise RuntimeError(f"{call.method} {call.path} answered {response.status}: {content[:300]!r}")
    return time.perf_counter() - started


def compare(port: int, ours: Call, bare: Call, count: int = 60) -> float:
    """Our requests per second as a ratio of the bare view's: the median over rounds in which both ran."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for call in (ours, bare):
        time_calls(connection, call, 10)
    ratios = []
    for _ in range(ROUNDS):
        bare_seconds = time_calls(connection, bare, count)
        ratios.append(bare_seconds / time_calls(connection, ours, count))
    connection.close()
    return statistics.median(ratios)


def update_statistics() -> None:
    """Tell the database's planner what the tables hold by now, as a site in use does in the background."""
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")
