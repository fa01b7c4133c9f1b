"""The rules that open modules and lessons, as the outline has them."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.editions.compiler import compile_documents
from courses.editions.models import CourseState
from courses.editions.services import compile_course
from courses.models import CoursePage, LessonPage, ModulePage
from tests.factories.pages import make_course, make_item, make_lesson, make_module, make_quiz, make_text

pytestmark = pytest.mark.django_db


def require(page, score=None, kind="lesson"):
    return json.dumps([make_item(kind, {"page": page.pk, "minimum_score": score})])


def compile_outline(course):
    return json.loads(compile_course(course.pk).outline)


def test_rules_that_are_not_set_have_no_keys(catalogue):
    course = make_course(catalogue, modules=1, lessons=1)
    outline = compile_outline(course)
    [module] = outline["modules"]
    names = {"release_at", "release_after_days", "requires"}
    assert [names & set(each) for each in (outline["course"], module, module["lessons"][0])] == [set()] * 3


def test_rules_are_compiled_into_the_outline(catalogue):
    other = make_course(catalogue, title="Before")
    course = make_course(catalogue, modules=2, lessons=2, requires=require(other, 60, "course"))
    first, second = LessonPage.objects.filter(title__startswith="Lesson 1.").order_by("path")
    LessonPage.objects.filter(pk=second.pk).update(requires=require(first, 80), release_after_days=7)
    moment = datetime(2027, 1, 31, 9, tzinfo=UTC)
    ModulePage.objects.filter(title="Module 2").update(release_at=moment, requires=require(second))

    outline = compile_outline(course)

    assert outline["course"]["requires"] == [
        {"id": str(other.translation_key), "title": "Before", "slug": "before", "minimum_score": 60}
    ]
    one, two = outline["modules"]
    assert one["lessons"][1]["requires"] == [{"id": str(first.translation_key), "minimum_score": 80}]
    assert one["lessons"][1]["release_after_days"] == 7
    assert two["release_at"] == "2027-01-31T09:00:00Z"
    assert two["requires"] == [{"id": str(second.translation_key), "minimum_score": None}]


def test_a_rule_that_is_taken_back_leaves_the_next_edition(catalogue):
    course = make_course(catalogue, modules=1, lessons=1)
    LessonPage.objects.update(release_after_days=3)
    compile_outline(course)
    LessonPage.objects.update(release_after_days=None)
    assert "release_after_days" not in compile_outline(course)["modules"][0]["lessons"][0]


def test_lessons_that_wait_for_each_other_keep_the_edition_before_in_force(catalogue):
    course = make_course(catalogue, modules=1, lessons=2)
    edition = compile_course(course.pk)
    first, second = LessonPage.objects.order_by("path")
    LessonPage.objects.filter(pk=first.pk).update(requires=require(second))
    LessonPage.objects.filter(pk=second.pk).update(requires=require(first))
    assert compile_course(course.pk) is None
    state = CourseState.objects.get()
    assert state.edition == edition
    assert state.compile_error.startswith("CompileError: These wait for each other")


def test_rules_cost_one_query_for_required_courses_and_none_for_lessons(catalogue):
    course = make_course(catalogue, modules=1, lessons=3)

    def count():
        with CaptureQueriesContext(connection) as captured:
            compile_documents(CoursePage.objects.get(pk=course.pk))
        return len(captured)

    plain = count()
    first, *others = LessonPage.objects.order_by("path")
    for lesson in others:
        LessonPage.objects.filter(pk=lesson.pk).update(requires=require(first), release_after_days=2)
    gated = count()
    CoursePage.objects.update(requires=require(make_course(catalogue, title="Before"), kind="course"))
    assert (gated - plain, count() - plain) == (0, 1)


def test_the_outline_knows_the_limit_of_timed_blocks_but_not_of_quizzes(catalogue):
    course = make_course(catalogue)
    make_lesson(make_module(course), blocks=[make_text(time_limit=5), make_text(), make_quiz(time_limit=9)])
    [lesson] = compile_outline(course)["modules"][0]["lessons"]
    assert [block.get("time_limit") for block in lesson["blocks"]] == [5, None, None]
