"""The Courses listing of the admin menu."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.dashboards.courses import make_course_buttons
from cms.dashboards.templates import make_template_buttons
from courses.curriculum.access import find_rights
from courses.models import CataloguePage, LessonPage
from courses.roles import EDITORS, ensure_roles
from tests.factories.learners import UserFactory
from tests.factories.pages import make_course


def test_listing_shows_courses_with_level_and_access(client: Client, catalogue: CataloguePage) -> None:
    make_course(catalogue, "Selling", level="advanced", access="paid")
    client.force_login(UserFactory(admin=True))
    page = client.get("/admin/courses/").content.decode()
    assert "Selling" in page
    assert "Advanced" in page
    assert "Paid" in page


@pytest.mark.parametrize("who", [EDITORS, "admin"])
def test_buttons_of_courses_cost_no_queries(client: Client, catalogue: CataloguePage, who: str) -> None:
    """One more course in a listing is one more row: Wagtail's own queries grow with it, ours do not."""
    ensure_roles(catalogue)
    user = UserFactory(admin=who == "admin")
    if who != "admin":
        user.groups.add(Group.objects.get(name=who))
    page = make_course(catalogue, modules=1, lessons=1)
    lesson = LessonPage.objects.get()
    user.get_all_permissions()  # Django and Wagtail keep the permissions of a person
    find_rights(page, user)
    for each in (page, lesson):
        with CaptureQueriesContext(connection) as queries:
            buttons = [*make_course_buttons(each, user), *make_template_buttons(each, user)]
        labels = [str(button.label) for button in buttons]
        assert "Save as template" in labels
        assert [query["sql"] for query in queries] == []
