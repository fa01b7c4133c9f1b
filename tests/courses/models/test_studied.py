"""Pages that learners meet only as editions: their study address, and what Wagtail does when asked for the page."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from courses.models import CataloguePage, LessonPage
from tests.factories.pages import make_course, make_lesson, make_module


@pytest.fixture
def lesson(catalogue: CataloguePage) -> LessonPage:
    course = make_course(catalogue, slug="selling")
    return make_lesson(make_module(course, slug="ask"), slug="open")


def test_study_path_is_made_of_the_slugs_below_the_catalogue(lesson: LessonPage) -> None:
    module = lesson.get_parent().specific
    course = module.get_parent().specific
    assert [page.study_path for page in (course, module, lesson)] == [
        "/courses/selling/",
        "/courses/selling/ask/",
        "/courses/selling/ask/open/",
    ]


def test_course_tree_path_is_that_of_the_course(lesson: LessonPage) -> None:
    module = lesson.get_parent().specific
    course = module.get_parent().specific
    assert {page.course_tree_path for page in (course, module, lesson)} == {course.path}


def test_serve_leads_to_the_study_address(lesson: LessonPage, rf: RequestFactory) -> None:
    response = lesson.serve(rf.get("/elsewhere/selling/ask/open/"))
    assert (response.status_code, response.headers["Location"]) == (302, "/courses/selling/ask/open/")


def test_serve_never_leads_in_a_circle(lesson: LessonPage, rf: RequestFactory) -> None:
    with pytest.raises(Http404):
        lesson.serve(rf.get("/courses/selling/ask/open/"))
