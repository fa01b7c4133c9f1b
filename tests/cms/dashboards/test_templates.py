"""Templates in the admin: making one, making a course from one, and a copy in the background."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Page

from courses.curriculum import copying
from courses.curriculum.copying import continue_copy
from courses.curriculum.templates import ensure_shelf
from courses.models import CataloguePage, CoursePage, LessonPage, TreeCopy
from courses.roles import EDITORS, ensure_roles
from learners.accounts.models import User
from tests.factories.learners import UserFactory
from tests.factories.pages import make_course

NEW = "/admin/courses/from-template/"


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    ensure_roles(catalogue)
    return make_course(catalogue, "Selling", modules=1, lessons=2)


@pytest.fixture
def editor(client: Client, course: CoursePage) -> User:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=EDITORS))
    client.force_login(user)
    return user


def save(client: Client, page: Page) -> Any:
    return client.post(f"/admin/courses/templates/save/{page.pk}/", follow=True)


def test_a_course_becomes_a_template_and_a_template_a_course(client: Client, editor: User, course: CoursePage) -> None:
    assert "There is no template of a course yet" in client.get(NEW).content.decode()
    assert f"/admin/courses/templates/save/{course.pk}/" in client.get("/admin/courses/").content.decode()
    text = save(client, course).content.decode()
    assert ("“Selling” was made, as a draft." in text, "Lesson 1.2" in text) == (True, True)
    template = CoursePage.objects.get(is_template=True)
    response = client.post(NEW, {"template": template.pk, "title": "Second"}, follow=True)
    made = CoursePage.objects.get(title="Second")
    assert response.redirect_chain == [(f"/admin/courses/{made.pk}/curriculum/", 302)]
    assert (made.is_template, made.live, made.get_descendants().count()) == (False, False, 3)


def test_the_listing_holds_no_templates(client: Client, editor: User, course: CoursePage) -> None:
    save(client, course)
    listed = client.get("/admin/courses/").context["object_list"]
    assert [page.pk for page in listed] == [course.pk]


def test_what_is_missing_is_said(client: Client, editor: User, course: CoursePage) -> None:
    save(client, course)
    for data in ({}, {"template": course.pk, "title": "X"}, {"template": "x", "title": "X"}):
        response = client.post(NEW, data)
        assert (response.status_code, bool(response.context["form"].errors)) == (200, True)
    template = CoursePage.objects.get(is_template=True)
    response = client.post(NEW, {"template": template.pk, "title": " "})
    assert "title" in response.context["form"].errors
    assert CoursePage.objects.count() == 2


def test_a_big_course_is_copied_in_the_background(
    client: Client, editor: User, course: CoursePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "MOST_AT_ONCE", 2)
    response = save(client, course)
    row = TreeCopy.objects.get()
    address = f"/admin/courses/copies/{row.pk}/"
    assert response.redirect_chain == [(address, 302)]
    assert "0 of 4 pages" in response.content.decode()
    assert client.get(f"{address}state/").json() == {"done": 0, "total": 4, "text": "0 of 4 pages", "is_over": False}
    continue_copy(row.pk)
    assert client.get(f"{address}state/").json()["is_over"] is True
    assert client.get(address)["Location"] == f"/admin/courses/{TreeCopy.objects.get().page_id}/curriculum/"
    CoursePage.objects.get(is_template=True).delete()
    assert client.get(address)["Location"] == "/admin/courses/"
    TreeCopy.objects.update(finished_at=None, failed_at=row.created_at, last_error="The original was deleted.")
    assert "The original was deleted." in client.get(address).content.decode()
    other = UserFactory()
    other.groups.add(Group.objects.get(name=EDITORS))
    client.force_login(other)
    assert client.get(address).status_code == 404


def test_a_lesson_leads_to_its_editor(client: Client, editor: User, course: CoursePage) -> None:
    page = LessonPage.objects.get(title="Lesson 1.1")
    assert "of the lesson “Lesson 1.1”" in client.get(f"/admin/courses/templates/save/{page.pk}/").content.decode()
    response = save(client, page)
    template = LessonPage.objects.get(is_template=True)
    assert response.redirect_chain == [(f"/admin/pages/{template.pk}/edit/", 302)]
    text = response.content.decode()
    assert ("action-publish" in text, "action-submit" in text, "Save draft" in text) == (False, False, True)


def test_strangers_make_nothing(client: Client, course: CoursePage, catalogue: CataloguePage) -> None:
    template = ensure_shelf(catalogue)[0].add_child(instance=CoursePage(title="T", live=False))
    pages = Page.objects.count()
    client.force_login(UserFactory())
    for response in (client.post(NEW, {"template": template.pk, "title": "X"}), client.get(NEW)):
        assert response.status_code == 302
    assert client.post(f"/admin/courses/templates/save/{course.pk}/").status_code == 302
    assert Page.objects.count() == pages
    client.force_login(UserFactory(admin=True))
    for pk in (template.pk, course.get_children().first().pk):
        assert client.get(f"/admin/courses/templates/save/{pk}/").status_code == 302
    assert client.get("/admin/courses/templates/save/999999/").status_code == 404
