"""The whole tree with statuses, minutes, required blocks and warnings, in a fixed number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.curriculum.queries import LessonRow, find_gate_warnings, read_curriculum
from courses.models import CataloguePage, CoursePage, LessonPage
from learners.accounts.models import User
from tests.factories.pages import (
    make_bank,
    make_bank_quiz,
    make_course,
    make_item,
    make_lesson,
    make_module,
    make_quiz,
    make_text,
)


def read_lesson(page: LessonPage) -> LessonRow:
    [row] = [row for row in read_curriculum(CoursePage.objects.ancestor_of(page).get()).lessons if row.pk == page.pk]
    return row


def wait_for(*lessons: LessonPage) -> list[dict[str, object]]:
    return [make_item("lesson", {"page": lesson.pk, "minimum_score": None}) for lesson in lessons]


def test_the_tree_stands_in_order(course: CoursePage) -> None:
    tree = read_curriculum(course)
    assert [(module.title, [lesson.title for lesson in module.lessons]) for module in tree.modules] == [
        ("Module 1", ["Lesson 1.1", "Lesson 1.2"]),
        ("Module 2", ["Lesson 2.1", "Lesson 2.2"]),
    ]
    assert (tree.minutes, tree.warning_count) == (4, 0)


def test_a_lesson_tells_minutes_and_required_blocks(course: CoursePage) -> None:
    module = make_module(course)
    blocks = [make_text(), make_text(is_required=False), make_quiz()]
    row = read_lesson(make_lesson(module, blocks=blocks))
    assert (row.minutes, row.is_estimate, row.blocks, row.required) == (1, True, 3, 2)
    row = read_lesson(make_lesson(module, "Other", minutes=12))
    assert (row.minutes, row.is_estimate) == (12, False)


def test_a_draft_is_what_editors_see(course: CoursePage) -> None:
    page = LessonPage.objects.get(title="Lesson 1.1")
    page.title, page.minutes = "Renamed", 7
    page.body.append(("markdown", {"source": "More", "is_required": True, "time_limit": None}))
    page.save_revision()
    row = read_lesson(page)
    assert (row.title, row.live_title, row.has_new_title, row.minutes, row.blocks) == (
        *("Renamed", "Lesson 1.1", True, 7),
        2,
    )
    assert row.statuses == ("live_draft",)


def test_statuses_tell_draft_review_and_schedule(course: CoursePage, editor: User) -> None:
    draft = make_lesson(make_module(course), live=False, has_unpublished_changes=True)
    draft.save_revision()
    assert read_lesson(draft).statuses == ("draft",)
    draft.get_workflow().start(draft, editor)
    assert read_lesson(draft).statuses == ("draft", "in_review")
    timed = LessonPage.objects.get(title="Lesson 2.1")
    timed.go_live_at = timezone.now() + timedelta(days=3)
    timed.save_revision(approved_go_live_at=timed.go_live_at)
    assert read_lesson(timed).statuses == ("live_draft", "scheduled")
    assert read_lesson(timed).labels == [("live_draft", "Live + draft"), ("scheduled", "Scheduled")]
    assert read_lesson(LessonPage.objects.get(title="Lesson 2.2")).statuses == ("live",)


def test_warnings_name_what_is_wrong(course: CoursePage) -> None:
    module = make_module(course, "Draft module", live=False)
    assert read_lesson(make_lesson(module, "Empty", blocks=[])).warnings == (
        "It is live, but its module is not: learners do not see it.",
        "It has no content yet.",
    )
    quiz = make_quiz()
    quiz["value"]["questions"] = []
    row = read_lesson(make_lesson(make_module(course), "Quiz", blocks=[make_text(), quiz]))
    assert row.warnings == ("Block 2 (quiz): The quiz has no questions. Add at least one.",)


def test_warnings_name_what_waits_for_a_later_lesson(course: CoursePage) -> None:
    first, later = LessonPage.objects.get(title="Lesson 1.1"), LessonPage.objects.get(title="Lesson 2.2")
    first.requires = wait_for(later)
    first.save()
    assert read_lesson(first).warnings == ("It opens after “Lesson 2.2”, which comes later.",)
    assert find_gate_warnings(course) == [
        "“Lesson 1.1” now comes before “Lesson 2.2”, which has to be completed before it opens."
    ]
    later.delete()
    assert read_lesson(LessonPage.objects.get(pk=first.pk)).warnings == (
        "It is to open after a lesson that is not in this course any more: the rule does nothing.",
    )


def test_the_version_changes_with_order_and_titles_only(course: CoursePage) -> None:
    before = read_curriculum(course).version
    page = LessonPage.objects.get(title="Lesson 1.1")
    page.body.append(("markdown", {"source": "More", "is_required": True, "time_limit": None}))
    page.save_revision()
    assert read_curriculum(course).version == before
    page.title = "Other"
    page.save_revision()
    renamed = read_curriculum(course).version
    assert renamed != before
    page.move(LessonPage.objects.get(title="Lesson 2.2"), pos="right")
    assert read_curriculum(course).version not in (before, renamed)


@pytest.mark.parametrize("lessons", [1, 3])
def test_queries_do_not_grow_with_the_course(catalogue: CataloguePage, lessons: int) -> None:
    bank = make_bank(questions=2)
    course = make_course(catalogue, modules=lessons)
    for module in course.get_children():
        for number in range(lessons):
            page = make_lesson(module.specific, f"L{number}", blocks=[make_quiz(), make_bank_quiz(bank)])
            page.save_revision()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(read_curriculum(course).lessons) == lessons**2
    assert len(queries) == 6
