"""Question analysis in the admin: figures, bars and advice in words; no names; the same as CSV."""

import csv
import io
from dataclasses import replace

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.dashboards.analysis import FLAGS
from cms.dashboards.screens import describe_seconds
from courses.models import CataloguePage
from learners.accounts.models import User
from learners.exams.items import ENOUGH
from learners.exams.models import ItemStatistics
from learners.exams.statistics import count_attempts
from tests.factories.courses import ORDERING, single_question
from tests.factories.learners import UserFactory, make_editor
from tests.factories.pages import make_course
from tests.learners.exams.sittings import Exam, choose, make_exam

LIST = "/admin/question-analysis/"
Q1 = single_question(id="q1", prompt="First?")
Q2 = replace(ORDERING, id="q2", prompt="=SUM(A1)")


@pytest.fixture
def author(client: Client, catalogue: CataloguePage) -> User:
    editor = make_editor()
    editor.user_permissions.set(Permission.objects.filter(codename="view_itemstatistics"))
    client.force_login(editor)
    return editor


def make_counted(papers: int = 2, **settings: str) -> Exam:
    exam = make_exam(Q1, Q2, **settings)
    for number in range(papers):
        exam.sit(choose("right" if number else "wrong"), {"question": "q2", "order": ["a", "b", "c"]})
    count_attempts()
    return exam


def page_of(exam: Exam, edition: int = 1) -> str:
    row = ItemStatistics.objects.get(block_id=exam.quiz["id"], edition__number=edition)
    return f"{LIST}{row.pk}/"


def test_the_list_leads_to_each_quiz_and_edition(client: Client, author: User) -> None:
    assert "Nothing to analyse yet" in client.get(LIST).content.decode()
    exam, other = make_counted(title="Final"), make_counted(title="Other")
    text = client.get(LIST).content.decode()
    assert (page_of(exam) in text, page_of(other) in text) == (True, True)
    response = client.get(f"{LIST}?course={exam.state.course_key}")
    assert [title for _row, title in response.context["rows"]] == ["Final"]
    for query in ("course=none", "p=x"):
        assert len(client.get(f"{LIST}?{query}").context["rows"]) == 2


def test_the_page_has_figures_bars_and_no_names(client: Client, author: User) -> None:
    exam = make_counted(title="Final")
    person = UserFactory(name="Private Person")
    exam.sit(choose("right"), enrolment=exam.enrol(person))
    count_attempts()
    response = client.get(page_of(exam))
    first, second = response.context["rows"]
    assert (first.prompt, first.facility, first.bars) == (
        "First?",
        67,
        [("This", True, 2, 67), ("That", False, 1, 33), ("No answer", None, 0, 0)],
    )
    assert second.bars == [
        ("Right", None, 2, 67),
        ("Partly right", None, 0, 0),
        ("Wrong", None, 0, 0),
        ("No answer", None, 1, 33),
    ]
    text = response.content.decode()
    assert ("Private Person" in text, person.email in text, "Below 20 papers" in text) == (False, False, True)


def test_advice_is_in_words_and_names_the_choice(client: Client, author: User) -> None:
    exam = make_exam(Q1)
    for _number in range(ENOUGH):
        exam.sit(choose("right"))
    count_attempts()
    [row] = client.get(page_of(exam)).context["rows"]
    assert row.notes == [str(FLAGS["too_easy"]), "Nobody picks: That. Make it more tempting or take it out."]


def test_the_csv_has_a_line_a_choice_and_no_formulas(client: Client, author: User) -> None:
    exam = make_counted(title="Final exam")
    response = client.get(f"{page_of(exam)}csv/")
    assert response["Content-Disposition"] == 'attachment; filename="final-exam-1.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert [(row["prompt"], row["choice"], row["choice_count"]) for row in rows] == [
        ("First?", "This", "1"),
        ("First?", "That", "1"),
        ("'=SUM(A1)", "", ""),
    ]
    assert (rows[0]["facility"], rows[0]["papers"], rows[2]["right"]) == ("0.5", "2", "2")


def test_grading_again_is_offered_to_those_who_may(client: Client, author: User) -> None:
    exam = make_counted()
    link = f"/admin/regrades/new/?course={exam.state.pk}&amp;quiz={exam.lesson['id']}:{exam.quiz['id']}"
    assert link not in client.get(page_of(exam)).content.decode()
    author.user_permissions.add(Permission.objects.get(codename="add_regrade"))
    assert link in client.get(page_of(exam)).content.decode()


def test_a_course_page_leads_to_its_analysis(client: Client, author: User, catalogue: CataloguePage) -> None:
    page = make_course(catalogue, "Selling")
    link = f"{LIST}?course={page.translation_key}"
    client.force_login(UserFactory(admin=True))
    assert link in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert link in client.get("/admin/courses/").content.decode()
    assert link not in client.get(f"/admin/pages/{catalogue.pk}/edit/").content.decode()


def test_unknown_quizzes_are_404(client: Client, author: User) -> None:
    assert [client.get(f"{LIST}77/{path}").status_code for path in ("", "csv/")] == [404, 404]


@pytest.mark.parametrize("path", ["", "page", "csv/"])
def test_editors_without_the_right_and_strangers_stay_outside(
    client: Client, catalogue: CataloguePage, path: str
) -> None:
    exam = make_counted()
    address = LIST if not path else page_of(exam) + path.removeprefix("page")
    assert client.get(address).status_code == 302
    client.force_login(make_editor())
    response = client.get(address, follow=True)
    assert response.redirect_chain[-1][0] == "/admin/"
    assert "First?" not in response.content.decode()


@pytest.mark.parametrize("papers", [1, 3])
def test_pages_take_the_same_queries_for_any_number_of_papers(client: Client, author: User, papers: int) -> None:
    exams = [make_counted(papers) for _number in range(papers)]
    for address, queries in ((LIST, 12), (page_of(exams[0]), 11)):
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        assert (address, len(captured)) == (address, queries)


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, "–"), (0, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (125, "2 min 5 s")]
)
def test_times_are_read_as_people_say_them(seconds: float | None, text: str) -> None:
    assert describe_seconds(seconds) == text
