"""A release belongs to one language of a course: who studies another one stays where they are."""

from typing import Any

import pytest

from learners.enrolments.models import Enrolment
from learners.progress import carrying
from learners.progress.carrying import begin_carry_over, continue_carry_overs
from learners.progress.languages import switch_language
from learners.progress.models import CarryOver
from learners.progress.moving import find_target, get_releases
from learners.progress.services import follow_current_edition
from tests.factories.courses import make_lesson, make_module, text_block
from tests.factories.learners import EnrolmentFactory
from tests.factories.translations import make_versions
from tests.learners.progress.releases import counters, edition_of, release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("languages")]


def new_modules() -> list[Any]:
    return [make_module(make_lesson(text_block(), title="New"))]


def places() -> list[tuple[str, int]]:
    return list(Enrolment.objects.order_by("pk").values_list("edition__language", "edition__number"))


def test_a_release_of_the_translation_moves_only_who_studies_the_translation() -> None:
    english, german = make_versions()
    learner, _other = EnrolmentFactory(course=english), EnrolmentFactory(course=german)
    german = release(german, modules=new_modules())
    continue_carry_overs()
    assert (places(), counters()) == ([("en", 1), ("de", 2)], [(1, 1, 0, 1, 0, 0)])
    # Opening the course in that language does not move them either.
    enrolment = Enrolment.objects.select_related("edition", "user").get(pk=learner.pk)
    assert find_target(enrolment, german) is None
    assert follow_current_edition(enrolment, german).edition_id == english.edition_id
    english = release(english, modules=new_modules())
    continue_carry_overs()
    assert places() == [("en", 2), ("de", 2)]


def test_delta_training_is_assigned_to_those_who_completed_it_in_that_language() -> None:
    english, german = make_versions()
    for state in (english, german):
        EnrolmentFactory(course=state, state="completed", completed_at=edition_of(state).created_at)
    release(german, modules=new_modules(), delta_training="assigned")
    continue_carry_overs()
    assert places() == [("en", 1), ("de", 1), ("de", 2)]


def test_whoever_switches_while_a_batch_is_on_its_way_stays_in_the_new_language() -> None:
    english, _german = make_versions()
    enrolment = EnrolmentFactory(course=english)
    english = release(english, modules=new_modules())
    begin_carry_over(edition_of(english).release.pk)
    carry_over = CarryOver.objects.select_related("release__edition").get()
    batch = carrying._read_batch(carry_over)
    assert [row[0] for row in batch] == [enrolment.pk]
    switch_language(user=enrolment.user, enrolment_id=enrolment.pk, language="de")
    carrying._take_along(carry_over, batch, get_releases(english.course_key, edition_of(english)))
    assert places() == [("de", 1)]


def test_switching_leads_to_the_edition_in_force_of_that_language() -> None:
    english, german = make_versions()
    enrolment = EnrolmentFactory(course=english)
    german = release(german, modules=new_modules(), policy="keep")
    switched = switch_language(user=enrolment.user, enrolment_id=enrolment.pk, language="de")
    assert switched.edition == german.edition
    assert find_target(switched, german) is None
