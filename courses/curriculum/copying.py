"""Copies a course or lesson as drafts that share nothing with the original: at once if small, else page by page in the
background under a lease."""

import copy
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.actions.copy_page import CopyPageAction
from wagtail.blocks import StreamValue
from wagtail.models import Page

from courses.blocks.ids import renew_ids
from courses.curriculum.remapping import remap_links, remap_required
from courses.curriculum.tasks import continue_copy_later
from courses.models.copies import TreeCopy
from courses.models.gates import GatedPage
from courses.models.lesson import LessonPage

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 30
BATCH = 10
LEASE = timedelta(minutes=3)
# A copy is a page of its own: what the editor, the clock and the lock said of the original does not hold for it.
FRESH = {"go_live_at": None, "expire_at": None, "locked": False, "locked_by": None, "locked_at": None}


class CopyFailedError(Exception):
    """Original or copy were deleted meanwhile; the message says which."""


def copy_page(page: Page, parent: Page, *, user: Any, title: str = "", **fields: Any) -> Page:
    """One page as a draft, from its latest draft, with a translation key and block, question and choice ids of its own.

    Ids are renewed because attempts at a quiz count by enrolment and block id, and question analysis by question id:
    two lessons of a course made from one template would otherwise share their attempts. The caller has checked who may.
    """
    draft = page.specific.get_latest_revision_as_object()
    changes: dict[str, Any] = {**FRESH, **fields}
    if title:
        changes |= {"title": title, "slug": find_free_slug(title, parent)}
    changes["draft_title"] = title or draft.title
    if isinstance(draft, LessonPage):
        stream = draft.body.stream_block
        raw = renew_ids(stream, copy.deepcopy(list(draft.body.get_prep_value())))
        changes["body"] = StreamValue(stream, raw, is_lazy=True)
    action = CopyPageAction(draft, to=parent, update_attrs=changes, copy_revisions=False, keep_live=False, user=user)
    return action.execute(skip_permission_checks=True)


def copy_lesson(lesson: LessonPage, parent: Page, *, user: Any, title: str = "") -> LessonPage:
    """A lesson alone: the lessons that the original waits for, and the file it came from, stay behind."""
    return copy_page(lesson, parent, user=user, title=title, requires=[], source="")


def find_free_slug(title: str, parent: Page) -> str:
    base = slugify(title, allow_unicode=True)[:240] or "page"
    slug, number = base, 1
    while not Page._slug_is_available(slug, parent):
        number += 1
        slug = f"{base}-{number}"
    return slug


@transaction.atomic
def request_copy(source: Page, parent: Page, *, title: str, user: Any) -> TreeCopy:
    """The copy of a whole tree: whole when this returns, or in the making if it has more than ``MOST_AT_ONCE`` pages.

    The caller has checked who may.
    """
    now = timezone.now()
    total = source.get_descendants(inclusive=True).count()
    row = TreeCopy.objects.create(
        source=source.pk, parent=parent.pk, title=title, requested_by=user, total=total, created_at=now
    )
    if total > MOST_AT_ONCE:
        transaction.on_commit(lambda: continue_copy_later.enqueue(str(row.pk)))
        return row
    while _copy_batch(row):
        pass
    _finish(row)
    return row


def continue_copy(copy_id: Any) -> bool:
    """Go on with a copy until it is whole; whether this call finished it. Safe at any time and from many workers.

    Each batch is one transaction that renews the lease, so that a killed worker loses one batch and nothing twice.
    """
    pending = TreeCopy.objects.filter(pk=copy_id, finished_at=None, failed_at=None)
    until = timezone.now() + LEASE
    if not pending.filter(_is_free()).update(claimed_until=until):
        return False
    try:
        while (until := _step(copy_id, until)) is not None:
            pass
    except Exception as error:
        logger.exception("Copy %s failed.", copy_id)
        reason = str(error) if isinstance(error, CopyFailedError) else f"{type(error).__name__}: {error}"
        pending.update(failed_at=timezone.now(), last_error=reason[:2000], claimed_until=None)
        return False
    return TreeCopy.objects.filter(pk=copy_id, finished_at__isnull=False).exists()


def continue_copies(limit: int = 5) -> int:
    """Finish what no task has finished, after its worker was killed for example; how many."""
    due = TreeCopy.objects.filter(_is_free(), finished_at=None, failed_at=None).order_by("created_at")
    return sum(continue_copy(pk) for pk in list(due.values_list("pk", flat=True)[:limit]))


def _is_free() -> Q:
    return Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())


@transaction.atomic
def _step(copy_id: Any, until: Any) -> Any:
    """One batch; the new end of the lease, ``None`` when there is nothing more to do or the lease was lost."""
    row = TreeCopy.objects.select_for_update().filter(pk=copy_id, claimed_until=until, finished_at=None).first()
    if row is None:
        return None
    row.claimed_until = timezone.now() + LEASE
    if _copy_batch(row):
        row.save(update_fields=["claimed_until"])
        return row.claimed_until
    _finish(row)
    return None


def _copy_batch(row: TreeCopy) -> bool:
    """Copy the next pages, parents before children; whether there were any."""
    source = Page.objects.filter(pk=row.source).first()
    if source is None:
        raise CopyFailedError(_("The original was deleted."))
    copied = {int(pk): copy_pk for pk, copy_pk in row.pages.items()}
    waiting = source.get_descendants(inclusive=True).exclude(pk__in=copied).order_by("path")[:BATCH]
    by_path = dict(source.get_descendants(inclusive=True).values_list("path", "pk"))
    for page in waiting:
        is_first = page.pk == source.pk
        parent_pk = row.parent if is_first else copied.get(by_path[page.path[: -Page.steplen]])
        parent = Page.objects.filter(pk=parent_pk).first()
        if parent is None:
            raise CopyFailedError(_("The page it was to be put in, or a part of the copy, was deleted."))
        made = copy_page(page, parent.specific, user=row.requested_by, title=row.title if is_first else "")
        copied[page.pk] = made.pk
    row.pages = {str(pk): copy_pk for pk, copy_pk in copied.items()}
    row.save(update_fields=["pages"])
    return bool(waiting)


def _finish(row: TreeCopy) -> None:
    copied = {int(pk): copy_pk for pk, copy_pk in row.pages.items()}
    for page in Page.objects.filter(pk__in=copied.values()).specific().order_by("path"):
        _point_at_copies(page, copied, row.requested_by)
    row.finished_at, row.claimed_until = timezone.now(), None
    row.save(update_fields=["finished_at", "claimed_until"])


def _point_at_copies(page: Any, copied: Mapping[int, int], user: Any) -> None:
    """Gates and links between pages of the tree; courses that a course requires stay. Again changes nothing."""
    draft = page.get_latest_revision_as_object()
    remapped = {}
    if isinstance(draft, LessonPage):
        remapped["body"] = remap_links(list(draft.body.get_prep_value()), copied)
    if isinstance(draft, GatedPage):
        remapped["requires"] = remap_required(draft.requires.get_prep_value(), copied)
    changed = {name: raw for name, raw in remapped.items() if raw != list(getattr(draft, name).get_prep_value())}
    for name, raw in changed.items():
        setattr(draft, name, StreamValue(getattr(draft, name).stream_block, raw, is_lazy=True))
    if changed:
        draft.save_revision(user=user, changed=False, clean=False)
