"""Background work of releases: thin, because rows are the truth and the scheduler finishes what a task did not."""

from functools import partial

from django.db import transaction
from django_tasks import task


@task()
def work_on_release_plans() -> None:
    from courses.releases.running import run_due_plans

    run_due_plans()


def enqueue_release_plans() -> None:
    """Make haste once the wish is committed; the scheduler would come half a minute later."""
    transaction.on_commit(work_on_release_plans.enqueue)


@task()
def update_indexes(page_ids: list[int]) -> None:
    """What saving a page one by one does for Wagtail's search and its index of references, here for many."""
    from wagtail.models import Page, ReferenceIndex
    from wagtail.search import index

    for page in Page.objects.filter(pk__in=page_ids).specific().iterator(chunk_size=50):
        ReferenceIndex.create_or_update_for_object(page)
        index.insert_or_update_object(page)


def enqueue_index_updates(page_ids: list[int]) -> None:
    if page_ids:
        transaction.on_commit(partial(update_indexes.enqueue, page_ids))
