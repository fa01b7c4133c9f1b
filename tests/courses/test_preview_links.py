"""Preview links: who may make one, what it opens, how it ends, and what is written down about it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.signing import dumps
from django.utils import timezone
from wagtail.models import PageLogEntry

from courses.models import CataloguePage, CoursePage, LessonPage
from courses.preview_links import (
    PreviewRefusedError,
    can_share,
    link_url,
    list_links,
    make_link,
    open_link,
    revoke_links,
    sign_link,
)
from courses.roles import EDITORS, ensure_roles
from learners.accounts.models import User
from tests.factories.learners import UserFactory
from tests.factories.pages import make_course, make_lesson, make_module


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    return make_course(catalogue, "Selling")


@pytest.fixture
def lesson(course: CoursePage) -> LessonPage:
    return make_lesson(make_module(course, "Listening"), "Ask")


@pytest.fixture
def editor(course: CoursePage) -> User:
    return UserFactory(is_staff=True, is_superuser=True)


def code_of(token: str) -> str:
    with pytest.raises(PreviewRefusedError) as refused:
        open_link(token)
    return refused.value.code


def test_a_link_opens_its_page_for_a_day(lesson: LessonPage, editor: User) -> None:
    link = make_link(page=lesson, by=editor)
    assert link.expires_at - link.made_at == pytest.approx(timedelta(hours=24), abs=timedelta(seconds=5))
    assert link_url(link).startswith("http://127.0.0.1:8000/preview/?token=preview.")
    opened = open_link(sign_link(link))
    assert (opened.pk, opened.page_id, opened.revision_id) == (link.pk, lesson.pk, None)


def test_a_link_ends_when_it_expires(lesson: LessonPage, editor: User) -> None:
    token = sign_link(make_link(page=lesson, by=editor, hours=1))
    with time_machine.travel(timezone.now() + timedelta(minutes=59), tick=False):
        open_link(token)
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert code_of(token) == "preview_expired"


def test_what_was_not_made_here_opens_nothing(lesson: LessonPage, editor: User) -> None:
    link = make_link(page=lesson, by=editor)
    token = sign_link(link)
    claims = {"purpose": "preview", "link": link.pk, "page": lesson.pk, "expires": 9_999_999_999}
    other_purpose = "preview." + dumps(claims | {"purpose": "files"}, salt="courses.preview")
    other_salt = "preview." + dumps(claims, salt="courses.files")
    no_facts = "preview." + dumps({"purpose": "preview"}, salt="courses.preview")
    no_object = "preview." + dumps([1], salt="courses.preview")
    forged = [
        "", "preview.", token[:-1], token + "x", token.removeprefix("preview."), other_purpose, other_salt, no_facts,
        no_object, "preview.\x00",
    ]  # fmt: skip
    assert [code_of(each) for each in forged] == ["preview_forged"] * len(forged)


def test_a_link_cannot_be_moved_to_another_page(lesson: LessonPage, course: CoursePage, editor: User) -> None:
    link = make_link(page=lesson, by=editor)
    link.page = course
    assert code_of(sign_link(link)) == "preview_revoked"


def test_revoking_ends_one_or_all_links_of_a_course(lesson: LessonPage, course: CoursePage, editor: User) -> None:
    first, second, of_course = (make_link(page=page, by=editor) for page in (lesson, lesson, course))
    assert revoke_links(page=lesson, by=editor, only=[first.pk, of_course.pk]) == 1
    assert [code_of(sign_link(first)), open_link(sign_link(second)).pk] == ["preview_revoked", second.pk]
    assert list(list_links(course)) == [of_course, second]
    assert revoke_links(page=course, by=editor) == 2
    assert [code_of(sign_link(each)) for each in (second, of_course)] == ["preview_revoked"] * 2
    assert revoke_links(page=course, by=editor) == 0


def test_a_link_ends_with_the_account_of_its_maker(lesson: LessonPage, editor: User) -> None:
    token = sign_link(make_link(page=lesson, by=editor))
    editor.is_active = False
    editor.save()
    assert code_of(token) == "preview_revoked"


def test_another_secret_key_ends_every_link(lesson: LessonPage, editor: User, settings: Any) -> None:
    token = sign_link(make_link(page=lesson, by=editor))
    settings.SECRET_KEY = "another-secret-key-0123456789-0123456789"
    assert code_of(token) == "preview_forged"


def test_links_are_made_by_whoever_may_edit_the_page(catalogue: CataloguePage, lesson: LessonPage) -> None:
    ensure_roles(catalogue)
    stranger, editor = UserFactory(), UserFactory()
    editor.groups.add(Group.objects.get(name=EDITORS))
    assert [can_share(lesson, user) for user in (stranger, editor)] == [False, True]
    with pytest.raises(PermissionDenied):
        make_link(page=lesson, by=stranger)
    link = make_link(page=lesson, by=editor)
    with pytest.raises(PermissionDenied):
        revoke_links(page=lesson, by=stranger)
    assert open_link(sign_link(link)).made_by == editor


def test_only_courses_and_lessons_have_links(catalogue: CataloguePage, lesson: LessonPage, editor: User) -> None:
    assert [can_share(page, editor) for page in (catalogue, lesson.get_parent(), lesson)] == [False, False, True]
    with pytest.raises(ValueError, match="hours"):
        make_link(page=lesson, by=editor, hours=5)


def test_a_fixed_link_keeps_its_draft(lesson: LessonPage, course: CoursePage, editor: User) -> None:
    revision = lesson.save_revision()
    link = make_link(page=lesson, by=editor, is_fixed=True)
    lesson.title = "Later"
    lesson.save_revision()
    assert open_link(sign_link(link)).revision_id == revision.pk
    assert make_link(page=course, by=editor, is_fixed=True).revision_id is None


def test_making_and_revoking_is_written_down(lesson: LessonPage, editor: User) -> None:
    link = make_link(page=lesson, by=editor)
    revoke_links(page=lesson, by=editor)
    entries = PageLogEntry.objects.filter(page=lesson, action__startswith="courses.preview").order_by("pk")
    assert [(entry.action, entry.user, entry.data["link"]) for entry in entries] == [
        ("courses.preview.share", editor, link.pk),
        ("courses.preview.revoke", editor, link.pk),
    ]
    link.refresh_from_db()
    assert (link.revoked_by, link.revoked_at is not None, link.is_in_force) == (editor, True, False)
