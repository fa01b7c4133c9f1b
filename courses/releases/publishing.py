"""Publishing the pages of one course together: the few ways out of the ordinary one by one, the rest in bulk.

Wagtail's own action costs some fifty queries a page. Here a page costs a share of a few statements and still gets what
the action gives it: the gate, the revision put live, the audit log, cancelled workflows, the signals.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.models import Comment, Page, PageLogEntry, Revision, WorkflowState
from wagtail.signals import page_published, published

from courses.models.course import CoursePage, ModulePage
from courses.models.lesson import LessonPage
from courses.publishing import PublishProblem, PublishRefusedError, find_publish_errors
from courses.releases.tasks import enqueue_index_updates

BATCH = 50
# What belongs to the page and not to a revision of it; see Page.with_content_json.
_KEPT = frozenset(
    {
        "id", "page_ptr", "path", "depth", "numchild", "translation_key", "locale", "content_type", "alias_of",
        "owner", "locked", "locked_at", "locked_by", "slug", "url_path", "draft_title", "live", "expired",
        "has_unpublished_changes", "latest_revision", "latest_revision_created_at", "live_revision",
        "first_published_at", "last_published_at",
    }
)  # fmt: skip
_STAMPED = ("live", "has_unpublished_changes", "expired", "live_revision", "first_published_at", "last_published_at")

Progress = Callable[[int], None]


@dataclass
class Prepared:
    """Pages as they will be. ``alone`` go Wagtail's way: the course, a changed address, aliases, comments,
    and a draft with an hour of its own, which is scheduled for it."""

    alone: list[Revision] = field(default_factory=list)
    bulk: list[tuple[Page, Revision]] = field(default_factory=list)
    renamed: dict[int, str] = field(default_factory=dict)  # page -> its title until now

    @property
    def total(self) -> int:
        return len(self.alone) + len(self.bulk)


def prepare_pages(revisions: Mapping[int, int], *, report: Progress = lambda done: None) -> Prepared:
    """Read the pages with these revisions (by page) and let each through the gate. Writes nothing.

    ``report`` is told after every batch how many pages have been looked at. Pages that are gone or live with this very
    revision are left out. Raises ``PublishRefusedError`` for the first page with errors.
    """
    rows = Revision.objects.filter(pk__in=revisions.values()).order_by("pk")
    by_page = {int(row.object_id): row for row in rows}
    special = _find_special(by_page)
    prepared, looked_at = Prepared(), 0
    for page in _load_pages(by_page):
        revision = by_page[page.pk]
        content = revision.content
        if page.live and page.live_revision_id == revision.pk:
            continue
        is_special = page.pk in special or isinstance(page, CoursePage)
        if is_special or content.get("slug") != page.slug or content.get("go_live_at"):
            _refuse_errors(page.with_content_json(content))
            prepared.alone.append(revision)
        else:
            if content["title"] != page.title:
                prepared.renamed[page.pk] = page.title
            _overlay(page, content)
            _refuse_errors(page)
            prepared.bulk.append((page, revision))
        looked_at += 1
        if looked_at % BATCH == 0:
            report(looked_at)
    return prepared


def publish_prepared(prepared: Prepared, *, user: Any) -> int:
    """Publish them all, parents before children; how many. The caller holds the transaction.

    A fixed number of statements for each ``BATCH`` pages. Who publishes was asked before.
    """
    for revision in prepared.alone:
        revision.publish(user=user, skip_permission_checks=True)
    now = timezone.now()
    for model in (ModulePage, LessonPage):
        pages = [(page, revision) for page, revision in prepared.bulk if type(page) is model]
        for page, revision in pages:
            _stamp(page, revision, now)
        names = [field.name for field in _content_fields(model)] + list(_STAMPED)
        model.objects.bulk_update([page for page, _revision in pages], names, batch_size=BATCH)
    _settle_revisions(prepared.bulk)
    _write_log(prepared, user, now)
    _cancel_workflows(prepared.bulk, user)
    for page, revision in prepared.bulk:
        page_published.send(sender=type(page), instance=page, revision=revision)
        published.send(sender=type(page), instance=page, revision=revision)
    enqueue_index_updates([page.pk for page, _revision in prepared.bulk])
    return prepared.total


def find_problems_of_drafts(revisions: Mapping[int, int]) -> list[tuple[Page, list[PublishProblem]]]:
    """Every page whose revision would be refused, with what is wrong."""
    by_page = {int(row.object_id): row for row in Revision.objects.filter(pk__in=revisions.values())}
    found = []
    for page in _load_pages(by_page):
        content = by_page[page.pk].content
        draft = page.with_content_json(content) if isinstance(page, CoursePage) else _overlay(page, content)
        if problems := find_publish_errors(draft):
            found.append((draft, problems))
    return found


def _load_pages(by_page: Iterable[int]) -> list[Page]:
    wanted = list(by_page)
    models: tuple[type[Page], ...] = (CoursePage, ModulePage, LessonPage)
    return [page for model in models for page in model._default_manager.filter(pk__in=wanted).order_by("path")]


def _find_special(pages: Iterable[int]) -> set[int]:
    """Pages with aliases, which follow them, and those with comments, whose places move with the revision."""
    wanted = list(pages)
    aliased = set(Page.objects.filter(alias_of__in=wanted).values_list("alias_of_id", flat=True))
    commented = Comment.objects.filter(page__in=wanted).values_list("page_id", flat=True)
    return aliased | set(commented)


def _content_fields(model: type[Page]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.name not in _KEPT]


def _overlay(page: Page, content: Mapping[str, Any]) -> Page:
    for each in _content_fields(type(page)):
        if each.name in content:
            setattr(page, each.attname, each.to_python(content[each.name]))
    return page


def _refuse_errors(page: Page) -> None:
    if problems := find_publish_errors(page):
        raise PublishRefusedError(page, problems)


def _stamp(page: Page, revision: Revision, now: Any) -> None:
    page.live, page.expired = True, False
    page.has_unpublished_changes = page.latest_revision_id != revision.pk
    page.live_revision = revision
    page.first_published_at = page.first_published_at or now
    page.last_published_at = now


def _settle_revisions(pages: list[tuple[Page, Revision]]) -> None:
    """What had been approved for a later hour is overtaken."""
    keys = [str(page.pk) for page, _revision in pages]
    Revision.page_revisions.filter(object_id__in=keys, approved_go_live_at__isnull=False).update(
        approved_go_live_at=None
    )


def _write_log(prepared: Prepared, user: Any, now: Any) -> None:
    entries = []
    for page, revision in prepared.bulk:
        facts = {
            "content_type": ContentType.objects.get_for_model(page, for_concrete_model=False),
            "label": page.get_admin_display_title(),
            "timestamp": now,
            "user": user,
            "page": page,
            "revision": revision,
            "uuid": uuid.uuid4(),
        }
        old = prepared.renamed.get(page.pk)
        data = {"title": {"old": old, "new": page.title}} if old is not None else {}
        if data:
            entries.append(PageLogEntry(action="wagtail.rename", data=data, **facts))
        entries.append(PageLogEntry(action="wagtail.publish", data=data, content_changed=True, **facts))
    PageLogEntry.objects.bulk_create(entries, batch_size=500)


def _cancel_workflows(pages: list[tuple[Page, Revision]], user: Any) -> None:
    keys = [str(page.pk) for page, _revision in pages]
    base = ContentType.objects.get_for_model(Page)
    for state in WorkflowState.objects.active().filter(base_content_type=base, object_id__in=keys):
        state.cancel(user=user)
