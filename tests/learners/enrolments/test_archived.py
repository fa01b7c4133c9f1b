"""An archived course: nobody new gets in by any door, whoever is on it goes on."""

import time

import pytest

from courses.archiving import archive_course
from courses.editions.models import CourseState
from courses.editions.queries import get_outline
from courses.editions.services import compile_course
from learners.enrolments.access import course_access, lesson_access
from learners.enrolments.models import Enrolment, Grant
from learners.enrolments.renewing import read_renewals, renew
from learners.enrolments.services import EnrolmentRefusedError, enrol, open_cycle
from tests.factories.courses import make_edition
from tests.factories.learners import EnrolmentFactory, GrantFactory, UserFactory, make_editor
from tests.factories.pages import make_course

pytestmark = pytest.mark.django_db


def make_archived(**facts):
    state = make_edition(**facts)
    CourseState.objects.filter(pk=state.pk).update(is_archived=True)
    state.is_archived = True
    return state


def code_of(work):
    with pytest.raises(EnrolmentRefusedError) as caught:
        work()
    return caught.value.code


@pytest.mark.parametrize("access", ["open", "enrolled", "invitation", "paid"])
def test_nobody_enrols_however_good_their_reason(access):
    state, user = make_archived(access=access), UserFactory()
    GrantFactory(user=user, course_key=state.course_key)
    assert code_of(lambda: enrol(user=user, state=state)) == "archived"
    assert code_of(lambda: enrol(user=make_editor(), state=state)) == "archived"
    assert (Enrolment.objects.count(), Grant.objects.count()) == (0, 1)


def test_enrolling_again_returns_the_enrolment_there_is():
    enrolment = EnrolmentFactory(course=make_archived())
    state = CourseState.objects.get()
    assert enrol(user=enrolment.user, state=state) == (enrolment, False)


def test_a_course_that_was_never_published_does_not_exist():
    state = make_archived(is_published=False)
    assert code_of(lambda: enrol(user=UserFactory(), state=state)) == "not_found"


def test_what_was_read_before_archiving_does_not_open_a_cycle():
    state = make_edition()
    CourseState.objects.update(is_archived=True)
    assert code_of(lambda: enrol(user=UserFactory(), state=state)) == "archived"
    assert code_of(lambda: open_cycle(user=UserFactory(), state=make_archived(), cycle=2)) == "archived"
    assert (Enrolment.objects.count(), Grant.objects.count()) == (0, 0)


def test_nothing_is_renewed_or_offered_for_renewal():
    state = make_archived(certificate_validity_months=1)
    old = EnrolmentFactory(course=state, completed=True)
    assert code_of(lambda: renew(enrolment=old, by=old.user)) == "archived"
    assert read_renewals([old], {state.version: state}) == {}
    assert read_renewals([old], {state.version: make_edition()}) == read_renewals([old])
    assert read_renewals([old]) != {}


def test_who_is_on_it_reads_on_and_others_do_not_find_it():
    state = make_archived(access="open")
    enrolment = EnrolmentFactory(course=state)
    outline = get_outline(state.edition.pk, state.edition.digest)
    lesson = outline["modules"][0]["lessons"][0]["id"]
    assert lesson_access(enrolment.user, state, outline, enrolment, lesson).code == "ok"
    assert course_access(UserFactory(), state, outline, None).code == "not_found"
    assert course_access(make_editor(), state, outline, None).is_allowed


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pause", [0.0, 0.01, 0.02, 0.03, 0.05])
def test_nobody_is_enrolled_after_archiving_has_committed(run_together, transactional_catalogue, pause):
    course = make_course(transactional_catalogue, modules=1, lessons=1)
    compile_course(course.pk)
    state = CourseState.objects.select_related("edition").get()
    people = [UserFactory() for _number in range(19)]

    def work(number):
        if number < len(people):
            return enrol(user=people[number], state=state)
        time.sleep(pause)
        archive_course(course=course, by=None)
        return Enrolment.objects.count()

    results = run_together(20, work)
    refused = [result for result in results[:-1] if isinstance(result, EnrolmentRefusedError)]
    assert {error.code for error in refused} <= {"archived"}
    assert Enrolment.objects.count() == results[-1] == len(people) - len(refused)
