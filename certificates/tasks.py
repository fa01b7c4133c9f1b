"""Background work: thin, because rows are the truth and the sweeper finishes what a task did not."""

from django_tasks import task


@task()
def draw_certificate(certificate_id: int) -> None:
    from certificates.drawing import render_file

    render_file(certificate_id=certificate_id)


@task()
def issue_missing(by_id: int | None = None) -> None:
    """Until none is missing; what is left when the worker is killed is issued by the next tick."""
    from certificates.services import issue_missing_certificates

    while issue_missing_certificates(by_id=by_id):
        pass
