"""What is wrong with the rules of what opens after what, before they are published."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.blocks.gates import read_required
from courses.enums import Progression
from courses.gates import find_cycle
from courses.languages import is_multilingual
from courses.models.course import CoursePage, ModulePage
from courses.models.gates import describe_cycle
from courses.models.lesson import LessonPage
from courses.publishing import PublishProblem

MAX_DEPTH = 50  # courses that require courses that require ...


def find_waiting_problems(page: ModulePage | LessonPage) -> list[PublishProblem]:
    """Rules of a module or lesson. No query for a page without any, five otherwise, one more in several languages.

    The rules of a translation name lessons of the language it was made from: those count as their translations.
    """
    wanted = [pk for pk, _score in read_required(page.requires.raw_data)]
    if not wanted:
        return []
    course = (
        CoursePage.objects.filter(path=page.course_tree_path).values("path", "progression", "translation_key").first()
    )
    if course is None:
        return []
    versions = CoursePage.objects.filter(translation_key=course["translation_key"])
    courses = list(versions.values_list("path", flat=True)) if is_multilingual() else [course["path"]]
    problems = []
    for title, path, is_live in LessonPage.objects.filter(pk__in=wanted).values_list("title", "path", "live"):
        if not path.startswith(tuple(courses)):
            text = _("It is to open after “%(lesson)s”, a lesson of another course: choose a lesson of this course.")
            problems.append(PublishProblem(text % {"lesson": title}))
        elif not is_live:
            text = _("It is to open after “%(lesson)s”, which is not published: until then the rule does nothing.")
            problems.append(PublishProblem(text % {"lesson": title}, level="warning"))
    return [*problems, *_lesson_cycles(course["path"], course["progression"], page)]


def find_course_problems(course: CoursePage) -> list[PublishProblem]:
    """Required courses, and lessons that "in order" would shut for ever. Two queries, and one a level of required
    courses."""
    problems = _course_cycles(course)
    if course.progression == Progression.IN_ORDER:
        problems += _lesson_cycles(course.path, course.progression)
    wanted = [pk for pk, _score in read_required(course.requires.raw_data)]
    closed = CoursePage.objects.filter(Q(live=False) | Q(is_archived=True), pk__in=wanted)
    for title in closed.values_list("title", flat=True) if wanted else ():
        text = _("The required course “%(course)s” is not offered: nobody who is not on it can complete it now.")
        problems.append(PublishProblem(text % {"course": title}, level="warning"))
    return problems


def _lesson_cycles(
    course_path: str, progression: str, page: ModulePage | LessonPage | None = None
) -> list[PublishProblem]:
    """Of the live lessons, with ``page`` as it is about to be."""
    rows: dict[str, tuple[UUID, str, Sequence[Mapping[str, Any]]]] = {}
    for model in (ModulePage, LessonPage):
        live = model.objects.live().filter(path__startswith=course_path)
        for path, key, title, requires in live.values_list("path", "translation_key", "title", "requires"):
            rows[path] = (key, title, list(requires.raw_data))
    if page is not None:
        rows[page.path] = (page.translation_key, page.title, list(page.requires.raw_data))
    depth = len(course_path) + 2 * Page.steplen
    lessons = sorted(path for path in rows if len(path) == depth)
    places = _find_places({rows[path][0]: path for path in lessons}, [raw for _key, _title, raw in rows.values()])
    requires = {
        path: [
            places[pk]
            for raw in (rows[path][2], rows.get(path[: -Page.steplen], (0, "", ()))[2])
            for pk, _score in read_required(raw)
            if pk in places
        ]
        for path in lessons
    }
    cycle = find_cycle(lessons, requires, is_in_order=progression == Progression.IN_ORDER)
    return [PublishProblem(describe_cycle(rows[path][1] for path in cycle))] if cycle else []


def _find_places(paths: Mapping[UUID, str], rules: Iterable[Sequence[Mapping[str, Any]]]) -> dict[int, str]:
    """The lessons of the tree by every page that stands for one: itself, or its version in another language."""
    named = {pk for raw in rules for pk, _score in read_required(raw)}
    pages = LessonPage.objects.filter(pk__in=named).values_list("pk", "translation_key") if named else ()
    return {pk: paths[key] for pk, key in pages if key in paths}


def _course_cycles(course: CoursePage) -> list[PublishProblem]:
    """Whether following the required courses leads back to this one."""
    waits = {course.pk: [pk for pk, _score in read_required(course.requires.raw_data)]}
    titles = {course.pk: course.title}
    frontier = set(waits[course.pk]) - {course.pk}
    for _level in range(MAX_DEPTH):
        if not frontier:
            break
        rows = CoursePage.objects.filter(pk__in=frontier).values_list("pk", "title", "requires")
        for pk, title, requires in rows:
            titles[pk] = title
            waits[pk] = [required for required, _score in read_required(requires.raw_data)]
        frontier = {required for pk in frontier for required in waits.get(pk, ())} - waits.keys()
    known = {str(pk): [str(each) for each in required] for pk, required in waits.items()}
    cycle = find_cycle([str(course.pk)], known, is_in_order=False)
    return [PublishProblem(describe_cycle(titles.get(int(pk), pk) for pk in cycle))] if cycle else []
