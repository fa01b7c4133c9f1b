"""Moving, renaming and adding: in Wagtail's own way, checked, and never over what somebody else has just done."""

from typing import Any

import pytest
from wagtail.models import Page, PageLogEntry

from courses.curriculum.access import CurriculumError, find_rights
from courses.curriculum.queries import read_shape
from courses.curriculum.services import add_lesson, add_module, move_lessons, place_page, rename_page, step_page
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage
from courses.models.templates import TemplatesPage
from learners.accounts.models import User
from tests.courses.curriculum.test_queries import wait_for
from tests.factories.learners import UserFactory
from tests.factories.pages import make_course, make_lesson


def version_of(course: CoursePage) -> str:
    return read_shape(course)[1]


def tree_of(course: CoursePage) -> dict[str, list[str]]:
    shape, _version = read_shape(course)
    titles = dict(Page.objects.values_list("pk", "draft_title"))
    return {titles[module]: [titles[pk] for pk in lessons] for module, lessons in shape.modules.items()}


def lesson(title: str) -> LessonPage:
    return LessonPage.objects.get(title=title)


def module(title: str) -> ModulePage:
    return ModulePage.objects.get(title=title)


def step(course: CoursePage, page: Page, direction: str, user: User) -> list[str]:
    return step_page(course_id=course.pk, version=version_of(course), page_id=page.pk, direction=direction, user=user)


def place(course: CoursePage, page: Page, parent: Page, index: int, user: User) -> list[str]:
    return place_page(
        course_id=course.pk, version=version_of(course), page_id=page.pk, parent_id=parent.pk, index=index, user=user
    )


def test_a_lesson_goes_step_by_step_into_the_next_module(course: CoursePage, reviewer: User) -> None:
    step(course, lesson("Lesson 1.1"), "down", reviewer)
    assert tree_of(course)["Module 1"] == ["Lesson 1.2", "Lesson 1.1"]
    step(course, lesson("Lesson 1.1"), "down", reviewer)
    assert tree_of(course) == {
        "Module 1": ["Lesson 1.2"],
        "Module 2": ["Lesson 1.1", "Lesson 2.1", "Lesson 2.2"],
    }
    step(course, lesson("Lesson 1.1"), "up", reviewer)
    assert tree_of(course)["Module 1"] == ["Lesson 1.2", "Lesson 1.1"]
    entries = PageLogEntry.objects.filter(page=lesson("Lesson 1.1").pk).exclude(action="wagtail.create")
    assert list(entries.order_by("pk").values_list("action", "user")) == [
        ("wagtail.reorder", reviewer.pk),
        ("wagtail.move", reviewer.pk),
        ("wagtail.move", reviewer.pk),
    ]


def test_modules_change_places(course: CoursePage, reviewer: User) -> None:
    step(course, module("Module 2"), "up", reviewer)
    assert list(tree_of(course)) == ["Module 2", "Module 1"]
    place(course, module("Module 2"), course, 1, reviewer)
    assert list(tree_of(course)) == ["Module 1", "Module 2"]
    with pytest.raises(CurriculumError, match="any further"):
        step(course, module("Module 2"), "down", reviewer)


def test_a_place_is_exact(course: CoursePage, reviewer: User) -> None:
    place(course, lesson("Lesson 1.1"), module("Module 2"), 1, reviewer)
    assert tree_of(course)["Module 2"] == ["Lesson 2.1", "Lesson 1.1", "Lesson 2.2"]
    place(course, lesson("Lesson 2.2"), module("Module 2"), 0, reviewer)
    assert tree_of(course)["Module 2"] == ["Lesson 2.2", "Lesson 2.1", "Lesson 1.1"]
    for page, parent in ((lesson("Lesson 1.2"), course), (module("Module 1"), module("Module 2"))):
        with pytest.raises(CurriculumError, match="Modules stand in the course"):
            place(course, page, parent, 0, reviewer)


