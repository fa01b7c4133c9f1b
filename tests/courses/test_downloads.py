"""The course pack from the menu of a course: for whoever may edit it, and nobody else."""

import zipfile
from io import BytesIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from courses.models import CataloguePage, CoursePage, LessonPage
from courses.packs.export import export_course
from courses.roles import EDITORS, ensure_roles
from learners.accounts.models import User
from tests.factories.learners import UserFactory
from tests.factories.pages import PLANTED_SECRET, make_course, make_lesson, make_module, make_quiz


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    """Published with a quiz; its title has a draft."""
    ensure_roles(catalogue)
    course = make_course(catalogue, title="Calls")
    make_lesson(make_module(course), blocks=[make_quiz()])
    course.title = "Better calls"
    course.save_revision()
    return course


@pytest.fixture
def editor(course: CoursePage) -> User:
    user = User.objects.create_user(email="editor@example.com", password="x")
    user.groups.add(Group.objects.get(name=EDITORS))
    return user


def address(course: CoursePage) -> str:
    return reverse("courses_download_pack", args=[course.pk])


def test_editors_get_a_zip_of_the_drafts(course: CoursePage, editor: User, client: Client) -> None:
    client.force_login(editor)
    response = client.get(address(course))
    assert (response.status_code, response["Content-Type"], response.streaming) == (200, "application/zip", True)
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["Content-Disposition"] == f'attachment; filename="{course.slug}.zip"'
    with zipfile.ZipFile(BytesIO(b"".join(response.streaming_content))) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert texts == export_course(course, draft=True).texts
    assert "title: Better calls\n" in texts["course.yml"]


def test_others_get_nothing(course: CoursePage, client: Client) -> None:
    """Not signed in, a learner, and somebody of the admin who may edit no course."""
    outsider = User.objects.create_user(email="outsider@example.com", password="x")
    outsider.groups.add(Group.objects.create(name="Only the admin"))
    outsider.groups.get().permissions.add(*Permission.objects.filter(codename="access_admin"))
    for user in (None, UserFactory(), outsider):
        client.logout()
        if user is not None:
            client.force_login(user)
        response = client.get(address(course))
        assert response.status_code in (302, 403)
        assert PLANTED_SECRET.encode() not in response.content


def test_menu_offers_it_for_courses_that_one_may_edit(course: CoursePage, editor: User, client: Client) -> None:
    client.force_login(editor)
    edit = reverse("wagtailadmin_pages:edit", args=[course.pk])
    assert address(course) in client.get(edit).content.decode()
    assert (
        address(course) in client.get(reverse("wagtailadmin_explore", args=[course.get_parent().pk])).content.decode()
    )
    lesson = LessonPage.objects.get()
    assert "pack.zip" not in client.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).content.decode()


def test_a_course_that_no_pack_can_hold_is_explained(course: CoursePage, editor: User, client: Client) -> None:
    course.description = "<table><tr><td>Cell</td></tr></table>"
    course.save_revision()
    client.force_login(editor)
    response = client.get(address(course), follow=True)
    assert response.redirect_chain == [(reverse("wagtailadmin_pages:edit", args=[course.pk]), 302)]
    assert "This course cannot be downloaded" in response.content.decode()
    assert client.post(address(course)).status_code == 405
    assert client.get(reverse("courses_download_pack", args=[LessonPage.objects.get().pk])).status_code == 404
