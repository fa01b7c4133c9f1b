"""Reading progress."""

import pytest
from django.utils import timezone

from courses.editions.queries import get_outline
from learners.progress.models import BlockProgress
from learners.progress.queries import (
    MediaRule,
    clear_course_maps,
    get_course_map,
    get_course_maps,
    lesson_states,
    media_rules,
)
from tests.factories.courses import make_edition, make_lesson, make_module, quiz_block, text_block, video_block
from tests.factories.learners import EnrolmentFactory

pytestmark = pytest.mark.django_db


def note(enrolment, lesson_id, block_id, state="completed"):
    now = timezone.now()
    BlockProgress.objects.create(
        enrolment=enrolment, lesson_key=lesson_id, block_id=block_id, state=state, started_at=now, last_accessed_at=now
    )


def test_lesson_states_of_every_kind_of_lesson_in_one_query(django_assert_num_queries):
    done = make_lesson(text_block(), text_block(is_required=False), title="Done")
    open_ = make_lesson(text_block(), quiz_block(), title="Open")
    fresh = make_lesson(text_block(), title="Fresh")
    marked = make_lesson(text_block(is_required=False), title="Marked")
    looked = make_lesson(text_block(is_required=False), title="Looked at")
    state = make_edition(modules=[make_module(done, open_, fresh, marked, looked)])
    enrolment = EnrolmentFactory(course=state)
    note(enrolment, done["id"], done["blocks"][0]["id"])
    note(enrolment, open_["id"], open_["blocks"][0]["id"])
    note(enrolment, marked["id"], marked["id"])
    note(enrolment, looked["id"], looked["id"], "in_progress")
    outline = get_outline(state.edition.pk, state.edition.digest)
    with django_assert_num_queries(1):
        states = lesson_states(enrolment, outline)
    assert [(each.state, each.required_left, each.required_total) for each in states.values()] == [
        ("completed", 0, 1),
        ("in_progress", 1, 2),
        ("not_started", 1, 1),
        ("completed", 0, 0),
        ("in_progress", 0, 0),
    ]


def test_lesson_states_of_visitors_are_not_started(django_assert_num_queries):
    state = make_edition(lessons=2)
    outline = get_outline(state.edition.pk, state.edition.digest)
    with django_assert_num_queries(0):
        states = lesson_states(None, outline)
    assert [each.state for each in states.values()] == ["not_started"] * 2


def test_get_course_maps_reads_what_is_missing_in_one_query(django_assert_num_queries):
    states = [make_edition(lessons=number) for number in (1, 2, 3)]
    get_course_map(states[0].edition.pk, states[0].edition.digest)
    with django_assert_num_queries(1):
        maps = get_course_maps(state.edition for state in states)
    assert [len(maps[state.edition.pk].lessons) for state in states] == [1, 2, 3]
    with django_assert_num_queries(0):
        get_course_maps(state.edition for state in states)
    clear_course_maps()


def test_media_rules_are_of_media_the_server_can_measure():
    known, unknown = video_block(duration=12.5), video_block(duration=None)
    lesson = make_lesson(known, unknown, text_block())
    state = make_edition(modules=[make_module(lesson)])
    assert media_rules(state.edition.pk, lesson["id"]) == {known["id"]: MediaRule(12.5, 90)}
    assert media_rules(state.edition.pk, "0" * 32) == {}
