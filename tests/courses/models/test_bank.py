"""The question bank: what quizzes may draw from it, and how editors keep it."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.blocks.stream_block import StreamBlockValidationError

from courses.models import BankQuestion, QuestionCategory
from tests.courses.packs.editor_form import flatten_block
from tests.factories.learners import UserFactory
from tests.factories.pages import make_bank, make_bank_question, make_choice_question, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(UserFactory(admin=True))
    return client


def test_load_questions_gives_the_live_ones_of_each_category_by_their_keys() -> None:
    safety, sales = make_bank("Safety", questions=2), make_bank("Sales")
    make_bank_question(safety, "Draft?", live=False)
    other = make_bank_question(sales, "Price?")
    make_bank("Unused", questions=1)
    loaded = QuestionCategory.load_questions([safety.pk, sales.pk])
    assert {key: [question.prompt for question in questions] for key, questions in loaded.items()} == {
        safety.pk: ["Safety 1?", "Safety 2?"],
        sales.pk: ["Price?"],
    }
    assert loaded[sales.pk][0].id == str(other.key)


@pytest.mark.parametrize("questions", [1, 3])
def test_load_questions_takes_one_query(questions: int, django_assert_num_queries) -> None:
    category = make_bank(questions=questions)
    with django_assert_num_queries(1):
        QuestionCategory.load_questions([category.pk])
    with django_assert_num_queries(0):
        QuestionCategory.load_questions([])


def test_saving_gives_every_part_an_id() -> None:
    raw = [{"type": "ordering", "value": {"prompt": "?", "items": [{"type": "item", "value": "One"}]}}]
    question = make_bank_question(make_bank())
    question.question = json.dumps(raw)
    question.save()
    stored = BankQuestion.objects.get().question.raw_data[0]
    assert len(stored["id"]) == len(stored["value"]["items"][0]["id"]) == 36


def test_question_that_nobody_can_answer_is_refused() -> None:
    question = make_bank_question(make_bank())
    raw = make_choice_question()
    raw["value"]["choices"] = raw["value"]["choices"][1:]
    question.question = json.dumps([raw])
    with pytest.raises(StreamBlockValidationError) as refused:
        question.question.stream_block.clean(question.question)
    [error] = refused.value.block_errors.values()
    assert [str(message) for message in error.non_block_errors] == [
        "Fewer than two choices. Add another.",
        "No choice is marked as right.",
    ]
    question.question.stream_block.clean_deferred(question.question)


@pytest.mark.parametrize("count", [0, 2])
def test_row_of_the_bank_holds_exactly_one_question(count: int) -> None:
    question = make_bank_question(make_bank())
    question.question = json.dumps([make_choice_question() for _ in range(count)])
    with pytest.raises(StreamBlockValidationError):
        question.question.stream_block.clean(question.question)


def test_type_label_names_the_sort_of_question() -> None:
    question = make_bank_question(make_bank())
    assert question.type_label() == "One right answer"
    question.question = json.dumps([make_item("essay", {"prompt": "Why?"})])
    assert question.type_label() == "Essay"


def test_status_label_tells_drafts_from_live_questions() -> None:
    assert [
        BankQuestion(live=live, has_unpublished_changes=changed).status_label()
        for live, changed in ((False, True), (True, True), (True, False))
    ] == ["Draft", "Live, with changes", "Live"]


def _counted(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_listing_takes_the_same_number_of_queries_for_any_bank(admin: Client) -> None:
    category = make_bank(questions=1)
    path = "/admin/snippets/courses/bankquestion/"
    admin.get(path)
    first = _counted(admin, path)
    make_bank_question(category, "Two?")
    make_bank_question(make_bank("Sales"), "Three?")
    assert _counted(admin, path) == first


def test_listing_is_filtered_by_category_and_searched_by_title(admin: Client) -> None:
    safety = make_bank("Safety", questions=1)
    make_bank("Sales", questions=1)
    path = "/admin/snippets/courses/bankquestion/"
    for query in (f"?category={safety.pk}", "?q=Safety"):
        text = admin.get(path + query).content.decode()
        assert ("Safety 1?" in text, "Sales 1?" in text) == (True, False)


def test_category_with_questions_is_not_deleted(admin: Client) -> None:
    category = make_bank(questions=1)
    admin.post(f"/admin/snippets/courses/questioncategory/delete/{category.pk}/")
    assert (QuestionCategory.objects.count(), BankQuestion.objects.count()) == (1, 1)


def test_form_for_a_new_question_opens(admin: Client) -> None:
    assert admin.get("/admin/snippets/courses/bankquestion/add/").status_code == 200


def test_copy_made_in_the_admin_is_a_question_of_its_own(admin: Client) -> None:
    original = make_bank_question(make_bank())
    path = f"/admin/snippets/courses/bankquestion/copy/{original.pk}/"
    action = admin.get(path).context["action_url"]
    fields = dict(flatten_block(original.question.stream_block, original.question, "question"))
    response = admin.post(action, {**fields, "title": "Copy", "category": original.category_id})
    assert response.status_code == 302
    copy = BankQuestion.objects.exclude(pk=original.pk).get()
    assert (copy.title, copy.key == original.key, BankQuestion.objects.get(pk=original.pk).title) == (
        "Copy",
        False,
        original.title,
    )
