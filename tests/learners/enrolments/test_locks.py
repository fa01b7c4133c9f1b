"""Lessons that open after others, on a date and days after enrolling, and what learners are told until then."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser

from courses.editions.queries import get_outline
from learners.enrolments.access import course_access, lesson_access
from learners.enrolments.locks import NO_STANDING, LessonLocks, Standing
from learners.enrolments.services import EnrolmentRefusedError, enrol
from tests.factories.courses import make_edition, make_lesson, make_module, quiz_block, text_block
from tests.factories.learners import EnrolmentFactory, UserFactory, make_editor

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def find_lock(state, lesson, *, standing=NO_STANDING, enrolled_at=NOW, now=NOW):
    outline = get_outline(state.edition.pk, state.edition.digest)
    return LessonLocks(outline, standing, enrolled_at=enrolled_at, now=now).find(lesson["id"])


def requires(lesson, minimum_score=None):
    return [{"id": lesson["id"], "minimum_score": minimum_score}]


def test_lock_of_a_lesson_names_the_lesson_to_complete():
    block = text_block()
    first = make_lesson(block, title="Basics")
    second = make_lesson(text_block(), title="More", requires=requires(first))
    state = make_edition(modules=[make_module(first, second)])

    lock = find_lock(state, second)

    assert (lock.code, lock.message, lock.unlock, lock.unlock_lesson_id, lock.opens_at) == (
        "prerequisite_lesson", "This lesson opens after “Basics”.", "Complete “Basics”.", first["id"], None
    )  # fmt: skip
    assert find_lock(state, first) is None
    assert find_lock(state, second, standing=Standing(frozenset({(first["id"], block["id"])}))) is None
    assert find_lock(state, second, standing=Standing(opened=frozenset({second["id"]}))) is None


def test_lock_of_a_lesson_without_required_blocks_waits_for_its_own_completion():
    first = make_lesson(text_block(is_required=False), title="Basics")
    second = make_lesson(text_block(), title="More", requires=requires(first))
    state = make_edition(modules=[make_module(first, second)])
    assert find_lock(state, second).code == "prerequisite_lesson"
    assert find_lock(state, second, standing=Standing(frozenset({(first["id"], first["id"])}))) is None


@pytest.mark.parametrize(
    ("score", "code"), [(None, "prerequisite_lesson"), ("79.99", "prerequisite_lesson"), ("80", "")]
)
def test_lock_with_a_minimum_score_opens_at_that_score(score, code):
    quiz = quiz_block()
    first = make_lesson(quiz, title="Basics")
    second = make_lesson(text_block(), title="More", requires=requires(first, 80))
    state = make_edition(modules=[make_module(first, second)])
    unit = (first["id"], quiz["id"])
    scores = {} if score is None else {unit: Decimal(score)}

    lock = find_lock(state, second, standing=Standing(frozenset({unit}), frozenset({first["id"]}), scores))

    assert (lock.code if lock else "") == code
    if lock:
        assert lock.unlock == "Reach at least 80 % in the quizzes of “Basics”."


def test_lock_with_a_minimum_score_has_nothing_to_fail_without_a_quiz():
    block = text_block()
    first = make_lesson(block)
    second = make_lesson(text_block(), requires=requires(first, 80))
    state = make_edition(modules=[make_module(first, second)])
    assert find_lock(state, second, standing=Standing(frozenset({(first["id"], block["id"])}))) is None


def test_lock_of_a_module_shuts_each_of_its_lessons():
    first = make_lesson(text_block(), title="Basics")
    later = [make_lesson(text_block(), title="More"), make_lesson(text_block(), title="Even more")]
    state = make_edition(modules=[make_module(first), make_module(*later, title="Later", requires=requires(first))])
    assert [find_lock(state, lesson).code for lesson in later] == ["prerequisite_lesson"] * 2
    assert find_lock(state, first) is None


def test_lock_until_a_date_opens_at_that_moment():
    opens_at = NOW + timedelta(days=1)
    lesson = make_lesson(text_block(), release_at="2026-03-11T12:00:00Z")
    state = make_edition(modules=[make_module(lesson)])

    lock = find_lock(state, lesson)

    assert (lock.code, lock.opens_at, lock.message) == (
        "not_released_yet", opens_at, "This lesson opens on 11 Mar 2026, 12:00."
    )  # fmt: skip
    assert find_lock(state, lesson, now=opens_at - timedelta(seconds=1)) is not None
    assert find_lock(state, lesson, now=opens_at) is None


def test_lock_until_days_after_enrolling_counts_from_the_enrolment_and_the_later_moment_wins():
    lesson = make_lesson(text_block(), release_after_days=3)
    state = make_edition(modules=[make_module(lesson, release_after_days=7)])
    assert find_lock(state, lesson, now=NOW + timedelta(days=4)).opens_at == NOW + timedelta(days=7)
    assert find_lock(state, lesson, now=NOW + timedelta(days=7)) is None


def test_lock_by_a_lesson_also_says_when_it_opens_at_the_earliest():
    first = make_lesson(text_block(), title="Basics")
    second = make_lesson(text_block(), requires=requires(first), release_after_days=2)
    state = make_edition(modules=[make_module(first, second)])
    lock = find_lock(state, second)
    assert (lock.code, lock.opens_at) == ("prerequisite_lesson", NOW + timedelta(days=2))


def test_lesson_access_of_an_open_course_holds_visitors_back_by_dates_alone():
    first = make_lesson(text_block())
    second = make_lesson(text_block(), requires=requires(first))
    third = make_lesson(text_block(), release_at="2999-01-01T00:00:00Z")
    state = make_edition(modules=[make_module(first, second, third)], access="open")
    outline = get_outline(state.edition.pk, state.edition.digest)
    lessons = (first, second, third)

    def codes(user):
        return [lesson_access(user, state, outline, None, lesson["id"]).code for lesson in lessons]

    assert codes(AnonymousUser()) == ["ok", "ok", "not_released_yet"]
    assert codes(make_editor()) == ["ok", "ok", "staff"]


def required_course(**rule):
    state = make_edition(title="Foundations")
    return state, [
        {"id": str(state.course_key), "title": "Foundations", "slug": state.slug, "minimum_score": None} | rule
    ]


def test_course_access_asks_for_the_required_course():
    first, rules = required_course()
    state = make_edition(requires=rules)
    outline = get_outline(state.edition.pk, state.edition.digest)
    user = UserFactory()
    EnrolmentFactory(course=first, completed=True)  # somebody else's

    access = course_access(user, state, outline, None)
    assert (access.is_allowed, access.code, access.unlock, access.unlock_course_id) == (
        False, "prerequisite_course", "Complete “Foundations”.", str(first.course_key)
    )  # fmt: skip
    enrolment = EnrolmentFactory(course=first, user=user, started=True)
    assert course_access(user, state, outline, None).code == "prerequisite_course"
    enrolment.state = "completed"
    enrolment.save()
    assert course_access(user, state, outline, None).code == "enrolment_required"


@pytest.mark.parametrize("access", ["open", "enrolled"])
def test_enrol_is_refused_without_the_required_course(access):
    first, rules = required_course()
    state = make_edition(requires=rules, access=access)
    user = UserFactory()
    with pytest.raises(EnrolmentRefusedError) as caught:
        enrol(user=user, state=state)
    assert caught.value.code == "prerequisite_course"
    EnrolmentFactory(course=first, user=user, completed=True)
    assert enrol(user=user, state=state)[1] is True


def test_enrol_lets_staff_in_without_the_required_course():
    _first, rules = required_course()
    assert enrol(user=make_editor(), state=make_edition(requires=rules))[1] is True


@pytest.mark.parametrize(("score", "is_enough"), [("79.99", False), ("80", True), (None, True)])
def test_enrol_wants_the_minimum_score_of_the_required_course(score, is_enough):
    first, rules = required_course(minimum_score=80)
    enrolment = EnrolmentFactory(course=first, completed=True, score=score and Decimal(score))
    state = make_edition(requires=rules, access="open")
    if is_enough:
        assert enrol(user=enrolment.user, state=state)[1] is True
    else:
        with pytest.raises(EnrolmentRefusedError, match="at least 80 %"):
            enrol(user=enrolment.user, state=state)


def test_a_rule_added_later_never_shuts_out_who_is_enrolled(django_assert_num_queries):
    state = make_edition(access="open")
    enrolment = EnrolmentFactory(course=state)
    _first, rules = required_course()
    newer = make_edition(state=state, access="enrolled", requires=rules)
    outline = get_outline(newer.edition.pk, newer.edition.digest)
    with django_assert_num_queries(0):
        assert course_access(enrolment.user, newer, outline, enrolment).code == "ok"
