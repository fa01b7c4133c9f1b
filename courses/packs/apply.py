"""Applies a pack: drafts, or with ``publish`` live pages and one new edition, in one transaction."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from wagtail.models import Page

from courses.editions.models import CourseState
from courses.editions.services import batch
from courses.models.course import CoursePage, ModulePage
from courses.models.lesson import LessonPage
from courses.packs.comparison import Comparison, Step, compare_pack
from courses.packs.course_fields import required_stream, set_course_fields
from courses.packs.definition import Pack, PackModule, PackPage
from courses.packs.errors import PackError
from courses.packs.media_store import store_media, stored_files
from courses.packs.ordering import find_moves
from courses.packs.page_links import find_linked, map_rich_text, rich_texts, store_links
from courses.packs.plan import Plan, describe_plan
from courses.packs.submission import check_requester, submit_pages
from courses.publishing import PublishRefusedError


@dataclass(frozen=True)
class Applied:
    """What was done. ``edition`` is the number in force afterwards; ``compile_error`` says why there is no new one,
    ``waits_for_release`` that what is published is put in force by a person."""

    plan: Plan
    course_id: int
    created: int
    updated: int
    moved: int
    published: int
    submitted: int
    deleted: int
    media_added: int
    edition: int | None
    compile_error: str
    waits_for_release: bool = False


def apply_pack(
    pack: Pack, *, user: Any = None, publish: bool = False, submit: bool = False, prune: bool = False
) -> Applied:
    """Bring the course of the pack to what the pack says; applying again changes nothing.

    Pages are found by their ids. What a page's part of the pack does not mention stays as it is, and so do pages that
    the pack lacks. Files are stored once by SHA-256. Everything happens in one transaction: a pack that is refused,
    or (with ``publish``) a lesson that may not be published, changes nothing.
    ``submit`` asks for the review of what changed, in the name of ``user``. ``prune`` deletes the pages that the pack
    lacks, at once; learners' records stay. Raises PackError.
    """
    comparison = compare_pack(pack, prune=prune)
    plan = describe_plan(comparison, prune=prune)
    if submit:
        stored = comparison.course.pages.get(pack.id)
        check_requester(user, stored.page if stored else None, comparison.course.catalogue)
    if (publish or submit) and plan.obstacles:
        word = "published" if publish else "submitted"
        raise PackError(f"this cannot be {word}, so nothing was done:\n  " + "\n  ".join(plan.obstacles))
    with batch(), stored_files() as written, transaction.atomic():
        drafts = write_drafts(pack, comparison, user, written, prune=prune)
        writer = drafts.writer
        published = writer.publish() if publish else 0
        submitted = submit_pages(writer.waiting(), drafts.course, user) if submit else 0
    state = CourseState.objects.filter(course=drafts.course).select_related("edition").first()
    return Applied(
        plan=plan,
        course_id=drafts.course.pk,
        created=writer.created,
        updated=writer.updated,
        moved=writer.moved,
        published=published,
        submitted=submitted,
        deleted=drafts.deleted,
        media_added=drafts.media_added,
        edition=state.edition.number if state and state.edition else None,
        compile_error=state.compile_error if state else "",
        waits_for_release=bool(state and state.unreleased_digest),
    )


@dataclass(frozen=True)
class Drafts:
    """What was written before anything is published or submitted."""

    writer: "_Writer"
    course: Page
    media_added: int
    deleted: int


def write_drafts(pack: Pack, comparison: Comparison, user: Any, written: Any, *, prune: bool) -> Drafts:
    """Store the files and write the pages as drafts. The caller holds the transaction; ``written`` collects the files,
    so that they go when it is undone."""
    media_added = store_media(pack, comparison.library, user, written)
    writer = _Writer(compare_pack(pack, prune=prune) if media_added else comparison, user)
    course = writer.write()
    return Drafts(writer, course, media_added, writer.prune() if prune else 0)


class _Writer:
    """Writes the steps of a comparison, parents before children."""

    def __init__(self, comparison: Comparison, user: Any):
        self._comparison = comparison
        self._user = user
        self._steps = {step.source.id: step for step in comparison.steps}
        self._keys: dict[str, int] = {}  # pack id -> page primary key
        self._before = {row.key for row in comparison.course.rows}
        self._children = self._load_children()
        self.created = self.updated = self.moved = 0

    def _load_children(self) -> dict[int, list[int]]:
        """The children of every page below the course, in order, as they were before anything was written."""
        paths = {row.path: row.pk for row in self._comparison.course.rows}
        children: dict[int, list[int]] = {}
        for row in self._comparison.course.rows:
            if (parent := paths.get(row.path[: -Page.steplen])) is not None:
                children.setdefault(parent, []).append(row.pk)
        return children

    def write(self) -> Page:
        pack = self._comparison.pack
        course = self._write(pack, lambda: self._comparison.course.catalogue, CoursePage)
        for module in pack.modules:
            self._write_module(module, course.pk)
        self._arrange(course.pk, [module.id for module in pack.modules])
        for module in pack.modules:
            self._arrange(self._keys[module.id], [lesson.id for lesson in module.lessons])
        self._write_references()
        return course

    def _write_module(self, module: PackModule, course_pk: int) -> None:
        page = self._write(module, lambda: CoursePage.objects.get(pk=course_pk), ModulePage)
        for lesson in module.lessons:
            stored = self._steps[lesson.id].stored
            if stored and stored.page.pk not in self._children.get(page.pk, ()):
                self._move(stored.page.pk, ModulePage.objects.get(pk=page.pk), "last-child")
            self._write(lesson, lambda: ModulePage.objects.get(pk=page.pk), LessonPage)

    def _write(self, source: PackPage, get_parent: Callable[[], Page], model: type[Page]) -> Page:
        """The parent is fetched when it is needed: treebeard trusts the path and numchild of the object in hand."""
        step = self._steps[source.id]
        with _explaining(source):
            if step.stored is None:
                page = self._create(step, get_parent(), model)
                self.created += 1
            else:
                page = step.stored.page
                if step.action == "update":
                    self._update(step, page)
                    self.updated += 1
        self._keys[source.id] = page.pk
        return page

    def _create(self, step: Step, parent: Page, model: type[Page]) -> Page:
        page = model(
            translation_key=step.source.id,
            locale=self._comparison.course.locale,
            live=False,
            has_unpublished_changes=True,
            owner=self._user,
        )
        self._set_fields(step, page)
        page.draft_title = page.title
        parent.add_child(instance=page)
        # add_child has cleaned the page already.
        page.save_revision(user=self._user, log_action=True, clean=False)
        return page

    def _update(self, step: Step, page: Page) -> None:
        draft = page.get_latest_revision_as_object()
        self._set_fields(step, draft)
        draft.save_revision(user=self._user, log_action=True)

    def _set_fields(self, step: Step, page: Page) -> None:
        self._set_rich_text(step, page)
        names = step.values.keys() - {"requires", "body", "description"}
        values = {name: step.values[name] for name in step.values if name in names}
        if isinstance(page, CoursePage):
            set_course_fields(page, step.source.id, values, self._comparison)
            return
        for name, value in values.items():
            setattr(page, name, value)

    def _set_rich_text(self, step: Step, page: Page) -> None:
        """What may link to other pages; links to those that have no page yet wait for ``_write_references``."""
        keys = self._known
        if "body" in step.values:
            page.body = json.dumps(map_rich_text(step.values["body"], lambda html: store_links(html, keys)))
        if "description" in step.values:
            page.description = store_links(step.values["description"], keys)

    @property
    def _known(self) -> dict[str, int]:
        return {row.key: row.pk for row in self._comparison.course.rows} | self._keys

    def _write_references(self) -> None:
        """Last, because a lesson may wait for one further down, or link to it, which had no page until now."""
        for step in self._comparison.steps:
            is_news = bool(step.values.get("requires")) if step.stored is None else "requires" in step.changes
            is_linked = step.action != "unchanged" and bool(_linked(step) - self._before)
            if not is_news and not is_linked:
                continue
            with _explaining(step.source):
                draft = Page.objects.get(pk=self._keys[step.source.id]).get_latest_revision_as_object()
                if is_news:
                    kind = "course" if step.kind == "course" else "lesson"
                    draft.requires = required_stream(step.source.id, kind, step.values["requires"], self._known)
                if is_linked:
                    self._set_rich_text(step, draft)
                draft.save_revision(user=self._user, log_action=True)

    def _arrange(self, parent_pk: int, ids: list[str]) -> None:
        """Bring the pack's children of a page into the pack's order with the fewest moves."""
        wanted = [self._keys[page_id] for page_id in ids]
        before = self._children.get(parent_pk, [])
        if [pk for pk in before if pk in set(wanted)] == wanted:
            return
        current = list(
            Page.objects.child_of(Page.objects.get(pk=parent_pk)).order_by("path").values_list("pk", flat=True)
        )
        moves = find_moves(current, wanted)
        previous: int | None = None
        for page_pk in wanted:
            if page_pk in moves:
                target = Page.objects.get(pk=previous or parent_pk)
                self._move(page_pk, target, "right" if previous else "first-child")
            previous = page_pk

    def _move(self, page_pk: int, target: Page, position: str) -> None:
        page = Page.objects.get(pk=page_pk).specific
        try:
            page.move(target, pos=position)
        except ValidationError as error:
            raise PackError(f"the page “{page.title}” cannot be moved: {'; '.join(error.messages)}") from None
        self.moved += 1

    def prune(self) -> int:
        """Delete the pages that the pack lacks; what the pack moved out of them stands elsewhere by now. How many."""
        deleted: list[str] = []
        for row in self._comparison.extra_pages:
            if not any(row.path.startswith(path) for path in deleted):
                Page.objects.get(pk=row.pk).specific.delete(user=self._user, skip_permission_checks=True)
                deleted.append(row.path)
        return len(self._comparison.extra_pages)

    def waiting(self) -> list[Page]:
        """The pages of the pack that are not live or have changes, parents first."""
        waiting = Page.objects.filter(pk__in=self._keys.values()).filter(
            Q(live=False) | Q(has_unpublished_changes=True)
        )
        pages = {page.pk: page for page in waiting.select_related("latest_revision")}
        return [pages[pk] for pk in self._keys.values() if pk in pages]

    def publish(self) -> int:
        """Publish what waits. Returns how many pages that were."""
        sources = {pk: self._steps[source_id].source for source_id, pk in self._keys.items()}
        waiting = self.waiting()
        for page in waiting:
            revision = page.latest_revision or page.specific.save_revision(user=self._user)
            with _explaining(sources[page.pk]):
                revision.publish(user=self._user)
        return len(waiting)


def _linked(step: Step) -> set[str]:
    """The ids of the pages that the rich text of a page links to."""
    texts = [html for _block, html in rich_texts(step.values.get("body", []))]
    return {page_id for html in [*texts, step.values.get("description") or ""] for page_id in find_linked(html)}


@contextmanager
def _explaining(source: PackPage) -> Iterator[None]:
    """Turns what Wagtail refuses into a PackError at the page's file."""
    try:
        yield
    except ValidationError as error:
        raise PackError("; ".join(error.messages), file=source.file) from None
    except PublishRefusedError as error:
        messages = " ".join(problem.message for problem in error.problems)
        raise PackError(f"this cannot be published: {messages}", file=source.file) from None
