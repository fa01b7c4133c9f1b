"""What records say to deleting the content they are about."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from courses.models import CataloguePage, CoursePage
from learners.deletion import count_people_with_progress, describe_kept_records, find_deletion_refusal
from tests.factories.courses import make_edition
from tests.factories.learners import BlockProgressFactory, EnrolmentFactory
from tests.factories.pages import make_course, make_lesson, make_module


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    return make_course(catalogue, "Asking")


def enrol(course: CoursePage, **fields):
    return EnrolmentFactory(course=make_edition(), course_key=course.translation_key, **fields)


def open_lesson(enrolment, lesson) -> None:
    BlockProgressFactory(enrolment=enrolment, lesson_key=lesson.translation_key)


def test_a_course_without_records_may_go(course):
    assert find_deletion_refusal(course) is None


@pytest.mark.parametrize("fields", [{}, {"completed": True}])
def test_a_course_with_records_of_any_state_stays(course, fields):
    enrol(course, **fields)
    refusal = find_deletion_refusal(course)
    assert refusal.course_id == course.pk
    assert refusal.message == (
        "“Asking” was not deleted: 1 person is or was enrolled on it. Archive it instead: it is no longer offered, "
        "and all records stay."
    )


def test_a_page_above_a_course_with_records_stays(course):
    enrol(course)
    enrol(course)
    home = Page.objects.get(slug="site-home")
    assert find_deletion_refusal(home).message.startswith("“Home” was not deleted: 2 people are or were enrolled")
    assert find_deletion_refusal(home).course_id is None


def test_a_module_with_progress_stays_and_a_lesson_goes_with_a_warning(course):
    module = make_module(course, "Start")
    lesson, other = make_lesson(module, "One"), make_lesson(make_module(course), "Two")
    open_lesson(enrol(course, completed=True), lesson)
    assert "1 person has progress in it. Unpublish the module" in find_deletion_refusal(module).message
    assert find_deletion_refusal(other.get_parent()) is None
    assert find_deletion_refusal(lesson) is None
    assert describe_kept_records(lesson) == (
        "1 person has progress in “One”. Without the lesson nobody can open it any more; their records and results are "
        "kept."
    )
    assert (describe_kept_records(other), describe_kept_records(module)) == ("", "")


def test_progress_in_a_copy_of_the_lesson_is_not_counted(course):
    lesson = make_lesson(make_module(course))
    open_lesson(enrol(make_course(course.get_parent(), "Other")), lesson)
    assert count_people_with_progress(lesson) == 0


@pytest.mark.parametrize("courses", [1, 3])
def test_looking_at_a_catalogue_takes_the_same_queries_for_any_number_of_courses(catalogue, courses):
    for number in range(courses):
        enrol(make_course(catalogue, f"Course {number}"))
    with CaptureQueriesContext(connection) as queries:
        find_deletion_refusal(catalogue)
    assert len(queries) == 2
