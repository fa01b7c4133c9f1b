"""Sites to start from: what Wagtail's migrations leave behind, and the whole demo."""

import io
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from wagtail.models import Collection, Locale, Page, Site

from courses.editions.queries import clear_caches
from learners.progress.queries import clear_course_maps


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The demo takes seconds to make: one process makes it for all who look at it."""
    for item in items:
        if "demo" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("demo"))


@pytest.fixture
def stock_site(db: None) -> Site:
    """What Wagtail's migrations leave behind; tests run without migrations."""
    Locale.objects.get_or_create(language_code="en")
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Root", slug="root")
    if not Collection.objects.exists():
        Collection.add_root(name="Root")
    welcome = root.add_child(instance=Page(title="Welcome to your new Wagtail site!", slug="home"))
    return Site.objects.create(hostname="localhost", port=80, root_page=welcome, is_default_site=True)


@pytest.fixture(scope="session")
def run_demo() -> Callable[[], str]:
    """Runs the command and returns what it printed."""

    def run() -> str:
        output = io.StringIO()
        call_command("demo", force=True, stdout=output)
        return output.getvalue()

    return run


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: pytest.FixtureRequest, run_demo: Callable[[], str]) -> Iterator[str]:
    """The demo, made once a file with real commits, so that everything that follows a commit has happened."""
    clear_caches()  # another file's demo had other editions under the same numbers
    clear_course_maps()
    with django_db_blocker.unblock():
        output = run_demo()
        yield output
        call_command("flush", interactive=False, verbosity=0)
