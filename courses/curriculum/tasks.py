"""Background work on copies; the rows are the truth, see ``copying``."""

from django_tasks import task


@task()
def continue_copy_later(copy_id: str) -> None:
    from courses.curriculum.copying import continue_copy

    continue_copy(copy_id)
