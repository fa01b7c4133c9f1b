"""The home panel: what needs attention, in a fixed number of queries, people's numbers only for those who may."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.dashboards.queries import count_attention
from courses.editions.models import CourseState
from courses.editions.services import compile_course
from courses.models import CataloguePage, LessonPage
from tests.factories.learners import EnrolmentFactory, UserFactory, make_editor
from tests.factories.pages import make_course, make_lesson, make_module, make_text


def test_course_without_a_live_lesson_needs_attention(catalogue: CataloguePage) -> None:
    make_course(catalogue, "Full", modules=1, lessons=1)
    make_course(catalogue, "Empty")
    drafts = make_course(catalogue, "Only drafts")
    make_lesson(make_module(drafts), live=False)
    attention = count_attention()
    assert [course.title for course in attention.courses_without_lessons] == ["Empty", "Only drafts"]
    assert attention.courses_without_lessons_count == 2


def test_failed_compile_needs_attention(catalogue: CataloguePage) -> None:
    course = make_course(catalogue, modules=1, lessons=1)
    compile_course(course.pk)
    twin = make_text()
    LessonPage.objects.update(body=json.dumps([twin, twin]))
    compile_course(course.pk)
    assert [state.course_id for state in count_attention().failed_compiles] == [course.pk]
    assert CourseState.objects.get().edition.number == 1


def test_week_counts_people_once(catalogue: CataloguePage) -> None:
    learner = UserFactory()
    EnrolmentFactory(user=learner, started=True)
    EnrolmentFactory(user=learner, completed=True)
    attention = count_attention()
    assert (attention.learners_this_week, attention.completions_this_week) == (1, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_panel_takes_the_same_queries_for_any_number_of_courses(catalogue: CataloguePage, count: int) -> None:
    for number in range(count):
        make_course(catalogue, f"Course {number}")
    with CaptureQueriesContext(connection) as queries:
        count_attention()
    assert len(queries) == 9


def test_home_page_shows_the_panel(client: Client, catalogue: CataloguePage) -> None:
    make_course(catalogue, "Empty course")
    client.force_login(UserFactory(admin=True))
    page = client.get("/admin/").content.decode()
    assert "Empty course" in page
    assert "certificates issued" in page


def test_editor_sees_content_but_no_people(client: Client, catalogue: CataloguePage) -> None:
    client.force_login(make_editor())
    page = client.get("/admin/").content.decode()
    assert "pages in review" in page
    assert "certificates issued" not in page
