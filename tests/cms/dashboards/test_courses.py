"""The Courses listing of the admin menu."""

from django.test import Client

from courses.models import CataloguePage
from tests.factories.learners import UserFactory
from tests.factories.pages import make_course


def test_listing_shows_courses_with_level_and_access(client: Client, catalogue: CataloguePage) -> None:
    make_course(catalogue, "Selling", level="advanced", access="paid")
    client.force_login(UserFactory(admin=True))
    page = client.get("/admin/courses/").content.decode()
    assert "Selling" in page
    assert "Advanced" in page
    assert "Paid" in page
