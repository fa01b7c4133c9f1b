"""Makes, rotates and lists the keys that sign certificates."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certificates.key_files import KeyFileError
from certificates.keys import get_signing_pair, report_keys, rotate_key
from certificates.models import KeyPurpose


class Command(BaseCommand):
    help = (
        "Keys of certificates. generate: make the keys that are missing. rotate: sign with a new key from now on; "
        "the old one keeps verifying. list: every key, and whether its private half is on this machine."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["generate", "rotate", "list"])
        parser.add_argument("purpose", nargs="?", choices=KeyPurpose.values, help="pdf or credential; both if left out")

    def handle(self, *args: Any, action: str, purpose: str | None, **options: Any) -> None:
        purposes = [purpose] if purpose else KeyPurpose.values
        try:
            for each in purposes:
                if action == "generate":
                    self.stdout.write(f"{each}: signing with {get_signing_pair(each).public.kid}")
                elif action == "rotate":
                    self.stdout.write(f"{each}: signing with {rotate_key(purpose=each).kid} from now on")
        except KeyFileError as error:
            raise CommandError(error.message) from None
        if action == "list":
            self._list(purposes)

    def _list(self, purposes: list[str]) -> None:
        reports = [report for report in report_keys() if report.key.purpose in purposes]
        if not reports:
            self.stdout.write("No keys yet. They are made when the first certificate is issued, or by generate.")
        for report in reports:
            retired = f"{report.key.retired_at:%Y-%m-%d %H:%M}" if report.key.retired_at else "in use"
            self.stdout.write(f"{report.key.kid}  {report.algorithm}")
            self.stdout.write(f"  made {report.created_at:%Y-%m-%d %H:%M}, retired: {retired}")
            self.stdout.write(f"  SHA-256 {report.key.fingerprint}")
            self.stdout.write(f"  private key: {report.place or 'not on this machine'}")
            if report.warning:
                self.stdout.write(self.style.WARNING(f"  {report.warning}"))
