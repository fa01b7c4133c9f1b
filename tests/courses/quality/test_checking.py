"""Checking pages and whole courses: the latest drafts, the site's settings, a fixed number of queries."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage, QualitySettings
from courses.quality.checking import check_course, check_page, check_tree, read_policy
from courses.quality.findings import Finding
from courses.quality.surroundings import read_surroundings
from tests.factories.pages import (
    make_bank,
    make_bank_quiz,
    make_block,
    make_course,
    make_item,
    make_lesson,
    make_module,
    make_quiz,
    make_text,
)

FILM = {"title": "Call", "url": "https://cdn.example.com/a.mp4"}
EVERYTHING = [
    make_block("video", {**FILM, "media": 9, "captions": [make_item("captions", {"file": 4})]}),
    make_block("image", {"image": 9, "alt": "A map"}),
    make_block("text", {"text": '<a linktype="page" id="99">x</a>'}),
    make_block("markdown", {"source": "[x](gone.md) [y](/courses/a/b/)"}),
]


def short(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.page_title, finding.code) for finding in findings]


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    return make_course(catalogue, "Asking", summary="How to ask.")


def test_a_course_is_checked_page_by_page_in_reading_order(course: CoursePage) -> None:
    module = make_module(course, "Start")
    make_lesson(module, "Film", blocks=[make_block("video", FILM)])
    make_lesson(module, "Nothing", blocks=[], live=False)
    make_module(course, "Empty")
    assert short(check_course(course)) == [
        ("Asking", "catalogue_card"),
        ("Film", "captions"),
        ("Nothing", "empty_lessons"),
        ("Empty", "empty_modules"),
    ]
    assert short(check_tree(module)) == [("Film", "captions"), ("Nothing", "empty_lessons")]
    assert short(check_page(module)) == []


def test_a_course_without_anything_says_so(catalogue: CataloguePage) -> None:
    assert [finding.message for finding in check_course(make_course(catalogue))] == [
        "Write a summary: the catalogue shows it on the course's card.",
        "Choose a cover: the catalogue shows a drawn one until there is.",
        "The course has no modules yet.",
    ]


def test_latest_drafts_are_checked_not_what_is_live(course: CoursePage) -> None:
    lesson = make_lesson(make_module(course), "Live title")
    lesson.title, lesson.body = "Draft title", json.dumps([make_block("video", FILM)])
    lesson.save_revision()
    course.summary = ""
    course.save_revision()
    assert short(check_course(CoursePage.objects.get())) == [
        ("Asking", "catalogue_card"),
        ("Asking", "catalogue_card"),
        ("Draft title", "captions"),
    ]
    assert short(check_page(LessonPage.objects.get())) == []
    assert short(check_page(LessonPage.objects.get().get_latest_revision_as_object())) == [("Draft title", "captions")]


def test_links_between_lessons_count_whether_published_or_not(course: CoursePage) -> None:
    module = make_module(course, "Start", slug="start")
    draft = make_lesson(module, "Draft", slug="draft", live=False, source="one/draft.md")
    words = f'<a linktype="page" id="{draft.pk}">x</a>'
    lesson = make_lesson(
        module,
        "Links",
        source="one/links.md",
        blocks=[
            make_block("text", {"text": words}),
            make_text("[a](draft.md) [b](/courses/asking/start/draft) [c](/courses/asking/) [d](/courses/)"),
        ],
    )
    assert [(finding.code, finding.place) for finding in check_page(lesson)] == [
        ("unpublished_links", "Block 1 (text)"),
        ("unpublished_links", "Block 2 (markdown)"),
    ]


def test_links_of_the_description_count(course: CoursePage) -> None:
    make_module(course)
    course.description = '<a linktype="page" id="99">x</a>'
    assert ("Description", "broken_links") in [(each.place, each.code) for each in check_page(course)]


def test_settings_decide_what_is_an_error_a_warning_or_nothing(course: CoursePage) -> None:
    lesson = make_lesson(make_module(course), blocks=[make_block("video", FILM)], minutes=20)
    assert [(each.code, each.level) for each in check_page(lesson)] == [("captions", "error")]
    settings = QualitySettings.load()
    settings.captions, settings.max_minutes, settings.long_lessons = "off", 10, "error"
    settings.save()
    assert [(each.code, each.level) for each in check_page(lesson)] == [("long_lessons", "error")]
    assert read_policy().max_minutes == 10


def test_opening_rules_that_publishing_refuses_are_among_the_findings(course: CoursePage) -> None:
    lesson = make_lesson(make_module(course), "One")
    lesson.requires = json.dumps([make_item("lesson", {"page": lesson.pk, "minimum_score": None})])
    assert [(each.code, each.level, each.message) for each in check_page(lesson)] == [
        ("publishing", "error", "“One” waits for itself.")
    ]


def test_pages_that_are_no_content_have_nothing_to_mend(catalogue: CataloguePage) -> None:
    assert check_page(catalogue) == []


@pytest.mark.parametrize("lessons", [1, 3])
def test_a_course_takes_the_same_queries_however_many_lessons(course: CoursePage, lessons: int) -> None:
    category = make_bank(questions=2)
    for number in range(lessons):
        module = make_module(course, f"Module {number}")
        blocks: list[dict[str, Any]] = [*EVERYTHING, make_quiz(), make_bank_quiz(category)]
        lesson = make_lesson(module, f"Lesson {number}", blocks=blocks, source=f"one/{number}.md")
        lesson.save_revision()
        LessonPage.objects.filter(pk=lesson.pk).update(has_unpublished_changes=True)
    with CaptureQueriesContext(connection) as queries:
        findings = check_course(course)
    assert len(queries) == 14
    assert len(findings) == 2 - 1 + 5 * lessons


@pytest.mark.parametrize("blocks", [1, 3])
def test_a_page_takes_the_same_queries_however_many_blocks(course: CoursePage, blocks: int) -> None:
    category = make_bank(questions=2)
    body = [block for _number in range(blocks) for block in (*EVERYTHING, make_bank_quiz(category))]
    body = [{**block, "id": make_text()["id"]} for block in body]
    lesson = make_lesson(make_module(course), blocks=body, source="one/a.md")
    with CaptureQueriesContext(connection) as queries:
        check_page(lesson)
    assert len(queries) == 11


def test_nothing_is_asked_where_nothing_is_referred_to(course: CoursePage) -> None:
    around = read_surroundings([], "en", course.path)
    assert (around.pages, around.site_paths, around.refs.lessons) == ({}, {}, {})
    assert ModulePage.objects.count() == 0
