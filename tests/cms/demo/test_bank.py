"""The demo's question bank."""

import pytest

from courses.models import BankQuestion, CourseState

pytestmark = pytest.mark.once


def test_demo_course_draws_from_the_bank(demo, db):
    categories = set(BankQuestion.objects.filter(live=True).values_list("category_id", flat=True))
    [category] = categories
    state = CourseState.objects.get(slug="consultative-selling")
    assert (state.bank_categories, BankQuestion.objects.count()) == ([category], 3)


def test_demo_questions_are_answered_by_one_of_their_choices(demo, db):
    for row in BankQuestion.objects.all():
        row.question.stream_block.clean(row.question)
        assert len(row.question.raw_data[0]["value"]["choices"]) == 3
