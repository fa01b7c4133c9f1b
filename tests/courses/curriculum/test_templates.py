"""Templates: out of sight for learners, and what is made from them shares nothing with them."""

from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import Page

from courses.curriculum import copying
from courses.curriculum.access import CurriculumError
from courses.curriculum.copying import continue_copies, continue_copy
from courses.curriculum.queries import read_curriculum, read_shape
from courses.curriculum.templates import (
    add_course_from_template,
    add_lesson_from_template,
    ensure_shelf,
    list_templates,
    save_as_template,
)
from courses.models import CataloguePage, Category, CoursePage, LessonPage, ModulePage, TemplatesPage, TreeCopy
from courses.publishing import PublishRefusedError
from learners.accounts.models import User
from tests.courses.curriculum.test_queries import wait_for
from tests.factories.learners import UserFactory
from tests.factories.pages import make_block, make_quiz, make_text


@pytest.fixture
def shelf(catalogue: CataloguePage) -> TemplatesPage:
    return ensure_shelf(catalogue)[0]


@pytest.fixture
def template(shelf: TemplatesPage) -> LessonPage:
    """Its quiz and summary stand in the latest draft only, as with every page that was never published."""
    page = shelf.add_child(instance=LessonPage(title="Case study", live=False))
    draft = page.get_latest_revision_as_object()
    draft.summary = "Read a case, then decide."
    stream = LessonPage._meta.get_field("body").stream_block
    draft.body = stream.to_python([make_text(), make_quiz()])
    draft.save_revision()
    return page


def all_ids(page: Page) -> set[str]:
    """Of blocks, questions and choices."""
    found: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, list):
            for item in value:
                walk(item)
        elif isinstance(value, dict):
            found.update({value["id"]} if "id" in value else ())
            walk(list(value.values()))

    walk(list(page.get_latest_revision_as_object().body.get_prep_value()))
    return found


def finish(row: TreeCopy) -> CoursePage:
    row.refresh_from_db()
    assert row.finished_at is not None
    return CoursePage.objects.get(pk=row.page_id)


def test_templates_are_never_published(template: LessonPage) -> None:
    assert template.is_template is True
    with pytest.raises(PublishRefusedError, match="templates are never published"):
        template.get_latest_revision().publish()
    template.refresh_from_db()
    assert template.live is False


def test_a_lesson_from_a_template_shares_nothing_with_it(
    course: CoursePage, template: LessonPage, editor: User
) -> None:
    arguments: dict[str, Any] = {"course_id": course.pk, "template_id": template.pk, "user": editor}
    module = ModulePage.objects.get(title="Module 2")
    pages = [
        add_lesson_from_template(version=read_shape(course)[1], module_id=module.pk, title=title, **arguments)
        for title in ("Our case", "")
    ]
    assert [(page.title, page.slug, page.live, page.is_template, page.owner) for page in pages] == [
        ("Our case", "our-case", False, False, editor),
        ("Case study", "case-study", False, False, editor),
    ]
    assert pages[0].get_latest_revision_as_object().summary == "Read a case, then decide."
    assert len({page.translation_key for page in (template, *pages)}) == 3
    sizes = [len(all_ids(page)) for page in (template, *pages)]
    assert sizes == [5] * 3
    assert len(set.union(*(all_ids(page) for page in (template, *pages)))) == 15
    assert [lesson.title for lesson in read_curriculum(course).modules[1].lessons][2:] == ["Our case", "Case study"]


def test_a_template_that_is_gone_or_none_is_refused(course: CoursePage, shelf: TemplatesPage, editor: User) -> None:
    arguments: dict[str, Any] = {"course_id": course.pk, "version": read_shape(course)[1], "user": editor}
    arguments |= {"module_id": ModulePage.objects.get(title="Module 2").pk, "title": "X"}
    for pk in (999_999, LessonPage.objects.get(title="Lesson 1.1").pk):
        with pytest.raises(CurriculumError, match="not there any more"):
            add_lesson_from_template(template_id=pk, **arguments)


def make_linked_course(course: CoursePage) -> CoursePage:
    """Lesson 2.2 waits for 1.1 and links to it; module 2 waits for 1.2."""
    first, second = (LessonPage.objects.get(title=f"Lesson 1.{number}") for number in (1, 2))
    last, module = LessonPage.objects.get(title="Lesson 2.2"), ModulePage.objects.get(title="Module 2")
    last.requires, module.requires = wait_for(first), wait_for(second)
    stream = LessonPage._meta.get_field("body").stream_block
    text = make_block("text", {"text": f'<p><a linktype="page" id="{first.pk}">Back</a></p>'})
    last.body = stream.to_python([text])
    last.save_revision()
    module.save_revision()
    return course


