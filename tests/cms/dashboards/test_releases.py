"""Releasing in the admin: look, decide, follow; and who may do what."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import GroupPagePermission

from courses.editions.models import Edition, Release, ReleasePlan
from courses.editions.services import compile_course
from courses.models import CataloguePage, CoursePage, LessonPage
from courses.releases.running import run_due_plans
from courses.releases.services import plan_release
from courses.roles import EDITORS, REVIEWERS, ensure_roles
from learners.accounts.models import User
from tests.factories.learners import EnrolmentFactory
from tests.factories.pages import PLANTED_SECRET, make_course, make_quiz, make_text


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    ensure_roles(catalogue)
    course = make_course(catalogue, modules=1, lessons=2, release_mode="manual")
    LessonPage.objects.filter(title="Lesson 1.1").update(body=json.dumps([make_text("Old words."), make_quiz()]))
    compile_course(course.pk)
    Edition.objects.exists() or plan_and_run(course)
    return CoursePage.objects.get(pk=course.pk)


def plan_and_run(course: CoursePage) -> None:
    plan_release(course=course, user=None)
    run_due_plans()


@pytest.fixture
def lesson(course: CoursePage) -> LessonPage:
    lesson = LessonPage.objects.descendant_of(course).order_by("path").first()
    lesson.body = json.dumps([make_text("New words."), make_quiz()])
    lesson.save_revision()
    return lesson


def log_in(client: Client, *groups: str) -> User:
    user = User.objects.create_user(f"{'-'.join(groups) or 'nobody'}@example.com".lower(), name="Rita Releaser")
    user.groups.set(GroupPagePermission.group.field.related_model.objects.filter(name__in=groups))
    client.force_login(user)
    return user


def url(course: CoursePage, rest: str = "release/") -> str:
    return f"/admin/courses/{course.pk}/{rest}"


def test_the_page_shows_drafts_and_what_they_would_change(
    client: Client, course: CoursePage, lesson: LessonPage
) -> None:
    log_in(client, REVIEWERS)
    response = client.get(url(course))
    text = response.content.decode()
    assert [(page.title, chosen) for page, chosen in response.context["pending"]] == [("Lesson 1.1", True)]
    assert ("1 lesson changed" in text, "Major" in text, PLANTED_SECRET in text) == (True, True, False)
    assert Edition.objects.count() == 1
    assert ReleasePlan.objects.filter(finished_at=None).count() == 0


def test_the_panel_beside_the_form_says_what_waits_and_whom_it_would_touch(
    client: Client, course: CoursePage, lesson: LessonPage
) -> None:
    state = course.state
    EnrolmentFactory(course_key=state.course_key, edition=state.edition)
    log_in(client, EDITORS)
    text = client.get(f"/admin/pages/{course.pk}/edit/").content.decode()
    assert ("Learners get edition 1." in text, "1 draft waits." in text) == (True, True)
    panel = client.get(url(course, "release/impact/")).content.decode()
    assert ("1 learner moves" in panel, "1 gets more to do" in panel, "<html" in panel) == (True, True, False)


def test_the_page_counts_whom_it_would_touch_for_the_policy_asked_for(
    client: Client, course: CoursePage, lesson: LessonPage
) -> None:
    state = course.state
    EnrolmentFactory(course_key=state.course_key, edition=state.edition, user__name="Lena Learner")
    log_in(client, REVIEWERS)
    impact = client.get(url(course)).context["impact"]
    assert (impact.learners.not_started, impact.moving, len(impact.gaining)) == (1, 1, 1)
    kept = client.get(f"{url(course)}?policy=keep&page={lesson.pk}")
    assert (kept.context["impact"].moving, "Lena Learner" in kept.content.decode()) == (0, False)


def test_a_draft_that_is_left_out_changes_nothing(client: Client, course: CoursePage, lesson: LessonPage) -> None:
    log_in(client, REVIEWERS)
    response = client.get(f"{url(course)}?policy=keep")
    assert [chosen for _page, chosen in response.context["pending"]] == [False]
    assert "there is nothing to release" in response.content.decode()


def order(client: Client, course: CoursePage, **changes: object) -> dict[str, object]:
    shown = client.get(url(course)).context
    wish = {
        "page": [page.pk for page, chosen in shown["pending"] if chosen],
        "policy": "not_started",
        "change_class": "major",
        "note": "New words.",
        "expected_digest": shown["candidate"].digest,
    }
    return wish | changes


def test_deciding_releases_and_leads_to_the_list(client: Client, course: CoursePage, lesson: LessonPage) -> None:
    reviewer = log_in(client, REVIEWERS)
    response = client.post(url(course), order(client, course))
    assert (response.status_code, response.url) == (302, url(course, "releases/"))
    run_due_plans()
    release = Release.objects.first()
    assert (release.edition.number, release.released_by, release.note) == (2, reviewer, "New words.")
    assert (release.policy, release.change_class) == ("not_started", "major")
    text = client.get(url(course, "releases/")).content.decode()
    assert ("New words." in text, "Rita Releaser" in text) == (True, True)
    detail = client.get(url(course, "releases/2/")).content.decode()
    assert "<del>" in detail or "Removed" in detail


def test_a_course_that_changed_meanwhile_is_looked_at_again(
    client: Client, course: CoursePage, lesson: LessonPage
) -> None:
    log_in(client, REVIEWERS)
    wish = order(client, course)
    lesson.title = "Another title"
    lesson.save_revision()
    response = client.post(url(course), wish)
    assert response.status_code == 422
    assert "has changed since you looked" in response.content.decode()
    assert Edition.objects.count() == 1


def test_a_bad_time_is_refused_with_the_form(client: Client, course: CoursePage, lesson: LessonPage) -> None:
    log_in(client, REVIEWERS)
    response = client.post(url(course), order(client, course, release_at="yesterday"))
    assert (response.status_code, "Enter a valid date/time." in response.content.decode()) == (422, True)
    assert "New words." in response.content.decode()


def test_a_scheduled_release_is_shown_and_can_be_cancelled(
    client: Client, course: CoursePage, lesson: LessonPage
) -> None:
    log_in(client, REVIEWERS)
    at = timezone.localtime() + timedelta(days=2)
    client.post(url(course), order(client, course, release_at=at.strftime("%Y-%m-%d %H:%M")))
    plan = ReleasePlan.objects.first()
    assert plan.state == "scheduled"
    assert "Cancel the release" in client.get(url(course, "releases/")).content.decode()
    assert client.get(url(course, "releases/progress/")).json() == {"state": "scheduled", "done": 0, "total": 1}
    client.post(url(course, f"releases/cancel/{plan.pk}/"))
    plan.refresh_from_db()
    assert plan.state == "cancelled"


def test_a_refused_release_says_why(client: Client, course: CoursePage, lesson: LessonPage) -> None:
    log_in(client, REVIEWERS)
    ReleasePlan.objects.create(
        course=course, course_key=course.translation_key, policy="keep", requested_at=timezone.now(),
        state="refused", message="A lesson waits for itself.", finished_at=timezone.now(),
    )  # fmt: skip
    assert "A lesson waits for itself." in client.get(url(course, "releases/")).content.decode()


def test_editors_look_and_do_not_release(client: Client, course: CoursePage, lesson: LessonPage) -> None:
    log_in(client, EDITORS)
    text = client.get(url(course)).content.decode()
    assert ("1 lesson changed" in text, "Release this edition" in text) == (True, False)
    assert client.post(url(course), {"policy": "keep"}).status_code in (302, 403)
    assert Edition.objects.count() == 1


def test_people_without_rights_on_the_course_see_nothing(client: Client, course: CoursePage) -> None:
    log_in(client)
    for rest in ("release/", "releases/", "releases/1/", "releases/progress/"):
        response = client.get(url(course, rest))
        assert (response.status_code, response.url) == (302, f"/admin/login/?next={url(course, rest)}")


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_takes_the_same_number_of_queries(
    client: Client, course: CoursePage, lesson: LessonPage, more: int
) -> None:
    log_in(client, REVIEWERS)
    for number in range(more):
        CoursePage.objects.update(summary=f"Summary {number}")
        plan_and_run(CoursePage.objects.get(pk=course.pk))
    client.get(url(course, "releases/"))
    with CaptureQueriesContext(connection) as queries:
        client.get(url(course, "releases/"))
    assert len(queries) == 14
