"""What a course address means to one person."""

import pytest

from learners.enrolments.locks import NO_STANDING
from learners.enums import ProgressState
from learners.progress.queries import get_course_map
from learners.views.study import deliver_course, make_enrolment_card
from tests.factories.courses import make_edition
from tests.factories.learners import EnrolmentFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "label"),
    [("not_started", "Start course"), ("in_progress", "Continue"), ("completed", "Review course")],
)
def test_make_enrolment_card_names_the_next_step(state, label):
    course = make_edition(lessons=2)
    enrolment = EnrolmentFactory(course=course, state=ProgressState(state))
    made = make_enrolment_card(
        enrolment, get_course_map(course.edition.pk, course.edition.digest), NO_STANDING, course.path, enrolment.user
    )
    assert (made.continue_label, made.next_lesson_title) == (label, "Lesson 1")
    assert made.minutes_left == (0 if state == "completed" else 10)


def test_deliver_course_gives_the_address_of_today():
    course = make_edition()
    facts = get_course_map(course.edition.pk, course.edition.digest).outline["course"]
    assert deliver_course(facts, "/courses/renamed/")["path"] == "/courses/renamed/"
    assert facts["path"] == f"/courses/{course.slug}/"
