"""Marking in the admin: queue, one essay, save and next; for those who may, and never one's own."""

import uuid
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import CataloguePage
from learners.accounts.models import User
from learners.exams.marking import mark_essay
from learners.exams.models import Attempt, AttemptResult, EssayMark
from tests.factories.learners import UserFactory, make_editor
from tests.learners.exams.sittings import essay, make_exam, write

QUEUE = "/admin/marking/"
FULL = {"criterion-0": "2", "criterion-1": "0.5", "comment": "Well argued."}


@pytest.fixture
def marker(client: Client, catalogue: CataloguePage) -> User:
    editor = make_editor(name="Mia Marker")
    editor.user_permissions.set(Permission.objects.filter(codename="add_essaymark"))
    client.force_login(editor)
    return editor


def page_of(attempt: Attempt, question: str = "") -> str:
    return f"{QUEUE}{attempt.pk}/" + (f"?question={question}" if question else "")


def test_the_queue_names_who_what_and_since_when(client: Client, marker: User) -> None:
    attempt = make_exam(essay(), title="Final exam").sit(write())
    response = client.get(QUEUE)
    text = response.content.decode()
    assert [row.attempt for row in response.context["rows"]] == [attempt]
    assert (str(attempt.enrolment.user) in text, "Final exam" in text, page_of(attempt) in text) == (True,) * 3


def test_the_queue_is_filtered_and_nonsense_shows_everything(client: Client, marker: User) -> None:
    first, second = (make_exam(essay()).sit(write()) for _number in range(2))
    response = client.get(f"{QUEUE}?quiz={second.block_id}")
    assert [row.attempt for row in response.context["rows"]] == [second]
    assert f"{page_of(second)}?quiz={second.block_id}" in response.content.decode()
    for query in ("quiz=none&course=x", "p=999999999999999999999", "p=-1"):
        assert len(client.get(f"{QUEUE}?{query}").context["rows"]) == 2
    assert client.get(f"{QUEUE}?course={uuid.uuid4()}").context["rows"] == []
    assert first != second


def test_the_answer_is_shown_as_written_and_escaped(client: Client, marker: User) -> None:
    attempt = make_exam(essay()).sit(write(text="One\n\n<script>two</script>"))
    text = client.get(page_of(attempt)).content.decode()
    assert "One\n\n&lt;script&gt;two&lt;/script&gt;" in text
    assert ("Because of this." in text, "2 words" in text, "Facts" in text) == (True, True, True)


def test_saving_marks_and_leads_to_the_next(client: Client, marker: User) -> None:
    exam = make_exam(essay("e1"), essay("e2"))
    first, second = (exam.sit(write("e1"), write("e2")) for _number in range(2))
    response = client.post(page_of(first), FULL | {"next": "1"})
    assert response["Location"] == page_of(first, "e2")
    response = client.post(page_of(first, "e2"), FULL | {"next": "1"})
    assert response["Location"] == page_of(second)
    assert client.post(page_of(second), FULL)["Location"] == QUEUE
    client.post(page_of(second, "e2"), FULL | {"next": "1"})
    assert list(EssayMark.objects.values_list("marked_by__name", "comment").distinct()) == [
        ("Mia Marker", "Well argued.")
    ]
    assert set(Attempt.objects.values_list("is_graded", "score")) == {(True, Decimal("83.33"))}
    assert "Nothing waits to be marked" in client.get(QUEUE).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"criterion-0": "2.5"}, "criterion-0"),
        ({"criterion-1": ""}, "criterion-1"),
        ({"criterion-1": "many"}, "criterion-1"),
        ({"comment": "c" * 5001}, "comment"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client: Client, marker: User, changes: dict[str, str], field: str) -> None:
    attempt = make_exam(essay()).sit(write())
    response = client.post(page_of(attempt), FULL | changes)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert (EssayMark.objects.count(), "Well argued." in response.content.decode()) == (0, "comment" not in changes)


def test_whoever_comes_second_is_told_and_changes_it_only_with_a_reason(client: Client, marker: User) -> None:
    attempt = make_exam(essay()).sit(write())
    opened = client.get(page_of(attempt, "q9"))
    first = UserFactory(name="Fay First")
    mark_essay(attempt_id=attempt.pk, question_id="q9", marker=first, criteria={"facts": 0, "style": 0})
    form = FULL | {"replaces": opened.context["replaces"]}
    response = client.post(page_of(attempt, "q9"), form)
    assert "Already marked by Fay First" in response.content.decode()
    form["replaces"] = response.context["replaces"]
    response = client.post(page_of(attempt, "q9"), form)
    assert list(response.context["form"].errors) == ["reason"]
    assert client.post(page_of(attempt, "q9"), form | {"reason": "Read again."}).status_code == 302
    text = client.get(page_of(attempt, "q9")).content.decode()
    assert [each in text for each in ("Results so far", "0% · not passed", "“Read again.”")] == [True] * 3
    assert 'value="0.5"' in text
    rows = AttemptResult.objects.order_by("number").values_list("number", "author__name", "reason")
    assert list(rows) == [(1, None, ""), (2, "Fay First", ""), (3, "Mia Marker", "Read again.")]


def test_points_without_a_rubric(client: Client, marker: User) -> None:
    attempt = make_exam(essay(rubric=())).sit(write())
    response = client.post(page_of(attempt), {"points": "3.5"})
    assert list(response.context["form"].errors) == ["points"]
    client.post(page_of(attempt), {"points": "1.25"})
    assert str(EssayMark.objects.get().points) == "1.25"


def test_the_list_of_marks_leads_back(client: Client, marker: User) -> None:
    attempt = make_exam(essay()).sit(write())
    assert "Nothing has been marked yet" in client.get(f"{QUEUE}done/").content.decode()
    client.post(page_of(attempt), FULL)
    assert page_of(attempt, "q9") in client.get(f"{QUEUE}done/").content.decode()


def test_ones_own_exam_has_no_form(client: Client, marker: User) -> None:
    exam = make_exam(essay())
    attempt = exam.sit(write(), enrolment=exam.enrol(marker))
    response = client.get(page_of(attempt))
    assert ("criterion-0" in response.content.decode(), response.context["is_own"]) == (False, True)
    assert client.post(page_of(attempt), FULL).status_code == 422
    assert EssayMark.objects.count() == 0


def test_unknown_exams_and_questions_are_404(client: Client, marker: User) -> None:
    attempt = make_exam(essay()).sit(write())
    for path in (page_of(Attempt(pk=uuid.uuid4())), page_of(attempt, "other"), page_of(attempt, "x" * 999)):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["", "done/", "essay"])
def test_editors_and_strangers_stay_outside(client: Client, catalogue: CataloguePage, path: str) -> None:
    attempt = make_exam(essay()).sit(write())
    address = page_of(attempt) if path == "essay" else QUEUE + path
    assert client.get(address).status_code == 302
    client.force_login(make_editor())
    response = client.get(address, follow=True)
    assert response.redirect_chain[-1][0] == "/admin/"
    assert str(attempt.enrolment.user) not in response.content.decode()
    client.post(page_of(attempt), FULL)
    assert EssayMark.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_takes_the_same_queries_for_any_number_of_exams(client: Client, marker: User, count: int) -> None:
    for _number in range(count):
        make_exam(essay()).sit(write())
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as captured:
        client.get(QUEUE)
    assert len(captured) == 15
