"""The lesson page: found through editions, locked politely, the same number of queries for every size of course."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learners.accommodations.models import Accommodation
from learners.enrolments.models import Enrolment
from learners.progress.models import BlockProgress
from tests.factories.courses import SECRET, make_edition, make_lesson, make_module, quiz_block, text_block, video_block
from tests.factories.learners import AccommodationFactory, EnrolmentFactory, GrantFactory, UserFactory, make_editor

pytestmark = pytest.mark.django_db


def lesson_url(state, number=1):
    return f"/courses/{state.slug}/module-1/lesson-{number}/"


def test_show_lesson_sends_visitors_to_log_in(client):
    state = make_edition()
    assert (
        client.get(lesson_url(state))["Location"]
        == f"/accounts/login/?next=%2Fcourses%2F{state.slug}%2Fmodule-1%2Flesson-1%2F"
    )


@pytest.mark.parametrize(
    ("kind", "code"),
    [("enrolled", "enrolment_required"), ("paid", "purchase_required"), ("invitation", "invitation_required")],
)
def test_show_lesson_says_what_a_stranger_lacks_and_shows_nothing_else(client, kind, code):
    text = text_block(html="<p>Only for learners.</p>")
    state = make_edition(modules=[make_module(make_lesson(text, title="Lesson 1"))], access=kind)
    client.force_login(UserFactory())
    response = client.get(lesson_url(state))
    assert (response.status_code, response.context["access"].code) == (403, code)
    assert "Only for learners" not in response.content.decode()
    assert BlockProgress.objects.count() == 0


def test_show_lesson_names_the_lesson_that_unlocks_it(client):
    state = make_edition(lessons=3, progression="in_order")
    client.force_login(EnrolmentFactory(course=state).user)
    response = client.get(lesson_url(state, 3))
    assert response.status_code == 403
    assert "This lesson opens after “Lesson 1”." in response.content.decode()
    assert response.context["unlock_lesson"].url == lesson_url(state, 1)


def test_show_lesson_after_a_grant_has_ended_is_refused(client):
    state = make_edition(access="paid")
    enrolment = EnrolmentFactory(course=state)
    grant = GrantFactory(user=enrolment.user, course_key=state.course_key)
    client.force_login(enrolment.user)
    assert client.get(lesson_url(state)).status_code == 200
    grant.delete()
    assert client.get(lesson_url(state)).status_code == 403


def test_show_lesson_lets_staff_read_without_a_trace(client):
    state = make_edition(access="paid")
    client.force_login(make_editor())
    response = client.get(lesson_url(state))
    assert (response.status_code, response.context["progress_url"]) == (200, None)
    assert BlockProgress.objects.count() == 0


def test_show_lesson_offers_what_a_learner_can_do(client):
    blocks = [text_block(), text_block(is_required=False), video_block(), video_block(duration=None), quiz_block()]
    state = make_edition(modules=[make_module(make_lesson(*blocks, title="Lesson 1"), make_lesson(title="Lesson 2"))])
    enrolment = EnrolmentFactory(course=state)
    BlockProgress.objects.create(
        enrolment=enrolment,
        lesson_key=state_lesson(state)["id"],
        block_id=blocks[2]["id"],
        position=42.5,
        started_at=enrolment.enrolled_at,
        last_accessed_at=enrolment.enrolled_at,
    )
    client.force_login(enrolment.user)

    response = client.get(lesson_url(state))

    views = response.context["blocks"]
    assert [bool(view.complete_url) for view in views] == [True, False, False, True, False]
    assert views[2].position == 42.5
    assert (views[4].quiz.can_open, views[4].quiz.attempts_used) == (True, 0)
    assert (response.context["required_left"], response.context["lesson_state"]) == (4, "in_progress")
    assert (response.context["previous"], response.context["next"].title) == (None, "Lesson 2")
    assert response["Cache-Control"] == "private, no-store"
    assert SECRET not in response.content.decode()


def state_lesson(state):
    from courses.editions.queries import get_outline

    return get_outline(state.edition.pk, state.edition.digest)["modules"][0]["lessons"][0]


def test_show_lesson_is_404_for_what_the_edition_does_not_have(client):
    state, other = make_edition(), make_edition(lessons=9)
    client.force_login(EnrolmentFactory(course=state).user)
    assert client.get(lesson_url(state, 9)).status_code == 404
    assert client.get(f"/courses/{state.slug}/other/lesson-1/").status_code == 404
    assert client.get(lesson_url(other, 10)).status_code == 404


def test_show_lesson_does_not_take_posts(client):
    state = make_edition(access="open")
    assert client.post(lesson_url(state)).status_code == 405


def test_show_lesson_is_shut_until_its_date_and_then_stays_open(client):
    text = text_block(html="<p>Not before its day.</p>")
    lesson = make_lesson(text, title="Lesson 1", release_after_days=2)
    state = make_edition(modules=[make_module(lesson)])
    enrolment = EnrolmentFactory(course=state)
    client.force_login(enrolment.user)

    shut = client.get(lesson_url(state))
    course_page = client.get(f"/courses/{state.slug}/")
    Enrolment.objects.update(enrolled_at=timezone.now() - timedelta(days=2))
    opened = client.get(lesson_url(state))
    Enrolment.objects.update(enrolled_at=timezone.now())

    assert (shut.status_code, shut.context["access"].code) == (403, "not_released_yet")
    assert "Not before its day" not in shut.content.decode()
    assert "This lesson opens on" in course_page.content.decode()
    assert (opened.status_code, client.get(lesson_url(state)).status_code) == (200, 200)


def test_show_lesson_leads_to_the_course_to_complete_first(client):
    first = make_edition(title="Foundations")
    rule = {"id": str(first.course_key), "title": "Foundations", "slug": first.slug, "minimum_score": None}
    state = make_edition(requires=[rule])
    client.force_login(UserFactory())
    for url in (lesson_url(state), f"/courses/{state.slug}/"):
        response = client.get(url)
        assert response.context["access"].code == "prerequisite_course"
        assert (response.context["required_course_url"], response.context["enrol_url"]) == (
            f"/courses/{first.slug}/", None
        )  # fmt: skip


def test_show_lesson_keeps_a_timed_block_back_until_it_is_started(client):
    text = text_block(html="<p>Against the clock.</p>", time_limit=10)
    state = make_edition(modules=[make_module(make_lesson(text, title="Lesson 1"))], access="open")
    visitor = client.get(lesson_url(state))
    client.force_login(EnrolmentFactory(course=state).user)
    waiting = client.get(lesson_url(state))
    started = client.post(waiting.context["blocks"][0].start_url, follow=True)
    row = BlockProgress.objects.get(block_id=text["id"])
    BlockProgress.objects.update(deadline_at=timezone.now() - timedelta(minutes=1))
    over = client.get(lesson_url(state))

    pages = [page.content.decode() for page in (visitor, waiting, started, over)]
    assert ["Against the clock" in page for page in pages] == [False, False, True, True]
    views = [page.context["blocks"][0] for page in (visitor, waiting, started, over)]
    assert [view.is_waiting for view in views] == [True, True, False, False]
    assert [bool(view.complete_url) for view in views] == [False, False, True, False]
    assert (views[2].timer.deadline_at, views[3].is_over) == (row.deadline_at, True)


def test_show_lesson_says_how_long_a_timed_block_is_for_this_learner(client):
    lesson = make_lesson(text_block(time_limit=10), title="Lesson 1")
    state = make_edition(modules=[make_module(lesson)])
    enrolment = EnrolmentFactory(course=state)
    client.force_login(enrolment.user)
    assert "You have 10 min from when you start." in client.get(lesson_url(state)).content.decode()
    AccommodationFactory(user=enrolment.user, time_factor="1.5")
    assert "You have 15 min (extended from 10 min)" in client.get(lesson_url(state)).content.decode()
    Accommodation.objects.update(is_untimed=True)
    assert "no time limit here (instead of 10 min)" in client.get(lesson_url(state)).content.decode()


def test_show_lesson_counts_down_an_optional_block_too(client):
    lesson = make_lesson(text_block(time_limit=10, is_required=False), title="Lesson 1")
    state = make_edition(modules=[make_module(lesson)])
    client.force_login(EnrolmentFactory(course=state).user)
    start_url = client.get(lesson_url(state)).context["blocks"][0].start_url
    started = client.post(start_url, follow=True).content.decode()
    BlockProgress.objects.update(deadline_at=timezone.now() - timedelta(minutes=1))
    over = client.get(lesson_url(state)).content.decode()
    assert [page.count("<time-left") for page in (started, over)] == [1, 0]
    assert 'data-seconds="600"' in started
    assert [page.count("data-time-over hidden") for page in (started, over)] == [1, 0]


@pytest.mark.parametrize("lessons", [1, 100])
@pytest.mark.parametrize("access", ["enrolled", "paid"])
def test_show_lesson_takes_the_same_queries_for_every_size_of_course(client, lessons, access):
    made = [make_lesson(text_block(), title=f"Lesson {number}") for number in range(1, lessons + 1)]
    made[0]["blocks"] += [video_block(), quiz_block()]
    state = make_edition(modules=[make_module(*made)], access=access)
    enrolment = EnrolmentFactory(course=state)
    GrantFactory(user=enrolment.user, course_key=state.course_key)
    client.force_login(enrolment.user)
    # The first opening reads the edition into the process and notes the opening; savepoints stand for BEGIN, COMMIT.
    assert count_queries(client, lesson_url(state)) == {"enrolled": 14, "paid": 15}[access]
    assert count_queries(client, lesson_url(state)) == {"enrolled": 8, "paid": 9}[access]


def count_queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])
