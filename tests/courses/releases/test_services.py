"""Planning releases: what is promised is what was seen, and what cannot work is refused before anything is written."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import PageLogEntry

from courses.editions.models import Edition, ReleasePlan
from courses.editions.services import ReleaseRefusedError, compile_course
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage
from courses.releases.services import cancel_plan, list_offered_pages, plan_release, read_candidate
from learners.accounts.models import User
from tests.factories.pages import make_course, make_lesson, make_quiz, make_text


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    course = make_course(catalogue, modules=1, lessons=2)
    compile_course(course.pk)
    return course


@pytest.fixture
def lesson(course: CoursePage) -> LessonPage:
    lesson = LessonPage.objects.descendant_of(course).order_by("path").first()
    lesson.body = json.dumps([make_text("New words.")])
    lesson.save_revision()
    return lesson


@pytest.fixture
def editor(db: None) -> User:
    return User.objects.create_superuser("editor@example.com")


def refusal(course: CoursePage, **order: Any) -> str:
    with pytest.raises(ReleaseRefusedError) as refused:
        plan_release(course=course, user=None, **order)
    assert ReleasePlan.objects.count() == 0
    return refused.value.code


def test_plan_names_the_revisions_that_were_seen(course: CoursePage, lesson: LessonPage, editor: User) -> None:
    seen = LessonPage.objects.get(pk=lesson.pk).latest_revision_id
    plan = plan_release(course=course, user=editor, page_ids=[lesson.pk], note=" News. ", policy="keep")
    lesson.title = "Later"
    lesson.save_revision()
    plan.refresh_from_db()
    assert (plan.revisions, plan.note, plan.policy, plan.state) == ({str(lesson.pk): seen}, "News.", "keep", "waiting")
    entry = PageLogEntry.objects.get(action="courses.release.plan")
    assert (entry.page_id, entry.user, entry.data["pages"]) == (course.pk, editor, 1)


def test_policy_is_that_of_the_course_unless_somebody_says_otherwise(course: CoursePage, lesson: LessonPage) -> None:
    CoursePage.objects.update(release_policy="not_started")
    course.refresh_from_db()
    assert plan_release(course=course, user=None, page_ids=[lesson.pk]).policy == "not_started"


def test_only_one_release_of_a_course_is_under_way(course: CoursePage, lesson: LessonPage) -> None:
    first = plan_release(course=course, user=None, page_ids=[lesson.pk])
    with pytest.raises(ReleaseRefusedError) as refused:
        plan_release(course=course, user=None, page_ids=[lesson.pk])
    assert refused.value.code == "already_planned"
    cancel_plan(plan=first, user=None)
    assert plan_release(course=course, user=None, page_ids=[lesson.pk]).is_open


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"release_at": timedelta(minutes=-1)}, "bad_time"),
        ({"release_at": timedelta(days=900)}, "bad_time"),
        ({"note": "x" * 2001}, "bad_note"),
        ({"policy": "some"}, "bad_choice"),
        ({"change_class": "huge"}, "bad_choice"),
        ({"change_class": "cosmetic"}, "class_too_low"),
        ({"expected_digest": "0" * 64}, "changed_since"),
    ],
)
def test_wishes_that_cannot_come_true_are_refused_at_once(
    course: CoursePage, lesson: LessonPage, order: dict[str, Any], code: str
) -> None:
    if "release_at" in order:
        order = {"release_at": timezone.now() + order["release_at"]}
    assert refusal(course, page_ids=[lesson.pk], **order) == code


def test_nothing_to_release_is_said(course: CoursePage) -> None:
    assert refusal(course) == "nothing_new"


def test_drafts_that_may_not_be_published_are_named_together(course: CoursePage) -> None:
    broken = make_quiz()
    broken["value"]["questions"] = []
    for page in LessonPage.objects.descendant_of(course):
        page.body = json.dumps([broken])
        page.save_revision()
    with pytest.raises(ReleaseRefusedError) as refused:
        plan_release(course=course, user=None, page_ids=list_offered_pages(course))
    assert refused.value.code == "not_publishable"
    assert ("“Lesson 1.1”" in refused.value.message, "“Lesson 1.2”" in refused.value.message) == (True, True)


def test_first_release_of_a_draft_course_takes_its_page_along(catalogue: CataloguePage) -> None:
    course = make_course(catalogue, modules=1, lessons=1, live=False)
    course.save_revision()
    course = CoursePage.objects.get(pk=course.pk)
    assert refusal(course) == "not_published"
    assert plan_release(course=course, user=None, page_ids=[course.pk]).revisions.keys() == {str(course.pk)}


def test_withdrawn_and_scheduled_drafts_are_not_offered(course: CoursePage, lesson: LessonPage) -> None:
    module = ModulePage.objects.child_of(course).get()
    make_lesson(module, "Never published", live=False).save_revision()
    withdrawn = LessonPage.objects.descendant_of(course).get(title="Lesson 1.2")
    withdrawn.save_revision().publish()
    LessonPage.objects.get(pk=withdrawn.pk).unpublish()
    timed = make_lesson(module, "In a year", live=False, go_live_at=timezone.now() + timedelta(days=365))
    timed.save_revision().publish()
    offered = LessonPage.objects.filter(pk__in=list_offered_pages(course)).order_by("path")
    assert [page.title for page in offered] == ["Lesson 1.1", "Never published"]


def test_candidate_reads_drafts_and_writes_nothing(course: CoursePage, lesson: LessonPage) -> None:
    candidate = read_candidate(course, [lesson.pk])
    assert [block.kind for block in candidate.diff.blocks] == ["added", "removed"]
    assert not read_candidate(course, []).is_news
    assert Edition.objects.count() == 1


def test_a_plan_that_has_begun_is_not_cancelled(course: CoursePage, lesson: LessonPage) -> None:
    plan = plan_release(course=course, user=None, page_ids=[lesson.pk])
    ReleasePlan.objects.update(state="running")
    with pytest.raises(ReleaseRefusedError) as refused:
        cancel_plan(plan=plan, user=None)
    assert refused.value.code == "too_late"
