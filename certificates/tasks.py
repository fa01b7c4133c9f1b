"""Background work: thin, because rows are the truth and the sweeper finishes what a task did not."""

from django_tasks import task


@task()
def draw_certificate(certificate_id: int) -> None:
    from certificates.drawing import render_file

    render_file(certificate_id=certificate_id)
