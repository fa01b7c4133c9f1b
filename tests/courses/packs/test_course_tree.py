"""Reading a course for export: published or drafted, with constant queries, and without anybody's records."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import CataloguePage, CoursePage, LessonPage
from courses.packs.course_tree import find_course, load_course_tree
from courses.packs.errors import PackError
from courses.packs.export import export_course
from tests.factories.pages import make_course, make_lesson, make_module

pytestmark = pytest.mark.django_db


def _titles(course: CoursePage, draft: bool) -> list[tuple[str, list[str]]]:
    modules = load_course_tree(course, draft=draft).course.children
    return [(module.title, [lesson.title for lesson in module.children]) for module in modules]


def test_published_is_what_is_live_and_draft_what_is_newest(catalogue: CataloguePage) -> None:
    course = make_course(catalogue)
    module = make_module(course, title="One")
    lesson = make_lesson(module, title="Live")
    make_lesson(module, title="Waiting", live=False)
    make_lesson(make_module(course, title="Hidden", live=False), title="Below")
    lesson.title = "Drafted"
    lesson.save_revision()
    assert _titles(course, draft=False) == [("One", ["Live"])]
    assert _titles(course, draft=True) == [("One", ["Drafted", "Waiting"]), ("Hidden", ["Below"])]


def test_courses_are_found_by_their_address(catalogue: CataloguePage) -> None:
    course = make_course(catalogue, title="Calls", live=False)
    assert find_course(course.slug) == course
    for slug, locale, reason in (("absent", "", "there are calls."), ("calls", "de", "there is no course 'calls'")):
        with pytest.raises(PackError) as caught:
            find_course(slug, locale)
        assert reason in str(caught.value)
    with pytest.raises(PackError) as caught:
        load_course_tree(course, draft=False)
    assert str(caught.value) == "the course 'calls' is not published: add --draft to export its drafts."


def test_a_course_without_lessons_is_a_pack_too(catalogue: CataloguePage) -> None:
    export = export_course(make_course(catalogue))
    assert (list(export.texts), export.texts["course.yml"].endswith("modules: []\n")) == (["course.yml"], True)


def test_exporting_takes_as_many_queries_for_many_lessons_as_for_few(catalogue: CataloguePage) -> None:
    for draft in (False, True):
        counts = []
        for number in (1, 3):
            course = make_course(catalogue, title=f"Course {number} {draft}")
            for module in [make_module(course, title=f"M {place}") for place in range(number)]:
                for place in range(number):
                    make_lesson(module, title=f"L {place}").save_revision()
            with CaptureQueriesContext(connection) as queries:
                export_course(CoursePage.objects.get(pk=course.pk), draft=draft)
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 16


def test_parts_without_ids_get_the_same_ones_at_every_export(catalogue: CataloguePage) -> None:
    course = make_course(catalogue)
    lesson = make_lesson(make_module(course))
    revision = lesson.save_revision()
    body = [
        {"type": "markdown", "value": {"source": "One"}},
        {"type": "markdown", "id": "no uuid", "value": {"source": "Two"}},
        {
            "type": "quiz",
            "value": {"questions": [{"type": "single", "value": {"choices": [{"type": "choice", "value": {}}]}}]},
        },
        {"type": "hologram", "id": "x", "value": {}},
    ]
    revision.content["body"] = json.dumps(body)
    revision.save()
    one, two = (export_course(CoursePage.objects.get(), draft=True) for _time in range(2))
    text = next(text for name, text in one.texts.items() if name.endswith(".md"))
    assert (one.texts == two.texts, len(set(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", text)))) == (
        True,
        6,
    )
    assert [warning.split(": ")[1] for warning in one.warnings] == [
        "parts of its draft have no id",
        "blocks of the types hologram exist no more and are left out.",
    ]


def test_a_lesson_does_not_wait_for_one_that_is_not_in_the_pack(catalogue: CataloguePage) -> None:
    course = make_course(catalogue)
    module = make_module(course)
    hidden = make_lesson(module, title="Hidden", live=False)
    waiting = {"type": "lesson", "id": str(hidden.translation_key), "value": {"page": hidden.pk}}
    make_lesson(module, title="Waiting", requires=json.dumps([waiting]))
    published, drafted = export_course(course), export_course(course, draft=True)
    assert [any("requires:" in text for text in each.texts.values()) for each in (published, drafted)] == [False, True]
    assert published.warnings == ("“Waiting”: what it waits for is not in the pack, so it does not wait for it there.",)
    assert drafted.warnings == ()


def test_names_are_told_apart(catalogue: CataloguePage) -> None:
    """Two lessons of one slug in different modules, slugs that a file system takes for the same, devices."""
    course = make_course(catalogue)
    for title in ("One", "Two"):
        make_lesson(make_module(course, title=title), title="Intro", slug="intro")
    module = make_module(course, title="Three", slug="con")
    for slug in ("Intro", "intro", "nul", "x" * 200):
        make_lesson(module, title=slug[:50], slug=slug)
    names = sorted(name for name in export_course(course).texts if name.endswith(".md"))
    shorter = [re.sub(r"-[0-9a-f]{8}(?=[./])", "-ID", name) for name in names]
    assert sorted(shorter) == sorted(
        [
            *(f"modules/con-ID/{name}.md" for name in ("intro", "intro-ID", "nul-ID", "x" * 80)),
            *("modules/one/intro.md", "modules/two/intro.md"),
        ]
    )
    assert len({name.casefold() for name in names}) == len(names)


def test_copies_of_a_lesson_share_the_ids_of_their_blocks(catalogue: CataloguePage) -> None:
    course = make_course(catalogue)
    lesson = make_lesson(make_module(course))
    lesson.copy(update_attrs={"slug": "copy", "title": "A copy"})
    texts = export_course(course).texts
    assert (len(texts), LessonPage.objects.count()) == (4, 2)
