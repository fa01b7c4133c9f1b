"""The course page as each kind of reader meets it."""

import pytest
from django.urls import reverse

from courses.models import CoursePage
from learners.enrolments.models import Enrolment
from tests.factories.courses import make_edition, make_lesson, make_module, text_block
from tests.factories.learners import EnrolmentFactory, UserFactory, make_editor
from tests.factories.pages import make_course

pytestmark = pytest.mark.django_db


def course_url(state):
    return reverse("course", args=[state.slug])


def test_show_course_offers_login_to_visitors(client):
    state = make_edition(lessons=2)
    response = client.get(course_url(state))
    assert response.status_code == 200
    assert response.context["access"].code == "login_required"
    assert response.context["enrol_url"] is None
    assert response.context["login_url"] == f"/accounts/login/?next=%2Fcourses%2F{state.slug}%2F"
    assert [row.url for row in response.context["outline_rows"][0].lessons] == [None, None]


@pytest.mark.parametrize(
    ("access", "price"), [("enrolled", "Free"), ("paid", "Paid course"), ("invitation", "By invitation")]
)
@pytest.mark.parametrize("is_member", [False, True])
def test_show_course_never_calls_a_paid_course_free(client, access, price, is_member):
    state = make_edition(access=access)
    if is_member:
        client.force_login(UserFactory())
    page = client.get(course_url(state)).content.decode()
    assert f'<p class="enrol-price">{price}</p>' in page


def test_show_course_lets_anyone_read_an_open_course(client):
    state = make_edition(lessons=1, access="open")
    response = client.get(course_url(state))
    rows = response.context["outline_rows"][0].lessons
    assert [row.url for row in rows] == [f"/courses/{state.slug}/module-1/lesson-1/"]
    assert client.get(rows[0].url).status_code == 200


def test_show_course_offers_enrolling_to_members(client):
    state = make_edition()
    client.force_login(UserFactory())
    response = client.get(course_url(state))
    assert response.context["enrol_url"] == f"/learn/enrol/{state.slug}/"
    assert response["Cache-Control"] == "private, no-store"


def test_show_course_shows_learners_their_progress(client):
    state = make_edition(lessons=2, progression="in_order")
    enrolment = EnrolmentFactory(course=state, started=True, percent=50)
    client.force_login(enrolment.user)
    context = client.get(course_url(state)).context
    assert (context["enrolment"].percent, context["continue_url"]) == (50, f"/learn/continue/{enrolment.pk}/")
    assert [(row.is_locked, row.lock_reason) for row in context["outline_rows"][0].lessons] == [
        (False, ""),
        (True, "This lesson opens after “Lesson 1”."),
    ]


def test_show_course_hides_unpublished_courses_from_strangers(client):
    state = make_edition(access="open", is_published=False)
    assert client.get(course_url(state)).status_code == 404
    client.force_login(EnrolmentFactory(course=state).user)
    assert client.get(course_url(state)).status_code == 200
    client.force_login(make_editor())
    assert client.get(course_url(state)).status_code == 200


def test_show_course_moves_an_unfinished_learner_to_the_edition_in_force(client):
    state = make_edition(lessons=1)
    enrolment = EnrolmentFactory(course=state)
    make_edition(state=state, lessons=4)
    client.force_login(enrolment.user)
    assert client.get(course_url(state)).context["lesson_count"] == 4
    enrolment.refresh_from_db()
    assert enrolment.edition.number == 2


def test_show_course_keeps_a_finished_learner_on_the_edition_studied(client):
    state = make_edition(lessons=1)
    enrolment = EnrolmentFactory(course=state, completed=True)
    make_edition(state=state, lessons=4)
    client.force_login(enrolment.user)
    assert client.get(course_url(state)).context["lesson_count"] == 1


def test_show_course_of_no_course_is_404(client):
    assert client.get("/courses/nothing-here/").status_code == 404


def test_show_module_leads_to_its_first_lesson_or_to_the_course_page(client):
    state = make_edition(lessons=2)
    url = f"/courses/{state.slug}/module-1/"
    module_id = client.get(course_url(state)).context["outline_rows"][0].id
    assert client.get(url)["Location"] == f"/courses/{state.slug}/#module-{module_id}"
    client.force_login(EnrolmentFactory(course=state).user)
    assert client.get(url)["Location"] == f"/courses/{state.slug}/module-1/lesson-1/"
    assert client.get(f"/courses/{state.slug}/module-9/").status_code == 404


@pytest.fixture
def changed_course(catalogue):
    """Completed on its first edition by a learner; the second has a block more, and offers to study it."""
    page = make_course(catalogue, delta_training="offered")
    lesson = make_lesson(text_block(), title="Openings")
    state = make_edition(modules=[make_module(lesson)])
    CoursePage.objects.filter(pk=page.pk).update(translation_key=state.course_key)
    enrolment = EnrolmentFactory(course=state, completed=True)
    added = make_lesson(*lesson["blocks"], text_block(), title="Openings", key=lesson["id"])
    return make_edition(modules=[make_module(added)], state=state), enrolment


def test_show_course_says_what_changed_since_it_was_completed_and_opens_it(client, changed_course):
    state, enrolment = changed_course
    client.force_login(enrolment.user)
    page = client.get(course_url(state))
    assert [block.lesson_title for block in page.context["delta"].blocks] == ["Openings"]
    assert "Changed since you completed it" in page.content.decode()
    answer = client.post(f"/learn/delta/{enrolment.pk}/", follow=True)
    assert "Only what has changed is left to do." in answer.content.decode()
    cycle = Enrolment.objects.get(user=enrolment.user, cycle=2)
    assert (cycle.edition, cycle.state) == (state.edition, "in_progress")
    assert "Changed since you completed it" not in client.get(course_url(state)).content.decode()
    client.post(f"/learn/delta/{enrolment.pk}/")
    assert Enrolment.objects.filter(user=enrolment.user).count() == 2


def test_what_changed_is_nobody_elses_and_not_offered_where_the_course_says_so(client, changed_course):
    state, enrolment = changed_course
    client.force_login(UserFactory())
    assert client.get(course_url(state)).context["delta"] is None
    assert client.post(f"/learn/delta/{enrolment.pk}/").status_code == 404
    CoursePage.objects.update(delta_training="off")
    client.force_login(enrolment.user)
    assert client.get(course_url(state)).context["delta"] is None
    answer = client.post(f"/learn/delta/{enrolment.pk}/", follow=True)
    assert "does not ask anybody to study what has changed" in answer.content.decode()
    assert Enrolment.objects.count() == 1
