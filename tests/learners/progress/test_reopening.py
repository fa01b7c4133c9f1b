"""A timed block that ended unfinished is opened again by those who may, and the clock that ran stays on record."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from learners.accommodations.services import grant_accommodation
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.progress.models import BlockProgress, Reopening
from learners.progress.queries import clear_course_maps
from learners.progress.reopening import (
    MAX_NOTE,
    ReopeningRefusedError,
    list_ended_blocks,
    list_reopenable,
    reopen_block,
)
from learners.progress.services import follow_current_edition, record_progress
from tests.factories.courses import make_edition, make_lesson, make_module, text_block
from tests.factories.learners import EnrolmentFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

START = timezone.now().replace(microsecond=0)


class Hall:
    """A learner in a lesson with two parts of ten minutes, and the manager of their company."""

    def __init__(self) -> None:
        self.blocks = [text_block(time_limit=10), text_block(time_limit=10)]
        self.lesson = make_lesson(*self.blocks, title="Against the clock")
        self.state = make_edition(modules=[make_module(self.lesson)], title="Calls")
        self.enrolment: Enrolment = EnrolmentFactory(course=self.state)
        self.learner = self.enrolment.user
        company = MembershipFactory(user=self.learner).company
        self.manager = MembershipFactory(company=company, manager=True).user
        self.colleague = MembershipFactory(company=company).user

    def send(self, minutes: float, place: int = 0, **changes: Any) -> str:
        event = {"id": str(uuid.uuid4()), "lesson": self.lesson["id"], "block": self.blocks[place]["id"]} | changes
        with time_machine.travel(START + timedelta(minutes=minutes), tick=False):
            return record_progress(user=self.learner, enrolment_id=self.enrolment.pk, events=[event]).events[0].code

    def reopen(self, minutes: float = 60, by: User | None = None, note: str = "The lights went out.") -> Reopening:
        with time_machine.travel(START + timedelta(minutes=minutes), tick=False):
            return reopen_block(
                enrolment_id=self.enrolment.pk,
                lesson_key=self.lesson["id"],
                block_id=self.blocks[0]["id"],
                by=by or self.manager,
                note=note,
            )

    def refuse(self, *args: Any, **changes: Any) -> str:
        with pytest.raises(ReopeningRefusedError) as caught:
            self.reopen(*args, **changes)
        return caught.value.code

    def ended(self, minutes: float = 60) -> list[str]:
        with time_machine.travel(START + timedelta(minutes=minutes), tick=False):
            return [each["block_id"] for each in list_ended_blocks(self.learner)]

    @property
    def row(self) -> BlockProgress:
        return BlockProgress.objects.get(enrolment=self.enrolment, block_id=self.blocks[0]["id"])


def test_reopen_block_gives_the_whole_time_again_and_keeps_the_record() -> None:
    hall = Hall()
    hall.send(0, state="in_progress")
    made = hall.reopen()
    assert (made.clock_started_at, made.deadline_at) == (START, START + timedelta(minutes=10))
    assert (made.note, made.reopened_by) == ("The lights went out.", hall.manager)
    assert hall.send(60, state="completed") == "not_started"
    hall.send(60, state="in_progress")
    assert hall.row.deadline_at == START + timedelta(minutes=70)
    assert hall.send(65, state="completed") == ""


def test_a_block_opened_again_starts_with_what_is_granted_then() -> None:
    hall = Hall()
    hall.send(0, state="in_progress")
    hall.reopen()
    grant_accommodation(user=hall.learner, time_factor=2, granted_by=None)
    hall.send(60, state="in_progress")
    assert hall.row.deadline_at == START + timedelta(minutes=80)


def test_asking_the_same_again_answers_the_same_until_it_is_started() -> None:
    hall = Hall()
    hall.send(0, state="in_progress")
    assert hall.reopen() == hall.reopen(61)
    assert hall.refuse(61, note="Another reason.") == "not_started"
    hall.send(62, state="in_progress")
    assert hall.refuse(63) == "still_running"
    assert hall.reopen(90) != Reopening.objects.last()
    assert Reopening.objects.count() == 2


def test_only_those_who_may_give_more_time_open_it() -> None:
    hall = Hall()
    hall.send(0, state="in_progress")
    strangers = [hall.learner, hall.colleague, UserFactory(), MembershipFactory(manager=True).user]
    assert [hall.refuse(by=stranger) for stranger in strangers] == ["not_found"] * 4
    assert Reopening.objects.count() == 0
    staff = UserFactory()
    kind = ContentType.objects.get_for_model(Enrolment)
    permission, _is_new = Permission.objects.get_or_create(content_type=kind, codename="change_enrolment")
    staff.user_permissions.add(permission)
    assert hall.reopen(by=staff).reopened_by == staff


def test_reopen_block_refuses_what_makes_no_sense() -> None:
    hall = Hall()
    codes = [hall.refuse()]
    hall.send(0, state="in_progress")
    codes += [hall.refuse(note=" \x00 "), hall.refuse(note="n" * (MAX_NOTE + 1)), hall.refuse(5), hall.refuse(10)]
    hall.send(9, state="completed")
    codes.append(hall.refuse())
    assert codes == ["not_found", "note_required", "note_too_long", "still_running", "still_running", "completed"]
    assert Reopening.objects.count() == 0


@pytest.mark.parametrize("number", [0, -1, 2**63])
def test_reopen_block_finds_no_impossible_enrolment(number: int) -> None:
    hall = Hall()
    hall.enrolment.pk = number
    assert hall.refuse() == "not_found"


def test_a_part_without_a_clock_for_this_learner_never_ends() -> None:
    hall = Hall()
    grant_accommodation(user=hall.learner, is_untimed=True, granted_by=None)
    hall.send(0, state="in_progress")
    assert (hall.ended(600), hall.refuse(600)) == ([], "still_running")


def test_list_ended_blocks_has_what_ended_unfinished() -> None:
    hall = Hall()
    hall.send(0, state="in_progress")
    hall.send(5, place=1, state="in_progress")
    assert (hall.ended(10), hall.ended(11)) == ([], [hall.blocks[0]["id"]])
    assert hall.ended(16) == [hall.blocks[1]["id"], hall.blocks[0]["id"]]
    hall.reopen()
    assert hall.ended() == [hall.blocks[1]["id"]]


def test_list_ended_blocks_names_course_and_lesson() -> None:
    hall = Hall()
    hall.send(0, state="in_progress")
    with time_machine.travel(START + timedelta(minutes=60), tick=False):
        (block,) = list_ended_blocks(hall.learner)
    assert (block["course"], block["lesson"], block["type"]) == ("Calls", "Against the clock", "text")
    assert (block["clock_started_at"], block["deadline_at"]) == (START, START + timedelta(minutes=10))


def test_list_ended_blocks_leaves_out_what_the_edition_no_longer_limits() -> None:
    hall = Hall()
    hall.send(0, state="in_progress")
    unlimited = make_lesson({**hall.blocks[0], "time_limit": None}, key=hall.lesson["id"])
    make_edition(modules=[make_module(unlimited)], state=hall.state)
    follow_current_edition(hall.enrolment, hall.state)
    assert hall.ended() == []


def test_list_reopenable_is_empty_for_whoever_may_not() -> None:
    hall = Hall()
    hall.send(0, state="in_progress")
    with time_machine.travel(START + timedelta(minutes=60), tick=False):
        found = [len(list_reopenable(by, hall.enrolment)) for by in (hall.manager, hall.learner, hall.colleague)]
    assert found == [1, 0, 0]


@pytest.mark.parametrize("count", [1, 2])
def test_list_ended_blocks_takes_four_queries(django_assert_num_queries: Any, count: int) -> None:
    hall = Hall()
    for place in range(count):
        hall.send(0, place=place, state="in_progress")
    clear_course_maps()
    with time_machine.travel(START + timedelta(minutes=60), tick=False), django_assert_num_queries(4):
        assert len(list_ended_blocks(hall.learner)) == count
