"""Grading again in the admin: choose, try, decide with a reason, follow."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry, PageLogEntry

from courses.models import CataloguePage
from learners.accounts.models import User
from learners.exams import regrading
from learners.exams.models import AttemptResult, Regrade
from learners.exams.regrading import continue_regrades
from tests.factories.courses import single_question
from tests.factories.learners import make_editor
from tests.factories.pages import make_course
from tests.learners.exams.sittings import Exam, choose, make_exam
from tests.learners.exams.test_regrading import turned

LIST = "/admin/regrades/"
NEW = f"{LIST}new/"
Q1, Q2 = single_question(id="q1", prompt="First?"), single_question(id="q2", prompt="Second?")


@pytest.fixture
def author(client: Client, catalogue: CataloguePage) -> User:
    editor = make_editor(name="Rita Regrader")
    editor.user_permissions.set(Permission.objects.filter(codename="add_regrade"))
    client.force_login(editor)
    return editor


@pytest.fixture
def exam(db: None) -> Exam:
    exam = make_exam(Q1, Q2, title="Final", pass_percent=100)
    for first in ("right", "wrong"):
        exam.sit(choose(first), choose("right", "q2"))
    exam.release(turned(Q1), Q2)
    return exam


def trial(exam: Exam, **changes: str) -> str:
    quiz = f"{exam.lesson['id']}:{exam.quiz['id']}"
    query = {"course": exam.state.pk, "quiz": quiz} | changes
    return f"{NEW}?" + "&".join(f"{name}={value}" for name, value in query.items())


def test_choosing_goes_from_course_to_quiz_to_trial(client: Client, author: User, exam: Exam) -> None:
    text = client.get(NEW).content.decode()
    assert (exam.state.title in text, 'name="quiz"' in text) == (True, False)
    text = client.get(f"{NEW}?course={exam.state.pk}").content.decode()
    assert ("Final · A lesson" in text, "would pass now" in text) == (True, False)
    response = client.get(trial(exam, policy="both"))
    assert (response.context["passes"], response.context["fails"], response.context["preview"].total) == (1, 1, 2)
    assert [change.flip for _name, change in response.context["rows"]] == ["fails", "passes"]
    assert (Regrade.objects.count(), AttemptResult.objects.count()) == (0, 2)


@pytest.mark.parametrize("query", ["course=x&quiz=y", "course=-1", "course=999999999999999999999"])
def test_nonsense_asks_for_the_course_again(client: Client, author: User, exam: Exam, query: str) -> None:
    response = client.get(f"{NEW}?{query}")
    assert (response.status_code, "preview" in response.context) == (200, False)
    assert client.post(f"{NEW}?{query}", {"reason": "Why."}).status_code == 404


def test_deciding_needs_a_reason_and_starts_the_work(client: Client, author: User, exam: Exam, monkeypatch) -> None:
    monkeypatch.setattr(regrading, "enqueue_regrades", lambda: None)
    refused = client.post(trial(exam), {"reason": " "})
    assert (refused.status_code, Regrade.objects.count()) == (422, 0)
    assert "Give a reason" in refused.content.decode()
    response = client.post(trial(exam), {"reason": "The key was wrong."})
    regrade = Regrade.objects.get()
    assert response["Location"] == f"{LIST}{regrade.pk}/"
    assert (regrade.author, regrade.reason, regrade.is_in_favour_only) == (author, "The key was wrong.", True)
    assert "0 of 2 looked at" in client.get(response["Location"]).content.decode()
    again = client.post(trial(exam), {"reason": "Again."})
    assert "being graded again already" in again.content.decode()
    continue_regrades()
    response = client.get(response["Location"])
    assert "Finished: 1 new result" in response.content.decode()
    assert [(row.old_score, row.score) for row in response.context["rows"]] == [(Decimal(50), Decimal(100))]
    assert "The key was wrong." in client.get(LIST).content.decode()


def test_both_ways_is_a_choice(client: Client, author: User, exam: Exam) -> None:
    client.post(trial(exam, policy="both"), {"reason": "The key was wrong."})
    assert Regrade.objects.get().is_in_favour_only is False


def test_questions_that_keep_their_key_are_named(client: Client, author: User, exam: Exam) -> None:
    exam.release(turned(Q1))
    response = client.get(trial(exam))
    assert response.context["kept_prompts"] == ["Second?"]


def test_the_decision_is_in_the_history_of_the_course_page(
    client: Client, author: User, exam: Exam, catalogue: CataloguePage
) -> None:
    page = make_course(catalogue, "Selling")
    exam.state.course = page
    exam.state.save()
    client.post(trial(exam), {"reason": "The key was wrong."})
    entry = PageLogEntry.objects.get(action="coursewright.regrade")
    assert (entry.page_id, entry.user, entry.data["reason"]) == (page.pk, author, "The key was wrong.")
    assert ModelLogEntry.objects.filter(action="coursewright.regrade").count() == 0


def test_unknown_regrades_are_404(client: Client, author: User) -> None:
    assert client.get(f"{LIST}77/").status_code == 404


@pytest.mark.parametrize("path", [LIST, NEW, "trial"])
def test_editors_and_strangers_stay_outside(client: Client, catalogue: CataloguePage, exam: Exam, path: str) -> None:
    address = trial(exam) if path == "trial" else path
    assert client.get(address).status_code == 302
    client.force_login(make_editor())
    response = client.get(address, follow=True)
    assert response.redirect_chain[-1][0] == "/admin/"
    client.post(trial(exam), {"reason": "Why not."})
    assert Regrade.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_trial_takes_the_same_queries_for_any_number_of_attempts(client: Client, author: User, count: int) -> None:
    exam = make_exam(Q1)
    for _number in range(count):
        exam.sit(choose("wrong"))
    exam.release(turned(Q1))
    client.get(trial(exam))
    with CaptureQueriesContext(connection) as captured:
        assert len(client.get(trial(exam)).context["rows"]) == count
    assert len(captured) == 19
