"""Courses with releases and learners on them, for the tests of what a release does."""

from typing import Any

from django.utils import timezone

from courses.editions.models import CourseState, Edition, Release
from courses.editions.queries import get_outline
from learners.enrolments.models import Enrolment
from learners.progress.models import CarryOver
from learners.progress.services import record_progress
from tests.factories.courses import Block, Lesson, make_edition, new_id
from tests.factories.learners import EnrolmentFactory


def release(
    state: CourseState, *, policy: str = "everyone", delta_training: str = "off", **edition: Any
) -> CourseState:
    """The next edition of the course, in force with this policy; nobody is told yet."""
    previous = state.edition
    state = make_edition(state=state, **edition)
    Release.objects.create(
        edition=state.edition,
        previous=previous,
        released_at=timezone.now(),
        computed_class="major",
        change_class="major",
        policy=policy,
        delta_training=delta_training,
    )
    return state


def start_learner(state: CourseState, *done: tuple[Lesson, Block], **fields: Any) -> Enrolment:
    """Somebody who has completed these blocks, of those with required blocks."""
    enrolment = EnrolmentFactory(course=state, **fields)
    if done:
        complete(enrolment, *done)
    return Enrolment.objects.select_related("edition", "user").get(pk=enrolment.pk)


def complete(enrolment: Enrolment, *done: tuple[Lesson, Block]) -> None:
    events = [
        {"id": new_id(), "lesson": lesson["id"], "block": block["id"], "state": "completed"} for lesson, block in done
    ]
    result = record_progress(user=enrolment.user, enrolment_id=enrolment.pk, events=events)
    assert {each.status for each in result.events} == {"applied"}


def edition_of(state: CourseState) -> Edition:
    assert state.edition is not None
    return state.edition


def required_units(edition: Edition) -> set[tuple[str, str]]:
    outline = get_outline(edition.pk, edition.digest)
    return {
        (lesson["id"], block["id"])
        for module in outline["modules"]
        for lesson in module["lessons"]
        for block in lesson["blocks"]
        if block["is_required"]
    }


def counters() -> list[tuple[int, ...]]:
    """Seen, moved, completed, with new to-dos, assigned, failed of every carry-over, oldest first."""
    return list(
        CarryOver.objects.order_by("release_id").values_list(
            "seen", "moved", "completed", "gained_todos", "assigned", "failed"
        )
    )
