"""Makes the demo site: courses, accounts, a learner's history, a page in review. Running it again changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from cms.demonstration import ACCOUNTS, PASSWORD, DemoRefusedError, make_demo


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # the URL space is not needed here and takes seconds to load
    help = (
        "Make the demo site with its courses and accounts, including an administrator with a password that everybody "
        "knows. Only with DEBUG on, or with --force. Running it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="Make the demo although DEBUG is off.")

    def handle(self, *args: Any, force: bool = False, verbosity: int = 1, **options: Any) -> None:
        if not (settings.DEBUG or force):
            raise CommandError(
                "The demo has accounts with a password that everybody knows: it is made with DEBUG on, or with --force."
            )
        try:
            steps = make_demo()
        except DemoRefusedError as error:
            raise CommandError(str(error)) from None
        except DatabaseError as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(f"The database is not ready: {reason}. Run “manage.py migrate” first.") from None
        if verbosity:
            for step in steps:
                self.stdout.write(str(step))
            self.stdout.write(f"\nLog in as {', '.join(account.email for account in ACCOUNTS)}; password: {PASSWORD}")
