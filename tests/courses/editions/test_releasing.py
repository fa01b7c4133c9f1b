"""Releases: what is compared, who decides, and that nothing reaches learners by accident."""

import json
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.editions.models import CourseState, Document, Edition, Release
from courses.editions.releasing import compare_editions
from courses.editions.services import ReleaseRefusedError, compile_course, release_course
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage
from courses.signals import release_made
from learners.accounts.models import User
from tests.factories.pages import make_course, make_lesson, make_quiz, make_text


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    course = make_course(catalogue, modules=1, lessons=2)
    compile_course(course.pk)
    return course


@pytest.fixture
def manual(course: CoursePage) -> CoursePage:
    course.release_mode = "manual"
    course.save()
    return course


def retitle(course: CoursePage, title: str = "Renamed") -> LessonPage:
    lesson = LessonPage.objects.descendant_of(course).order_by("path").first()
    lesson.title = lesson.draft_title = title
    lesson.save()
    compile_course(course.pk)
    return lesson


def state_of(course: CoursePage) -> CourseState:
    return CourseState.objects.get(course=course)


def test_first_edition_is_a_release_without_a_class(course: CoursePage) -> None:
    release = Release.objects.get()
    assert (release.edition.number, release.previous, release.change_class) == (1, None, "")
    assert (release.policy, release.is_automatic) == ("everyone", True)


def test_automatic_release_is_classed_and_takes_the_policy_of_the_course(course: CoursePage) -> None:
    course.release_policy = "keep"
    course.save()
    module = ModulePage.objects.child_of(course).get()
    make_lesson(module, "One more")
    compile_course(course.pk)
    release = Release.objects.first()
    assert (release.edition.number, release.previous.number) == (2, 1)
    assert (release.computed_class, release.change_class, release.policy) == ("major", "major", "keep")


def test_publication_in_the_admin_is_released_in_the_name_of_who_published(
    transactional_catalogue: CataloguePage,
) -> None:
    course = make_course(transactional_catalogue, modules=1, lessons=1)
    editor = User.objects.create_superuser("editor@example.com")
    lesson = LessonPage.objects.descendant_of(course).get()
    lesson.title = "Renamed"
    lesson.save_revision(user=editor).publish(user=editor)
    assert [release.released_by for release in Release.objects.all()] == [editor]


def test_manual_course_keeps_its_edition_until_it_is_released(manual: CoursePage) -> None:
    retitle(manual)
    state = state_of(manual)
    assert (state.edition.number, bool(state.unreleased_digest), state.is_published) == (1, True, True)
    assert Release.objects.count() == 1


def test_card_and_address_of_a_manual_course_stay_those_of_the_edition(manual: CoursePage) -> None:
    manual.title, manual.slug = "Other", "other"
    manual.save()
    compile_course(manual.pk)
    state = state_of(manual)
    assert (state.title, state.slug) == ("A course", "a-course")
    release_course(course_id=manual.pk, by=None)
    state = state_of(manual)
    assert (state.title, state.slug) == ("Other", "other")


def test_manual_course_is_not_in_the_catalogue_before_its_first_release(catalogue: CataloguePage) -> None:
    course = make_course(catalogue, modules=1, lessons=1, release_mode="manual")
    compile_course(course.pk)
    assert (state_of(course).is_published, Edition.objects.count()) == (False, 0)
    release_course(course_id=course.pk, by=None)
    assert (state_of(course).is_published, Edition.objects.count()) == (True, 1)


def test_release_bundles_everything_published_since_and_says_who_and_why(manual: CoursePage) -> None:
    editor = User.objects.create_user("editor@example.com")
    retitle(manual)
    make_lesson(ModulePage.objects.child_of(manual).get(), "One more", [make_quiz()])
    compile_course(manual.pk)
    release = release_course(course_id=manual.pk, by=editor.pk, note="A lesson on prices.", policy="not_started")
    state = state_of(manual)
    assert (state.edition, state.unreleased_digest) == (release.edition, "")
    assert (release.edition.number, release.released_by, release.note) == (2, editor, "A lesson on prices.")
    assert (release.computed_class, release.policy, release.is_automatic) == ("major", "not_started", False)


