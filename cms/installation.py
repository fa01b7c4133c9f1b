"""What every installation needs before the first page is written: locale, home page, catalogue, site, roles, cache."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection, transaction
from wagtail.models import Collection, Locale, Page, Revision, Site, Workflow

from certificates.roles import ensure_design_roles
from cms.models import HomePage
from courses.curriculum.templates import ensure_shelf
from courses.languages import list_content_languages
from courses.models import CataloguePage
from courses.roles import EDITORS, REVIEWERS, WORKFLOW, ensure_roles

HEADING = "Learn something you can use tomorrow"
INTRODUCTION = "<p>Short, practical courses, made by people who do the work.</p>"
STOCK_TITLE = "Welcome to your new Wagtail site!"
STOCK_HOSTNAME = "localhost"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that set-up looked after, and whether it had to make it."""

    name: str
    is_new: bool

    def __str__(self) -> str:
        return f"{self.name}: {'made' if self.is_new else 'already there'}"


def set_up() -> list[Step]:
    """Make what is missing and leave everything else as it is; running it again changes nothing.

    Needs a migrated database. All or nothing, except the cache table.
    """
    # First: saving pages already clears cached facts.
    cache_steps = _ensure_cache_tables()
    with transaction.atomic():
        locale, is_new_locale = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
        _ensure_roots(locale)
        home, is_new_home = _ensure_home()
        site_step = _ensure_site(home)
        catalogue, is_new_catalogue = _ensure_catalogue(home)
        shelf, is_new_shelf = ensure_shelf(catalogue)
        translated, language_steps = _ensure_languages(home, catalogue)
        has_workflow = Workflow.objects.filter(name=WORKFLOW).exists()
        ensure_roles(catalogue, *translated)
        _ensure_exam_permissions()
        ensure_design_roles()
    return [
        Step(f"Language “{locale.language_code}”", is_new_locale),
        Step("Home page", is_new_home),
        site_step,
        Step(f"Catalogue “{catalogue.title}”", is_new_catalogue),
        Step(f"Section “{shelf.title}”", is_new_shelf),
        *language_steps,
        Step("Editors, reviewers and their workflow", not has_workflow),
        *cache_steps,
    ]


def _ensure_roots(locale: Locale) -> None:
    """Wagtail's migrations make both roots; a database made without migrations has none."""
    if Page.get_first_root_node() is None:
        Page.add_root(title="Root", slug="root", locale=locale)
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")


def _ensure_home() -> tuple[Page, bool]:
    """The page that ``/`` shows: an existing one if anybody made one, else ours in place of Wagtail's welcome page."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is not None and not _is_untouched_welcome(site.root_page):
        return site.root_page.specific, False
    welcome = site.root_page if site is not None else _find_welcome()
    existing = HomePage.objects.order_by("path").first()
    home = existing or _add_home()
    if site is not None:
        site.root_page = home
        site.save()
    if welcome is not None:
        welcome.delete()
    if existing is None:
        home.slug = "home"
        home.save()
    return home, existing is None


def _add_home() -> HomePage:
    # The welcome page holds the slug "home" and the site until both have been handed over.
    home = HomePage(title="Home", slug="coursewright-home", heading=HEADING, introduction=INTRODUCTION)
    return Page.get_first_root_node().add_child(instance=home)


def _find_welcome() -> Page | None:
    for page in Page.get_first_root_node().get_children():
        if _is_untouched_welcome(page):
            return page
    return None


def _is_untouched_welcome(page: Page) -> bool:
    """Whether this is the page that Wagtail's first migration makes, never edited and without pages below it."""
    return (
        page.title == STOCK_TITLE
        and page.specific_class is Page
        and page.is_leaf()
        and not Revision.page_revisions.filter(object_id=str(page.pk)).exists()
    )


def _ensure_site(home: Page) -> Step:
    """The default site at the address of the settings; one that an administrator made or changed is left alone."""
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True, root_page=home)
    is_stock = site.hostname == STOCK_HOSTNAME and not site.site_name
    if site.pk and not (is_stock and isinstance(home, HomePage)):
        return Step(f"Site {site.hostname}:{site.port}", False)
    address = urlsplit(settings.SITE_BASE_URL)
    site.hostname = address.hostname or STOCK_HOSTNAME
    site.port = address.port or (443 if address.scheme == "https" else 80)
    site.site_name = settings.WAGTAIL_SITE_NAME
    site.save()
    return Step(f"Site {site.hostname}:{site.port}", True)


def _ensure_catalogue(home: Page) -> tuple[CataloguePage, bool]:
    existing = CataloguePage.objects.order_by("path").first()
    if existing is not None:
        return existing, False
    catalogue = CataloguePage(title="Courses", slug="courses", show_in_menus=True)
    home.add_child(instance=catalogue)
    return catalogue, True


def _ensure_languages(home: Page, catalogue: Page) -> tuple[list[Page], list[Step]]:
    """A home page and a catalogue in every further language, so that courses can be translated into it.

    They are published as copies: what they say is for editors to translate. Returns every translated catalogue.
    """
    catalogues, steps = [], []
    for code in list_content_languages()[1:]:
        locale, is_new = Locale.objects.get_or_create(language_code=code)
        for page in (home, catalogue):
            if page.get_translation_or_none(locale) is None:
                page.specific.copy_for_translation(locale).save_revision().publish()
                is_new = True
        catalogues.append(catalogue.get_translation(locale))
        steps.append(Step(f"Language “{code}” with its home page and catalogue", is_new))
    return catalogues, steps


def _ensure_exam_permissions() -> None:
    """Whoever may publish a key may mark, grade again and analyse; whoever writes questions sees how they work, without
    a name. More groups get these in the group editor."""
    codenames = {EDITORS: ["view_itemstatistics"], REVIEWERS: ["view_itemstatistics", "add_essaymark", "add_regrade"]}
    for name, wanted in codenames.items():
        permissions = Permission.objects.filter(content_type__app_label="learners", codename__in=wanted)
        Group.objects.get(name=name).permissions.add(*permissions)


def _ensure_cache_tables() -> list[Step]:
    """The tables of caches that live in the database; other caches need nothing."""
    steps = []
    for name, cache in settings.CACHES.items():
        if not cache["BACKEND"].endswith("DatabaseCache"):
            continue
        is_new = cache["LOCATION"] not in connection.introspection.table_names()
        if is_new:
            call_command("createcachetable", cache["LOCATION"], verbosity=0)
        steps.append(Step(f"Cache table of “{name}”", is_new))
    return steps
