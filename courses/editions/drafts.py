"""The working copy as it would be if pending drafts were published: what an editor wants to see before a release."""

from collections.abc import Iterable
from dataclasses import dataclass

from wagtail.models import Page, Revision

from courses.editions.rows import Tree, overlay, read_contents, read_whole_tree
from courses.models.course import CoursePage, ModulePage
from courses.models.lesson import LessonPage


@dataclass(frozen=True, slots=True)
class PendingPage:
    """A page with something to publish. ``is_withdrawn``: it was published once and taken back by an editor;
    ``is_scheduled``: an approved revision waits for its hour."""

    pk: int
    title: str
    kind: str  # course, module or lesson
    is_live: bool
    is_withdrawn: bool
    is_scheduled: bool
    latest_revision_id: int | None


KINDS: tuple[tuple[str, type[Page]], ...] = (("course", CoursePage), ("module", ModulePage), ("lesson", LessonPage))


def list_pending_pages(course: CoursePage) -> list[PendingPage]:
    """Pages of the course with something to publish, in tree order. Four queries however many pages."""
    found = []
    for kind, model in KINDS:
        rows = (
            model.objects.descendant_of(course, inclusive=True)
            .filter(has_unpublished_changes=True)
            .values_list("path", "pk", "draft_title", "live", "first_published_at", "latest_revision_id")
        )
        found += [(path, kind, *rest) for path, *rest in rows]
    pks = [str(row[2]) for row in found]
    scheduled = set(
        Revision.page_revisions.filter(object_id__in=pks, approved_go_live_at__isnull=False).values_list(
            "object_id", flat=True
        )
    )
    return [
        PendingPage(pk, title, kind, live, not live and published_at is not None, str(pk) in scheduled, revision)
        for _path, kind, pk, title, live, published_at, revision in sorted(found)
    ]


def read_draft_course(course: CoursePage) -> CoursePage:
    """The course page with its own draft."""
    return course.get_latest_revision_as_object() if course.has_unpublished_changes else course


def read_draft_tree(course: CoursePage, page_ids: Iterable[int]) -> Tree:
    """The live pages of the course, and those of ``page_ids`` as their latest revisions have them. Three queries, and
    a fourth for a translation with unpublished changes."""
    drafts = set(page_ids)
    tree = read_whole_tree(course)
    contents = read_contents(row["latest_revision_id"] for row in (*tree.modules, *tree.lessons) if row["pk"] in drafts)
    modules, lessons = (
        [overlay(row, contents.get(row["latest_revision_id"])) for row in rows if row["live"] or row["pk"] in drafts]
        for rows in (tree.modules, tree.lessons)
    )
    return Tree(modules, lessons)