def test_taking_a_change_back_leaves_nothing_to_release(manual: CoursePage) -> None:
    retitle(manual)
    retitle(manual, "Lesson 1.1")
    assert state_of(manual).unreleased_digest == ""
    assert refusal(manual) == "nothing_new"


def refusal(course: CoursePage, **order: str) -> str:
    before = (Edition.objects.count(), Release.objects.count(), Document.objects.count())
    with pytest.raises(ReleaseRefusedError) as refused:
        release_course(course_id=course.pk, by=None, **order)
    assert (Edition.objects.count(), Release.objects.count(), Document.objects.count()) == before
    return refused.value.code


def test_class_may_be_raised_and_never_lowered(manual: CoursePage) -> None:
    make_lesson(ModulePage.objects.child_of(manual).get(), "One more")
    assert refusal(manual, change_class="minor") == "class_too_low"
    release_course(course_id=manual.pk, by=None, change_class="major")
    retitle(manual)
    release = release_course(course_id=manual.pk, by=None, change_class="major")
    assert (release.computed_class, release.change_class) == ("cosmetic", "major")


def test_release_of_something_else_than_was_looked_at_is_refused(manual: CoursePage) -> None:
    retitle(manual)
    seen = state_of(manual).unreleased_digest
    retitle(manual, "Renamed again")
    assert refusal(manual, expected_digest=seen) == "changed_since"
    assert release_course(course_id=manual.pk, by=None, expected_digest=state_of(manual).unreleased_digest)


def test_broken_course_is_not_released(manual: CoursePage) -> None:
    twin = make_text("one")
    LessonPage.objects.descendant_of(manual).update(body=json.dumps([twin, twin]))
    assert refusal(manual) == "does_not_compile"


def test_unpublished_course_is_not_released(manual: CoursePage) -> None:
    CoursePage.objects.update(live=False)
    assert refusal(manual) == "not_published"


def test_who_listens_is_told_once_after_the_commit(
    manual: CoursePage, django_capture_on_commit_callbacks: Callable
) -> None:
    told: list[int] = []

    def listen(sender: object, release_id: int, **kwargs: object) -> None:
        told.append(release_id)

    release_made.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            retitle(manual)
            release = release_course(course_id=manual.pk, by=None)
    finally:
        release_made.disconnect(listen)
    assert told == [release.pk]


@pytest.mark.parametrize("lessons", [1, 3])
def test_comparing_two_editions_takes_two_queries(catalogue: CataloguePage, lessons: int) -> None:
    course = make_course(catalogue, modules=1, lessons=lessons)
    for number, lesson in enumerate(LessonPage.objects.descendant_of(course)):
        lesson.body = json.dumps([make_quiz(f"Quiz {number}")])
        lesson.save()
    compile_course(course.pk)
    for lesson in LessonPage.objects.descendant_of(course):
        lesson.body = json.dumps([make_quiz()])
        lesson.save()
    compile_course(course.pk)
    old, new = Edition.objects.order_by("number")
    with CaptureQueriesContext(connection) as queries:
        found = compare_editions(old, new)
    assert len(queries) == 2
    assert [block.kind for block in found.blocks] == ["added", "removed"] * lessons


@pytest.mark.postgresql
def test_two_releases_at_once_make_one_edition(transactional_catalogue: CataloguePage) -> None:
    course = make_course(transactional_catalogue, modules=1, lessons=1, release_mode="manual")
    compile_course(course.pk)
    ready, codes = threading.Barrier(4), []

    def release() -> None:
        ready.wait()
        try:
            release_course(course_id=course.pk, by=None)
            codes.append("released")
        except ReleaseRefusedError as refused:
            codes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=release) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["nothing_new"] * 3 + ["released"]
    assert Edition.objects.count() == Release.objects.count() == 1
