"""What checks have to know of the rest: the files, pages and lessons a page refers to, in a few queries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields

from wagtail.models import Page

from courses.blocks.base import Raw, text_of
from courses.blocks.lesson import LessonBody
from courses.blocks.refs import Refs
from courses.blocks.text import rich_text_references
from courses.editions.compiler import load_refs
from courses.models.catalogue import CataloguePage
from courses.models.lesson import LessonPage
from courses.quality.copies import Copy
from courses.quality.prose import list_site_links

CATALOGUE_PATH = "/courses/"
WORDS = ("text", "source", "transcript")


@dataclass(frozen=True)
class LinkedPage:
    title: str
    is_live: bool


@dataclass(frozen=True)
class RecordingRefs(Refs):
    """Notes the relative links that lead nowhere while a block is rendered."""

    dead_links: list[str] = field(default_factory=list)

    def resolve_link(self, href: str) -> str | None:
        found = super().resolve_link(href)
        if found is None and href and ":" not in href.split("/")[0]:
            self.dead_links.append(href)
        return found


@dataclass(frozen=True)
class Surroundings:
    """``pages`` are linked pages by primary key, ``site_paths`` by those of the linked paths that lead to one."""

    language: str = "en"
    refs: Refs = field(default_factory=Refs)
    pages: Mapping[int, LinkedPage] = field(default_factory=dict)
    site_paths: Mapping[str, LinkedPage] = field(default_factory=dict)

    def refs_of(self, source: str) -> RecordingRefs:
        """For one block of the lesson imported from ``source``."""
        known = {each.name: getattr(self.refs, each.name) for each in fields(Refs)}
        return RecordingRefs(**known | {"source": source})


def read_surroundings(copies: Iterable[Copy], language: str, course_path: str) -> Surroundings:
    """For these copies of pages of one course. Nine queries at most, fewer where nothing is referred to."""
    copies = list(copies)
    lessons = [copy for copy in copies if copy.kind == "lesson"]
    body = LessonBody()
    wanted = {reference for lesson in lessons for reference in body.references(lesson.body)}
    wanted |= {reference for copy in copies for reference in rich_text_references(copy.description)}
    page_ids = {pk for kind, pk in wanted if kind == "page"}
    sources = _read_sources(course_path) if any(lesson.source for lesson in lessons) else {}
    refs = load_refs((reference for reference in wanted if reference[0] != "page"), sources)
    rows = Page.objects.filter(pk__in=page_ids).values_list("pk", "title", "live") if page_ids else ()
    pages = {pk: LinkedPage(title, is_live) for pk, title, is_live in rows}
    return Surroundings(language, refs, pages, _find_site_paths(lessons))


def list_written_paths(value: Raw) -> Iterator[str]:
    """The addresses below the catalogue that the words of a block link to."""
    for name in WORDS:
        yield from list_site_links(text_of(value, name))


def _read_sources(course_path: str) -> dict[str, str]:
    """By where a lesson was imported from, the path it will have; drafts as well, so that links among them count."""
    lessons = LessonPage.objects.filter(path__startswith=course_path).exclude(source="")
    return {lesson.source: lesson.study_path for lesson in lessons.only("url_path", "source").defer("body")}


def _find_site_paths(lessons: Iterable[Copy]) -> dict[str, LinkedPage]:
    """Two queries, none where no words name such a path."""
    named = {path for lesson in lessons for item in lesson.body for path in list_written_paths(item["value"])}
    root = CataloguePage.objects.values_list("url_path", flat=True).first() if named else None
    if root is None:
        return {}
    urls = [root + path.removeprefix(CATALOGUE_PATH) for path in named]
    rows = Page.objects.filter(url_path__in=urls).values_list("url_path", "title", "live")
    return {CATALOGUE_PATH + url.removeprefix(root): LinkedPage(title, is_live) for url, title, is_live in rows}
