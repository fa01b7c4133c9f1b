"""Importing questions in the admin: trial, faults by line, drafts, publishing, files, and the way back as GIFT."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import BankQuestion, CataloguePage, QuestionCategory
from courses.roles import EDITORS, REVIEWERS, ensure_roles
from learners.accounts.models import User
from tests.factories.learners import UserFactory
from tests.factories.pages import make_bank

IMPORT = "/admin/question-bank/import/"
TEXT = "::One::Is it? {T}\n\n::Two::Which? {=This #Yes. ~<b>That</b>}\n"


@pytest.fixture
def category(catalogue: CataloguePage) -> QuestionCategory:
    ensure_roles(catalogue)
    return make_bank("Safety")


def log_in(client: Client, group: str) -> User:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


@pytest.fixture
def reviewer(client: Client, category: QuestionCategory) -> User:
    return log_in(client, REVIEWERS)


def send(client: Client, category: QuestionCategory, text: str = TEXT, do: str = "try", **fields: Any) -> Any:
    data = {"category": category.pk, "text_format": "gift", "text": text, "do": do, **fields}
    return client.post(IMPORT, data, follow=True)


def titles(**filters: Any) -> list[str]:
    return list(BankQuestion.objects.filter(**filters).order_by("pk").values_list("title", flat=True))


def test_a_trial_shows_every_question_and_makes_none(
    client: Client, reviewer: User, category: QuestionCategory
) -> None:
    text = send(client, category).content.decode()
    assert "2 questions would be made" in text
    assert ("One right answer" in text, "This" in text, "&lt;b&gt;That&lt;/b&gt;" in text, "<b>That" in text) == (
        *(True, True, True),
        False,
    )
    assert titles() == []


def test_faults_are_listed_with_line_and_excerpt(client: Client, reviewer: User, category: QuestionCategory) -> None:
    response = send(client, category, TEXT + "\nbad {=a\n", do="publish")
    text = response.content.decode()
    assert [(fault.line, excerpt) for fault, excerpt in response.context["faults"]] == [(5, "bad {=a")]
    assert ("1 fault: nothing can be imported yet" in text, 'value="import"' in text) == (True, False)
    assert "mend what is listed below" in text
    assert titles() == []


def test_drafts_and_published_questions(client: Client, reviewer: User, category: QuestionCategory) -> None:
    response = send(client, category, do="import")
    assert response.redirect_chain[-1][0] == f"/admin/snippets/courses/bankquestion/?category={category.pk}"
    assert "2 questions imported, as drafts." in response.content.decode()
    assert titles(live=False) == ["One", "Two"]
    response = send(client, category, TEXT + "\n::Three::So? {F}\n", do="publish")
    assert "1 question imported, published. 2 were there already and were left out." in response.content.decode()
    assert titles(live=True) == ["Three"]
    assert "There is nothing to import" in send(client, category).content.decode()


def test_an_editor_imports_drafts_only(client: Client, category: QuestionCategory) -> None:
    log_in(client, EDITORS)
    assert 'value="publish"' not in send(client, category).content.decode()
    assert "You may not publish questions" in send(client, category, do="publish").content.decode()
    assert titles() == []
    send(client, category, do="import")
    assert titles(live=False) == ["One", "Two"]


def test_a_file_is_read_and_its_text_shown(client: Client, reviewer: User, category: QuestionCategory) -> None:
    table = "type;question;correct\r\ntrue_false;Schön?;true\r\n"
    for data in (table.encode("utf-8-sig"), table.encode("utf-16")):
        response = send(client, category, "", file=SimpleUploadedFile("q.csv", data), text_format="csv")
        assert "Schön?" in response.context["form"]["text"].value()
        assert "1 question would be made" in response.content.decode()
    response = send(client, category, "", file=SimpleUploadedFile("q.csv", table.encode("latin-1")))
    assert "CSV UTF-8" in response.content.decode()
    response = send(client, category, "", file=SimpleUploadedFile("q.csv", b"x" * 4_000_001))
    assert "bigger than 4 MB" in response.content.decode()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Paste the questions, or choose a file."),
        ("a\0b {T}", "U+0000"),
        ("x" * 1_000_001, "more than 1,000,000 characters"),
        ("{" * 100_000, "not closed"),
    ],
)
def test_hostile_texts_are_refused_clearly(
    client: Client, reviewer: User, category: QuestionCategory, text: str, message: str
) -> None:
    response = send(client, category, text, do="import")
    assert (response.status_code, message in response.content.decode()) == (200, True)
    assert titles() == []


def test_more_than_ten_megabytes_are_no_server_error(
    client: Client, reviewer: User, category: QuestionCategory
) -> None:
    client.raise_request_exception = False
    assert send(client, category, "x" * 11_000_000).status_code == 400


def test_without_a_category_the_page_says_what_to_do(client: Client, catalogue: CataloguePage) -> None:
    ensure_roles(catalogue)
    log_in(client, EDITORS)
    assert "Add a category" in client.get(IMPORT).content.decode()


def test_a_category_is_preselected_and_nonsense_is_not(
    client: Client, reviewer: User, category: QuestionCategory
) -> None:
    other = make_bank("Tone")
    for asked, found in ((str(other.pk), other), ("²", category), ("9" * 30, category), ("", category)):
        form = client.get(f"{IMPORT}?category={asked}").context["form"]
        assert form["category"].value() == found.pk


def test_a_category_is_exported(client: Client, reviewer: User, category: QuestionCategory) -> None:
    send(client, category, do="import")
    response = client.get(f"/admin/question-bank/export/{category.pk}/")
    assert response["Content-Disposition"] == 'attachment; filename="safety.gift"'
    assert response.content.decode().startswith("$CATEGORY: Safety\n\n::One::Is it? {TRUE}\n")
    assert client.get("/admin/question-bank/export/999999/").status_code == 404


def test_buttons_lead_to_import_and_export(client: Client, reviewer: User, category: QuestionCategory) -> None:
    assert IMPORT in client.get("/admin/snippets/courses/bankquestion/").content.decode()
    text = client.get("/admin/snippets/courses/questioncategory/").content.decode()
    assert (f"{IMPORT}?category={category.pk}" in text, f"/export/{category.pk}/" in text) == (True, True)


def test_strangers_neither_import_nor_export(client: Client, category: QuestionCategory) -> None:
    make_bank("Planted", questions=1)
    client.force_login(UserFactory())
    assert send(client, category, do="import").redirect_chain[0][1] == 302
    response = client.get(f"/admin/question-bank/export/{QuestionCategory.objects.get(name='Planted').pk}/")
    assert (response.status_code, b"Planted" in response.content) == (302, False)
    assert titles() == ["Planted 1?"]


@pytest.mark.parametrize("number", [1, 3])
def test_a_trial_has_a_fixed_number_of_queries(
    client: Client, reviewer: User, category: QuestionCategory, number: int
) -> None:
    text = "\n\n".join(f"Q{place} {{T}}" for place in range(number))
    send(client, category, text)
    with CaptureQueriesContext(connection) as queries:
        send(client, category, text)
    assert len(queries) == 13
