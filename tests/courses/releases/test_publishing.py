"""Publishing many pages at once leaves the same behind as publishing them one by one."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Comment, Page, PageLogEntry, ReferenceIndex, Revision, Workflow
from wagtail.signals import page_published

from courses.editions.models import Edition
from courses.editions.services import batch, compile_course
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage
from courses.publishing import PublishRefusedError
from courses.releases.publishing import prepare_pages, publish_prepared
from courses.roles import ensure_roles
from learners.accounts.models import User
from tests.factories.pages import make_course, make_lesson, make_quiz, make_text


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    course = make_course(catalogue, modules=2, lessons=2)
    compile_course(course.pk)
    return course


@pytest.fixture
def editor(db: None) -> User:
    return User.objects.create_superuser("editor@example.com")


def draft(page: Page, **values: Any) -> Page:
    page.save_revision()
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision()
    return type(page).objects.get(pk=page.pk)


def drafts_of(course: CoursePage) -> dict[int, int]:
    rows = Page.objects.descendant_of(course, inclusive=True).filter(has_unpublished_changes=True)
    return dict(rows.values_list("pk", "latest_revision_id"))


def publish(course: CoursePage, user: Any = None) -> int:
    prepared = prepare_pages(drafts_of(course))
    with transaction.atomic():
        return publish_prepared(prepared, user=user)


def facts(course: CoursePage) -> list[Any]:
    """All that publishing may touch, without the moments."""
    pages = []
    for model in (ModulePage, LessonPage):
        for page in model.objects.descendant_of(course).order_by("path"):
            values = {field.name: field.value_from_object(page) for field in model._meta.concrete_fields}
            moments = {name: values.pop(name) is not None for name in ("first_published_at", "last_published_at")}
            for name in ("id", "page_ptr", "path", "url_path", "translation_key", "latest_revision_created_at"):
                del values[name]
            values["latest_revision"] = values["live_revision"] == values["latest_revision"]
            values["live_revision"] = values["live_revision"] is not None
            body = values.pop("body", None) and [item["value"] for item in page.body.get_prep_value()]
            del values["requires"]
            log = PageLogEntry.objects.filter(page=page).order_by("pk").values_list("action", "data", "label")
            pages.append([values, moments, body, list(log)])
    return pages


def edit_everything(course: CoursePage) -> None:
    module, other = ModulePage.objects.child_of(course).order_by("path")
    lesson, second = LessonPage.objects.child_of(module).order_by("path")
    draft(module, title="Module, renamed", release_after_days=3)
    draft(
        lesson,
        title="Lesson, renamed",
        minutes=7,
        body=json.dumps([make_text("New.")]),
    )
    draft(second, summary="What it is about.")
    make_lesson(other, "Never published", [make_text("First words.")], live=False).save_revision()


def test_bulk_leaves_behind_what_publishing_one_by_one_does(catalogue: CataloguePage, editor: User) -> None:
    together, alone = (make_course(catalogue, f"Course {n}", modules=2, lessons=2) for n in (1, 2))
    for course in (together, alone):
        edit_everything(course)
    publish(together, editor)
    for pk in drafts_of(alone):
        Page.objects.get(pk=pk).get_latest_revision().publish(user=editor)
    assert facts(together) == facts(alone)


def test_bodies_titles_and_settings_go_live(course: CoursePage) -> None:
    edit_everything(course)
    assert publish(course) == 4
    lesson = LessonPage.objects.get(title="Lesson, renamed")
    assert (lesson.body.get_prep_value()[0]["value"]["source"], lesson.minutes) == ("New.", 7)
    assert LessonPage.objects.get(title="Never published").live
    assert ModulePage.objects.get(title="Module, renamed").release_after_days == 3
    assert drafts_of(course) == {}


def test_course_page_changed_addresses_and_comments_are_published_too(course: CoursePage, editor: User) -> None:
    first, second, *_rest = LessonPage.objects.descendant_of(course).order_by("path")
    draft(course, title="Renamed", summary="New.")
    draft(first, slug="elsewhere")
    Comment.objects.create(page=second, user=editor, text="Look here", contentpath="title")
    draft(second, title="Commented")
    assert publish(course) == 3
    course.refresh_from_db()
    first.refresh_from_db()
    assert (course.title, course.summary) == ("Renamed", "New.")
    assert first.url_path.endswith("/elsewhere/")
    assert LessonPage.objects.get(pk=second.pk).title == "Commented"


def test_a_revision_that_is_not_the_latest_leaves_the_page_with_a_draft(course: CoursePage) -> None:
    lesson = LessonPage.objects.descendant_of(course).first()
    lesson.title = "Seen"
    seen = lesson.save_revision()
    lesson.title = "Later"
    lesson.save_revision()
    with transaction.atomic():
        publish_prepared(prepare_pages({lesson.pk: seen.pk}), user=None)
    lesson = LessonPage.objects.get(pk=lesson.pk)
    assert (lesson.title, lesson.draft_title, lesson.has_unpublished_changes) == ("Seen", "Later", True)


def test_a_draft_with_an_hour_of_its_own_is_scheduled_and_not_published_before_it(course: CoursePage) -> None:
    lesson = LessonPage.objects.descendant_of(course).first()
    lesson.save_revision().publish()
    draft(LessonPage.objects.get(pk=lesson.pk), title="In a year", go_live_at=timezone.now() + timedelta(days=365))
    publish(course)
    lesson = LessonPage.objects.get(pk=lesson.pk)
    assert (lesson.title, lesson.draft_title) == ("Lesson 1.1", "In a year")
    assert Revision.objects.get(pk=lesson.latest_revision_id).approved_go_live_at is not None


def test_a_page_that_may_not_be_published_stops_them_all(course: CoursePage) -> None:
    edit_everything(course)
    broken = make_quiz()
    broken["value"]["questions"] = []
    draft(LessonPage.objects.descendant_of(course).last(), body=json.dumps([broken]))
    before = facts(course)
    with pytest.raises(PublishRefusedError):
        prepare_pages(drafts_of(course))
    assert facts(course) == before


def test_what_is_live_with_this_very_revision_is_left_alone(course: CoursePage) -> None:
    lesson = LessonPage.objects.descendant_of(course).first()
    revision = lesson.save_revision()
    revision.publish()
    assert prepare_pages({lesson.pk: revision.pk}).total == 0


def test_workflows_and_schedules_of_the_pages_end(catalogue: CataloguePage, course: CoursePage, editor: User) -> None:
    ensure_roles(catalogue)
    lesson = draft(LessonPage.objects.descendant_of(course).first(), title="In review")
    state = Workflow.objects.get(name="Course review").start(lesson, editor)
    Revision.objects.filter(pk=lesson.latest_revision_id).update(approved_go_live_at="2030-01-01T00:00:00Z")
    publish(course, editor)
    state.refresh_from_db()
    assert state.status == state.STATUS_CANCELLED
    assert not Revision.page_revisions.filter(approved_go_live_at__isnull=False).exists()


def test_every_page_is_announced_with_its_revision(course: CoursePage) -> None:
    edit_everything(course)
    wanted = drafts_of(course)
    heard: dict[int, int] = {}

    def listen(sender: Any, instance: Page, revision: Revision, **kwargs: Any) -> None:
        heard[instance.pk] = revision.pk

    page_published.connect(listen)
    try:
        publish(course)
    finally:
        page_published.disconnect(listen)
    assert heard == wanted


@pytest.mark.parametrize("lessons", [1, 3])
def test_queries_do_not_grow_with_the_pages(catalogue: CataloguePage, lessons: int) -> None:
    course = make_course(catalogue, modules=1, lessons=lessons)
    for lesson in LessonPage.objects.descendant_of(course):
        draft(lesson, title=f"{lesson.title}, renamed", body=json.dumps([make_text("New.")]))
    wanted = drafts_of(course)
    edit_everything(other := make_course(catalogue, "Other", modules=2, lessons=2))
    publish(other)  # content types are known now
    with batch(), CaptureQueriesContext(connection) as queries, transaction.atomic():
        publish_prepared(prepare_pages(wanted), user=None)
    assert len(queries) == 15


def test_index_of_references_follows(course: CoursePage, django_capture_on_commit_callbacks: Any) -> None:
    target = LessonPage.objects.descendant_of(course).last()
    lesson = LessonPage.objects.descendant_of(course).first()
    link = f'<p><a linktype="page" id="{target.pk}">there</a></p>'
    body = [{"type": "text", "id": "2" * 36, "value": {"text": link, "is_required": True, "time_limit": None}}]
    draft(lesson, body=json.dumps(body))
    with django_capture_on_commit_callbacks(execute=True):
        publish(course)
    assert [row.object_id for row in ReferenceIndex.get_references_to(target)] == [str(lesson.pk)]
    assert Edition.objects.count() == 2
