"""Deleting pages with learners' records is refused politely on every way; records never go with content."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from courses.models import CoursePage, LessonPage
from learners.enrolments.models import Enrolment
from learners.progress.models import BlockProgress
from tests.factories.courses import make_edition
from tests.factories.learners import BlockProgressFactory, EnrolmentFactory, UserFactory
from tests.factories.pages import make_course


@pytest.fixture
def course(catalogue, client):
    client.force_login(UserFactory(admin=True))
    return make_course(catalogue, modules=1, lessons=1)


def enrol(course, **fields):
    return EnrolmentFactory(course=make_edition(), course_key=course.translation_key, **fields)


def delete_url(page):
    return reverse("wagtailadmin_pages:delete", args=[page.pk])


def bulk_url(*pages):
    ids = "&".join(f"id={page.pk}" for page in pages)
    return reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?{ids}"


def delete_by_api(client, page):
    return client.post(f"/admin/api/main/pages/{page.pk}/action/delete/", {}, content_type="application/json")


def test_deleting_a_course_with_records_is_refused_and_the_archive_offered(course, client):
    enrol(course, completed=True)
    response = client.post(delete_url(course), follow=True)
    page = response.content.decode()
    assert "1 person is or was enrolled on it. Archive it instead" in page
    assert reverse("archive_course", args=[course.pk]) in page
    assert CoursePage.objects.count() == 1


def test_the_confirmation_is_not_even_shown(course, client):
    enrol(course)
    assert client.get(delete_url(course)).status_code == 302


def test_deleting_a_page_above_a_course_with_records_is_refused(course, client):
    enrol(course)
    catalogue = course.get_parent()
    client.post(delete_url(catalogue), {"confirm_site_name": "Coursewright"})
    assert Page.objects.filter(pk=catalogue.pk).exists()


def test_deleting_several_pages_is_refused_as_a_whole(course, client):
    free = make_course(course.get_parent(), "Free")
    enrol(course)
    enrol(course)
    response = client.post(bulk_url(free, course), follow=True)
    assert "2 people are or were enrolled on it" in response.content.decode()
    assert CoursePage.objects.count() == 2


def test_the_admin_api_refuses_as_well(course):
    enrol(course)
    api = Client()
    api.force_login(UserFactory(admin=True))
    response = delete_by_api(api, course)
    assert (response.status_code, "Archive it instead" in response.json()["message"]) == (400, True)
    assert CoursePage.objects.count() == 1


def test_a_course_without_records_can_be_deleted_on_every_way(course, client):
    parent = course.get_parent()
    client.post(delete_url(course))
    client.post(bulk_url(make_course(parent, "Second")))
    delete_by_api(client, make_course(parent, "Third"))
    assert CoursePage.objects.count() == 0


def test_deleting_a_lesson_with_progress_warns_and_keeps_the_records(course, client):
    lesson = LessonPage.objects.get()
    enrolment = enrol(course, started=True)
    row = BlockProgressFactory(enrolment=enrolment, lesson_key=lesson.translation_key)
    assert "1 person has progress in" in client.get(delete_url(lesson)).content.decode()
    client.post(delete_url(lesson))
    assert (LessonPage.objects.count(), list(Enrolment.objects.all()), list(BlockProgress.objects.all())) == (
        0,
        [enrolment],
        [row],
    )


def test_deleting_lessons_with_progress_in_bulk_says_that_records_are_kept(course, client):
    lesson = LessonPage.objects.get()
    enrolment = enrol(course, started=True)
    BlockProgressFactory(enrolment=enrolment, lesson_key=lesson.translation_key)
    response = client.post(bulk_url(lesson) + "&next=/admin/", follow=True)
    assert "1 person has progress in" in response.content.decode()
    assert (LessonPage.objects.count(), BlockProgress.objects.count()) == (0, 1)
