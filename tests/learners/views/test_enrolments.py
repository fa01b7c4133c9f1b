"""Enrolling and continuing."""

import pytest

from courses.editions.models import CourseState
from learners.enrolments.models import Enrolment
from learners.progress.services import complete_lesson, touch_lesson
from tests.factories.courses import make_edition, make_lesson, make_module, text_block
from tests.factories.learners import EnrolmentFactory, UserFactory

pytestmark = pytest.mark.django_db
LATER = {"release_after_days": 30}


def test_enrol_learner_leads_into_the_first_lesson(client):
    state, user = make_edition(), UserFactory()
    client.force_login(user)
    response = client.post(f"/learn/enrol/{state.slug}/", follow=True)
    assert response.redirect_chain[-1][0] == f"/courses/{state.slug}/module-1/lesson-1/"
    client.post(f"/learn/enrol/{state.slug}/")
    assert Enrolment.objects.get().user == user


def test_enrol_learner_sends_visitors_to_log_in_and_back(client):
    state = make_edition()
    response = client.post(f"/learn/enrol/{state.slug}/")
    assert response["Location"] == f"/accounts/login/?next=/courses/{state.slug}/"
    assert Enrolment.objects.count() == 0


def test_enrol_learner_explains_a_refusal_on_the_course_page(client):
    state = make_edition(access="paid")
    client.force_login(UserFactory())
    response = client.post(f"/learn/enrol/{state.slug}/", follow=True)
    assert response.redirect_chain == [(f"/courses/{state.slug}/", 302)]
    assert "has to be bought" in response.content.decode()


def test_enrol_learner_is_a_post_with_a_token(client):
    state = make_edition()
    client.force_login(UserFactory())
    assert client.get(f"/learn/enrol/{state.slug}/").status_code == 405
    client.handler.enforce_csrf_checks = True
    assert client.post(f"/learn/enrol/{state.slug}/").status_code == 403
    assert Enrolment.objects.count() == 0


def test_enrol_learner_does_not_know_unpublished_courses(client):
    client.force_login(UserFactory())
    assert client.post(f"/learn/enrol/{make_edition(is_published=False).slug}/").status_code == 404
    assert client.post("/learn/enrol/nothing/").status_code == 404


def test_enrol_learner_says_that_a_course_is_archived(client, catalogue):
    state = make_edition()
    CourseState.objects.update(is_archived=True)
    client.force_login(UserFactory())
    response = client.post(f"/learn/enrol/{state.slug}/", follow=True)
    assert response.redirect_chain == [("/courses/", 302)]
    assert "This course is archived and takes no new enrolments." in response.content.decode()


def test_learners_of_an_archived_course_keep_its_pages_and_lose_the_renewal(client):
    state = make_edition(certificate_validity_months=1)
    enrolment = EnrolmentFactory(course=state, completed=True)
    client.force_login(enrolment.user)
    renew = f"/learn/renew/{enrolment.pk}/"
    pages = [f"/courses/{state.slug}/", f"/courses/{state.slug}/module-1/lesson-1/", "/learn/"]
    assert [renew in client.get(page).content.decode() for page in pages] == [True, False, True]
    CourseState.objects.update(is_archived=True)
    answers = [client.get(page) for page in pages]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert [renew in answer.content.decode() for answer in answers] == [False] * 3


def test_continue_course_returns_to_lesson_and_block(client):
    block = text_block()
    second = make_lesson(block, text_block(), title="Lesson 2")
    state = make_edition(modules=[make_module(make_lesson(text_block(), title="Lesson 1"), second)])
    enrolment = EnrolmentFactory(course=state, started=True, last_lesson_key=second["id"], last_block_id=block["id"])
    client.force_login(enrolment.user)
    response = client.get(f"/learn/continue/{enrolment.pk}/")
    assert response["Location"] == f"/courses/{state.slug}/module-1/lesson-2/#block-{block['id']}"


def test_continue_course_goes_on_after_a_completed_lesson(client):
    first = make_lesson(text_block(), title="Lesson 1")
    state = make_edition(modules=[make_module(first, make_lesson(text_block(), title="Lesson 2"))])
    enrolment = EnrolmentFactory(course=state)
    touch_lesson(enrolment=enrolment, lesson_key=first["id"])
    complete_lesson(user=enrolment.user, enrolment=enrolment, lesson_key=first["id"])
    client.force_login(enrolment.user)
    assert client.get(f"/learn/continue/{enrolment.pk}/")["Location"] == f"/courses/{state.slug}/module-1/lesson-2/"


def test_continue_course_survives_a_lesson_that_is_gone(client):
    state = make_edition(lessons=1)
    enrolment = EnrolmentFactory(course=state, started=True, last_lesson_key="0" * 32, last_block_id="0" * 32)
    client.force_login(enrolment.user)
    assert client.get(f"/learn/continue/{enrolment.pk}/")["Location"] == f"/courses/{state.slug}/module-1/lesson-1/"


def test_continue_course_without_lessons_leads_to_the_course_page(client):
    state = make_edition(modules=[])
    enrolment = EnrolmentFactory(course=state)
    client.force_login(enrolment.user)
    assert client.get(f"/learn/continue/{enrolment.pk}/")["Location"] == f"/courses/{state.slug}/"


def test_continue_course_leads_past_a_lesson_that_is_shut(client):
    first, shut = make_lesson(text_block(), title="Lesson 1"), make_lesson(text_block(), title="Shut", **LATER)
    state = make_edition(modules=[make_module(first, shut, make_lesson(text_block(), title="Lesson 3"))])
    enrolment = EnrolmentFactory(course=state)
    complete_lesson(user=enrolment.user, enrolment=enrolment, lesson_key=first["id"])
    client.force_login(enrolment.user)
    assert client.get(f"/learn/continue/{enrolment.pk}/")["Location"] == f"/courses/{state.slug}/module-1/lesson-3/"


def test_continue_course_says_what_opens_the_next_lesson_where_none_is_open(client):
    first, shut = make_lesson(text_block(), title="Lesson 1"), make_lesson(text_block(), title="Shut", **LATER)
    state = make_edition(modules=[make_module(first, shut)])
    enrolment = EnrolmentFactory(course=state)
    client.force_login(enrolment.user)
    response = client.post(f"/learn/lessons/{enrolment.pk}/{first['id']}/complete/", follow=True)
    assert response.redirect_chain[-1] == (f"/courses/{state.slug}/", 302)
    assert "Shut: This lesson opens on" in response.content.decode()
    assert f"/learn/continue/{enrolment.pk}/" not in response.content.decode()
    home = client.get("/learn/")
    card = home.context["continue_card"]
    assert (card.continue_label, card.next_lesson_title) == ("To the course", "Shut")
    assert card.next_lock.startswith("This lesson opens on")
    assert home.content.decode().count(card.next_lock) == 1


def test_continue_course_lets_staff_into_what_is_shut_for_others(client):
    state = make_edition(modules=[make_module(make_lesson(text_block(), title="Shut", **LATER))])
    enrolment = EnrolmentFactory(course=state, user=UserFactory(admin=True))
    client.force_login(enrolment.user)
    assert client.get(f"/learn/continue/{enrolment.pk}/")["Location"] == f"/courses/{state.slug}/module-1/shut/"


def test_continue_course_of_somebody_else_is_404(client):
    enrolment = EnrolmentFactory()
    client.force_login(UserFactory())
    assert client.get(f"/learn/continue/{enrolment.pk}/").status_code == 404
