"""What a pack demands of the site: pages to complete first, and pages to delete."""

from collections.abc import Sequence

from wagtail.models import Page

from courses.packs.definition import Pack
from courses.packs.errors import Faults, PackError
from courses.packs.stored_pages import StoredCourse, TreeRow


def check_requires(pack: Pack, course: StoredCourse, gone: set[str]) -> None:
    """Whatever has to be completed first must be in the pack or in the database."""
    faults = Faults()
    lessons = {lesson.id for lesson in pack.lessons}
    root = course.pages.get(pack.id)
    if root is not None:
        depth = len(root.page.path) + 2 * Page.steplen
        lessons |= {row.key for row in course.rows if len(row.path) == depth and row.path.startswith(root.page.path)}
        lessons -= gone
    courses = {row.key for row in course.children(str(course.catalogue.path))} - {pack.id}
    for required in pack.fields.get("requires", ()):
        if required["id"] not in courses:
            faults.add(f"there is no other course {required['id']} to require: apply that one first.", file=pack.file)
    for page in [*pack.modules, *pack.lessons]:
        for required in page.fields.get("requires", ()):
            if required["id"] not in lessons or required["id"] == page.id:
                faults.add(f"this course has no other lesson {required['id']} to require.", file=page.file)
    faults.raise_if_any()


def check_prune(pack: Pack, course: StoredCourse, extra: Sequence[TreeRow]) -> None:
    """Refuse to delete every lesson of a course: that is hardly what anybody meant."""
    depth = len(course.catalogue.path) + 3 * Page.steplen
    if not any(True for _lesson in pack.lessons) and any(len(row.path) == depth for row in extra):
        message = "the pack has no lessons, so pruning would delete the whole course: delete it in the admin instead."
        raise PackError(message, file=pack.file)
