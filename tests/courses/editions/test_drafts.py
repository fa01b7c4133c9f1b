"""The working copy with its drafts, as one would compile it if they were all published."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from courses.editions.compiler import compile_documents
from courses.editions.drafts import list_pending_pages, read_draft_course, read_draft_tree
from courses.editions.models import CourseState
from courses.editions.releasing import compile_candidate
from courses.editions.services import compile_course
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage
from tests.factories.pages import make_course, make_lesson, make_quiz, make_text


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    course = make_course(catalogue, modules=1, lessons=2)
    compile_course(course.pk)
    return course


def test_candidate_of_drafts_is_the_edition_that_publishing_them_makes(course: CoursePage) -> None:
    """The preview of a release and the release itself come out of the same hands."""
    module = ModulePage.objects.child_of(course).get()
    lesson = LessonPage.objects.descendant_of(course).first()
    lesson.title, lesson.body = "Drafted", json.dumps([make_text("New words."), make_quiz()])
    lesson.save_revision()
    fresh = make_lesson(module, "Never published", live=False)
    fresh.save_revision()
    course.passing_percentage = 85
    course.save_revision()
    course = CoursePage.objects.get(pk=course.pk)
    pending = list_pending_pages(course)
    assert [(page.kind, page.title, page.is_live) for page in pending] == [
        ("course", "A course", True),
        ("lesson", "Drafted", True),
        ("lesson", "Never published", False),
    ]
    tree = read_draft_tree(course, [page.pk for page in pending])
    candidate = compile_candidate(read_draft_course(course), CourseState.objects.get(course=course).edition, tree=tree)
    for page in pending:
        Page.objects.get(pk=page.pk).get_latest_revision().publish()
    edition = compile_course(course.pk)
    assert edition.digest == candidate.digest
    assert candidate.diff.change_class == "major"


def test_drafts_that_nobody_asked_for_stay_out_of_the_candidate(course: CoursePage) -> None:
    lesson = LessonPage.objects.descendant_of(course).first()
    lesson.title = "Drafted"
    lesson.save_revision()
    tree = read_draft_tree(course, [])
    published = compile_documents(course)
    assert compile_documents(course, tree=tree).outline == published.outline


@pytest.mark.parametrize("lessons", [1, 3])
def test_reading_drafts_takes_three_queries(catalogue: CataloguePage, lessons: int) -> None:
    course = make_course(catalogue, modules=1, lessons=lessons)
    for lesson in LessonPage.objects.descendant_of(course):
        lesson.save_revision()
    wanted = list(LessonPage.objects.descendant_of(course).values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as queries:
        read_draft_tree(course, wanted)
    assert len(queries) == 3
