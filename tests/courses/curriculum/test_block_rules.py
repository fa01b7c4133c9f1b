"""Rules of many blocks at once: as drafts, with the ids that learners' progress hangs on."""

from typing import Any

import pytest

from courses.curriculum.access import CurriculumError
from courses.curriculum.block_rules import Applied, BlockRules, apply_block_rules
from courses.curriculum.queries import read_shape
from courses.models import CoursePage, LessonPage, ModulePage
from learners.accounts.models import User
from tests.factories.pages import make_lesson, make_quiz, make_text


@pytest.fixture
def page(course: CoursePage) -> LessonPage:
    blocks = [make_text(), make_text(is_required=False, time_limit=5), make_quiz()]
    return make_lesson(ModulePage.objects.get(title="Module 1"), "Three blocks", blocks=blocks)


def apply(course: CoursePage, user: User, *pages: LessonPage, **rules: Any) -> Applied:
    return apply_block_rules(
        course_id=course.pk,
        version=read_shape(course)[1],
        lesson_ids=[page.pk for page in pages],
        rules=BlockRules(**rules),
        user=user,
    )


def rules_of(page: LessonPage) -> list[tuple[bool, int | None]]:
    draft = LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return [(item["value"]["is_required"], item["value"]["time_limit"]) for item in draft.body.raw_data]


def ids_of(page: LessonPage) -> list[str]:
    return [item["id"] for item in page.get_latest_revision_as_object().body.raw_data]


def test_rules_become_a_draft_and_ids_stay(course: CoursePage, page: LessonPage, editor: User) -> None:
    before = ids_of(page)
    assert apply(course, editor, page, is_required=False, time_limit=20) == Applied(1, 3)
    page.refresh_from_db()
    assert rules_of(page) == [(False, 20)] * 3
    assert ids_of(page) == before
    assert [item["value"]["is_required"] for item in page.body.raw_data] == [True, False, True]
    assert (page.has_unpublished_changes, page.latest_revision.user) == (True, editor)


def test_one_kind_of_block_and_one_rule(course: CoursePage, page: LessonPage, editor: User) -> None:
    assert apply(course, editor, page, time_limit=30, kinds=frozenset({"quiz"})) == Applied(1, 1)
    assert rules_of(page) == [(True, None), (False, 5), (True, 30)]
    assert apply(course, editor, page, time_limit=0) == Applied(1, 2)
    assert rules_of(page) == [(True, None), (False, None), (True, None)]


def test_what_is_so_already_makes_no_draft(course: CoursePage, page: LessonPage, editor: User) -> None:
    other = LessonPage.objects.get(title="Lesson 1.1")
    assert apply(course, editor, other, page, is_required=True) == Applied(1, 1)
    other.refresh_from_db()
    assert other.latest_revision is None


def test_one_locked_lesson_stops_all(course: CoursePage, page: LessonPage, editor: User) -> None:
    other = LessonPage.objects.get(title="Lesson 2.2")
    other.locked = True
    other.save()
    with pytest.raises(CurriculumError, match=r"“Lesson 2\.2” is locked"):
        apply(course, editor, page, other, is_required=False)
    assert rules_of(page) == [(True, None), (False, 5), (True, None)]


@pytest.mark.parametrize(
    ("rules", "message"),
    [({}, "Say what shall change"), ({"time_limit": 1441}, "1 to 1440"), ({"time_limit": -1}, "1 to 1440")],
)
def test_nonsense_is_refused(
    course: CoursePage, page: LessonPage, editor: User, rules: dict[str, Any], message: str
) -> None:
    with pytest.raises(CurriculumError, match=message):
        apply(course, editor, page, **rules)
    with pytest.raises(CurriculumError, match="Tick the lessons"):
        apply(course, editor, is_required=True)
