"""The menu of what comes after exams: what each person may enter, and how many wait for them."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client, RequestFactory

from cms.dashboards.exams import make_exams_menu
from cms.dashboards.marking import waiting_badge
from courses.models import CataloguePage
from learners.accounts.models import User
from learners.exams.access import can_analyse, can_mark, can_regrade
from learners.exams.marking_queries import MANY
from learners.exams.models import Attempt
from tests.factories.learners import AttemptFactory, UserFactory, make_editor
from tests.learners.exams.sittings import essay, make_exam, write

pytestmark = pytest.mark.django_db
MAY = {"add_essaymark": can_mark, "add_regrade": can_regrade, "view_itemstatistics": can_analyse}
LABELS = {"add_essaymark": "Marking (1)", "view_itemstatistics": "Question analysis", "add_regrade": "Regrades"}


def menu_of(user: User) -> tuple[str, list[str]] | None:
    request = RequestFactory().get("/admin/")
    request.user = user
    item = make_exams_menu()
    if not item.is_shown(request):
        return None
    component = item.render_component(request)
    return component.label, [str(each.label) for each in component.menu_items]


def test_the_menu_shows_what_may_be_entered_and_how_many_wait(catalogue: CataloguePage) -> None:
    make_exam(essay()).sit(write())
    assert menu_of(UserFactory(admin=True)) == ("Exams (1)", ["Marking (1)", "Question analysis", "Regrades"])
    assert menu_of(make_editor()) is None
    for codename, label in LABELS.items():
        user = UserFactory()
        user.user_permissions.set(Permission.objects.filter(codename=codename))
        title = "Exams (1)" if codename == "add_essaymark" else "Exams"
        assert menu_of(user) == (title, [label])
        assert [name for name, may in MAY.items() if may(user)] == [codename]


def test_nothing_waiting_shows_no_number(catalogue: CataloguePage) -> None:
    assert menu_of(UserFactory(admin=True)) == ("Exams", ["Marking", "Question analysis", "Regrades"])


def test_the_badge_counts_no_further_than_it_shows() -> None:
    attempt = AttemptFactory(submitted_at="2026-03-01T09:00Z", state="submitted")
    names = ("enrolment_id", "edition_id", "lesson_key", "block_id", "seed", "paper", "opened_at", "submitted_at")
    facts = {name: getattr(attempt, name) for name in names}
    Attempt.objects.bulk_create(Attempt(**facts, state="submitted", number=number) for number in range(2, MANY + 5))
    assert waiting_badge(UserFactory()) == "99+"


def test_somebody_who_left_may_nothing() -> None:
    user = UserFactory(admin=True, is_active=False)
    assert [may(user) for may in MAY.values()] == [False, False, False]


def test_the_menu_is_in_the_admin(client: Client, catalogue: CataloguePage) -> None:
    client.force_login(UserFactory(admin=True))
    text = client.get("/admin/courses/").content.decode()
    assert ("/admin/marking/" in text, "/admin/question-analysis/" in text, "/admin/regrades/" in text) == (True,) * 3
