"""The manager's pages: theirs alone, filtered by links, and every change confirmed."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.utils import timezone

from learners.accounts.models import User
from learners.companies.models import Company, DeadlineRule
from learners.enrolments.models import DeadlineExtension, Enrolment
from learners.enrolments.services import enrol
from tests.factories.courses import make_edition
from tests.factories.learners import DeadlineRuleFactory, EnrolmentFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
LATER = timezone.localdate() + timedelta(days=60)


@pytest.fixture
def enrolment() -> Enrolment:
    learner = MembershipFactory(user__name="Lee Learner", company__name="Northwind", company__slug="northwind").user
    return enrol(user=learner, state=make_edition(title="Secret course", completion_days=7))[0]


@pytest.fixture
def manager(enrolment: Enrolment) -> User:
    return MembershipFactory(company=Company.objects.get(slug="northwind"), manager=True).user


def addresses(enrolment: Enrolment) -> list[str]:
    return [
        f"/team/people/{enrolment.user_id}/",
        f"/team/enrolments/{enrolment.pk}/extend/",
        "/team/companies/northwind/",
    ]


def test_team_asks_visitors_to_log_in(client, enrolment):
    for url in ["/team/", *addresses(enrolment)]:
        assert client.get(url)["Location"] == f"/accounts/login/?next={url}"


def test_team_shows_people_with_courses_and_numbers_that_link(client, enrolment, manager):
    client.force_login(manager)
    response = client.get("/team/")
    page = response.content.decode()
    assert [member.name for member in response.context["members"]] == ["Lee Learner"]
    assert page.count("Secret course") == 1
    for number in response.context["filters"]:
        listed = client.get(number["url"]).context["members"]
        rows = len(listed) if number["label"] == "People" else sum(len(member.enrolments) for member in listed)
        assert rows == number["count"], number["label"]
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("query", "found"), [("q=lee", 1), ("q=nobody", 0), ("status=completed", 0), ("status=nonsense&page=99&q=", 1)]
)
def test_team_is_searched_and_filtered(client, enrolment, manager, query, found):
    client.force_login(manager)
    assert len(client.get(f"/team/?{query}").context["members"]) == found


def test_team_is_paginated_and_keeps_the_search(client, manager):
    company = Company.objects.get()
    for number in range(26):
        MembershipFactory(company=company, user__name=f"Person {number:02}")
    client.force_login(manager)
    response = client.get("/team/?q=person&page=2")
    assert [member.name for member in response.context["members"]] == ["Person 25"]
    assert response.context["pagination"].previous_url == "?q=person&page=1"


@pytest.mark.parametrize("count", [1, 3])
def test_team_takes_the_same_queries_for_any_number_of_people(
    client, enrolment, manager, django_assert_num_queries, count
):
    for _number in range(count):
        person = MembershipFactory(company=Company.objects.get()).user
        EnrolmentFactory(user=person, course=make_edition(), started=True)
    client.force_login(manager)
    client.get("/team/")
    with django_assert_num_queries(14):
        client.get("/team/")


def test_a_curious_colleague_sees_nothing(client, enrolment, manager):
    elsewhere = MembershipFactory(owner=True)
    MembershipFactory(company=elsewhere.company, user__name="Own person")
    client.force_login(elsewhere.user)
    page = client.get("/team/").content.decode()
    assert (page.count("Own person"), page.count("Secret course"), page.count("Lee Learner")) == (1, 0, 0)
    rule = DeadlineRuleFactory(company=Company.objects.get(slug="northwind"))
    for user in (elsewhere.user, enrolment.user, MembershipFactory(company=rule.company).user, UserFactory()):
        client.force_login(user)
        for url in addresses(enrolment):
            assert client.get(url).status_code == 404
            assert client.post(url, {"due_on": LATER, "note": "x", "confirmed": "1"}).status_code in (404, 405)
        assert client.post("/team/companies/northwind/rules/", {"days": 1}).status_code == 404
        assert client.post(f"/team/companies/northwind/rules/{rule.pk}/remove/").status_code == 404
    assert (DeadlineExtension.objects.count(), DeadlineRule.objects.count()) == (0, 1)
    assert Company.objects.get(slug="northwind").name == "Northwind"


def test_team_does_not_exist_for_whoever_leads_none(client, enrolment):
    client.force_login(enrolment.user)
    assert client.get("/team/").status_code == 404
    assert "/team/" not in client.get("/learn/").content.decode()


def test_addresses_survive_any_number(client, manager):
    client.force_login(manager)
    for path in ("people/{}/", "enrolments/{}/extend/", "companies/{}/"):
        assert client.get("/team/" + path.format("9" * 30)).status_code == 404


def test_person_shows_why_extensions_and_certificates(client, enrolment, manager):
    client.force_login(manager)
    client.post(f"/team/enrolments/{enrolment.pk}/extend/", {"due_on": LATER, "note": "ill", "confirmed": "1"})
    page = unescape(client.get(f"/team/people/{enrolment.user_id}/").content.decode())
    assert page.count(f"Extended to {LATER.day} {LATER:%B %Y} by {manager.name}: “ill”") == 1
    assert page.count("Within 7 days of enrolling") == 1
    assert page.count("More time given") == 1
    assert page.count(f"/evidence/{enrolment.pk}/") == 1


def test_the_learner_reads_the_same_reasons(client, enrolment, manager):
    client.force_login(manager)
    client.post(f"/team/enrolments/{enrolment.pk}/extend/", {"due_on": LATER, "note": "ill", "confirmed": "1"})
    manager_sees = client.get(f"/team/people/{enrolment.user_id}/").context["enrolments"][0].due
    client.force_login(enrolment.user)
    assert client.get("/learn/").context["in_progress"][0].due == manager_sees


def test_more_time_is_given_once_confirmed(client, enrolment, manager):
    client.force_login(manager)
    url, sent = f"/team/enrolments/{enrolment.pk}/extend/", {"due_on": LATER, "note": "parental leave"}
    assert client.get(url).status_code == 200
    preview = client.post(url, sent)
    assert (preview.status_code, DeadlineExtension.objects.count()) == (200, 0)
    assert preview.content.decode().count('name="confirmed" value="1"') == 1
    for _click in range(2):
        response = client.post(url, sent | {"confirmed": "1"})
        assert response["Location"] == f"/team/people/{enrolment.user_id}/"
    assert DeadlineExtension.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"due_on": "", "note": "x"}, "due_on"),
        ({"due_on": LATER, "note": " "}, "note"),
        ({"due_on": date(2020, 1, 1), "note": "x"}, "due_on"),
        ({"due_on": "never", "note": "x"}, "due_on"),
    ],
)
def test_more_time_that_makes_no_sense_is_refused_with_a_reason(client, enrolment, manager, sent, field):
    client.force_login(manager)
    response = client.post(f"/team/enrolments/{enrolment.pk}/extend/", sent | {"confirmed": "1"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert DeadlineExtension.objects.count() == 0


def test_company_sets_and_removes_a_deadline(client, enrolment, manager, django_capture_on_commit_callbacks):
    client.force_login(manager)
    url = "/team/companies/northwind/"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url + "rules/", {"course_key": str(enrolment.course_key), "days": "3", "note": "audit"})
    enrolment.refresh_from_db()
    rule = DeadlineRule.objects.get()
    assert (rule.days, rule.note, rule.created_by, rule.course_key) == (3, "audit", manager, enrolment.course_key)
    assert enrolment.due_at < enrolment.enrolled_at + timedelta(days=4)
    assert client.get(url).content.decode().count("Within 3 days of enrolling") == 1
    client.post(f"{url}rules/{rule.pk}/remove/")
    assert DeadlineRule.objects.count() == 0


@pytest.mark.parametrize("sent", [{}, {"days": "3", "due_on": LATER}, {"days": "0"}, {"due_on": "2020-01-01"}])
def test_company_rules_that_make_no_sense_are_refused(client, manager, sent):
    client.force_login(manager)
    response = client.post("/team/companies/northwind/rules/", sent)
    assert (response.status_code, DeadlineRule.objects.count()) == (422, 0)
    assert response.context["form"].errors


def test_company_moves_to_another_time_zone(client, manager):
    client.force_login(manager)
    other = MembershipFactory(company__name="Taken").company
    for name, zone, status in (("Northwind", "Asia/Tokyo", 302), ("Northwind", "Mars", 422), (other.name, "", 422)):
        sent = {"name": name, "time_zone": zone}
        assert client.post("/team/companies/northwind/", sent).status_code == status
    assert Company.objects.get(slug="northwind").time_zone == "Asia/Tokyo"


def test_staff_who_may_change_enrolments_give_more_time(client, enrolment):
    client.force_login(UserFactory(admin=True))
    response = client.post(
        f"/team/enrolments/{enrolment.pk}/extend/", {"due_on": LATER, "note": "x", "confirmed": "1"}, follow=True
    )
    assert (response.status_code, DeadlineExtension.objects.count()) == (200, 1)