def test_many_lessons_move_in_their_order(course: CoursePage, reviewer: User) -> None:
    chosen = [lesson(title).pk for title in ("Lesson 2.1", "Lesson 1.2")]
    arguments: dict[str, Any] = {"course_id": course.pk, "user": reviewer, "module_id": module("Module 2").pk}
    move_lessons(version=version_of(course), lesson_ids=chosen, **arguments)
    assert tree_of(course) == {"Module 1": ["Lesson 1.1"], "Module 2": ["Lesson 2.2", "Lesson 1.2", "Lesson 2.1"]}
    for ids, message in (([], "Tick the lessons"), ([course.pk], "not part of the course")):
        with pytest.raises(CurriculumError, match=message):
            move_lessons(version=version_of(course), lesson_ids=ids, **arguments)


def test_a_move_tells_who_waits_for_a_later_lesson_now(course: CoursePage, reviewer: User) -> None:
    later = lesson("Lesson 2.1")
    later.requires = wait_for(lesson("Lesson 1.1"))
    later.save_revision().publish()
    assert step(course, lesson("Lesson 2.2"), "up", reviewer) == []
    assert place(course, lesson("Lesson 2.1"), module("Module 1"), 0, reviewer) == [
        "“Lesson 2.1” now comes before “Lesson 1.1”, which has to be completed before it opens."
    ]


def test_a_tree_that_changed_meanwhile_is_left_alone(course: CoursePage, reviewer: User) -> None:
    seen = version_of(course)
    rename_page(course_id=course.pk, version=seen, page_id=lesson("Lesson 1.1").pk, title="New", user=reviewer)
    before = tree_of(course)
    calls: list[tuple[Any, dict[str, Any]]] = [
        (step_page, {"page_id": module("Module 1").pk, "direction": "down"}),
        (place_page, {"page_id": lesson("Lesson 1.2").pk, "parent_id": module("Module 2").pk, "index": 0}),
        (move_lessons, {"lesson_ids": [lesson("Lesson 1.2").pk], "module_id": module("Module 2").pk}),
        (rename_page, {"page_id": lesson("Lesson 1.2").pk, "title": "Other"}),
        (add_module, {"title": "Other"}),
        (add_lesson, {"title": "Other", "module_id": module("Module 1").pk}),
    ]
    for call, arguments in calls:
        with pytest.raises(CurriculumError, match="changed meanwhile") as refused:
            call(course_id=course.pk, version=seen, user=reviewer, **arguments)
        assert refused.value.code == "changed"
    assert tree_of(course) == before


def test_a_new_title_is_a_draft(course: CoursePage, editor: User) -> None:
    page = lesson("Lesson 1.1")
    arguments: dict[str, Any] = {"course_id": course.pk, "page_id": page.pk, "user": editor}
    assert rename_page(version=version_of(course), title="  Better\0 \n title ", **arguments) is True
    page.refresh_from_db()
    assert (page.title, page.draft_title, page.slug, page.live, page.has_unpublished_changes) == (
        *("Lesson 1.1", "Better title", "lesson-11"),
        *(True, True),
    )
    assert page.latest_revision.user == editor
    assert rename_page(version=version_of(course), title="Better title", **arguments) is False
    for title, message in ((" ", "Give it a title"), ("x" * 256, "at most 255")):
        with pytest.raises(CurriculumError, match=message):
            rename_page(version=version_of(course), title=title, **arguments)
    page.latest_revision.publish()
    assert LessonPage.objects.get(pk=page.pk).title == "Better title"


def test_new_pages_are_drafts_at_the_end(course: CoursePage, editor: User) -> None:
    made = add_module(course_id=course.pk, version=version_of(course), title="Third", user=editor)
    page = add_lesson(course_id=course.pk, version=version_of(course), module_id=made.pk, title="New", user=editor)
    assert tree_of(course)["Third"] == ["New"]
    assert (page.live, page.owner, page.has_unpublished_changes, page.latest_revision.user) == (
        *(False, editor),
        *(True, editor),
    )
    twin = add_lesson(course_id=course.pk, version=version_of(course), module_id=made.pk, title="New", user=editor)
    assert twin.slug == "new-2"
    with pytest.raises(CurriculumError, match="not part of the course"):
        add_lesson(course_id=course.pk, version=version_of(course), module_id=course.pk, title="New", user=editor)


