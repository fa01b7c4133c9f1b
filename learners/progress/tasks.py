"""Background work of progress: thin, because rows are the truth and the scheduler finishes what a task did not."""

from django_tasks import task


@task()
def work_on_carry_overs() -> None:
    from learners.progress.carrying import continue_carry_overs

    if continue_carry_overs():
        work_on_carry_overs.enqueue()
