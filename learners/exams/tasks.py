"""Background work of exams: thin, because rows are the truth and the scheduler finishes what a task did not."""

from django.db import transaction
from django_tasks import task


@task()
def work_on_regrades() -> None:
    from learners.exams.regrading import continue_regrades

    if continue_regrades():
        work_on_regrades.enqueue()


def enqueue_regrades() -> None:
    """Make haste once the decision is committed; the scheduler would come half a minute later."""
    transaction.on_commit(work_on_regrades.enqueue)