def test_only_who_may_publish_changes_the_order(course: CoursePage, editor: User) -> None:
    """A move shows at once; so Wagtail asks for the right to publish."""
    before = tree_of(course)
    with pytest.raises(CurriculumError, match="may not change the order") as refused:
        step(course, lesson("Lesson 1.1"), "down", editor)
    assert refused.value.code == "forbidden"
    with pytest.raises(CurriculumError, match="may not move"):
        place(course, lesson("Lesson 1.1"), module("Module 2"), 0, editor)
    assert tree_of(course) == before
    draft = make_lesson(module("Module 1"), "Draft", live=False)
    place(course, draft, module("Module 2"), 0, editor)
    assert tree_of(course)["Module 2"][0] == "Draft"


def test_strangers_may_do_nothing(course: CoursePage) -> None:
    stranger = UserFactory()
    before = tree_of(course)
    version = version_of(course)
    page = lesson("Lesson 1.1")
    for call, arguments in (
        (step_page, {"page_id": page.pk, "direction": "down"}),
        (rename_page, {"page_id": page.pk, "title": "Mine"}),
        (add_module, {"title": "Mine"}),
        (add_lesson, {"title": "Mine", "module_id": module("Module 1").pk}),
    ):
        with pytest.raises(CurriculumError, match="You may not"):
            call(course_id=course.pk, version=version, user=stranger, **arguments)
    assert tree_of(course) == before
    assert find_rights(course, stranger).view is False


def test_locked_pages_stay(course: CoursePage, editor: User, reviewer: User) -> None:
    page = lesson("Lesson 1.1")
    page.locked, page.locked_by = True, editor
    page.save()
    for call, arguments in ((step_page, {"direction": "down"}), (rename_page, {"title": "Mine"})):
        with pytest.raises(CurriculumError, match="is locked: somebody locked it") as refused:
            call(course_id=course.pk, version=version_of(course), page_id=page.pk, user=reviewer, **arguments)
        assert refused.value.code == "locked"


def test_a_lesson_in_review_is_the_reviewers(course: CoursePage, editor: User, reviewer: User) -> None:
    page = lesson("Lesson 1.1")
    page.save_revision()
    page.get_workflow().start(page, editor)
    with pytest.raises(CurriculumError, match="it is in review"):
        rename_page(course_id=course.pk, version=version_of(course), page_id=page.pk, title="Mine", user=editor)
    assert rename_page(
        course_id=course.pk, version=version_of(course), page_id=page.pk, title="Reviewed", user=reviewer
    )


def test_an_address_that_is_taken_is_refused(course: CoursePage, reviewer: User) -> None:
    make_lesson(module("Module 2"), "Twin", slug=lesson("Lesson 1.1").slug)
    with pytest.raises(CurriculumError, match="same address, “lesson-11”") as refused:
        place(course, lesson("Lesson 1.1"), module("Module 2"), 0, reviewer)
    assert refused.value.code == "slug_taken"


def test_pages_of_other_courses_are_out_of_reach(catalogue: CataloguePage, course: CoursePage, reviewer: User) -> None:
    other = make_course(catalogue, "Other", modules=1, lessons=1)
    foreign = LessonPage.objects.descendant_of(other).get()
    for call, arguments in ((step_page, {"direction": "up"}), (rename_page, {"title": "Mine"})):
        with pytest.raises(CurriculumError):
            call(course_id=course.pk, version=version_of(course), page_id=foreign.pk, user=reviewer, **arguments)
    with pytest.raises(CurriculumError, match="deleted"):
        add_module(course_id=999_999, version="", title="Mine", user=reviewer)
    assert LessonPage.objects.get(pk=foreign.pk).title == foreign.title


def test_templates_stay_in_their_section(catalogue: CataloguePage, course: CoursePage) -> None:
    shelf = catalogue.add_child(instance=TemplatesPage(title="Templates", live=False))
    template = shelf.add_child(instance=CoursePage(title="T", live=False))
    assert template.add_child(instance=ModulePage(title="M", live=False)).is_template is True
    admin = UserFactory(admin=True)
    assert template.permissions_for_user(admin).can_move_to(catalogue) is False
    assert course.permissions_for_user(admin).can_move_to(shelf) is False
