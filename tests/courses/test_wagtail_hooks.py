"""Content in the admin: news of the compile, private documents, examples in the block picker."""

import json

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Collection

from courses.blocks.lesson import LessonBody
from courses.editions.models import CourseState, Edition
from courses.editions.services import compile_course
from courses.models import CataloguePage, Category, CourseDocument, CoursePage, LessonPage
from learners.accounts.models import User
from tests.factories.learners import UserFactory
from tests.factories.pages import make_course, make_lesson, make_module


@pytest.fixture
def admin_client(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser(email="admin@example.com", password="x"))
    return client


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    return make_course(catalogue, modules=1, lessons=1)


def break_compile(course: CoursePage) -> None:
    """Leave the course as a failed compile leaves it."""
    compile_course(course.pk)
    CourseState.objects.filter(course=course).update(
        compile_error="CompileError: A block id occurs twice.", compile_failed_at=timezone.now()
    )


def read_editor(client: Client, page_id: int) -> str:
    return client.get(reverse("wagtailadmin_pages:edit", args=[page_id])).content.decode()


def test_editors_show_why_the_compile_failed(admin_client: Client, course: CoursePage) -> None:
    lesson = LessonPage.objects.get()
    pages = (course.pk, lesson.pk, lesson.get_parent().pk)
    assert ["A block id occurs twice." in read_editor(admin_client, pk) for pk in pages] == [False] * 3
    break_compile(course)
    assert ["A block id occurs twice." in read_editor(admin_client, pk) for pk in pages] == [True] * 3
    assert "Learners still study edition 1." in read_editor(admin_client, course.pk)


def test_course_editor_shows_the_edition_in_force(admin_client: Client, course: CoursePage) -> None:
    assert "No edition yet" in read_editor(admin_client, course.pk)
    edition = compile_course(course.pk)
    assert edition is not None
    assert f">{edition.digest[:12]}</code>" in read_editor(admin_client, course.pk)


def test_add_views_open_without_a_course_state(admin_client: Client, course: CoursePage) -> None:
    url = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", course.get_children().get().pk])
    assert admin_client.get(url).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_publishing_tells_that_learners_do_not_see_the_change(
    client: Client, transactional_catalogue: CataloguePage
) -> None:
    client.force_login(User.objects.create_superuser(email="admin@example.com", password="x"))
    Collection.add_root(name="Root")
    module = make_module(make_course(transactional_catalogue))
    broken = make_lesson(module, "Broken", slug="broken")
    LessonPage.objects.filter(pk=broken.pk).update(body='[{"type": "text", "id": "x", "value": null}]')
    lesson = make_lesson(module, "Lesson", live=False)
    lesson.save_revision()
    data = {
        "title": "Lesson",
        "slug": "lesson",
        "body-count": "0",
        "requires-count": "0",
        "action-publish": "1",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
    }
    response = client.post(reverse("wagtailadmin_pages:edit", args=[lesson.pk]), data, follow=True)
    shown = " ".join(str(message) for message in response.context["messages"])
    assert "learners do not see the change: no new edition of the course could be made." in shown
    assert LessonPage.objects.get(pk=lesson.pk).live


def test_documents_of_wagtail_are_for_the_admin_only(client: Client, db: None) -> None:
    Collection.add_root(name="Root")
    document = CourseDocument.objects.create(title="Key", file=ContentFile(b"%PDF", "key.pdf"))
    assert client.get(document.url).status_code == 404
    client.force_login(User.objects.create_user(email="learner@example.com", password="x"))
    assert client.get(document.url).status_code == 404
    client.force_login(User.objects.create_superuser(email="admin@example.com", password="x"))
    assert client.get(document.url).status_code == 200


PREVIEWABLE = [name for name, block in LessonBody().child_blocks.items() if block.is_previewable]


def test_block_picker_has_examples() -> None:
    assert PREVIEWABLE == ["text", "markdown", "callout", "table", "code", "video", "embed", "quiz"]


@pytest.mark.parametrize("name", PREVIEWABLE)
def test_block_example_renders(admin_client: Client, name: str) -> None:
    block = LessonPage._meta.get_field("body").stream_block.child_blocks[name]
    response = admin_client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    assert response.status_code == 200
    assert f'class="block block-{name}"' in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_renaming_a_category_makes_a_new_edition_of_its_courses(
    client: Client, transactional_catalogue: CataloguePage
) -> None:
    course = _course_in_category(transactional_catalogue)
    category = Category.objects.get()
    client.force_login(UserFactory(admin=True))
    client.post(
        f"/admin/snippets/courses/category/edit/{category.pk}/",
        {"name": "Selling", "slug": "sales", "description": ""},
    )
    assert _category_names(course) == [["Sales"], ["Selling"]]


@pytest.mark.django_db(transaction=True)
def test_deleting_a_category_makes_a_new_edition_of_its_courses(
    client: Client, transactional_catalogue: CataloguePage
) -> None:
    course = _course_in_category(transactional_catalogue)
    client.force_login(UserFactory(admin=True))
    client.post(f"/admin/snippets/courses/category/delete/{Category.objects.get().pk}/")
    assert _category_names(course) == [["Sales"], []]


def _course_in_category(catalogue: CataloguePage) -> CoursePage:
    course = make_course(catalogue, modules=1, lessons=1)
    course.categories.add(Category.objects.create(name="Sales", slug="sales"))
    course.save()
    compile_course(course.pk)
    return course


def _category_names(course: CoursePage) -> list[list[str]]:
    editions = Edition.objects.filter(course_key=course.translation_key).order_by("number")
    return [[term["name"] for term in json.loads(edition.outline)["course"]["categories"]] for edition in editions]
