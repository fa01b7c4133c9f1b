"""Drafts of whole courses: what an edition would be if everything were published now, and nothing stored."""

import json

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from courses.drafts import DRAFT_NUMBER, DraftError, compile_draft_outline, get_draft_lesson
from courses.editions.models import Document, Edition
from courses.editions.queries import clear_caches, get_outline
from courses.editions.services import compile_course
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage
from tests.factories.pages import make_course, make_item, make_lesson, make_module, make_text


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    course = make_course(catalogue, "Selling")
    make_lesson(make_module(course, "Listening"), "Ask")
    compile_course(course.pk)
    return course


def titles(course: CoursePage) -> list[list[str]]:
    return [[lesson["title"] for lesson in module["lessons"]] for module in compile_draft_outline(course)["modules"]]


def test_without_changes_the_draft_is_the_edition_in_force(course: CoursePage) -> None:
    edition = Edition.objects.get()
    draft, published = compile_draft_outline(course), get_outline(edition.pk, edition.digest)
    assert {**draft, "edition": None} == {**published, "edition": None}
    assert draft["edition"]["number"] == DRAFT_NUMBER == 0


def test_draft_has_changed_and_new_pages_and_leaves_the_edition_alone(course: CoursePage) -> None:
    lesson, module = LessonPage.objects.get(), ModulePage.objects.get()
    lesson.title = "Ask better"
    lesson.body = json.dumps([make_text(), make_text("More")])
    lesson.save_revision()
    make_lesson(module, "New", live=False)
    make_lesson(make_module(course, "Closing", live=False), "Close", live=False)
    documents = Document.objects.count()
    assert titles(course) == [["Ask better", "New"], ["Close"]]
    assert (Edition.objects.count(), Document.objects.count()) == (1, documents)


def test_what_was_taken_back_is_not_in_the_draft(course: CoursePage) -> None:
    lesson = make_lesson(ModulePage.objects.get(), "Withdrawn")
    lesson.save_revision().publish()
    lesson.refresh_from_db()
    lesson.unpublish()
    assert titles(course) == [["Ask"]]
    with pytest.raises(Http404):
        get_draft_lesson(course, str(lesson.translation_key))


def test_a_course_that_was_never_published_is_shown_whole(catalogue: CataloguePage) -> None:
    course = make_course(catalogue, "Draft", live=False)
    make_lesson(make_module(course, "One", live=False), "A", live=False)
    assert titles(course) == [["A"]]


def test_lessons_of_other_courses_are_not_part_of_it(course: CoursePage, catalogue: CataloguePage) -> None:
    other = make_lesson(make_module(make_course(catalogue, "Other"), "X"), "Y")
    with pytest.raises(Http404):
        get_draft_lesson(course, str(other.translation_key))


def test_drafts_that_wait_for_each_other_say_so(course: CoursePage) -> None:
    lesson = LessonPage.objects.get()
    lesson.requires = json.dumps([make_item("lesson", {"page": lesson.pk, "minimum_score": None})])
    lesson.save_revision()
    with pytest.raises(DraftError, match="waits for itself"):
        compile_draft_outline(course)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_lessons(catalogue: CataloguePage, count: int) -> None:
    course = make_course(catalogue, "Selling")
    module = make_module(course, "Listening")
    for number in range(count):
        make_lesson(module, f"Lesson {number}").save_revision()
    compile_course(course.pk)
    clear_caches()
    course = CoursePage.objects.get(pk=course.pk)
    with CaptureQueriesContext(connection) as queries:
        compile_draft_outline(course)
    assert len(queries) == 9
