"""Translating a whole tree: wagtail-localize does one page, this does the pages below it in the background."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from wagtail.admin import messages
from wagtail.models import Locale, Page
from wagtail_localize.operations import translate_object

from courses.models.translations import TreeTranslation

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)


def request_translation(*, page_id: int, locales: Iterable[Locale], user_id: int | None) -> None:
    """Have every page below this one translated into drafts. Asking again while it runs changes nothing."""
    with transaction.atomic():
        for locale in locales:
            TreeTranslation.objects.get_or_create(
                page_id=page_id, locale=locale, finished_at=None, defaults={"requested_by_id": user_id}
            )
        transaction.on_commit(work_on_translations.enqueue)


@task()
def work_on_translations() -> None:
    continue_translations()


def continue_translations(most: int | None = None) -> int:
    """Work on every tree that nobody is at, on at most so many pages of each; how many pages were translated. Safe to
    run at any time, and again."""
    return sum(_translate_tree(pk, most) for pk in list(_waiting(timezone.now()).values_list("pk", flat=True)))


def refuse_alias(request: HttpRequest, page_id: int) -> HttpResponse:
    """A translation that mirrors its source is none: its learners would be left with an edition nobody can change."""
    page = get_object_or_404(Page, pk=page_id)
    messages.error(
        request,
        _("“%(title)s” stays a translation: sync it to bring it up to date, or unpublish it.") % {"title": page},
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


def _waiting(now: datetime) -> Any:
    is_free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    return TreeTranslation.objects.filter(is_free, finished_at__isnull=True)


def _translate_tree(pk: int, most: int | None) -> int:
    """One transaction a page, so that nothing done is lost when the worker is killed, and nobody waits for the lock."""
    now = timezone.now()
    if not _waiting(now).filter(pk=pk).update(claimed_until=now + LEASE):
        return 0
    job = TreeTranslation.objects.select_related("page", "locale", "requested_by").get(pk=pk)
    missing = _missing_pages(job)
    done = failed = 0
    for page in missing[:most]:
        try:
            translate_object(page.specific, [job.locale], None, job.requested_by)
            done += 1
        except Exception:
            failed += 1
            logger.exception("Page %s could not be translated into %s.", page.pk, job.locale)
        TreeTranslation.objects.filter(pk=pk).update(claimed_until=timezone.now() + LEASE)
    is_finished = done + failed == len(missing)
    TreeTranslation.objects.filter(pk=pk).update(
        finished_at=timezone.now() if is_finished else None, failed_pages=failed, claimed_until=None
    )
    return done


def _missing_pages(job: TreeTranslation) -> list[Page]:
    """The pages below it without a version in the language, parents before children. Two queries."""
    there = Page.objects.filter(locale=job.locale).values("translation_key")
    return list(
        Page.objects.descendant_of(job.page)
        .filter(alias_of__isnull=True)
        .exclude(translation_key__in=there)
        .order_by("path")
    )
