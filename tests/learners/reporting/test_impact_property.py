"""Random courses, edits and learners: what is predicted is what is measured once everybody is carried over."""

import math
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from certificates.models import Certificate
from courses.editions.duration import estimate_seconds
from courses.editions.models import Edition
from courses.editions.queries import get_lesson_document
from courses.editions.releasing import compare_editions
from learners.enrolments.models import Enrolment
from learners.exams.models import Attempt
from learners.exams.regrading import preview_regrade
from learners.progress.carrying import continue_carry_overs
from learners.progress.models import BlockProgress
from learners.progress.queries import get_course_map
from learners.reporting.impact import LearnerCounts, predict_impact
from tests.factories.pages import make_course
from tests.learners.reporting.drafts import Draft

pytestmark = pytest.mark.django_db

POLICIES = ["everyone", "everyone", "everyone", "not_started", "keep"]


def read_rows(draft: Draft) -> dict[int, Enrolment]:
    rows = Enrolment.objects.filter(course_key=draft.page.translation_key).select_related("edition")
    return {row.pk: row for row in rows}


def completed_units() -> set[tuple[int, str, str]]:
    rows = BlockProgress.objects.filter(state="completed").values_list("enrolment_id", "lesson_key", "block_id")
    return {(pk, str(lesson), str(block)) for pk, lesson, block in rows}


def required(edition: Edition) -> set[tuple[str, str]]:
    return set(get_course_map(edition.pk, edition.digest).required)


def seconds_of(edition: Edition, unit: tuple[str, str]) -> float:
    """Read from the lesson as it was stored, not from a comparison."""
    document = get_lesson_document(edition.pk, unit[0])
    assert document is not None
    if unit[0] == unit[1]:
        return document["minutes"] * 60
    return next(estimate_seconds(block) for block in document["blocks"] if block["id"] == unit[1])


def measure(before: dict[int, Enrolment], after: dict[int, Enrolment], edition: Edition) -> dict[str, Any]:
    """What the rows say of everybody's move to ``edition``."""
    moved = [pk for pk, row in after.items() if row.edition_id == edition.pk != before[pk].edition_id]
    done = completed_units()
    left = {
        pk: {unit for unit in required(edition) - required(before[pk].edition) if (pk, *unit) not in done}
        for pk in moved
    }
    to_do = set().union(*left.values())
    dues = [(before[pk].due_at, after[pk].due_at) for pk in moved if before[pk].due_at != after[pk].due_at]
    shifts = [new - old for old, new in dues if old and new]
    completed = [pk for pk in moved if after[pk].state == "completed"]
    return {
        "moving": len(moved),
        "gaining": tuple(sorted(pk for pk, units in left.items() if units)),
        "todo_blocks": len(to_do),
        "todo_minutes": math.ceil(sum(seconds_of(edition, unit) for unit in to_do) / 60),
        "completing": tuple(sorted(completed)),
        "certificates": Certificate.objects.filter(edition=edition).count(),
        "due": (
            len(dues),
            sum(old is None for old, _new in dues),
            sum(new is None for _old, new in dues),
            min(shifts, default=None),
            max(shifts, default=None),
        ),
    }


def measure_attempts(previous: Edition, edition: Edition) -> tuple[int, int, int]:
    """Open attempts at quizzes with another key, and what a regrade with the released key would do."""
    is_open = to_pass = to_fail = 0
    for block in compare_editions(previous, edition).blocks:
        if block.type == "quiz" and block.kind == "changed" and {"key", "pass_percent"} & set(block.fields):
            unit = {"lesson_key": block.lesson_id, "block_id": block.block_id}
            course = {"edition__course_key": edition.course_key}
            is_open += Attempt.objects.filter(**course, **unit, state="open").count()
            preview = preview_regrade(key_edition=edition, **unit, is_in_favour_only=False)
            to_pass += preview.count("passes")
            to_fail += preview.count("fails")
    return is_open, to_pass, to_fail


def count_states(rows: dict[int, Enrolment]) -> LearnerCounts:
    counts = Counter(row.state for row in rows.values())
    return LearnerCounts(counts["not_started"], counts["in_progress"], counts["completed"], 0)


def test_predicted_is_measured(catalogue):
    seen: Counter[str] = Counter()

    @settings(
        max_examples=50,
        phases=[Phase.generate],  # a smaller case would take minutes to find
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(st.randoms(use_true_random=True), st.sampled_from(POLICIES), st.sampled_from(POLICIES))
    def check(rng, earlier, policy):
        draft = Draft(make_course(catalogue), rng)
        draft.release("everyone")
        for _number in range(rng.randint(2, 4)):
            draft.add_learner()
        draft.edit()
        draft.release(earlier)
        continue_carry_overs()
        for _number in range(rng.randint(2, 4)):
            draft.add_learner()
        draft.edit()
        state, candidate = draft.compile()
        previous, before, done = state.edition, read_rows(draft), completed_units()

        impact = predict_impact(state=state, candidate=candidate, policy=policy)

        assert impact.learners == count_states(before)
        if not candidate.is_news:
            seen["nothing new"] += 1
            assert impact.moving == 0
            return
        release = draft.release(policy)
        continue_carry_overs()
        after = read_rows(draft)
        shifts = impact.deadlines
        predicted = {
            "moving": impact.moving,
            "gaining": impact.gaining,
            "todo_blocks": impact.todo_blocks,
            "todo_minutes": impact.todo_minutes,
            "completing": impact.completing,
            "certificates": impact.certificates,
            "due": (
                shifts.moved, shifts.appearing, shifts.vanishing, shifts.earliest_shift, shifts.latest_shift
            ),
        }  # fmt: skip
        assert predicted == measure(before, after, release.edition)
        flips = (impact.attempts.open, impact.attempts.to_pass, impact.attempts.to_fail)
        assert flips == measure_attempts(previous, release.edition)
        assert completed_units() >= done
        note(seen, impact, before, previous)

    check()
    for kind in ("moving", "gaining", "completing", "certificates", "deadlines", "open", "flips", "older", "shifted"):
        assert seen[kind] >= 3, seen


def note(seen: Counter[str], impact: Any, before: dict[int, Enrolment], previous: Edition) -> None:
    """What the generated cases held: a property of nothing would hold as well."""
    seen["moving"] += impact.moving > 0
    seen["gaining"] += len(impact.gaining) > 0
    seen["completing"] += len(impact.completing) > 0
    seen["certificates"] += impact.certificates > 0
    seen["deadlines"] += impact.deadlines.moved > 0
    seen["shifted"] += impact.deadlines.earliest_shift not in (None, timedelta(0))
    seen["open"] += impact.attempts.open > 0
    seen["flips"] += impact.attempts.to_pass + impact.attempts.to_fail > 0
    seen["older"] += any(
        row.edition_id != previous.pk and row.state != "completed" for row in before.values()
    ) and bool(impact.moving)
