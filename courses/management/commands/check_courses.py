"""`manage.py check_courses [SLUG ...]`: what is to be mended in courses, for people and for scripts."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from courses.models.course import CoursePage
from courses.quality.checking import check_course, read_policy
from courses.quality.findings import Finding


class Command(BaseCommand):
    help = (
        "Checks the latest drafts of courses: captions, links, alternative texts, reading level and more. "
        "Which checks are errors, warnings or off is set in the admin under Settings. "
        "Exit code: 0 nothing that fails, 1 errors found or refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="courses to check; all that are not archived")
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")
        parser.add_argument(
            "--fail-on", choices=["error", "warning"], default="error", help="least level that gives exit code 1"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = {course.slug: check_course(course, policy) for course, policy in _choose(options["slugs"])}
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(f"the database is not ready: {error}. Run `manage.py migrate` first.") from None
        self.stdout.write(_to_json(found) if options["json"] else "\n".join(_write(found)))
        failing = [
            finding
            for findings in found.values()
            for finding in findings
            if options["fail_on"] == "warning" or finding.level == "error"
        ]
        if failing:
            courses = sum(any(finding in failing for finding in findings) for findings in found.values())
            raise CommandError(f"{len(failing)} to mend in {courses} of {len(found)} courses.")


def _choose(slugs: list[str]) -> Iterator[tuple[CoursePage, Any]]:
    courses = CoursePage.objects.order_by("title", "pk")
    chosen = list(courses.filter(slug__in=slugs) if slugs else courses.filter(is_archived=False))
    unknown = sorted(set(slugs) - {course.slug for course in chosen})
    if unknown:
        raise CommandError(f"there is no course with the slug {', '.join(unknown)}.")
    policy = read_policy()
    return ((course, policy) for course in chosen)


def _to_json(found: dict[str, list[Finding]]) -> str:
    rows = [{"course": slug, "findings": [finding.as_dict() for finding in rows]} for slug, rows in found.items()]
    return json.dumps({"courses": rows}, ensure_ascii=False, indent=2)


def _write(found: dict[str, list[Finding]]) -> Iterator[str]:
    for slug, findings in found.items():
        errors = sum(finding.level == "error" for finding in findings)
        yield f"{slug}: {errors} errors, {len(findings) - errors} warnings"
        page: int | None = None
        for finding in findings:
            if finding.page_id != page:
                page = finding.page_id
                yield f"  {finding.page_title} (page {page})"
            yield f"    {finding.level:7}  {finding.code:17}  {finding.text}"
    if not found:
        yield "There are no courses to check."
