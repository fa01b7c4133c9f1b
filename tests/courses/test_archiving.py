"""Archiving: one flag that every door reads, that no revision undoes, and that comes back as it was."""

import json
from typing import Any

import pytest
from django.test import Client, RequestFactory
from wagtail.models import PageLogEntry

from courses.archiving import archive_course, restore_course
from courses.catalogue import CatalogueFilters, catalogue_context, search_courses
from courses.editions.models import CourseState
from courses.editions.queries import get_outline_etag, get_outline_text, get_state, hold_offer
from courses.editions.services import compile_course, retire_course
from courses.models import CataloguePage, CoursePage
from courses.publishing import find_publish_problems
from learners.accounts.models import User
from tests.factories.pages import make_course, make_item


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    course = make_course(catalogue, "Asking", modules=1, lessons=1)
    compile_course(course.pk)
    return course


def archived(course: CoursePage) -> CoursePage:
    archive_course(course=course, by=None)
    return CoursePage.objects.get(pk=course.pk)


def flags(course: CoursePage) -> tuple[bool, bool]:
    return CoursePage.objects.get(pk=course.pk).is_archived, CourseState.objects.get().is_archived


def test_archiving_tells_whether_it_changed_anything(course: CoursePage) -> None:
    assert [archive_course(course=course, by=None) for _ in range(2)] == [True, False]
    assert flags(course) == (True, True)
    assert [restore_course(course=course, by=None) for _ in range(2)] == [True, False]
    assert flags(course) == (False, False)


def test_archiving_is_logged_with_who_and_why(course: CoursePage) -> None:
    user = User.objects.create_superuser(email="admin@example.com", password="x")
    archive_course(course=course, by=user, note="  Replaced by the new one. ")
    restore_course(course=course, by=user)
    entries = PageLogEntry.objects.filter(action__startswith="courses.").order_by("pk")
    assert [(entry.action, entry.user, entry.data["note"], entry.message) for entry in entries] == [
        (
            "courses.archive",
            user,
            "Replaced by the new one.",
            "Archived, no longer offered: “Replaced by the new one.”",
        ),
        ("courses.restore", user, "", "Restored from the archive"),
    ]


def test_an_archived_course_is_gone_from_catalogue_search_and_outline(course: CoursePage) -> None:
    make_course(course.get_parent(), "Other")
    archive_course(course=course, by=None)
    assert list(search_courses(CatalogueFilters())) == []
    assert catalogue_context(RequestFactory().get("/"))["total"] == 0
    assert (get_outline_text("asking"), get_outline_etag("asking")) == (None, None)
    assert hold_offer(CourseState.objects.get(slug="asking").pk) is False


def test_restoring_brings_back_edition_and_address(course: CoursePage) -> None:
    before = CourseState.objects.values().get()
    outline = get_outline_text("asking")
    restore_course(course=archived(course), by=None)
    assert CourseState.objects.values().get() == before
    assert get_outline_text("asking") == outline
    assert [state.slug for state in search_courses(CatalogueFilters())] == ["asking"]


@pytest.mark.parametrize("is_live", [True, False])
def test_restoring_leaves_published_and_draft_as_they_were(catalogue: CataloguePage, is_live: bool) -> None:
    course = make_course(catalogue, live=is_live)
    compile_course(course.pk)
    restore_course(course=archived(course), by=None)
    assert CoursePage.objects.get().live is is_live
    assert CourseState.objects.get().is_offered is is_live


def test_a_course_that_was_never_published_can_be_archived(catalogue: CataloguePage) -> None:
    course = archived(make_course(catalogue, live=False))
    assert (course.is_archived, CourseState.objects.get().edition) == (True, None)


def test_publishing_an_old_revision_does_not_bring_a_course_back(
    course: CoursePage, django_capture_on_commit_callbacks: Any
) -> None:
    course.summary = "New words."
    revision = course.save_revision()
    archive_course(course=course, by=None)
    with django_capture_on_commit_callbacks(execute=True):
        revision.publish()
    assert flags(course) == (True, True)
    assert CourseState.objects.get().edition.number == 2


def test_saving_a_page_from_before_it_was_archived_does_not_bring_it_back(course: CoursePage) -> None:
    stale = CoursePage.objects.get(pk=course.pk)
    archive_course(course=course, by=None)
    stale.save()
    compile_course(course.pk)
    assert flags(course) == (True, True)


def test_a_copy_of_an_archived_course_is_not_archived(course: CoursePage) -> None:
    copy = archived(course).copy(update_attrs={"slug": "copy", "title": "Copy"})
    assert copy.is_archived is False


def test_a_course_imported_again_after_it_was_deleted_is_not_archived(course: CoursePage) -> None:
    retire_course(archived(course))
    assert CourseState.objects.get().is_archived is False


def test_archived_is_shown_as_the_status(course: CoursePage) -> None:
    assert (course.status_string, archived(course).status_string) == ("live", "archived")


def test_of_two_courses_with_an_address_the_one_on_offer_is_found(course: CoursePage) -> None:
    archive_course(course=course, by=None)
    other = CourseState.objects.create(
        course_key=course.translation_key, language="de", slug="asking", is_published=True, card=json.dumps({})
    )
    assert get_state("asking") == other


def test_requiring_an_archived_course_is_warned_of(course: CoursePage) -> None:
    archive_course(course=course, by=None)
    after = make_course(course.get_parent(), "After", live=False)
    after.requires = json.dumps([make_item("course", {"page": course.pk, "minimum_score": None})])
    assert [(problem.level, problem.message) for problem in find_publish_problems(after)] == [
        ("warning", "The required course “Asking” is not offered: nobody who is not on it can complete it now.")
    ]


def test_visitors_and_the_api_do_not_find_an_archived_course(client: Client, course: CoursePage) -> None:
    pages = ["/courses/asking/", "/courses/asking/module-1/lesson-11/", "/api/v1/courses/asking/"]
    pages.append("/api/v1/courses/asking/outline/")
    archive_course(course=course, by=None)
    assert [client.get(page).status_code for page in pages] == [404] * 4
    assert client.get("/api/v1/courses/").json()["count"] == 0
    assert "Asking" not in client.get("/courses/").content.decode()
    restore_course(course=course, by=None)
    assert client.get("/api/v1/courses/asking/").status_code == 200
