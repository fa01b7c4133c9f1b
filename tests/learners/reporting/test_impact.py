"""Impact in single cases; that it is right in all of them, the property test says."""

from dataclasses import replace
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.editions.services import get_or_create_state
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enrolments.services import enrol
from learners.progress.carrying import continue_carry_overs
from learners.progress.services import record_progress
from learners.reporting.impact import Impact, LearnerCounts, predict_impact
from learners.reporting.previews import list_affected
from tests.factories.courses import new_id
from tests.factories.learners import UserFactory
from tests.factories.pages import make_course
from tests.learners.reporting.drafts import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(catalogue):
    """One lesson of two required texts, in force."""
    draft = Draft(make_course(catalogue), Random(1))
    draft.modules = [[draft.new_lesson()], []]
    draft.lessons[0]["blocks"] = [text(draft), text(draft)]
    draft.release("everyone")
    return draft


def text(draft, words=200):
    return draft.new_block() | {"key": None, "is_required": True, "words": words}


def add_learner(draft, *places, **fields):
    """Somebody who has completed the blocks in these places."""
    user = User.objects.create(email=f"{new_id()}@example.com", name="Lee Learner")
    enrolment, _is_new = enrol(user=user, state=get_or_create_state(draft.page))
    lesson = draft.lessons[0]
    events = [
        {"id": new_id(), "lesson": str(lesson["key"]), "block": lesson["blocks"][place]["id"], "state": "completed"}
        for place in places
    ]
    if events:
        record_progress(user=user, enrolment_id=enrolment.pk, events=events)
    Enrolment.objects.filter(pk=enrolment.pk).update(**fields) if fields else None
    return enrolment


def predict(draft, policy="everyone") -> Impact:
    state, candidate = draft.compile()
    return predict_impact(state=state, candidate=candidate, policy=policy)


def test_who_completes_and_who_has_more_to_do(draft):
    first, second, _both, idle = (add_learner(draft, *places) for places in ((0,), (1,), (0, 1), ()))
    add_learner(draft, 0, expired_at=timezone.now())
    del draft.lessons[0]["blocks"][1]
    impact = predict(draft)
    assert impact.learners == LearnerCounts(not_started=1, in_progress=2, completed=1, expired=1)
    assert (impact.moving, impact.completing, impact.gaining, impact.certificates) == (3, (first.pk,), (), 1)
    draft.lessons[0]["blocks"] += [text(draft, 300), text(draft, 100)]
    impact = predict(draft)
    assert (impact.completing, impact.certificates, impact.todo_blocks, impact.todo_minutes) == ((), 0, 2, 2)
    assert impact.gaining == (first.pk, second.pk, idle.pk)
    assert predict(draft, "not_started").gaining == (idle.pk,)
    assert predict(draft, "keep") == replace(Impact(), learners=impact.learners)


def test_people_on_older_editions_are_compared_with_their_own(draft):
    kept = add_learner(draft, 0)
    draft.lessons[0]["blocks"].append(text(draft))
    draft.release("keep")
    continue_carry_overs()
    new = add_learner(draft, 0)
    draft.page.summary = "Another"
    impact = predict(draft)
    assert (impact.moving, impact.gaining, impact.todo_blocks) == (2, (kept.pk,), 1)
    assert new.pk not in impact.gaining


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_learners(draft, count):
    for _number in range(count):
        add_learner(draft, 0)
    draft.lessons[0]["blocks"][1] = text(draft)
    draft.page.completion_days = 9
    state, candidate = draft.compile()
    with CaptureQueriesContext(connection) as captured:
        impact = predict_impact(state=state, candidate=candidate, policy="everyone")
    assert len(captured) == 11
    assert (impact.moving, impact.deadlines.appearing, len(impact.gaining)) == (count, count, count)


def test_names_are_for_those_who_may_see_the_register(draft, django_assert_num_queries):
    keys = [add_learner(draft, 0).pk for _number in range(3)]
    admin, stranger = UserFactory(admin=True), UserFactory()
    with django_assert_num_queries(1):
        assert [each.name for each in list_affected(keys[:2], viewer=admin)] == ["Lee Learner"] * 2
    hidden = list_affected(keys[::-1], viewer=stranger)
    assert [(each.enrolment_id, each.name, each.email, each.percent) for each in hidden] == [
        (key, "", "", 50) for key in keys[::-1]
    ]
