"""What is wrong with the rules of what opens after what."""

import json

import pytest

from courses.editions.services import compile_course
from courses.models import CoursePage, ModulePage
from courses.publishing import PublishRefusedError, find_publish_problems
from tests.factories.pages import make_course, make_item

pytestmark = pytest.mark.django_db


def require(*pages, score=None, kind="lesson"):
    return json.dumps([make_item(kind, {"page": page.pk, "minimum_score": score}) for page in pages])


@pytest.fixture
def tree(catalogue):
    course = make_course(catalogue, modules=2, lessons=2)
    return course, _lessons(course)


def _lessons(course):
    return [page.specific for page in course.get_descendants().order_by("path") if page.depth == course.depth + 2]


def problems_of(page):
    return [(problem.level, problem.message) for problem in find_publish_problems(page)]


def test_rules_that_can_be_met_are_no_problem(tree, django_assert_num_queries):
    _course, (first, _second, third, fourth) = tree
    third.requires = require(first, score=80)
    with django_assert_num_queries(5):
        assert find_publish_problems(third) == []
    with django_assert_num_queries(0):
        assert find_publish_problems(fourth) == []


def test_lessons_that_wait_for_each_other_are_refused_in_words(tree):
    _course, (first, second, *_rest) = tree
    first.requires = require(second)
    first.save()
    second.requires = require(first)
    message = "These wait for each other and could never open: “Lesson 1.1” → “Lesson 1.2” → “Lesson 1.1”."
    assert problems_of(second) == [("error", message)]
    with pytest.raises(PublishRefusedError):
        second.save_revision().publish()


def test_a_module_may_not_wait_for_a_lesson_of_its_own(tree):
    _course, (first, *_rest) = tree
    module = ModulePage.objects.get(title="Module 1")
    module.requires = require(first)
    assert problems_of(module) == [("error", "“Lesson 1.1” waits for itself.")]


def test_in_order_a_lesson_may_not_wait_for_a_later_one(tree):
    course, (first, second, *_rest) = tree
    first.requires = require(second)
    assert problems_of(first) == []
    first.save()
    course.progression = "in_order"
    assert [level for level, _message in problems_of(course)] == ["error"]


def test_a_lesson_of_another_course_is_refused(tree, catalogue):
    _course, (first, *_rest) = tree
    [stranger] = _lessons(make_course(catalogue, title="Another", modules=1, lessons=1))
    first.requires = require(stranger)
    assert problems_of(first) == [
        (
            "error",
            "It is to open after “Lesson 1.1”, a lesson of another course: choose a lesson of this course.",
        )
    ]


def test_an_unpublished_lesson_is_warned_of(tree):
    _course, (first, second, *_rest) = tree
    first.unpublish()
    second.requires = require(first)
    assert [level for level, _message in problems_of(second)] == ["warning"]


def test_courses_that_require_each_other_are_refused(catalogue):
    first, second, third = (make_course(catalogue, title=title) for title in ("One", "Two", "Three"))
    first.requires = require(second, kind="course")
    first.save()
    second.requires = require(third, kind="course")
    second.save()
    third.requires = require(first, kind="course")
    message = "These wait for each other and could never open: “Three” → “One” → “Two” → “Three”."
    assert problems_of(third) == [("error", message)]
    third.requires = require(third, kind="course")
    assert problems_of(third) == [("error", "“Three” waits for itself.")]


def test_a_required_course_that_is_not_published_is_warned_of(catalogue):
    hidden = make_course(catalogue, title="Hidden", live=False)
    course = make_course(catalogue, requires=require(hidden, kind="course"))
    assert [level for level, _message in problems_of(course)] == ["warning"]


def test_deleting_what_is_required_ends_the_rule_and_breaks_nothing(tree, catalogue):
    course, (first, second, *_rest) = tree
    other = make_course(catalogue, title="Other")
    course.requires = require(other, kind="course")
    course.save_revision().publish()
    second.requires = require(first)
    second.save_revision().publish()
    first.delete()
    other.delete()
    assert problems_of(second.get_latest_revision_as_object()) == []
    assert problems_of(CoursePage.objects.get(pk=course.pk).get_latest_revision_as_object()) == []
    outline = json.loads(compile_course(course.pk).outline)
    assert "requires" not in outline["course"]
    assert ["requires" in lesson for module in outline["modules"] for lesson in module["lessons"]] == [False] * 3
