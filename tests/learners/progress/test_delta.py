"""What is to be done again: required blocks with a major change since, in the order of the edition in force."""

import pytest
from django.utils import timezone

from courses.editions.models import Edition, Release
from learners.progress.delta import find_delta
from tests.factories.courses import make_edition, make_lesson, make_module, quiz_block, single_question, text_block
from tests.factories.learners import EnrolmentFactory

pytestmark = pytest.mark.django_db


def words(number: int, block: dict, **changes) -> dict:
    return block | {"html": f"<p>{'word ' * number}</p>"} | changes


def test_only_required_blocks_with_a_major_change_are_to_be_done(django_assert_max_num_queries):
    same, typo, optional, gone = (text_block() for _number in range(4))
    optional["is_required"] = False
    quiz = quiz_block(questions=(single_question(id="q1"),))
    first, second = make_lesson(same, typo, gone, title="One"), make_lesson(optional, quiz, title="Two")
    state = make_edition(modules=[make_module(first, second)])
    enrolment = EnrolmentFactory(course=state, completed=True)
    assert find_delta(enrolment).blocks == ()

    added, extra = words(400, text_block()), text_block(is_required=False)
    asked = quiz_block(id=quiz["id"], questions=(single_question(id="q1"), single_question(id="q2")))
    modules = [
        make_module(
            make_lesson(same, words(9, typo), extra, added, title="One", key=first["id"]),
            make_lesson(optional | {"is_required": True}, asked, title="Two", key=second["id"]),
        )
    ]
    make_edition(modules=modules, state=state)
    with django_assert_max_num_queries(6):
        delta = find_delta(enrolment)
    assert [(block.lesson_title, block.block_id, block.kind) for block in delta.blocks] == [
        ("One", added["id"], "added"),
        ("Two", optional["id"], "changed"),
        ("Two", quiz["id"], "changed"),
    ]
    assert "key" in delta.blocks[2].fields
    assert (delta.old_number, delta.new_number, delta.minutes) == (1, 2, 4)
    assert delta.units == {
        (first["id"], added["id"]),
        (second["id"], optional["id"]),
        (second["id"], quiz["id"]),
    }
    with django_assert_max_num_queries(1):
        find_delta(enrolment)


def test_a_new_lesson_of_a_course_without_required_blocks_is_one():
    old = make_lesson(text_block(is_required=False), title="Old")
    state = make_edition(modules=[make_module(old)])
    enrolment = EnrolmentFactory(course=state, completed=True)
    new = make_lesson(words(400, text_block(is_required=False)), title="New")
    make_edition(modules=[make_module(new, old)], state=state)
    delta = find_delta(enrolment)
    assert [(block.type, block.title, block.block_id) for block in delta.blocks] == [("lesson", "New", new["id"])]
    assert delta.minutes == 2


def test_what_changed_in_a_release_that_was_raised_to_major_counts():
    """An editor knows when words alone change what is meant."""
    block, other = text_block(), text_block()
    lesson = make_lesson(block, other)
    state = make_edition(modules=[make_module(lesson)])
    enrolment, old = EnrolmentFactory(course=state, completed=True), state.edition
    state = make_edition(modules=[make_module(make_lesson(words(9, block), other, key=lesson["id"]))], state=state)
    assert find_delta(enrolment).blocks == ()
    Release.objects.create(
        edition=state.edition, previous=old, released_at=timezone.now(), computed_class="cosmetic", change_class="major"
    )
    modules = [make_module(make_lesson(words(9, block), words(9, other), key=lesson["id"]))]
    make_edition(modules=modules, state=state)
    assert [each.block_id for each in find_delta(enrolment).blocks] == [block["id"]]
    assert Edition.objects.count() == 3
