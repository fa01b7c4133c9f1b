"""Fixtures of the learner tests."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from learners.progress.moving import clear_releases
from learners.progress.queries import clear_course_maps


@pytest.fixture(autouse=True)
def fresh_course_maps() -> Iterator[None]:
    clear_course_maps()
    clear_releases()
    yield


@pytest.fixture
def run_together() -> Callable[..., list[Any]]:
    """Calls ``work(number)`` in ``count`` threads that start at one moment; their results, exceptions included."""

    def run(count: int, work: Callable[[int], Any]) -> list[Any]:
        barrier = threading.Barrier(count)
        results: list[Any] = [None] * count

        def call(number: int) -> None:
            try:
                barrier.wait(timeout=30)
                results[number] = work(number)
            except Exception as error:  # noqa: BLE001 -- handed to the test
                results[number] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=call, args=[number]) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return results

    return run


@pytest.fixture
def no_tasks(settings: Any) -> None:
    """Nothing is done in the background: dozens of passes in one race would draw a certificate each."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
