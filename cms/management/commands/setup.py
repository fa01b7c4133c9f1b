"""Prepares a migrated database for work: locale, home page, catalogue, site, groups, permissions, workflow, cache."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from cms.installation import set_up


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # the URL space is not needed here and takes seconds to load
    help = (
        "Make what every installation needs: language, home page, catalogue, site, editor and reviewer groups, "
        "workflow, cache table. Running it again changes nothing."
    )

    def handle(self, *args: Any, verbosity: int = 1, **options: Any) -> None:
        try:
            steps = set_up()
        except DatabaseError as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(f"The database is not ready: {reason}. Run “manage.py migrate” first.") from None
        if verbosity:
            for step in steps:
                self.stdout.write(str(step))
