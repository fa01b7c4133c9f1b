"""Editions: once per committed change, never for unchanged content, in a constant number of queries."""

import io
import json
import threading
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from courses.editions.compiler import compile_documents
from courses.editions.models import AnswerKey, CourseState, Document, Edition
from courses.editions.services import batch, compile_course, compile_stale_courses
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage
from tests.factories.pages import PLANTED_SECRET, make_course, make_lesson, make_quiz, make_text


def numbers(course: CoursePage) -> list[int]:
    editions = Edition.objects.filter(course_key=course.translation_key)
    return list(editions.order_by("number").values_list("number", flat=True))


def compiled(course: CoursePage) -> CoursePage:
    compile_course(course.pk)
    return course


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    return compiled(make_course(catalogue, modules=2, lessons=2))


@pytest.fixture
def lesson(course: CoursePage) -> LessonPage:
    return LessonPage.objects.descendant_of(course).order_by("path").first()


def test_first_compile_makes_edition_one_and_puts_it_in_force(course: CoursePage) -> None:
    state = CourseState.objects.get(course=course)
    assert numbers(course) == [1]
    assert (state.edition.number, state.is_published, state.slug, state.title) == (1, True, "a-course", "A course")


def test_unchanged_course_makes_no_new_edition(course: CoursePage) -> None:
    first = CourseState.objects.get(course=course).edition
    assert compile_course(course.pk) == first
    assert numbers(course) == [1]


def test_changed_lesson_adds_exactly_one_document(course: CoursePage, lesson: LessonPage) -> None:
    before = Document.objects.count()
    lesson.body = json.dumps([make_text("Other words.")])
    lesson.save()
    compile_course(course.pk)
    assert numbers(course) == [1, 2]
    assert Document.objects.count() == before + 1


def test_going_back_to_old_content_makes_a_new_number_with_the_old_digest(course: CoursePage) -> None:
    for title in ("Changed", "A course"):
        course.title = title
        course.save()
        compile_course(course.pk)
    digests = list(Edition.objects.order_by("number").values_list("digest", flat=True))
    assert numbers(course) == [1, 2, 3]
    assert digests[0] == digests[2]


def test_editions_share_the_documents_of_unchanged_lessons(course: CoursePage) -> None:
    course.title = "Renamed"
    course.save()
    compile_course(course.pk)
    first, second = Edition.objects.order_by("number")
    assert json.loads(first.contents) == json.loads(second.contents)


def test_answers_stay_out_of_documents_and_outline(course: CoursePage) -> None:
    make_lesson(ModulePage.objects.child_of(course).first(), "With quiz", [make_quiz()])
    edition = compile_course(course.pk)
    key = AnswerKey.objects.get()
    assert PLANTED_SECRET in key.body
    assert [d.digest for d in Document.objects.all() if PLANTED_SECRET in d.body or "is_correct" in d.body] == []
    assert PLANTED_SECRET not in edition.outline
    assert PLANTED_SECRET not in CourseState.objects.get(course=course).search_text


def test_broken_content_keeps_the_edition_before_and_says_why(course: CoursePage, lesson: LessonPage) -> None:
    twin = make_text("one")
    LessonPage.objects.filter(pk=lesson.pk).update(body=json.dumps([twin, twin]))
    assert compile_course(course.pk) is None
    state = CourseState.objects.get(course=course)
    assert (state.edition.number, state.is_published) == (1, True)
    assert state.compile_error.startswith("CompileError: A block id occurs twice")
    assert state.compile_failed_at is not None


def test_compile_that_works_again_clears_the_error(course: CoursePage) -> None:
    CourseState.objects.update(compile_error="x", compile_failed_at=timezone.now())
    compile_course(course.pk)
    state = CourseState.objects.get(course=course)
    assert (state.compile_error, state.compile_failed_at) == ("", None)


def test_compile_from_the_edition_before_equals_a_compile_from_nothing(course: CoursePage, lesson: LessonPage) -> None:
    module = ModulePage.objects.child_of(course).last()
    make_lesson(module, "With quiz", [make_quiz()])
    compile_course(course.pk)
    lesson.title = "Renamed"
    lesson.save()
    ModulePage.objects.filter(pk=module.pk).update(slug="moved")
    step = compile_course(course.pk)
    course = CoursePage.objects.get(pk=course.pk)
    fresh = compile_documents(course)
    assert [old for old in fresh.lessons if old.document is None] == []
    assert json.loads(step.contents)["lessons"] == {new.key: new.document_digest for new in fresh.lessons}
    assert json.loads(step.contents)["answers"] == {
        new.key: new.answers_digest for new in fresh.lessons if new.answers_digest
    }
    assert json.loads(step.outline)["modules"] == fresh.outline["modules"]


@pytest.mark.parametrize("lessons", [5, 50])
def test_compile_takes_the_same_number_of_queries_for_any_course(catalogue: CataloguePage, lessons: int) -> None:
    course = make_course(catalogue, modules=1, lessons=lessons)
    with CaptureQueriesContext(connection) as queries:
        compile_course(course.pk)
    assert len(queries) == 18


@pytest.mark.parametrize("lessons", [5, 50])
def test_compile_after_one_change_takes_the_same_number_of_queries(catalogue: CataloguePage, lessons: int) -> None:
    course = compiled(make_course(catalogue, modules=1, lessons=lessons))
    lesson = LessonPage.objects.descendant_of(course).first()
    lesson.title = "Changed"
    lesson.save()
    with CaptureQueriesContext(connection) as queries:
        compile_course(course.pk)
    assert len(queries) == 17


