"""Who may open what, and what they are told when they may not."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from courses.editions.models import CourseState
from courses.editions.queries import get_outline
from learners.enrolments.access import course_access, lesson_access
from learners.enrolments.locks import NO_STANDING, Standing
from tests.factories.courses import make_edition, make_lesson, make_module, text_block
from tests.factories.learners import EnrolmentFactory, GrantFactory, UserFactory, make_editor

pytestmark = pytest.mark.django_db


def outline_of(state: CourseState):
    return get_outline(state.edition.pk, state.edition.digest)


def lesson_ids(state: CourseState) -> list[str]:
    return [lesson["id"] for module in outline_of(state)["modules"] for lesson in module["lessons"]]


MATRIX = [
    # kind, visitor, signed in, with grant, enrolled, enrolled with grant, editor
    ("open", "ok", "ok", "ok", "ok", "ok", "ok"),
    ("enrolled", "login_required", "enrolment_required", "enrolment_required", "ok", "ok", "staff"),
    ("invitation", "login_required", "invitation_required", "enrolment_required", "invitation_required", "ok", "staff"),
    ("paid", "login_required", "purchase_required", "enrolment_required", "purchase_required", "ok", "staff"),
]


@pytest.mark.parametrize(("kind", "visitor", "member", "granted", "enrolled", "both", "editor"), MATRIX)
def test_course_access_by_kind_of_course_and_person(kind, visitor, member, granted, enrolled, both, editor):
    state = make_edition(access=kind)
    outline = outline_of(state)
    holder, enrolment = UserFactory(), EnrolmentFactory(course=state)
    full = EnrolmentFactory(course=state)
    GrantFactory(user=holder, course_key=state.course_key)
    GrantFactory(user=full.user, course_key=state.course_key)
    GrantFactory(user=enrolment.user, course_key=make_edition().course_key)  # on another course

    codes = [
        course_access(AnonymousUser(), state, outline, None).code,
        course_access(UserFactory(), state, outline, None).code,
        course_access(holder, state, outline, None).code,
        course_access(enrolment.user, state, outline, enrolment).code,
        course_access(full.user, state, outline, full).code,
        course_access(make_editor(), state, outline, None).code,
    ]

    assert codes == [visitor, member, granted, enrolled, both, editor]


@pytest.mark.parametrize("trait", ["expired", "future"])
def test_course_access_ignores_grants_that_are_not_in_force(trait):
    state = make_edition(access="paid")
    enrolment = EnrolmentFactory(course=state)
    GrantFactory(user=enrolment.user, course_key=state.course_key, **{trait: True})
    access = course_access(enrolment.user, state, outline_of(state), enrolment)
    assert (access.is_allowed, access.code) == (False, "purchase_required")


def test_course_access_of_an_unpublished_course_is_for_those_enrolled():
    state = make_edition(access="open", is_published=False)
    enrolment = EnrolmentFactory(course=state)
    outline = outline_of(state)
    assert course_access(AnonymousUser(), state, outline, None).code == "not_found"
    assert course_access(UserFactory(), state, outline, None).code == "not_found"
    assert course_access(enrolment.user, state, outline, enrolment).code == "ok"
    assert course_access(make_editor(), state, outline, None).code == "ok"
    assert course_access(UserFactory(), state, None, None).code == "not_found"


def test_course_access_asks_no_query_when_the_facts_are_given(django_assert_num_queries):
    state = make_edition(access="paid")
    enrolment = EnrolmentFactory(course=state)
    outline = outline_of(state)
    with django_assert_num_queries(0):
        course_access(enrolment.user, state, outline, enrolment, has_grant=True)


def test_lesson_access_in_order_opens_one_lesson_after_the_other():
    state = make_edition(lessons=3, progression="in_order")
    enrolment = EnrolmentFactory(course=state)
    outline = outline_of(state)
    first, second, third = lesson_ids(state)
    block = outline["modules"][0]["lessons"][0]["blocks"][0]["id"]

    def codes(standing: Standing) -> list[str]:
        return [
            lesson_access(enrolment.user, state, outline, enrolment, key, standing=standing).code
            for key in (first, second, third)
        ]

    assert codes(NO_STANDING) == ["ok", "locked_in_order", "locked_in_order"]
    assert codes(Standing(frozenset({(first, block)}), frozenset({first}))) == ["ok", "ok", "locked_in_order"]
    assert codes(Standing(frozenset(), frozenset({first, third}))) == ["ok", "locked_in_order", "ok"]


def test_lesson_access_names_the_lesson_that_unlocks():
    state = make_edition(lessons=3, progression="in_order")
    enrolment = EnrolmentFactory(course=state)
    access = lesson_access(enrolment.user, state, outline_of(state), enrolment, lesson_ids(state)[2])
    assert access.message == "This lesson opens after “Lesson 1”."
    assert access.unlock == "Complete “Lesson 1”."
    assert access.unlock_lesson_id == lesson_ids(state)[0]


def test_lesson_access_in_order_is_not_held_up_by_optional_blocks():
    lessons = [
        make_lesson(text_block(is_required=False), title="Lesson 1"),
        make_lesson(text_block(), title="Lesson 2"),
    ]
    state = make_edition(modules=[make_module(*lessons)], progression="in_order")
    enrolment = EnrolmentFactory(course=state)
    access = lesson_access(enrolment.user, state, outline_of(state), enrolment, lessons[1]["id"])
    assert access.code == "ok"


def test_lesson_access_lets_staff_read_locked_lessons():
    state = make_edition(lessons=2, progression="in_order")
    enrolment = EnrolmentFactory(course=state, user=make_editor())
    access = lesson_access(enrolment.user, state, outline_of(state), enrolment, lesson_ids(state)[1])
    assert (access.is_allowed, access.code) == (True, "staff")


def test_lesson_access_does_not_know_lessons_of_other_courses():
    state, other = make_edition(access="open"), make_edition(access="open")
    access = lesson_access(AnonymousUser(), state, outline_of(state), None, lesson_ids(other)[0])
    assert (access.is_allowed, access.code) == (False, "not_found")


@pytest.mark.parametrize("kind", ["open", "enrolled", "paid"])
def test_an_expired_enrolment_is_closed_and_says_what_to_do(kind):
    state = make_edition(access=kind)
    enrolment = EnrolmentFactory(course=state, started=True, expired_at=timezone.now())
    GrantFactory(user=enrolment.user, course_key=state.course_key)
    access = lesson_access(enrolment.user, state, outline_of(state), enrolment, lesson_ids(state)[0])
    assert (access.is_allowed, access.code) == (False, "expired")
    assert access.message == "The time for this course is over, and it was not finished."
    assert access.unlock == "Ask your manager or the people who run the course for an extension."


def test_what_was_completed_never_expires():
    state = make_edition()
    enrolment = EnrolmentFactory(course=state, completed=True, expired_at=timezone.now())
    assert course_access(enrolment.user, state, outline_of(state), enrolment).code == "ok"


def test_staff_read_on_after_expiry():
    state = make_edition()
    enrolment = EnrolmentFactory(course=state, user=make_editor(), expired_at=timezone.now())
    assert course_access(enrolment.user, state, outline_of(state), enrolment).code == "staff"
