"""Background work: thin, because the marks on people's rows are the truth and the scheduler sweeps them."""

from django_tasks import task


@task()
def refresh_deadlines() -> None:
    from learners.enrolments.scheduling import refresh_stale_deadlines

    refresh_stale_deadlines()
