"""Issues certificates that a lost event left out, and draws missing PDFs."""

from typing import Any

from django.core.management.base import BaseCommand

from certificates.services import issue_missing_certificates, render_pending_files


class Command(BaseCommand):
    help = "Issue certificates for completed courses that have none yet, and draw the PDFs that are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        issued = issue_missing_certificates()
        drawn = render_pending_files()
        self.stdout.write(f"{issued} issued, {drawn} PDFs drawn.")
