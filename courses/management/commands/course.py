"""`manage.py course plan|apply PATH`: courses as code, from packs in the coursepack/1 format."""

import json
import logging
from argparse import RawDescriptionHelpFormatter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from courses.packs.apply import Applied, apply_pack
from courses.packs.errors import PackError
from courses.packs.plan import plan_pack, plan_to_json, render_plan
from courses.packs.reader import read_pack

HELP = """\
Courses as code: reads a course pack (format coursepack/1, described in docs/course-packs.md).

  manage.py course plan PATH     prints what applying would do, and writes nothing
  manage.py course apply PATH    does it, as drafts
  manage.py course apply PATH --publish    and publishes what it made or changed

PATH is the folder of a pack (with course.yml in it) or a zip of one. Applying again changes nothing.
A pack with a fault is refused as a whole: every fault is named with its file and line.

Files are looked for in the pack, its media folder, each --media folder, and ../../raw/<name of the pack>.
Exit code: 0 done, 1 refused or failed.
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="verb", required=True, metavar="plan|apply")
        plan = commands.add_parser("plan", help="say what applying would do; writes nothing")
        apply = commands.add_parser("apply", help="create and update the pages of the course")
        apply.add_argument("--publish", action="store_true", help="publish every page that is new or changed")
        for command in (plan, apply):
            command.add_argument("path", type=Path, metavar="PATH", help="folder or zip of a course pack")
            command.add_argument(
                "--media",
                type=Path,
                action="append",
                default=[],
                metavar="DIR",
                help="another folder to look for images and other files in; may be repeated",
            )
            command.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("wagtail", "django_tasks"):
            logging.getLogger(name).setLevel(logging.WARNING)  # a line for every page would bury the result
        for folder in options["media"]:
            if not folder.is_dir():
                raise CommandError(f"--media {folder}: there is no such folder.")
        try:
            pack = read_pack(options["path"], media_folders=options["media"])
            if options["verb"] == "plan":
                plan = plan_pack(pack)
                self._print(plan_to_json(plan), render_plan(plan) + "\n\nNothing was written.", options["json"])
                return
            applied = apply_pack(pack, publish=options["publish"])
        except PackError as error:
            raise CommandError(f"refused, nothing was changed:\n{error}") from None
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(f"the database is not ready: {error}. Run `manage.py migrate` first.") from None
        self._print(_applied_to_json(applied), _render_applied(applied, options["publish"]), options["json"])
        if options["publish"] and applied.compile_error:
            raise CommandError(f"the pages are published, but no edition could be made: {applied.compile_error}")

    def _print(self, data: dict[str, Any], text: str, as_json: bool) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) if as_json else text)


def _applied_to_json(applied: Applied) -> dict[str, Any]:
    return asdict(applied) | {"plan": plan_to_json(applied.plan)}


def _render_applied(applied: Applied, publish: bool) -> str:
    lines = [render_plan(applied.plan), ""]
    lines.append(
        f"Done: {applied.created} pages created, {applied.updated} updated, {applied.moved} moved, "
        f"{applied.published} published; {applied.media_added} files added."
    )
    if publish and applied.edition:
        lines.append(f"Edition {applied.edition} is in force.")
    elif applied.created or applied.updated:
        lines.append("The changes are drafts: publish them in the admin, or apply with --publish.")
    return "\n".join(lines)
