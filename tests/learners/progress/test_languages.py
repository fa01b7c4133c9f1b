"""Switching the language of study: what was done still counts, and a record stays a record."""

import uuid
from typing import Any

import pytest
from django.utils import timezone

from certificates.issuing import issue_certificate
from courses.editions.models import CourseState
from courses.editions.queries import get_outline
from learners.enrolments.models import Enrolment, Grant
from learners.enrolments.services import enrol
from learners.enums import ProgressState
from learners.exams.models import Attempt
from learners.exams.services import open_attempt, submit_attempt
from learners.progress.languages import switch_language
from learners.progress.services import (
    ProgressRefusedError,
    complete_lesson,
    follow_current_edition,
    record_progress,
)
from tests.factories.courses import make_edition, make_lesson, make_module, text_block
from tests.factories.learners import EnrolmentFactory, UserFactory
from tests.factories.translations import make_versions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("languages")]


def lessons_of(state: CourseState) -> list[Any]:
    assert state.edition is not None
    outline = get_outline(state.edition.pk, state.edition.digest)
    return [lesson for module in outline["modules"] for lesson in module["lessons"]]


def switch(enrolment: Enrolment, language: str) -> Enrolment:
    return switch_language(user=enrolment.user, enrolment_id=enrolment.pk, language=language)


def test_half_in_one_language_and_the_rest_in_another_completes_the_course() -> None:
    english, german = make_versions()
    enrolment = EnrolmentFactory(course=english)
    first, second = lessons_of(english)
    complete_lesson(user=enrolment.user, enrolment=enrolment, lesson_key=first["id"])
    switched = switch(enrolment, "de")
    assert (switched.edition_id, switched.required_done, switched.percent) == (german.edition_id, 1, 50)
    complete_lesson(user=enrolment.user, enrolment=switched, lesson_key=second["id"])
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.edition_id) == (ProgressState.COMPLETED, german.edition_id)
    certificate = issue_certificate(enrolment_id=enrolment.pk)
    assert certificate is not None
    assert (certificate.facts["course"], certificate.facts["language"]) == ("Verkaufen", "de")


def test_switching_back_loses_nothing() -> None:
    english, _german = make_versions()
    enrolment = EnrolmentFactory(course=english)
    complete_lesson(user=enrolment.user, enrolment=enrolment, lesson_key=lessons_of(english)[0]["id"])
    switch(enrolment, "de")
    back = switch(enrolment, "en")
    assert (back.edition_id, back.percent, back.blocks.filter(state="completed").count()) == (english.edition_id, 50, 2)


def test_a_version_that_asks_for_less_completes_what_is_done_in_full() -> None:
    english, _german = make_versions()
    first = lessons_of(english)[0]
    text = text_block() | {"id": first["blocks"][0]["id"]}
    arabic = make_edition(
        modules=[make_module(make_lesson(text, title="Ask", key=first["id"]))], language="ar", key=english.course_key
    )
    enrolment = EnrolmentFactory(course=english)
    complete_lesson(user=enrolment.user, enrolment=enrolment, lesson_key=first["id"])
    switched = switch(enrolment, "ar")
    assert (switched.state, switched.edition_id) == (ProgressState.COMPLETED, arabic.edition_id)


def test_a_completed_enrolment_stays_with_what_was_studied() -> None:
    english, _german = make_versions()
    enrolment = EnrolmentFactory(course=english, completed=True)
    with pytest.raises(ProgressRefusedError) as refused:
        switch(enrolment, "de")
    enrolment.refresh_from_db()
    assert (refused.value.code, enrolment.edition_id) == ("completed", english.edition_id)


def test_an_open_attempt_keeps_its_paper_and_counts_in_both_languages() -> None:
    english, german = make_versions(quiz=True)
    enrolment = EnrolmentFactory(course=english)
    lesson = lessons_of(english)[1]
    quiz = lesson["blocks"][1]["id"]
    attempt = open_attempt(user=enrolment.user, enrolment=enrolment, lesson_key=lesson["id"], block_id=quiz)
    switch(enrolment, "de")
    again = open_attempt(user=enrolment.user, enrolment=enrolment, lesson_key=lesson["id"], block_id=quiz)
    assert (again.pk, again.edition_id) == (attempt.pk, english.edition_id)
    answers = [{"question": attempt.paper["questions"][0]["id"], "choices": ["right"]}]
    done = submit_attempt(user=enrolment.user, attempt_id=attempt.pk, answers=answers)
    enrolment.refresh_from_db()
    assert (done.passed, enrolment.score, enrolment.edition_id) == (True, 100, german.edition_id)
    after = open_attempt(user=enrolment.user, enrolment=enrolment, lesson_key=lesson["id"], block_id=quiz)
    assert (after.number, after.edition_id, Attempt.objects.count()) == (2, german.edition_id, 2)


@pytest.mark.parametrize(
    ("language", "code"), [("ar", "not_translated"), ("", "not_translated"), ("zz", "not_translated")]
)
def test_only_published_versions_can_be_chosen(language: str, code: str) -> None:
    english, _german = make_versions()
    make_edition(language="ar", key=english.course_key, is_published=False)
    enrolment = EnrolmentFactory(course=english)
    with pytest.raises(ProgressRefusedError) as refused:
        switch(enrolment, language)
    assert refused.value.code == "not_translated"


def test_choosing_the_language_one_studies_in_changes_nothing() -> None:
    english, _german = make_versions()
    enrolment = EnrolmentFactory(course=english)
    assert switch(enrolment, "en").edition_id == english.edition_id


def test_nobody_switches_for_somebody_else() -> None:
    english, _german = make_versions()
    enrolment = EnrolmentFactory(course=english)
    with pytest.raises(ProgressRefusedError) as refused:
        switch_language(user=UserFactory(), enrolment_id=enrolment.pk, language="de")
    enrolment.refresh_from_db()
    assert (refused.value.code, enrolment.edition_id) == ("not_found", english.edition_id)


def test_an_enrolment_that_ended_is_not_opened_by_another_language() -> None:
    english, _german = make_versions()
    enrolment = EnrolmentFactory(course=english, expired_at=timezone.now())
    with pytest.raises(ProgressRefusedError) as refused:
        switch(enrolment, "de")
    assert refused.value.code == "expired"


def test_a_new_edition_of_another_language_moves_nobody() -> None:
    english, german = make_versions()
    enrolment = EnrolmentFactory(course=english)
    assert follow_current_edition(enrolment, german).edition_id == english.edition_id


def test_enrolling_in_a_second_language_is_the_same_enrolment() -> None:
    english, german = make_versions()
    user = UserFactory()
    first, is_new = enrol(user=user, state=english)
    second, is_second_new = enrol(user=user, state=german)
    assert (first.pk, is_new, is_second_new) == (second.pk, True, False)
    assert (second.edition.language, Grant.objects.count()) == ("en", 1)


def test_progress_in_one_language_is_refused_for_blocks_it_does_not_have() -> None:
    english, _german = make_versions()
    enrolment = EnrolmentFactory(course=english)
    lesson = lessons_of(english)[0]
    event = {"id": str(uuid.uuid4()), "lesson": lesson["id"], "block": str(uuid.uuid4()), "state": "completed"}
    result = record_progress(user=enrolment.user, enrolment_id=enrolment.pk, events=[event])
    assert [each.status for each in result.events] == ["refused"]