def test_sweeper_compiles_what_a_dead_process_left_out(course: CoursePage, lesson: LessonPage) -> None:
    assert compile_stale_courses() == 0
    lesson.title = "Published, never compiled"
    lesson.save_revision().publish()  # the transaction of a test never commits, so nothing compiles it
    assert (compile_stale_courses(), numbers(course)) == (1, [1, 2])
    assert compile_stale_courses() == 0


def test_sweeper_compiles_a_course_that_was_never_compiled(catalogue: CataloguePage) -> None:
    course = make_course(catalogue, modules=1, lessons=1)
    assert (compile_stale_courses(), numbers(course)) == (1, [1])


def test_sweeper_does_not_try_a_broken_course_for_ever(course: CoursePage, lesson: LessonPage) -> None:
    twin = make_text()
    lesson.body = json.dumps([twin, make_text()])
    lesson.save_revision().publish()
    LessonPage.objects.filter(pk=lesson.pk).update(body=json.dumps([twin, twin]))
    assert compile_stale_courses() == 1
    assert (compile_stale_courses(), numbers(course)) == (0, [1])


Act = Callable[[CoursePage], None]


def first_lesson(course: CoursePage) -> LessonPage:
    return LessonPage.objects.descendant_of(course).order_by("path").first()


def publish_three_in_one_transaction(course: CoursePage) -> None:
    with transaction.atomic():
        for lesson in LessonPage.objects.descendant_of(course)[:3]:
            lesson.title += " again"
            lesson.save_revision().publish()


def unpublish_lesson(course: CoursePage) -> None:
    first_lesson(course).unpublish()


def move_lesson(course: CoursePage) -> None:
    first_lesson(course).move(ModulePage.objects.child_of(course).last(), "last-child")


def delete_module(course: CoursePage) -> None:
    ModulePage.objects.child_of(course).first().delete()


def delete_lesson_as_plain_page(course: CoursePage) -> None:
    Page.objects.get(pk=first_lesson(course).pk).delete()


def publish_on_schedule(course: CoursePage) -> None:
    for lesson in LessonPage.objects.descendant_of(course):
        lesson.title += " on time"
        lesson.go_live_at = timezone.now() - timezone.timedelta(minutes=1)
        lesson.save_revision(approved_go_live_at=lesson.go_live_at)
    with batch():
        call_command("publish_scheduled", stdout=io.StringIO())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "act",
    [
        publish_three_in_one_transaction,
        unpublish_lesson,
        move_lesson,
        delete_module,
        delete_lesson_as_plain_page,
        publish_on_schedule,
    ],
)
def test_every_kind_of_change_makes_one_edition(transactional_catalogue: CataloguePage, act: Act) -> None:
    course = compiled(make_course(transactional_catalogue, modules=2, lessons=2))
    act(course)
    assert numbers(course) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_move_to_another_course_changes_both(transactional_catalogue: CataloguePage) -> None:
    old = compiled(make_course(transactional_catalogue, "Old", modules=1, lessons=2))
    new = compiled(make_course(transactional_catalogue, "New", modules=1))
    first_lesson(old).move(ModulePage.objects.child_of(new).first(), "last-child")
    assert (numbers(old), numbers(new)) == ([1, 2], [1, 2])


@pytest.mark.django_db(transaction=True)
def test_draft_makes_no_edition(transactional_catalogue: CataloguePage) -> None:
    course = compiled(make_course(transactional_catalogue, modules=1, lessons=1))
    lesson = first_lesson(course)
    lesson.title = "Only a draft"
    lesson.save_revision()
    assert numbers(course) == [1]


@pytest.mark.django_db(transaction=True)
def test_rolled_back_publish_makes_no_edition(transactional_catalogue: CataloguePage) -> None:
    course = compiled(make_course(transactional_catalogue, modules=1, lessons=1))
    lesson = first_lesson(course)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        lesson.title = "Never"
        lesson.save_revision().publish()
        _ = 1 / 0
    assert numbers(course) == [1]


@pytest.mark.django_db(transaction=True)
def test_unpublished_course_leaves_the_catalogue_and_keeps_its_edition(transactional_catalogue: CataloguePage) -> None:
    course = compiled(make_course(transactional_catalogue, modules=1, lessons=1))
    course.unpublish()
    state = CourseState.objects.get(course_key=course.translation_key)
    assert (state.is_published, state.edition.number) == (False, 1)


@pytest.mark.django_db(transaction=True)
def test_deleted_course_leaves_the_catalogue_and_keeps_its_editions(transactional_catalogue: CataloguePage) -> None:
    course = compiled(make_course(transactional_catalogue, modules=1, lessons=1))
    CoursePage.objects.get(pk=course.pk).delete()
    state = CourseState.objects.get(course_key=course.translation_key)
    assert (state.is_published, state.course_id, state.edition.number) == (False, None, 1)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_parallel_publishing_gives_contiguous_numbers_and_the_last_content(
    transactional_catalogue: CataloguePage,
) -> None:
    course = compiled(make_course(transactional_catalogue, modules=1, lessons=8))

    def publish(pk: int) -> None:
        lesson = LessonPage.objects.get(pk=pk)
        lesson.title += " in parallel"
        lesson.save_revision().publish()
        connection.close()

    pks = list(LessonPage.objects.descendant_of(course).values_list("pk", flat=True))
    threads = [threading.Thread(target=publish, args=[pk]) for pk in pks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = numbers(course)
    assert made == list(range(1, len(made) + 1))
    outline = json.loads(CourseState.objects.get(course=course).edition.outline)
    titles = {lesson["title"] for lesson in outline["modules"][0]["lessons"]}
    assert titles == {f"Lesson 1.{n} in parallel" for n in range(1, 9)}
