"""Carrying out a planned release: whole or not at all, once, and begun again after a crash."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.models import PageLogEntry

from courses.editions.models import Edition, ReleasePlan
from courses.editions.services import compile_course
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage
from courses.releases import running
from courses.releases.running import run_due_plans, run_plan
from courses.releases.services import list_offered_pages, plan_release
from tests.factories.pages import make_course, make_lesson, make_text


@pytest.fixture
def course(transactional_catalogue: CataloguePage) -> CoursePage:
    course = make_course(transactional_catalogue, modules=2, lessons=2)
    compile_course(course.pk)
    return course


def edit(course: CoursePage) -> list[int]:
    """Changes to two lessons and one that was never published."""
    for number, lesson in enumerate(LessonPage.objects.descendant_of(course).order_by("path")[:2]):
        lesson.title, lesson.body = f"Changed {number}", json.dumps([make_text(f"Changed {number}.")])
        lesson.save_revision()
    make_lesson(ModulePage.objects.child_of(course).first(), "New", live=False).save_revision()
    return list_offered_pages(course)


def titles() -> list[str]:
    outline = json.loads(Edition.objects.first().outline)
    return [lesson["title"] for module in outline["modules"] for lesson in module["lessons"]]


@pytest.mark.parametrize("mode", ["automatic", "manual"])
def test_all_drafts_become_one_edition(course: CoursePage, mode: str) -> None:
    CoursePage.objects.update(release_mode=mode)
    plan = plan_release(course=course, user=None, page_ids=edit(course), note="Three lessons.", policy="keep")
    assert run_due_plans() in (0, 1)  # the task may have been faster
    plan.refresh_from_db()
    assert (plan.state, plan.pages_done, plan.release.edition.number) == ("done", 3, 2)
    assert (plan.release.note, plan.release.policy, plan.release.is_automatic) == ("Three lessons.", "keep", False)
    assert titles() == ["Changed 0", "Changed 1", "New", "Lesson 2.1", "Lesson 2.2"]
    assert Edition.objects.count() == 2
    assert not LessonPage.objects.filter(has_unpublished_changes=True).exists()
    assert PageLogEntry.objects.get(action="courses.release").data["edition"] == 2


def test_scheduled_release_waits_for_its_hour(course: CoursePage) -> None:
    at = timezone.now() + timedelta(hours=1)
    plan = plan_release(course=course, user=None, page_ids=edit(course), release_at=at)
    assert run_due_plans() == 0
    ReleasePlan.objects.update(release_at=timezone.now())
    assert run_due_plans() == 1
    plan.refresh_from_db()
    assert plan.state == "done"


def test_what_was_edited_after_the_plan_stays_a_draft(course: CoursePage) -> None:
    at = timezone.now() + timedelta(hours=1)
    plan_release(course=course, user=None, page_ids=edit(course), release_at=at)
    lesson = LessonPage.objects.get(draft_title="Changed 0")
    lesson = lesson.get_latest_revision_as_object()
    lesson.title = "Later"
    lesson.save_revision()
    ReleasePlan.objects.update(release_at=timezone.now())
    run_due_plans()
    lesson.refresh_from_db()
    assert (lesson.title, lesson.draft_title, lesson.has_unpublished_changes) == ("Changed 0", "Later", True)


def test_a_refusal_leaves_everything_as_it_was_and_says_why(course: CoursePage) -> None:
    at = timezone.now() + timedelta(hours=1)
    plan = plan_release(course=course, user=None, page_ids=edit(course), release_at=at)
    twin = make_text("twice")
    LessonPage.objects.filter(title="Lesson 2.2").update(body=json.dumps([twin, twin]))
    ReleasePlan.objects.update(release_at=timezone.now())
    run_due_plans()
    plan.refresh_from_db()
    assert (plan.state, plan.release, plan.is_open) == ("refused", None, False)
    assert plan.message.startswith("A block id occurs twice")
    assert LessonPage.objects.filter(has_unpublished_changes=True).count() == 3
    assert Edition.objects.count() == 1


def test_a_killed_run_is_begun_again_and_ends_the_same(course: CoursePage, monkeypatch: pytest.MonkeyPatch) -> None:
    at = timezone.now() + timedelta(hours=1)
    plan = plan_release(course=course, user=None, page_ids=edit(course), release_at=at)
    ReleasePlan.objects.update(release_at=timezone.now())

    class KilledError(BaseException):
        pass

    def die(*args: Any, **kwargs: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(running, "release_course", die)
        with pytest.raises(KilledError):
            run_due_plans()
    plan.refresh_from_db()
    assert (plan.state, Edition.objects.count()) == ("running", 1)
    assert LessonPage.objects.filter(has_unpublished_changes=True).count() == 3
    assert run_due_plans() == 0  # the lease of the dead one still holds
    ReleasePlan.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert run_due_plans() == 1
    plan.refresh_from_db()
    assert (plan.state, Edition.objects.count()) == ("done", 2)


def test_a_course_that_is_gone_is_refused(course: CoursePage) -> None:
    at = timezone.now() + timedelta(hours=1)
    plan = plan_release(course=course, user=None, page_ids=edit(course), release_at=at)
    CoursePage.objects.get(pk=course.pk).delete()
    ReleasePlan.objects.update(release_at=timezone.now())
    run_due_plans()
    plan.refresh_from_db()
    assert (plan.state, plan.course) == ("refused", None)


@pytest.mark.postgresql
def test_four_workers_carry_out_one_plan_once(course: CoursePage) -> None:
    at = timezone.now() + timedelta(hours=1)
    plan = plan_release(course=course, user=None, page_ids=edit(course), release_at=at)
    ReleasePlan.objects.update(state="waiting", release_at=None)
    ready, done = threading.Barrier(4), []

    def work() -> None:
        ready.wait()
        try:
            done.append(run_plan(plan.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, False, False, True]
    assert Edition.objects.count() == 2
