"""Statements written by hand do what the ORM would: every field, new and known rows, more than one statement."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from learners.enrolments.models import Enrolment
from learners.progress import completion, ledger
from learners.progress.models import BlockProgress
from learners.progress.writing import ROWS_A_STATEMENT, update_enrolment, upsert_rows
from tests.factories.learners import EnrolmentFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def make_row(enrolment, **fields):
    defaults = {"lesson_key": uuid.uuid4(), "block_id": uuid.uuid4(), "started_at": NOW, "last_accessed_at": NOW}
    return BlockProgress(enrolment=enrolment, **(defaults | fields))


def test_upsert_rows_writes_every_field_as_the_orm_reads_it():
    enrolment = EnrolmentFactory()
    row = make_row(
        enrolment,
        edition=enrolment.edition,
        state="completed",
        position=1.5,
        position_at=NOW,
        watched=[[0.0, 1.5]],
        seconds_spent=7,
        score=Decimal("87.50"),
        clock_started_at=NOW,
        deadline_at=NOW + timedelta(minutes=5),
        completed_at=NOW,
        recent_events=["a"],
    )
    upsert_rows([row], ledger.WRITTEN)
    names = [field.attname for field in BlockProgress._meta.concrete_fields if not field.primary_key]
    kept = BlockProgress.objects.get()
    assert {name: getattr(kept, name) for name in names} == {name: getattr(row, name) for name in names}


def test_upsert_rows_changes_the_written_fields_of_known_rows_alone():
    enrolment = EnrolmentFactory()
    known = make_row(enrolment)
    known.save()
    later = NOW + timedelta(hours=1)
    again = make_row(
        enrolment, lesson_key=known.lesson_key, block_id=known.block_id, started_at=later, last_accessed_at=later
    )
    upsert_rows([again, make_row(enrolment)], ledger.WRITTEN)
    kept = BlockProgress.objects.get(pk=known.pk)
    assert (kept.started_at, kept.last_accessed_at, BlockProgress.objects.count()) == (NOW, later, 2)


def test_upsert_rows_takes_nothing_and_more_than_a_statement_holds(django_assert_num_queries):
    enrolment = EnrolmentFactory()
    with django_assert_num_queries(0):
        upsert_rows([], ledger.WRITTEN)
    with django_assert_num_queries(2):
        upsert_rows([make_row(enrolment) for _number in range(ROWS_A_STATEMENT + 1)], ledger.WRITTEN)
    assert BlockProgress.objects.count() == ROWS_A_STATEMENT + 1


def test_update_enrolment_changes_this_row_alone():
    enrolment, other = EnrolmentFactory(), EnrolmentFactory()
    enrolment.percent, enrolment.score, enrolment.last_lesson_key = 40, Decimal("12.50"), uuid.uuid4()
    enrolment.cycle = 9  # not among what is written
    update_enrolment(enrolment, completion.WRITTEN)
    kept = Enrolment.objects.get(pk=enrolment.pk)
    assert (kept.percent, kept.score, kept.last_lesson_key, kept.cycle) == (
        40, Decimal("12.50"), enrolment.last_lesson_key, 1
    )  # fmt: skip
    assert Enrolment.objects.get(pk=other.pk).percent == 0
