"""Fixtures of the learner tests."""

from collections.abc import Iterator

import pytest

from learners.progress.queries import clear_course_maps


@pytest.fixture(autouse=True)
def fresh_course_maps() -> Iterator[None]:
    clear_course_maps()
    yield
