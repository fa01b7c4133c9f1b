"""Archiving in the admin: the buttons, both confirmations, the bulk actions, and whom they are for."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageLogEntry

from courses.archiving import archive_course
from courses.models import CataloguePage, CoursePage
from courses.roles import EDITORS, REVIEWERS, ensure_roles
from tests.factories.courses import make_edition
from tests.factories.learners import EnrolmentFactory, UserFactory
from tests.factories.pages import make_course, make_module


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    ensure_roles(catalogue)
    return make_course(catalogue, "Asking")


@pytest.fixture
def reviewer(client: Client, course: CoursePage) -> Client:
    return sign_in(client, REVIEWERS)


def sign_in(client: Client, group: str) -> Client:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return client


def is_archived(course: CoursePage) -> bool:
    return CoursePage.objects.get(pk=course.pk).is_archived


def screen(verb: str, course: CoursePage) -> str:
    return reverse(f"{verb}_course", args=[course.pk])


def bulk(verb: str, *pages: CoursePage) -> str:
    ids = "&".join(f"id={page.pk}" for page in pages)
    return reverse("wagtail_bulk_action", args=["wagtailcore", "page", verb]) + f"?{ids}&next=/admin/courses/"


def enrol(course: CoursePage) -> None:
    EnrolmentFactory(course=make_edition(), course_key=course.translation_key)


def test_the_confirmation_names_how_many_are_studying(reviewer: Client, course: CoursePage) -> None:
    assert "Nobody is in the middle of it." in reviewer.get(screen("archive", course)).content.decode()
    enrol(course)
    enrol(course)
    assert "2 people are in the middle of it." in reviewer.get(screen("archive", course)).content.decode()
    assert not is_archived(course)


def test_archiving_and_restoring_leave_who_and_why_in_the_history(reviewer: Client, course: CoursePage) -> None:
    reviewer.post(screen("archive", course), {"note": "Replaced."})
    assert is_archived(course)
    edit = reviewer.get(reverse("wagtailadmin_pages:edit", args=[course.pk])).content.decode()
    assert "This course is no longer offered." in edit
    assert "“Replaced.”" in edit
    reviewer.post(screen("restore", course), {"note": ""})
    assert not is_archived(course)
    history = reviewer.get(reverse("wagtailadmin_pages:history", args=[course.pk])).content.decode()
    assert "Archived, no longer offered: “Replaced.”" in history
    assert "Restored from the archive" in history
    edit = reviewer.get(reverse("wagtailadmin_pages:edit", args=[course.pk])).content.decode()
    assert "This course is no longer offered." not in edit


def test_archiving_twice_asks_nothing_and_logs_once(reviewer: Client, course: CoursePage) -> None:
    reviewer.post(screen("archive", course))
    assert "archived already" in reviewer.get(screen("archive", course)).content.decode()
    reviewer.post(screen("archive", course))
    assert PageLogEntry.objects.filter(action="courses.archive").count() == 1


def test_an_overlong_note_is_refused(reviewer: Client, course: CoursePage) -> None:
    response = reviewer.post(screen("archive", course), {"note": "x" * 501})
    assert "at most 500 characters" in response.content.decode()
    assert not is_archived(course)


@pytest.mark.parametrize("verb", ["archive", "restore"])
def test_only_who_may_publish_a_course_archives_and_restores_it(client: Client, course: CoursePage, verb: str) -> None:
    sign_in(client, EDITORS)
    if verb == "restore":
        archive_course(course=course, by=None)
    before = is_archived(course)
    assert client.get(screen(verb, course)).status_code == 404
    assert client.post(screen(verb, course)).status_code == 404
    client.post(bulk(verb, course))
    assert is_archived(course) is before
    listing = client.get("/admin/courses/").content.decode()
    assert screen(verb, course) not in listing


def test_modules_and_unknown_pages_have_no_such_screen(reviewer: Client, course: CoursePage) -> None:
    module = make_module(course)
    assert [reviewer.get(screen("archive", page)).status_code for page in (module, course)] == [404, 200]
    assert reviewer.get(reverse("archive_course", args=[99_999])).status_code == 404


def test_a_foreign_address_to_go_back_to_is_not_followed(reviewer: Client, course: CoursePage) -> None:
    response = reviewer.post(screen("archive", course) + "?next=https://evil.example/")
    assert response["Location"] == reverse("wagtailadmin_pages:edit", args=[course.pk])


def test_bulk_archiving_takes_courses_and_leaves_the_rest_alone(reviewer: Client, course: CoursePage) -> None:
    other, module = make_course(course.get_parent(), "Listening"), make_module(course)
    enrol(other)
    page = reviewer.get(bulk("archive", course, other, module)).content.decode()
    assert "1 person is in the middle of it." in page
    assert "Nobody is in the middle of it." in page
    assert "Left alone: no course, archived already, or not yours to archive" in page
    response = reviewer.post(bulk("archive", course, other, module), {"note": "Old."}, follow=True)
    assert "2 courses are archived." in response.content.decode()
    notes = PageLogEntry.objects.filter(action="courses.archive").values_list("data__note", flat=True)
    assert (is_archived(course), is_archived(other), list(notes)) == (True, True, ["Old.", "Old."])
    response = reviewer.post(bulk("restore", course, other), follow=True)
    assert "2 courses are offered again." in response.content.decode()
    assert (is_archived(course), is_archived(other)) == (False, False)


@pytest.mark.parametrize("count", [1, 3])
def test_bulk_confirmation_counts_people_in_one_query(reviewer: Client, catalogue: CataloguePage, count: int) -> None:
    courses = [make_course(catalogue, f"Course {number}") for number in range(count)]
    with CaptureQueriesContext(connection) as queries:
        reviewer.get(bulk("archive", *courses))
    assert len([query for query in queries.captured_queries if "learners_enrolment" in query["sql"]]) == 1


def test_listing_shows_the_state_and_filters_by_it(reviewer: Client, course: CoursePage) -> None:
    make_course(course.get_parent(), "Drafted", live=False)
    archive_course(course=make_course(course.get_parent(), "Shelved"), by=None)

    def titles(state: str) -> set[str]:
        page = reviewer.get(f"/admin/courses/?state={state}").content.decode()
        return {
            title
            for title in ("Asking", "Drafted", "Shelved")
            if f">{title}<" in " ".join(page.split()).replace("> ", ">").replace(" <", "<")
        }

    assert [titles(state) for state in ("", "draft", "published", "archived")] == [
        {"Asking", "Drafted", "Shelved"},
        {"Drafted"},
        {"Asking"},
        {"Shelved"},
    ]
    assert reviewer.get("/admin/courses/?state=bogus").status_code == 200
    page = reviewer.get("/admin/courses/").content.decode()
    assert "archived" in page
    assert reverse("restore_course", args=[CoursePage.objects.get(title="Shelved").pk]) in page
    assert reverse("archive_course", args=[course.pk]) in page
