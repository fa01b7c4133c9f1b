"""Deleting pages that people are studying is refused politely; records never go with content."""

import pytest
from django.urls import reverse

from courses.models import CoursePage
from learners.enrolments.models import Enrolment
from tests.factories.courses import make_edition
from tests.factories.learners import EnrolmentFactory, UserFactory
from tests.factories.pages import make_course


@pytest.fixture
def course(catalogue, client):
    client.force_login(UserFactory(admin=True))
    return make_course(catalogue, modules=1, lessons=1)


def enrol(course, **fields):
    return EnrolmentFactory(course=make_edition(), course_key=course.translation_key, **fields)


def test_deleting_a_course_in_use_is_refused_with_advice(course, client):
    enrol(course)
    response = client.post(reverse("wagtailadmin_pages:delete", args=[course.pk]), follow=True)
    assert "1 person is in the middle of it. Unpublish it instead" in response.content.decode()
    assert CoursePage.objects.count() == 1


def test_deleting_several_courses_in_use_is_refused_with_advice(course, client):
    enrol(course)
    enrol(course)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?id={course.pk}"
    response = client.post(url, follow=True)
    assert "2 people are in the middle of it" in response.content.decode()
    assert CoursePage.objects.count() == 1


def test_deleting_a_course_nobody_is_studying_keeps_the_records(course, client):
    enrolment = enrol(course, completed=True)
    client.post(reverse("wagtailadmin_pages:delete", args=[course.pk]))
    assert (CoursePage.objects.count(), list(Enrolment.objects.all())) == (0, [enrolment])


def test_the_delete_page_itself_can_be_looked_at(course, client):
    enrol(course)
    assert client.get(reverse("wagtailadmin_pages:delete", args=[course.pk])).status_code == 200