@pytest.mark.parametrize("most_at_once", [30, 2])
def test_a_course_goes_to_the_shelf_and_back(
    course: CoursePage,
    editor: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
    most_at_once: int,
) -> None:
    monkeypatch.setattr(copying, "MOST_AT_ONCE", most_at_once)
    monkeypatch.setattr(copying, "BATCH", 2)
    make_linked_course(course)
    topic = Category.objects.create(name="Sales", slug="sales")
    course.categories.add(topic)
    course.save_revision()
    with django_capture_on_commit_callbacks(execute=True):
        row = save_as_template(page_id=course.pk, user=editor)
    template = finish(row)
    assert list(template.categories.all()) == list(template.get_latest_revision_as_object().categories.all()) == [topic]
    assert (row.total, row.done) == (7, 7)
    pages = template.get_descendants(inclusive=True).specific()
    assert {(page.is_template, page.live) for page in pages} == {(True, False)}
    assert list_templates(CoursePage) == [{"pk": template.pk, "draft_title": "A course", "summary": ""}]
    with django_capture_on_commit_callbacks(execute=True):
        row = add_course_from_template(template_id=template.pk, title="Second course", user=editor)
    made = finish(row)
    tree = read_curriculum(made)
    assert (made.title, made.slug, made.live, made.is_template, made.get_parent().specific_class) == (
        *("Second course", "second-course"),
        *(False, False, CataloguePage),
    )
    assert [(m.title, [lesson.title for lesson in m.lessons]) for m in tree.modules] == [
        ("Module 1", ["Lesson 1.1", "Lesson 1.2"]),
        ("Module 2", ["Lesson 2.1", "Lesson 2.2"]),
    ]
    assert (tree.warning_count, {lesson.statuses for lesson in tree.lessons}) == (0, {("draft",)})
    first, second, _third, last = (LessonPage.objects.get(pk=lesson.pk) for lesson in tree.lessons)
    last = last.get_latest_revision_as_object()
    module = ModulePage.objects.get(pk=tree.modules[1].pk).get_latest_revision_as_object()
    assert [item["value"]["page"] for item in last.requires.raw_data] == [first.pk]
    assert [item["value"]["page"] for item in module.requires.raw_data] == [second.pk]
    assert f'id="{first.pk}"' in last.body.raw_data[0]["value"]["text"]


def test_a_killed_worker_is_followed_by_another(
    course: CoursePage, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweeper goes on where it stopped; nothing is copied twice."""
    monkeypatch.setattr(copying, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(copying, "BATCH", 3)
    row = save_as_template(page_id=course.pk, user=editor)
    assert (row.done, row.total) == (0, 7)

    class KilledError(BaseException):
        pass

    def die_at_lesson(page: Page, *args: Any, **kwargs: Any) -> Page:
        if page.draft_title == "Lesson 2.1":
            raise KilledError
        return real(page, *args, **kwargs)

    real = copying.copy_page
    monkeypatch.setattr(copying, "copy_page", die_at_lesson)
    with pytest.raises(KilledError):
        continue_copy(row.pk)
    row.refresh_from_db()
    assert (row.done, row.finished_at) == (3, None)
    monkeypatch.setattr(copying, "copy_page", real)
    assert continue_copies() == 0  # its lease still runs
    TreeCopy.objects.update(claimed_until=row.created_at)
    assert continue_copies() == 1
    assert finish(row).get_descendants().count() == 6
    assert (continue_copies(), continue_copy(row.pk)) == (0, False)


def test_a_copy_whose_original_is_gone_says_so(
    course: CoursePage, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "MOST_AT_ONCE", 2)
    row = save_as_template(page_id=course.pk, user=editor)
    course.delete()
    assert continue_copy(row.pk) is False
    row.refresh_from_db()
    assert (row.last_error, row.is_over, row.page_id) == ("The original was deleted.", True, None)


def test_a_lesson_goes_to_the_shelf_alone(course: CoursePage, editor: User) -> None:
    page = LessonPage.objects.get(title="Lesson 2.2")
    page.requires = wait_for(LessonPage.objects.get(title="Lesson 1.1"))
    page.save_revision()
    row = save_as_template(page_id=page.pk, user=editor)
    template = LessonPage.objects.get(pk=row.page_id)
    assert (template.is_template, list(template.get_latest_revision_as_object().requires.raw_data)) == (True, [])
    assert list_templates(LessonPage) == [{"pk": template.pk, "draft_title": "Lesson 2.2", "summary": ""}]
    for pk in (template.pk, ModulePage.objects.first().pk):
        with pytest.raises(CurriculumError, match="Only courses and lessons"):
            save_as_template(page_id=pk, user=editor)


def test_strangers_make_nothing(course: CoursePage, template: LessonPage, shelf: TemplatesPage) -> None:
    stranger = UserFactory()
    own = shelf.add_child(instance=CoursePage(title="T", live=False))
    pages = Page.objects.count()
    module = ModulePage.objects.get(title="Module 1")
    for call, arguments in (
        (save_as_template, {"page_id": course.pk}),
        (add_course_from_template, {"template_id": own.pk, "title": "Mine"}),
        (
            add_lesson_from_template,
            {"template_id": template.pk, "title": "", "course_id": course.pk, "module_id": module.pk}
            | {"version": read_shape(course)[1]},
        ),
    ):
        with pytest.raises(CurriculumError, match="You may not"):
            call(user=stranger, **arguments)
    assert Page.objects.count() == pages


def test_a_lone_template_can_be_previewed(client: Any, template: LessonPage) -> None:
    client.force_login(UserFactory(admin=True))
    response = client.get(reverse("wagtailadmin_pages:view_draft", args=[template.pk]))
    assert (response.status_code, "Case study" in response.content.decode()) == (200, True)


def test_the_shelf_is_no_page_for_learners(client: Any, shelf: TemplatesPage) -> None:
    shelf.get_latest_revision_as_object().save_revision().publish()
    assert client.get("/courses/templates/").status_code == 404
