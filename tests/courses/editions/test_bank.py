"""Draws from the question bank: frozen in the edition, renewed by whatever happens to a question of the category."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from courses.editions.answers import get_quiz
from courses.editions.models import CourseState, Edition
from courses.editions.queries import get_lesson_document
from courses.editions.services import compile_course, compile_stale_courses
from courses.models import BankQuestion, CataloguePage, CoursePage, LessonPage, QuestionCategory
from courses.preview import compile_preview
from courses.publishing import find_publish_errors
from courses.quizzes.definition import Quiz
from tests.factories.learners import UserFactory
from tests.factories.pages import (
    make_bank,
    make_bank_question,
    make_bank_quiz,
    make_choice_question,
    make_course,
    make_lesson,
    make_module,
    make_text,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bank() -> QuestionCategory:
    return make_bank("Safety", questions=3)


@pytest.fixture
def course(transactional_catalogue: CataloguePage, bank: QuestionCategory) -> CoursePage:
    made = make_course(transactional_catalogue)
    quiz = make_bank_quiz(bank, count=2, questions=[make_choice_question("Fixed?", points=2)])
    make_lesson(make_module(made), "Testing", [quiz])
    compile_course(made.pk)
    return made


def quiz_in(edition: Edition) -> Quiz:
    lesson = LessonPage.objects.get(title="Testing")
    found = get_quiz(edition.pk, str(lesson.translation_key), lesson.body.raw_data[0]["id"])
    assert found is not None
    return found


def editions() -> list[Edition]:
    return list(Edition.objects.order_by("number"))


def prompts(edition: Edition) -> list[str]:
    return [question.prompt for question in quiz_in(edition).questions]


def test_edition_holds_the_questions_of_the_category_as_a_pool(course: CoursePage) -> None:
    [edition] = editions()
    quiz = quiz_in(edition)
    assert prompts(edition) == ["Fixed?", "Safety 1?", "Safety 2?", "Safety 3?"]
    assert [(pool.count, pool.question_ids) for pool in quiz.pools] == [
        (2, tuple(str(key) for key in BankQuestion.objects.order_by("pk").values_list("key", flat=True)))
    ]


def test_lesson_document_counts_what_one_paper_has(course: CoursePage) -> None:
    lesson = LessonPage.objects.get(title="Testing")
    document = get_lesson_document(editions()[0].pk, str(lesson.translation_key))
    assert document is not None
    [block] = document["blocks"]
    assert (block["question_count"], block["points"], block["needs_marking"]) == (3, 4, False)


def test_publishing_a_change_makes_an_edition_and_leaves_the_one_before(course: CoursePage) -> None:
    question = BankQuestion.objects.first()
    assert question is not None
    question.question = json.dumps([make_choice_question("Mended?")])
    question.save_revision()
    assert len(editions()) == 1
    question.latest_revision.publish()
    first, second = editions()
    assert (prompts(first)[1], prompts(second)[1]) == ("Safety 1?", "Mended?")


def test_new_question_comes_into_the_next_edition(course: CoursePage, bank: QuestionCategory) -> None:
    make_bank_question(bank, "New?", live=False).save_revision().publish()
    assert prompts(editions()[1])[-1] == "New?"


def test_unpublishing_and_deleting_take_a_question_out(course: CoursePage) -> None:
    first, second, _third = BankQuestion.objects.order_by("pk")
    first.unpublish()
    second.delete()
    assert [prompts(edition) for edition in editions()[1:]] == [
        ["Fixed?", "Safety 2?", "Safety 3?"],
        ["Fixed?", "Safety 3?"],
    ]


def test_moving_a_question_renews_the_courses_of_both_categories(
    course: CoursePage, transactional_catalogue: CataloguePage
) -> None:
    sales = make_bank("Sales", questions=1)
    other = make_course(transactional_catalogue, "Selling")
    make_lesson(make_module(other), "Selling test", [make_bank_quiz(sales)])
    compile_course(other.pk)
    question = BankQuestion.objects.get(title="Safety 1?")
    question.save_revision().publish()  # unchanged: no edition
    question.category = sales
    question.save_revision().publish()
    assert [(edition.title, edition.number) for edition in Edition.objects.order_by("title", "number")] == [
        ("A course", 1),
        ("A course", 2),
        ("Selling", 1),
        ("Selling", 2),
    ]


def test_course_that_draws_from_elsewhere_is_not_compiled(
    course: CoursePage, transactional_catalogue: CataloguePage
) -> None:
    other = make_course(transactional_catalogue, "Reading")
    make_lesson(make_module(other), "Words", [make_text()])
    compile_course(other.pk)
    compiled_at = CourseState.objects.get(course=other).compiled_at
    BankQuestion.objects.first().unpublish()
    assert CourseState.objects.get(course=other).compiled_at == compiled_at
    assert CourseState.objects.get(course=course).compiled_at > compiled_at


def test_what_editors_do_in_the_admin_makes_an_edition(course: CoursePage, client: Client) -> None:
    client.force_login(UserFactory(admin=True))
    question = BankQuestion.objects.first()
    assert question is not None
    client.post(f"/admin/snippets/courses/bankquestion/unpublish/{question.pk}/")
    client.post(f"/admin/snippets/courses/bankquestion/delete/{question.pk}/")
    assert ([edition.number for edition in editions()], BankQuestion.objects.count()) == ([1, 2], 2)


@pytest.mark.parametrize("lessons", [1, 4])
def test_compile_with_draws_takes_one_query_more_for_any_course(
    transactional_catalogue: CataloguePage, bank: QuestionCategory, lessons: int
) -> None:
    made = make_course(transactional_catalogue)
    module = make_module(made)
    for number in range(lessons):
        make_lesson(module, f"Lesson {number}", [make_bank_quiz(bank, 2)])
    with CaptureQueriesContext(connection) as queries:
        compile_course(made.pk)
    assert len(queries) == 21  # 20 for quizzes without a draw: their keys are stored


def test_preview_draws_from_the_bank(course: CoursePage) -> None:
    document = compile_preview(LessonPage.objects.get(title="Testing"))
    assert document["blocks"][0]["question_count"] == 3


def test_quiz_that_draws_more_than_there_is_cannot_be_published(course: CoursePage, bank: QuestionCategory) -> None:
    lesson = LessonPage.objects.get(title="Testing")
    assert find_publish_errors(lesson) == []
    raw = make_bank_quiz(bank, count=4)
    lesson.body = json.dumps([raw])
    assert [problem.message for problem in find_publish_errors(lesson)] == [
        "Block 1 (quiz “Check yourself”): A pool should draw 4 questions but has only 3."
    ]


def test_draw_from_a_category_that_is_gone_draws_nothing(course: CoursePage, bank: QuestionCategory) -> None:
    BankQuestion.objects.all().delete()
    bank.delete()
    Page.objects.get(pk=course.pk).specific.save_revision().publish()
    assert prompts(editions()[-1]) == ["Fixed?"]


def test_sweep_compiles_what_a_lost_signal_left_behind(course: CoursePage) -> None:
    assert compile_stale_courses() == 0
    question = BankQuestion.objects.first()
    assert question is not None
    question.live = False
    question.save()  # as if the process had died before it compiled
    assert (compile_stale_courses(), prompts(editions()[-1])) == (1, ["Fixed?", "Safety 2?", "Safety 3?"])
    assert compile_stale_courses() == 0
