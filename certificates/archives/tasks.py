"""Background work on archives; the rows are the truth, see ``services``."""

from django_tasks import task


@task()
def put_together(archive_id: str) -> None:
    from certificates.archives.services import build_archive

    build_archive(archive_id=archive_id)
