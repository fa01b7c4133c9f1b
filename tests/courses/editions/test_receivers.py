"""What editors do in the admin makes one edition, whatever the view sends on the way."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, WorkflowState

from courses.editions.models import Edition
from courses.editions.services import compile_course
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage
from courses.roles import ensure_roles
from tests.factories.learners import UserFactory
from tests.factories.pages import make_course

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def course(transactional_catalogue: CataloguePage, client: Client) -> CoursePage:
    client.force_login(UserFactory(admin=True))
    made = make_course(transactional_catalogue, modules=2, lessons=3)
    compile_course(made.pk)
    return made


def numbers() -> list[int]:
    return list(Edition.objects.order_by("number").values_list("number", flat=True))


def lessons(course: CoursePage) -> list[LessonPage]:
    return list(LessonPage.objects.descendant_of(course).order_by("path"))


def bulk(client: Client, action: str, pages: list[Page], **data: str) -> None:
    ids = "&".join(f"id={page.pk}" for page in pages)
    response = client.post(f"/admin/bulk/wagtailcore/page/{action}/?next=/admin/&{ids}", data)
    assert response.status_code == 302


def test_bulk_publishing_drafts_makes_one_edition(client: Client, course: CoursePage) -> None:
    bulk(client, "unpublish", list(lessons(course)))
    bulk(client, "publish", list(lessons(course)))
    assert (numbers(), LessonPage.objects.live().count()) == ([1, 2, 3], 6)


def test_bulk_delete_makes_one_edition(client: Client, course: CoursePage) -> None:
    bulk(client, "delete", list(lessons(course)[:3]))
    assert (numbers(), LessonPage.objects.count()) == ([1, 2], 3)


def test_bulk_move_makes_one_edition(client: Client, course: CoursePage) -> None:
    target = ModulePage.objects.child_of(course).last()
    first = lessons(course)[0]
    bulk(client, "move", [first], chooser=str(target.pk))
    assert (numbers(), LessonPage.objects.child_of(target).count()) == ([1, 2], 4)


def test_deleting_a_module_makes_one_edition(client: Client, course: CoursePage) -> None:
    module = ModulePage.objects.child_of(course).first()
    client.post(f"/admin/pages/{module.pk}/delete/")
    assert (numbers(), LessonPage.objects.count()) == ([1, 2], 3)


def test_reordering_makes_one_edition(client: Client, course: CoursePage) -> None:
    first = lessons(course)[0]
    client.post(reverse("wagtailadmin_pages:set_page_position", args=[first.pk]) + "?position=2")
    titles = [lesson.title for lesson in lessons(course)[:3]]
    assert (numbers(), titles) == ([1, 2], ["Lesson 1.2", "Lesson 1.3", "Lesson 1.1"])


def test_approving_in_the_workflow_makes_one_edition(client: Client, course: CoursePage) -> None:
    ensure_roles(CataloguePage.objects.get())
    lesson = lessons(course)[0]
    lesson.title = "Reviewed"
    lesson.save_revision()
    editor = UserFactory(admin=True)
    lesson.get_workflow().start(lesson, editor)
    state = WorkflowState.objects.get()
    client.post(
        f"/admin/pages/workflow/action/{lesson.pk}/approve/{state.current_task_state_id}/",
        {"comment": ""},
    )
    assert LessonPage.objects.get(pk=lesson.pk).title == "Reviewed"
    assert numbers() == [1, 2]


def test_page_of_another_kind_makes_no_edition(client: Client, course: CoursePage) -> None:
    home = CataloguePage.objects.get().get_parent()
    home.add_child(instance=Page(title="About", slug="about")).save_revision().publish()
    assert numbers() == [1]
