"""Continue leads to what is open, and where nothing is, to what opens it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from courses.editions.models import CourseState
from learners.enrolments.models import Enrolment
from learners.progress.models import BlockProgress
from learners.progress.queries import get_course_map
from learners.progress.resuming import find_next_lesson, is_lesson_open, read_standings
from learners.progress.services import complete_lesson, touch_lesson
from tests.factories.courses import make_edition, make_lesson, make_module, text_block
from tests.factories.learners import EnrolmentFactory

pytestmark = pytest.mark.django_db

LATER = {"release_after_days": 30}


def make_course(*gates: dict[str, Any], **facts: Any) -> tuple[CourseState, list[dict[str, Any]]]:
    """Lessons 1, 2 ... of one required text each, with these gates."""
    lessons = [make_lesson(text_block(), title=f"Lesson {place}", **gate) for place, gate in enumerate(gates, start=1)]
    return make_edition(modules=[make_module(*lessons)], **facts), lessons


def read(enrolment: Enrolment, lesson: dict[str, Any]) -> None:
    touch_lesson(enrolment=enrolment, lesson_key=lesson["id"])
    complete_lesson(user=enrolment.user, enrolment=enrolment, lesson_key=lesson["id"])
    enrolment.refresh_from_db()


def find(enrolment: Enrolment) -> tuple[str, str]:
    course = get_course_map(enrolment.edition_id, enrolment.edition.digest)
    found = find_next_lesson(enrolment, course, read_standings([enrolment.pk])[enrolment.pk])
    return ("", "") if found is None else (found.lesson["title"], found.lock.code if found.lock else "")


def test_next_lesson_passes_over_those_that_are_shut() -> None:
    state, lessons = make_course({}, LATER, {})
    enrolment = EnrolmentFactory(course=state)
    assert find(enrolment) == ("Lesson 1", "")
    read(enrolment, lessons[0])
    assert find(enrolment) == ("Lesson 3", "")
    read(enrolment, lessons[2])
    assert find(enrolment) == ("Lesson 2", "not_released_yet")
    Enrolment.objects.update(enrolled_at=timezone.now() - timedelta(days=31))
    enrolment.refresh_from_db()
    assert find(enrolment) == ("Lesson 2", "")


def test_next_lesson_is_an_earlier_one_that_the_next_waits_for() -> None:
    state, lessons = make_course({}, {}, progression="in_order")
    enrolment = EnrolmentFactory(course=state, last_lesson_key=lessons[1]["id"])
    assert find(enrolment) == ("Lesson 1", "")


def test_next_lesson_of_a_completed_course_is_the_one_seen_last() -> None:
    state, lessons = make_course({}, {})
    enrolment = EnrolmentFactory(course=state, completed=True, last_lesson_key=lessons[1]["id"])
    assert find(enrolment) == ("Lesson 2", "")


def test_course_without_lessons_has_no_next() -> None:
    assert find(EnrolmentFactory(course=make_edition(modules=[]))) == ("", "")


def test_is_lesson_open_asks_nothing_where_nothing_is_ever_shut(django_assert_num_queries: Any) -> None:
    state, lessons = make_course({}, {})
    enrolment = EnrolmentFactory(course=state)
    get_course_map(enrolment.edition_id, enrolment.edition.digest)
    with django_assert_num_queries(0):
        assert is_lesson_open(enrolment, lessons[1]["id"]) is True


def test_is_lesson_open_follows_the_locks() -> None:
    state, lessons = make_course({}, {}, progression="in_order")
    enrolment = EnrolmentFactory(course=state)
    assert is_lesson_open(enrolment, lessons[1]["id"]) is False
    read(enrolment, lessons[0])
    assert is_lesson_open(enrolment, lessons[1]["id"]) is True


@pytest.mark.parametrize("count", [1, 3])
def test_read_standings_in_one_query(django_assert_num_queries: Any, count: int) -> None:
    state, (lesson,) = make_course({})
    unit = (lesson["id"], lesson["blocks"][0]["id"])
    enrolments = [EnrolmentFactory(course=state) for _each in range(count)]
    stranger = EnrolmentFactory(course=state)
    now = timezone.now()
    for enrolment in [*enrolments, stranger]:
        BlockProgress.objects.create(
            enrolment=enrolment, lesson_key=unit[0], block_id=unit[1], state="completed", score=Decimal(80),
            started_at=now, last_accessed_at=now,
        )  # fmt: skip
    idle = EnrolmentFactory(course=state)
    with django_assert_num_queries(1):
        found = read_standings([*(enrolment.pk for enrolment in enrolments), idle.pk])
    assert set(found) == {*(enrolment.pk for enrolment in enrolments), idle.pk}
    standing = found[enrolments[0].pk]
    assert (standing.completed, standing.opened, standing.scores) == (
        frozenset({unit}), frozenset({unit[0]}), {unit: Decimal(80)}
    )  # fmt: skip
    assert found[idle.pk].completed == frozenset()
