"""Checking a page or a whole course, as its editors left it."""

from wagtail.models import Page

from courses.models.course import CoursePage
from courses.models.gates import GatedPage
from courses.models.settings import QualitySettings
from courses.models.studied import StudiedPage
from courses.quality.copies import Copy, copy_page, copy_tree
from courses.quality.findings import ADVICE, PUBLISHING, Finding, Policy
from courses.quality.pages import check_copy
from courses.quality.surroundings import read_surroundings


def read_policy() -> Policy:
    """What the site's administrators set. One query."""
    settings = QualitySettings.load()
    return Policy(settings.levels, settings.max_minutes, settings.max_grade)


def check_page(page: Page, policy: Policy | None = None) -> list[Finding]:
    """Everything to mend on this version of a page, errors first. A fixed number of queries however many blocks.

    Pages of other types have nothing to mend.
    """
    if not isinstance(page, StudiedPage):
        return []
    return sorted(_check(page, [copy_page(page)], policy), key=lambda finding: finding.level != "error")


def check_course(course: CoursePage, policy: Policy | None = None) -> list[Finding]:
    """Everything to mend in the latest drafts of a course, its modules and lessons, page by page in reading order.

    A fixed number of queries however many lessons.
    """
    return check_tree(course, policy)


def check_tree(page: StudiedPage, policy: Policy | None = None) -> list[Finding]:
    """``check_course`` for a page of any level and what stands below it."""
    return _check(page, copy_tree(page), policy)


def _check(page: StudiedPage, copies: list[Copy], policy: Policy | None) -> list[Finding]:
    policy = policy or read_policy()
    around = read_surroundings(copies, _read_language(page), page.course_tree_path)
    found = [finding for copy in copies for finding in check_copy(copy, around, policy)]
    return [*_find_gate_problems(page), *found]


def _read_language(page: StudiedPage) -> str:
    """What the course is taught in."""
    if isinstance(page, CoursePage):
        return page.language
    return CoursePage.objects.filter(path=page.course_tree_path).values_list("language", flat=True).first() or ""


def _find_gate_problems(page: StudiedPage) -> list[Finding]:
    """What publishing says about opening rules; what it says about blocks, the checks of the lesson say."""
    problems = page.find_gate_problems() if isinstance(page, CoursePage | GatedPage) else []
    return [
        Finding(PUBLISHING if each.level == "error" else ADVICE, each.level, each.message, page.pk, page.title)
        for each in problems
    ]
