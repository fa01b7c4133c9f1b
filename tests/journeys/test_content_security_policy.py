"""The strict policy is sent with every page and answer, and no page needs anything it forbids."""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from cms.middleware import build_policy
from courses.models import LessonPage
from tests.journeys.conftest import OpenPage
from tests.journeys.trainee_pages import PAGES, prepare_people

pytestmark = pytest.mark.journey

# Kept across loads; a violation that comes late is found when the next page is asked.
LISTEN = """document.addEventListener("securitypolicyviolation", (event) => {
  const seen = JSON.parse(sessionStorage.getItem("violations") ?? "[]");
  seen.push(`${location.pathname}: ${event.effectiveDirective} ${event.blockedURI}`);
  sessionStorage.setItem("violations", JSON.stringify(seen));
});"""


@pytest.fixture(scope="module")
def people(site: str) -> None:
    prepare_people()


def read_violations(page: Page) -> list[str]:
    return page.evaluate("JSON.parse(sessionStorage.getItem('violations') ?? '[]')")


@pytest.mark.parametrize("who", sorted({page.who for page in PAGES.values()}), ids=lambda who: who or "visitor")
def test_no_trainee_page_violates_the_strict_policy(who: str, people: None, open_page: OpenPage) -> None:
    page = open_page(who)
    page.add_init_script(LISTEN)
    policies = set()
    for trainee_page in PAGES.values():
        if trainee_page.who == who:
            policies.add(page.goto(trainee_page.find_path()).headers["content-security-policy"])
    assert (read_violations(page), policies) == ([], {build_policy(settings.CSP_SITE)})


def test_what_the_policy_forbids_is_noticed(open_page: OpenPage, journey) -> None:
    page = open_page()
    page.add_init_script(LISTEN)
    page.goto("/")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))")
    assert (read_violations(page), page.evaluate("window.ran")) == (["/: script-src-elem inline"], None)
    assert len(journey.complaints) == 1
    journey.complaints.clear()


def test_the_api_and_its_documentation_keep_to_the_strict_policy(open_page: OpenPage) -> None:
    page = open_page()
    page.add_init_script(LISTEN)
    answers = [
        page.goto("/api/v1/docs/"),
        page.request.get("/api/v1/openapi.json"),
        page.request.get("/api/v1/courses/"),
        page.request.get("/api/v1/nothing/"),
    ]
    expect(page.locator(".opblock").first).to_be_visible()
    assert [answer.status for answer in answers] == [200, 200, 200, 404]
    assert {answer.headers["content-security-policy"] for answer in answers} == {build_policy(settings.CSP_SITE)}
    assert read_violations(page) == []


def test_the_editor_works_under_its_own_policy(open_page: OpenPage) -> None:
    """Every page with scripts of the admin's own; ``journey`` fails on errors in them."""
    page = open_page("admin@example.com")
    page.add_init_script(LISTEN)
    lesson = LessonPage.objects.get(slug="open-the-call")
    answer = page.goto(f"/admin/pages/{lesson.pk}/edit/")
    assert answer.headers["content-security-policy"] == build_policy(settings.CSP_ADMIN)
    expect(page.locator(".public-DraftEditor-content").first).to_be_visible()
    page.get_by_role("button", name="Toggle preview").click()
    expect(page.frame_locator("iframe").first.get_by_role("heading", level=1)).to_have_text(lesson.title)
    for path in ("/admin/", "/admin/courses/", "/admin/images/", "/admin/media/"):
        assert page.goto(path).status == 200
    assert read_violations(page) == []
