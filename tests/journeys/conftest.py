"""A real browser against a real server: the demo site on a database file, with pictures of what went wrong."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright
from wagtail.models import Site

from cms.demonstration import make_demo
from courses.editions.queries import clear_caches
from learners.accounts.models import User

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
]
WIDE = {"width": 1280, "height": 800}
# Machines that test several things at once are slow now and then.
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)
KNOWN_COMPLAINTS = (
    "Failed to load resource",  # every 404, wanted or not, and every address outside
    "handsontable.com/i18n",  # the table editor has no texts for plain English and takes American ones
)

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser on a busy machine now and then misses a click: a journey may be walked again, which the report shows.

    The tests of one file share a server and a browser, so one process walks them all. They come before everything
    else, because much of them is waiting, and the longest, which waits for a film, comes first.
    """
    for item in items:
        if "journey" in item.keywords:
            item.add_marker(pytest.mark.flaky(reruns=2))
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    items.sort(key=lambda item: ("test_main_journey" not in item.nodeid, "journey" not in item.keywords))


# --- The site -------------------------------------------------------------------------------------------------------


class Database:
    """Puts a database file in the place of the one in memory, which the threads of a server cannot share."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> "Database":
        self._connection, self._settings = connections["default"], connections.settings["default"]
        connections.settings["default"] = {**self._settings, "NAME": str(self.path)}
        del connections["default"]
        _forget()
        return self

    def __exit__(self, *exception: object) -> None:
        connections["default"].close()
        connections.settings["default"] = self._settings
        connections["default"] = self._connection
        _forget()


def _forget() -> None:
    """What processes remember of a database is wrong for the next one."""
    clear_caches()
    cache.clear()
    ContentType.objects.clear_cache()
    Site.clear_site_root_paths_cache()


@pytest.fixture(scope="session")
def demo_database(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo site, made once a process and never touched again. ``django_db_setup`` switches migrations off."""
    if connection.vendor != "sqlite":
        pytest.skip("journeys run once, on SQLite")
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), Database(folder / "making.sqlite3"):
        call_command("migrate", run_syncdb=True, verbosity=0)
        make_demo()
        with closing(sqlite3.connect(folder / "demo.sqlite3")) as copy:
            connection.connection.backup(copy)
    return folder / "demo.sqlite3"


@pytest.fixture(scope="module")
def site(demo_database: Path, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with a fresh demo; tests of one file share it, so each brings people of its own."""
    path = tmp_path_factory.mktemp("site") / "site.sqlite3"
    shutil.copy(demo_database, path)
    # Playwright keeps an event loop running in this thread, which Django takes for asynchronous code.
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with patch.context(), django_db_blocker.unblock(), Database(path):
        server = LiveServerThread("127.0.0.1", static_handler=StaticFilesHandler)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        yield f"http://127.0.0.1:{server.port}"
        server.terminate()
    patch.undo()


# --- The browser ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser(site: str) -> Iterator[Browser]:
    """Ends with the module: other tests must not meet Playwright's event loop."""
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        pytest.fail(
            "No Chromium on the PATH. Install it: apt-get install chromium (make test does, as root on Debian)."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()
        # While Playwright's loop runs, Django keeps this thread's connections in a place of their own.
        connections["default"].close()
        del connections["default"]


class Journey:
    """The contexts one test has opened, and what went wrong in them."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser, self.site = browser, site
        self.pages: list[Page] = []
        self.complaints: list[str] = []

    def open(self, email: str = "", **options: Any) -> Page:
        """A page in a context of its own, signed in as ``email`` if given; options as of ``Browser.new_context``."""
        context = self.browser.new_context(base_url=self.site, **({"viewport": WIDE} | options))
        context.set_default_timeout(PATIENCE_MS)
        context.route(lambda address: not address.startswith(self.site), _stay_inside)
        if email:
            self.sign_in(context, email)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._note(page, message.type, message.text))
        page.on("response", lambda response: self._note_failure(page, response.status, response.url))
        self.pages.append(page)
        return page

    def sign_in(self, context: BrowserContext, email: str) -> None:
        client = Client()
        client.force_login(User.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend")
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.site}])

    def _note(self, page: Page, kind: str, text: str) -> None:
        if kind == "error" and not any(known in text for known in KNOWN_COMPLAINTS):
            self.complaints.append(f"{page.url}: {text}")

    def _note_failure(self, page: Page, status: int, url: str) -> None:
        if status >= 500:
            self.complaints.append(f"{page.url}: {status} from {url}")

    def close(self) -> None:
        for page in self.pages:
            page.context.close()


def _stay_inside(route: Route) -> None:
    """Nothing outside is needed; an empty frame stands for YouTube."""
    if route.request.resource_type == "document":
        route.fulfill(body="<!doctype html><html lang='en'><title>Outside</title>", content_type="text/html")
    else:
        route.abort()


@pytest.fixture
def journey(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Journey]:
    """Fails the test if any page had a script error, a policy violation or a server error."""
    journey = Journey(browser, site)
    yield journey
    if getattr(request.node, "has_failed", False):
        _keep_evidence(journey, request.node.name, Path(request.config.rootpath) / "test-artifacts")
    journey.close()
    assert journey.complaints == []


@pytest.fixture
def open_page(journey: Journey) -> OpenPage:
    return journey.open


# --- What went wrong ------------------------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.when == "call":
        item.has_failed = report.failed  # type: ignore[attr-defined]
    return report


def _keep_evidence(journey: Journey, name: str, folder: Path) -> None:
    """A picture and the HTML of every page that was open."""
    folder.mkdir(exist_ok=True)
    stem = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
    for number, page in enumerate(journey.pages, start=1):
        if not page.is_closed():
            page.screenshot(path=folder / f"{stem}-{number}.png", full_page=True)
            (folder / f"{stem}-{number}.html").write_text(f"<!-- {page.url} -->\n{page.content()}")
