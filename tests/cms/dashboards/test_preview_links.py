"""Preview links in the admin: who sees the screen, making, copying, taking back, history."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from courses.models import CataloguePage, CoursePage, LessonPage, PreviewLink
from courses.preview_links import link_url, make_link
from courses.roles import EDITORS, ensure_roles
from learners.accounts.models import User
from tests.factories.learners import UserFactory
from tests.factories.pages import make_course, make_lesson, make_module


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    ensure_roles(catalogue)
    return make_course(catalogue, "Selling")


@pytest.fixture
def lesson(course: CoursePage) -> LessonPage:
    return make_lesson(make_module(course, "Listening"), "Ask")


@pytest.fixture
def editor(course: CoursePage, client: Client) -> User:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=EDITORS))
    client.force_login(user)
    return user


def screen(page: CoursePage | LessonPage) -> str:
    return reverse("preview-links", args=[page.pk])


def test_an_editor_makes_and_copies_a_link(client: Client, editor: User, lesson: LessonPage) -> None:
    assert client.get(screen(lesson)).status_code == 200
    response = client.post(screen(lesson), {"hours": "24", "shows": "latest"}, follow=True)
    link = PreviewLink.objects.get()
    assert (link.page_id, link.made_by, link.revision_id) == (lesson.pk, editor, None)
    assert response.redirect_chain == [(f"{screen(lesson)}#link-{link.pk}", 302)]
    text = response.content.decode()
    assert f'value="{escape(link_url(link))}"' in text
    assert "w-clipboard#copy" in text
    assert client.get(link_url(link).removeprefix("http://127.0.0.1:8000")).context["lesson"]["title"] == "Ask"


def test_a_lesson_can_be_shown_as_it_is_now(client: Client, editor: User, lesson: LessonPage) -> None:
    revision = lesson.save_revision()
    client.post(screen(lesson), {"hours": "1", "shows": "fixed"})
    assert PreviewLink.objects.get().revision_id == revision.pk


def test_nonsense_is_refused_and_makes_nothing(client: Client, editor: User, course: CoursePage) -> None:
    response = client.post(screen(course), {"hours": "5"})
    assert (response.status_code, PreviewLink.objects.count()) == (400, 0)
    assert "error-message" in response.content.decode()


def test_links_are_taken_back_one_by_one_or_all(
    client: Client, editor: User, course: CoursePage, lesson: LessonPage
) -> None:
    first, second, third = (make_link(page=page, by=editor) for page in (lesson, course, lesson))
    shown = client.get(screen(course)).context["links"]
    assert [link for link, _url in shown] == [third, second, first]
    for bad in ("x", "", "999999"):
        client.post(screen(course), {"revoke": bad})
    assert PreviewLink.objects.filter(revoked_at__isnull=True).count() == 3
    client.post(screen(course), {"revoke": str(first.pk)})
    assert list(PreviewLink.objects.filter(revoked_at__isnull=True).order_by("pk")) == [second, third]
    client.post(screen(course), {"revoke": "all"})
    assert PreviewLink.objects.filter(revoked_at__isnull=True).count() == 0


def test_strangers_and_other_pages_have_no_screen(
    client: Client, editor: User, course: CoursePage, lesson: LessonPage
) -> None:
    make_link(page=lesson, by=editor)
    assert client.get(reverse("preview-links", args=[lesson.get_parent().pk])).status_code in (302, 403)
    assert client.get(reverse("preview-links", args=[999_999])).status_code == 404
    client.force_login(UserFactory())
    response = client.get(screen(lesson))
    assert (response.status_code in (302, 403), b"preview." in response.content) == (True, False)


def test_course_and_lesson_lead_to_the_screen_and_its_history_tells(
    client: Client, editor: User, course: CoursePage, lesson: LessonPage
) -> None:
    make_link(page=lesson, by=editor)
    assert screen(lesson) in client.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).content.decode()
    module = client.get(reverse("wagtailadmin_pages:edit", args=[lesson.get_parent().pk])).content.decode()
    assert "preview-links" not in module
    history = client.get(reverse("wagtailadmin_pages:history", args=[lesson.pk])).content.decode()
    assert "Made a preview link" in history


@pytest.mark.parametrize("count", [1, 3])
def test_screen_takes_the_same_queries(client: Client, editor: User, lesson: LessonPage, count: int) -> None:
    for _number in range(count):
        make_link(page=lesson, by=editor)
    client.get(screen(lesson))
    with CaptureQueriesContext(connection) as queries:
        client.get(screen(lesson))
    assert len(queries) == 13
