"""The learner's home."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.courses import make_edition
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
    # session, user, count, enrolments, states, outlines, completed blocks, permissions twice; certificates add one
    with django_assert_num_queries(10):
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
