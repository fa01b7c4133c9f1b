"""The learner's home."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from learners.enrolments.models import Enrolment
from learners.enrolments.services import enrol
from tests.factories.courses import make_edition, make_lesson, make_module, text_block
from tests.factories.learners import EnrolmentFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_show_home_asks_visitors_to_log_in(client):
    assert client.get("/learn/")["Location"] == "/accounts/login/?next=/learn/"


def test_show_home_sorts_courses_by_what_they_need(client):
    user = UserFactory()
    now = timezone.now()
    old = EnrolmentFactory(user=user, started=True, last_accessed_at=now - timedelta(days=3))
    new = EnrolmentFactory(user=user, started=True, last_accessed_at=now, due_at=now + timedelta(days=3))
    late = EnrolmentFactory(user=user, due_at=now - timedelta(days=2))
    done = EnrolmentFactory(user=user, completed=True, due_at=now - timedelta(days=9))
    EnrolmentFactory()
    client.force_login(user)

    context = client.get("/learn/").context

    assert context["continue_card"].id == new.pk
    assert [card.id for card in context["in_progress"]] == [new.pk, old.pk, late.pk]
    assert [(card.id, card.is_overdue, card.due_in_days) for card in context["due_soon"]] == [
        (new.pk, False, 3),
        (late.pk, True, -2),
    ]
    assert [(card.id, card.is_overdue) for card in context["completed"]] == [(done.pk, False)]


def test_show_home_says_what_to_do_next_when_empty(client):
    client.force_login(UserFactory())
    response = client.get("/learn/")
    assert (response.status_code, response.context["continue_card"]) == (200, None)


@pytest.mark.parametrize("enrolments", [1, 3])
def test_show_home_takes_the_same_queries_for_any_number_of_courses(client, django_assert_num_queries, enrolments):
    user = UserFactory()
    for number in range(enrolments):
        EnrolmentFactory(user=user, course=make_edition(lessons=number + 1), started=True)
    client.force_login(user)
    # session, user, count, enrolments, states, outlines, completed blocks, three for deadlines, rules of editions,
    # permissions twice; certificates and the way to the team add one each
    with django_assert_num_queries(15):
        client.get("/learn/")


def test_show_home_is_paginated(client):
    user, state = UserFactory(), make_edition(lessons=1)
    for cycle in range(1, 27):
        EnrolmentFactory(user=user, course=state, cycle=cycle)
    client.force_login(user)
    first, second = client.get("/learn/").context, client.get("/learn/?page=2").context
    assert (len(first["in_progress"]), len(second["in_progress"])) == (24, 2)
    assert first["pagination"].next_url == "?page=2"
    assert client.get("/learn/?page=nonsense").status_code == 200


def test_show_home_says_why_and_what_is_over(client):
    user = UserFactory()
    with time_machine.travel(datetime(2030, 1, 1, 12, tzinfo=UTC), tick=False):
        open_one, _is_new = enrol(user=user, state=make_edition(completion_days=7, expires_after_days=3))
        closed, _is_new = enrol(user=user, state=make_edition(completion_days=1))
        Enrolment.objects.filter(pk=closed.pk).update(expired_at=timezone.now(), last_accessed_at=timezone.now())
        client.force_login(user)
        response = client.get("/learn/")
    page = response.content.decode()
    assert response.context["continue_card"].id == open_one.pk
    assert [card.id for card in response.context["in_progress"] if card.is_expired] == [closed.pk]
    assert page.count("Within 7 days of enrolling: by 8 January 2030") == 1
    assert page.count("Unfinished, it closes on 11 Jan 2030.") == 1
    assert page.count("The time is over. Ask your manager for an extension.") == 1


def test_renewal_is_offered_and_opens_the_next_cycle(client):
    user = UserFactory()
    with time_machine.travel(datetime(2030, 1, 1, 12, tzinfo=UTC), tick=False):
        state = make_edition(certificate_validity_months=12)
        done = EnrolmentFactory(course=state, user=user, completed=True, completed_at=datetime(2029, 2, 10, tzinfo=UTC))
        later = EnrolmentFactory(course=make_edition(certificate_validity_months=36), user=user, completed=True)
        client.force_login(user)
        page = client.get("/learn/").content.decode()
        assert (page.count(f"/learn/renew/{done.pk}/"), page.count(f"/learn/renew/{later.pk}/")) == (1, 0)
        assert page.count("The certificate holds until 9 Feb 2030.") == 1
        assert client.get(f"/courses/{state.slug}/").content.decode().count(f"/learn/renew/{done.pk}/") == 1
        assert client.get(f"/learn/renew/{done.pk}/").status_code == 405
        assert client.post(f"/learn/renew/{done.pk}/").status_code == 302
        refused = client.post(f"/learn/renew/{later.pk}/", follow=True)
    assert Enrolment.objects.filter(user=user, cycle=2).count() == 1
    assert "This can be renewed from" in refused.content.decode()
    client.force_login(UserFactory())
    assert client.post(f"/learn/renew/{done.pk}/").status_code == 404


def test_show_home_continues_where_something_is_open(client):
    user, now = UserFactory(), timezone.now()
    shut = make_edition(modules=[make_module(make_lesson(text_block(), release_after_days=30))])
    waiting = EnrolmentFactory(user=user, course=shut, started=True, last_accessed_at=now)
    client.force_login(user)
    assert client.get("/learn/").context["continue_card"].id == waiting.pk
    earlier = EnrolmentFactory(user=user, started=True, last_accessed_at=now - timedelta(days=1))
    response = client.get("/learn/")
    assert response.context["continue_card"].id == earlier.pk
    assert "This lesson opens on" in response.content.decode()
