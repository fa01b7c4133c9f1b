"""Reading editions: one query each, parsed once a process."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.editions import queries
from courses.editions.answers import get_quiz
from courses.editions.models import CourseState, Edition
from courses.editions.services import compile_course
from courses.models import CataloguePage, ModulePage
from tests.factories.courses import make_edition
from tests.factories.pages import make_course, make_lesson, make_quiz


@pytest.fixture
def edition(catalogue: CataloguePage) -> Edition:
    course = make_course(catalogue, modules=1, lessons=2)
    make_lesson(ModulePage.objects.child_of(course).first(), "With quiz", [make_quiz()])
    made = compile_course(course.pk)
    assert made
    return made


def test_state_is_found_by_slug_in_one_query(edition: Edition, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        state = queries.get_state("a-course")
        assert state.edition.number == 1
    assert queries.get_state("nowhere") is None


def test_outline_is_read_once(edition: Edition, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        first = queries.get_outline(edition.pk, edition.digest)
        second = queries.get_outline(edition.pk, edition.digest)
    assert first is second
    assert [lesson["title"] for lesson in first["modules"][0]["lessons"]] == ["Lesson 1.1", "Lesson 1.2", "With quiz"]


def test_outline_has_the_shape_others_rely_on(edition: Edition) -> None:
    outline = queries.get_outline(edition.pk, edition.digest)
    assert list(outline) == ["edition", "course", "modules"]
    assert outline["edition"]["number"] == 1
    assert outline["modules"][0]["lessons"][0]["path"] == "/courses/a-course/module-1/lesson-11/"


def test_outline_text_and_etag_take_one_query_each(edition: Edition, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        etag, text = queries.get_outline_text("a-course")
    with django_assert_num_queries(1):
        assert queries.get_outline_etag("a-course") == etag
    assert json.loads(text)["edition"]["digest"] == edition.digest


def test_unpublished_course_has_no_public_outline(edition: Edition) -> None:
    CourseState.objects.update(is_published=False)
    assert queries.get_outline_text("a-course") is None
    assert queries.get_outline_etag("a-course") is None


def test_lesson_document_is_found_by_key(edition: Edition) -> None:
    lesson = queries.get_outline(edition.pk, edition.digest)["modules"][0]["lessons"][0]
    document = queries.get_lesson_document(edition.pk, lesson["id"])
    assert (document["id"], document["title"]) == (lesson["id"], "Lesson 1.1")
    assert queries.get_lesson_document(edition.pk, "00000000-0000-0000-0000-000000000000") is None


def test_quiz_comes_with_its_key_to_grading_only(edition: Edition) -> None:
    outline = queries.get_outline(edition.pk, edition.digest)
    lesson = outline["modules"][0]["lessons"][2]
    quiz = get_quiz(edition.pk, lesson["id"], lesson["blocks"][0]["id"])
    assert [choice.is_correct for choice in quiz.questions[0].choices] == [True, False]
    assert get_quiz(edition.pk, lesson["id"], lesson["id"]) is None
    assert get_quiz(edition.pk, outline["modules"][0]["lessons"][0]["id"], lesson["id"]) is None


def test_lessons_are_found_by_slugs_and_by_id(edition: Edition) -> None:
    outline = queries.get_outline(edition.pk, edition.digest)
    module, lesson = queries.find_lesson(outline, "module-1", "lesson-12")
    assert (module["title"], lesson["title"]) == ("Module 1", "Lesson 1.2")
    assert queries.find_lesson_by_id(outline, lesson["id"]) == (module, lesson)
    assert queries.find_lesson(outline, "module-1", "nowhere") is None


@pytest.mark.parametrize("lessons", [1, 3])
def test_lesson_takes_two_queries_for_any_course(catalogue: CataloguePage, lessons: int) -> None:
    course = make_course(catalogue, modules=1, lessons=lessons)
    edition = compile_course(course.pk)
    key = json.loads(edition.outline)["modules"][0]["lessons"][0]["id"]
    with CaptureQueriesContext(connection) as captured:
        queries.get_lesson_document(edition.pk, key)
    assert len(captured) == 2


def test_find_path_falls_back_to_the_edition_when_the_course_is_gone(db: None) -> None:
    course = make_edition()
    edition = course.edition
    assert edition is not None
    course.slug = "renamed"
    assert queries.find_path({course.version: course}, edition) == "/courses/renamed/"
    assert queries.find_path({}, edition) == f"/courses/{edition.slug}/"
