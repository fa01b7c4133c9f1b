"""Checking a page or a whole course, as its editors left it."""

from wagtail.models import Page

from courses.models.course import CoursePage
from courses.models.gates import GatedPage
from courses.models.settings import QualitySettings
from courses.models.studied import StudiedPage
from courses.quality.copies import copy_course, copy_page
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
    copy = copy_page(page)
    course_path = page.course_tree_path
    if isinstance(page, CoursePage):
        language = page.language
    else:
        language = CoursePage.objects.filter(path=course_path).values_list("language", flat=True).first() or ""
    around = read_surroundings([copy], language, course_path)
    found = check_copy(copy, around, policy or read_policy())
    return _with_gate_problems(page, found)


def check_course(course: CoursePage, policy: Policy | None = None) -> list[Finding]:
    """Everything to mend in the latest drafts of a course, its modules and lessons, page by page in reading order.

    A fixed number of queries however many lessons.
    """
    policy = policy or read_policy()
    copies = copy_course(course)
    language = copies[0].language if copies else course.language
    around = read_surroundings(copies, language, course.path)
    found = [finding for copy in copies for finding in check_copy(copy, around, policy)]
    return _with_gate_problems(course, found)


def _with_gate_problems(page: StudiedPage, found: list[Finding]) -> list[Finding]:
    """With what publishing says about opening rules; what it says about blocks the checks have said already."""
    problems = page.find_gate_problems() if isinstance(page, CoursePage | GatedPage) else []
    extra = [
        Finding(PUBLISHING if each.level == "error" else ADVICE, each.level, each.message, page.pk, page.title)
        for each in problems
    ]
    return sorted([*extra, *found], key=lambda finding: finding.level != "error") if extra else found
