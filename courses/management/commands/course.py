"""`manage.py course export|lint|plan|apply`: courses as code, in packs of the coursepack/1 format."""

import json
import logging
from argparse import RawDescriptionHelpFormatter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from courses.packs.apply import apply_pack
from courses.packs.course_tree import find_course
from courses.packs.errors import PackError
from courses.packs.export import export_course
from courses.packs.lint import lint_path, lint_to_json, render_lint
from courses.packs.plan import plan_pack, plan_to_json, render_plan
from courses.packs.reader import read_pack
from courses.packs.reports import applied_to_json, export_to_json, render_applied, render_export, render_impact
from courses.packs.submission import find_requester
from courses.packs.targets import write_folder, write_zip
from courses.packs.trial import find_impact

HELP = """\
Courses as code: writes and reads course packs (format coursepack/1, described in docs/course-packs.md).

  manage.py course export SLUG PATH    writes the published course as a folder; --draft its latest drafts
  manage.py course export SLUG PATH --zip    or as a zip
  manage.py course lint PATH     names every fault and everything that would stop publishing
  manage.py course plan PATH     prints what applying would do, and writes nothing
  manage.py course apply PATH    does it, as drafts
  manage.py course apply PATH --submit --as EMAIL    and asks for their review
  manage.py course apply PATH --publish    or publishes what it made or changed
  manage.py course apply PATH --prune      and deletes the course's pages that the pack lacks

PATH is the folder of a pack (with course.yml in it) or a zip of one. Exporting what was applied gives the same bytes;
applying again changes nothing. A pack with a fault is refused as a whole, every fault named with its file and line.

Files are looked for in the pack, its media folder, each --media folder, and ../../raw/<name of the pack>.
Exit code: 0 done, 1 refused or failed. Warnings do not count.
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="verb", required=True, metavar="export|lint|plan|apply")
        _add_export(commands.add_parser("export", help="write a course as a pack"))
        lint = commands.add_parser("lint", help="name everything that is wrong with a pack")
        plan = commands.add_parser("plan", help="say what applying would do; writes nothing")
        apply = commands.add_parser("apply", help="create and update the pages of the course")
        for command in (plan, apply):
            command.add_argument("--prune", action="store_true", help="delete pages of the course that the pack lacks")
        then = apply.add_mutually_exclusive_group()
        then.add_argument("--publish", action="store_true", help="publish every page that is new or changed")
        then.add_argument("--submit", action="store_true", help="submit them to their review instead; needs --as")
        apply.add_argument("--as", dest="email", default="", metavar="EMAIL", help="whose work it is")
        for command in (lint, plan, apply):
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
        for folder in options.get("media", ()):
            if not folder.is_dir():
                raise CommandError(f"--media {folder}: there is no such folder.")
        verbs: dict[str, Callable[[dict[str, Any]], None]] = {
            "export": self._export,
            "lint": self._lint,
            "plan": self._plan,
            "apply": self._apply,
        }
        try:
            verbs[options["verb"]](options)
        except PackError as error:
            raise CommandError(f"refused, nothing was changed:\n{error}") from None
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(f"the database is not ready: {error}. Run `manage.py migrate` first.") from None

    def _export(self, options: dict[str, Any]) -> None:
        course = find_course(options["slug"], options["locale"])
        export = export_course(course, draft=options["draft"])
        write = write_zip if options["zip"] else write_folder
        written = write(export, options["path"], force=options["force"])
        self._print(export_to_json(export, written), render_export(export, written, options["path"]), options["json"])

    def _lint(self, options: dict[str, Any]) -> None:
        problems = lint_path(options["path"], media_folders=options["media"])
        self._print(lint_to_json(problems), render_lint(problems), options["json"])
        if errors := sum(problem.level == "error" for problem in problems):
            raise CommandError(f"{errors} {'error' if errors == 1 else 'errors'}: put them right first.")

    def _plan(self, options: dict[str, Any]) -> None:
        pack = read_pack(options["path"], media_folders=options["media"])
        plan = plan_pack(pack, prune=options["prune"])
        impact = find_impact(pack, prune=options["prune"])
        text = "\n\n".join(filter(None, [render_plan(plan), render_impact(impact), "Nothing was written."]))
        self._print(plan_to_json(plan) | {"impact": impact}, text, options["json"])

    def _apply(self, options: dict[str, Any]) -> None:
        if options["submit"] and not options["email"]:
            raise CommandError("--submit needs --as EMAIL: the person who asks for the review.")
        user = find_requester(options["email"]) if options["email"] else None
        pack = read_pack(options["path"], media_folders=options["media"])
        applied = apply_pack(
            pack, user=user, publish=options["publish"], submit=options["submit"], prune=options["prune"]
        )
        self._print(applied_to_json(applied), render_applied(applied), options["json"])
        if options["publish"] and applied.compile_error:
            raise CommandError(f"the pages are published, but no edition could be made: {applied.compile_error}")

    def _print(self, data: dict[str, Any], text: str, as_json: bool) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) if as_json else text)


def _add_export(command: CommandParser) -> None:
    command.add_argument("slug", metavar="SLUG", help="the address of the course, as in /courses/SLUG/")
    command.add_argument("path", type=Path, metavar="PATH", help="the folder or zip to write")
    command.add_argument("--draft", action="store_true", help="the latest drafts instead of what is published")
    command.add_argument("--zip", action="store_true", help="write a zip instead of a folder")
    command.add_argument("--force", action="store_true", help="write over something that is no pack of this course")
    command.add_argument("--locale", default="", metavar="CODE", help="which language, where there are several")
    command.add_argument("--json", action="store_true", help="print the result as JSON")
