"""Two markers, two workers, killed processes: real threads and processes, PostgreSQL only."""

from decimal import Decimal

import pytest

from learners.exams import regrading
from learners.exams.items import add_counts, count_paper, counts_from_json
from learners.exams.marking import MarkingRefusedError, mark_essay
from learners.exams.models import Attempt, AttemptResult, EssayMark, ItemStatistics, Regrade
from learners.exams.regrading import continue_regrades, start_regrade
from learners.exams.statistics import count_attempts
from learners.signals import course_completed
from tests.factories.courses import single_question
from tests.factories.learners import UserFactory
from tests.learners.exams.sittings import choose, essay, make_exam, write
from tests.learners.exams.test_regrading import turned
from tests.learners.processes import kill_workers

Q1, Q2 = single_question(id="q1"), single_question(id="q2")

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_tasks")]


def make_regrade(count: int, monkeypatch: pytest.MonkeyPatch, **settings: object) -> Regrade:
    """``count`` wrong answers that a corrected key makes right, and nobody at work on it yet."""
    exam = make_exam(Q1, pass_percent=100)
    for _number in range(count):
        exam.sit(choose("wrong"))
    edition = exam.release(turned(Q1))
    with monkeypatch.context() as patch:
        patch.setattr(regrading, "enqueue_regrades", lambda: None)
        return start_regrade(
            key_edition=edition, **exam.unit, reason="The key was wrong.", author=UserFactory(), **settings
        )


def assert_done_once(regrade: Regrade, count: int) -> None:
    regrade.refresh_from_db()
    assert (regrade.attempts_done, regrade.attempts_changed, regrade.attempts_failed) == (count, count, 0)
    assert sorted(AttemptResult.objects.values_list("attempt", "number", "kind", "score")) == sorted(
        (key, number, kind, Decimal(score))
        for key in Attempt.objects.values_list("pk", flat=True)
        for number, kind, score in ((1, "submission", 0), (2, "regrade", 100))
    )
    assert set(Attempt.objects.values_list("score", "enrolment__state")) == {(Decimal(100), "completed")}


def test_of_two_markers_at_once_one_is_told_who_was_first(run_together):
    for _round in range(5):
        attempt = make_exam(essay()).sit(write())
        markers = [UserFactory(name=f"Marker {number}") for number in range(2)]

        def mark(number, attempt=attempt, markers=markers):
            criteria = {"facts": number, "style": number}
            return mark_essay(attempt_id=attempt.pk, question_id="q9", criteria=criteria, marker=markers[number])

        results = run_together(2, mark)
        refused = [each for each in results if isinstance(each, MarkingRefusedError)]
        first = EssayMark.objects.get(attempt=attempt).marked_by
        assert [each.code for each in refused] == ["already_marked"]
        assert f"Already marked by {first.name} on " in refused[0].message
        assert AttemptResult.objects.filter(attempt=attempt, kind="marking").count() == 1


def test_different_essays_marked_at_once_all_count_and_complete_once(run_together):
    keys = [f"e{number}" for number in range(6)]
    attempt = make_exam(*(essay(key) for key in keys)).sit(*(write(key) for key in keys))
    marker = UserFactory()
    completed = []

    def note(sender, enrolment_id, **kwargs):
        completed.append(enrolment_id)

    course_completed.connect(note)
    facts = {"attempt_id": attempt.pk, "marker": marker, "criteria": {"facts": 2, "style": 1}}
    results = run_together(6, lambda number: mark_essay(question_id=keys[number], **facts))
    course_completed.disconnect(note)
    attempt.refresh_from_db()
    assert sum(each.is_course_completed for each in results) == 1
    assert (attempt.score, completed) == (Decimal(100), [attempt.enrolment_id])
    assert list(AttemptResult.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6, 7]


def test_two_workers_at_once_do_each_attempt_once(run_together, monkeypatch):
    monkeypatch.setattr(regrading, "BATCH", 5)
    regrade = make_regrade(24, monkeypatch)
    results = run_together(2, lambda _number: continue_regrades())
    assert [each for each in results if isinstance(each, Exception)] == []
    while continue_regrades():  # whoever was refused the lease would come again with the next tick
        pass
    assert_done_once(regrade, 24)


def test_workers_that_ignore_the_lease_still_do_each_attempt_once(run_together, monkeypatch):
    """As when a lease runs out under a worker that is only slow."""
    monkeypatch.setattr(regrading, "BATCH", 5)
    monkeypatch.setattr(regrading, "_claim", lambda pk: Regrade.objects.filter(pk=pk, finished_at=None).exists())
    regrade = make_regrade(24, monkeypatch)
    results = run_together(4, lambda _number: continue_regrades())
    assert [each for each in results if isinstance(each, Exception)] == []
    while continue_regrades():
        pass
    assert_done_once(regrade, 24)


def test_marking_and_regrading_at_once_lose_neither(run_together, monkeypatch):
    exam = make_exam(Q1, essay(), pass_percent=100)
    attempts = [exam.sit(choose("wrong"), write()) for _number in range(8)]
    edition = exam.release(turned(Q1), essay())
    author = UserFactory()
    with monkeypatch.context() as patch:
        patch.setattr(regrading, "enqueue_regrades", lambda: None)
        start_regrade(key_edition=edition, **exam.unit, reason="The key was wrong.", author=author)

    def work(number):
        if number == 0:
            return continue_regrades()
        facts = {"attempt_id": attempts[number - 1].pk, "question_id": "q9", "marker": author}
        return mark_essay(criteria={"facts": 2, "style": 1}, **facts)

    results = run_together(9, work)
    assert [each for each in results if isinstance(each, Exception)] == []
    assert set(Attempt.objects.values_list("score", "passed")) == {(Decimal(100), True)}


def test_counting_at_once_with_new_results_counts_each_once(run_together, monkeypatch):
    regrade = make_regrade(20, monkeypatch)
    unit = (regrade.block_id, Attempt.objects.first().edition_id)

    def work(number):
        return continue_regrades() if number == 0 else count_attempts()

    results = run_together(4, work)
    assert [each for each in results if isinstance(each, Exception)] == []
    while continue_regrades() or count_attempts():
        pass
    row = ItemStatistics.objects.get(block_id=unit[0], edition_id=unit[1])
    anew = {}
    for attempt in Attempt.objects.all():
        anew = add_counts(anew, count_paper(attempt.results["questions"], attempt.answers, attempt.opened_at))
    assert (row.attempts, counts_from_json(row.body)) == (20, anew)


WORK = """
from learners.exams import regrading
regrading.BATCH = 3
def work():
    while regrading.continue_regrades(): pass
"""


def test_a_worker_killed_ten_times_ends_the_same(monkeypatch):
    """SIGKILL of the real process at a random moment of its work, ten times, then once to the end."""
    regrade = make_regrade(60, monkeypatch)

    def is_due(number):
        return Regrade.objects.get().attempts_done > 4 * number

    assert kill_workers(10, work=WORK, before=_let_the_lease_run_out, is_due=is_due, seconds=1 / 100) >= 8
    _let_the_lease_run_out()
    while continue_regrades():
        pass
    assert_done_once(regrade, 60)


def _let_the_lease_run_out() -> None:
    Regrade.objects.update(claimed_until=None)
