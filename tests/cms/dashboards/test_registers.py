"""Registers: permission-checked, searchable, exportable, forgiving, and never one query a row."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from certificates.models import Certificate, CertificateFile
from courses.models import CataloguePage
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from tests.factories.courses import make_edition
from tests.factories.learners import EnrolmentFactory, UserFactory, make_editor

INDEXES = [
    "/admin/registers/learners/",
    "/admin/registers/enrolments/",
    "/admin/registers/certificates/",
]


@pytest.fixture
def admin(catalogue: CataloguePage) -> User:
    return UserFactory(admin=True, name="Ada Admin", email="ada@example.com")


@pytest.fixture
def signed_in(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


def make_certificate(number: str, **fields: object) -> Certificate:
    enrolment = EnrolmentFactory(completed=True)
    facts = {"name": enrolment.user.name, "course": "Selling", "score": "90", "edition": 1}
    certificate = Certificate.objects.create(
        number=number,
        user=enrolment.user,
        enrolment=enrolment,
        edition=enrolment.edition,
        facts=facts | fields,
        issued_at=timezone.now(),
    )
    CertificateFile.objects.create(certificate=certificate)
    return certificate


def rows_of(response: object) -> list[dict[str, str]]:
    content = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(content)))


@pytest.mark.parametrize("url", INDEXES)
def test_register_opens_for_an_administrator(signed_in: Client, url: str) -> None:
    make_certificate("CW-1")
    response = signed_in.get(url)
    assert (response.status_code, response.context["result_count"] > 0) == (200, True)


@pytest.mark.parametrize("url", INDEXES)
def test_register_is_closed_to_editors_and_strangers(client: Client, catalogue: CataloguePage, url: str) -> None:
    make_certificate("CW-1")
    assert client.get(url).status_code == 302
    client.force_login(make_editor())
    response = client.get(url, follow=True)
    assert "CW-1" not in response.content.decode()
    assert response.redirect_chain[-1][0] == "/admin/"


def test_view_permission_alone_opens_a_register(client: Client, catalogue: CataloguePage) -> None:
    editor = make_editor()
    content_type = ContentType.objects.get_for_model(Enrolment)
    permission, _new = Permission.objects.get_or_create(content_type=content_type, codename="view_enrolment")
    editor.user_permissions.add(permission)
    client.force_login(editor)
    assert client.get("/admin/registers/enrolments/").status_code == 200
    assert client.get("/admin/registers/certificates/").status_code == 302


@pytest.mark.parametrize("register", ["learners", "enrolments", "certificates"])
@pytest.mark.parametrize("action", ["create", "edit", "delete", "history"])
def test_register_offers_no_way_to_change_rows(signed_in: Client, register: str, action: str) -> None:
    certificate = make_certificate("CW-1")
    pk = {"learners": certificate.user_id, "enrolments": certificate.enrolment_id, "certificates": certificate.pk}
    path = f"/admin/registers/{register}/{action}/" + ("" if action == "create" else f"{pk[register]}/")
    assert signed_in.post(path).status_code in (302, 404)
    assert Certificate.objects.filter(number="CW-1").count() == 1
    assert User.objects.filter(pk=certificate.user_id).count() == 1


@pytest.mark.parametrize("query", ["state__exact=%27", "due_at__gte=nonsense", "nonsense=1", "percent__exact=a", "o=x"])
def test_bad_filter_shows_the_whole_list_with_a_message(signed_in: Client, query: str) -> None:
    EnrolmentFactory()
    response = signed_in.get(f"/admin/registers/enrolments/?{query}", follow=True)
    assert response.status_code == 200


def test_search_finds_learner_by_name_and_course_by_title(signed_in: Client) -> None:
    EnrolmentFactory(user__name="Berta Blume")
    EnrolmentFactory(user__name="Carl Cash")
    response = signed_in.get("/admin/registers/enrolments/?q=Blume")
    assert response.context["result_count"] == 1


def test_csv_holds_the_rows_and_defuses_formulas(signed_in: Client) -> None:
    EnrolmentFactory(user__name="=HYPERLINK(1)", user__email="h@example.com")
    rows = rows_of(signed_in.get("/admin/registers/enrolments/?export=csv"))
    assert [(row["Learner"], row["E-Mail"]) for row in rows] == [("'=HYPERLINK(1)", "h@example.com")]


def test_xlsx_holds_the_rows(signed_in: Client) -> None:
    make_certificate("CW-7")
    response = signed_in.get("/admin/registers/certificates/?export=xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert [row[0].value for row in sheet.iter_rows()] == ["Number", "CW-7"]


@pytest.mark.parametrize("register", ["learners", "enrolments", "certificates"])
def test_inspect_shows_one_row(signed_in: Client, register: str) -> None:
    certificate = make_certificate("CW-1")
    pk = {"learners": certificate.user_id, "enrolments": certificate.enrolment_id, "certificates": certificate.pk}
    assert signed_in.get(f"/admin/registers/{register}/inspect/{pk[register]}/").status_code == 200


@pytest.mark.parametrize("url", INDEXES)
@pytest.mark.parametrize("count", [1, 3])
def test_register_takes_the_same_queries_for_any_number_of_rows(signed_in: Client, url: str, count: int) -> None:
    course = make_edition()
    for number in range(count):
        EnrolmentFactory(course=course)
        make_certificate(f"CW-{number}")
    signed_in.get(url)
    with CaptureQueriesContext(connection) as queries:
        signed_in.get(url)
    assert len(queries) == QUERIES[url]


QUERIES = {INDEXES[0]: 10, INDEXES[1]: 10, INDEXES[2]: 12}  # certificates: the courses and companies to filter by


def test_learner_register_counts_enrolments(signed_in: Client) -> None:
    learner = UserFactory(name="Dora", email="d@example.com")
    EnrolmentFactory(user=learner, completed=True)
    EnrolmentFactory(user=learner, started=True, last_accessed_at=timezone.now() - timedelta(days=1))
    rows = rows_of(signed_in.get("/admin/registers/learners/?export=csv&q=Dora"))
    assert [(row["Enrolments"], row["Completed"]) for row in rows] == [("2", "1")]


@pytest.mark.parametrize("lookup", ["password__startswith=p", "password__regex=.", "groups__name=Editors"])
def test_register_takes_no_lookups_but_its_filters(signed_in: Client, lookup: str) -> None:
    response = signed_in.get(f"/admin/registers/learners/?{lookup}")
    assert (response.status_code, response["Location"]) == (302, "/admin/registers/learners/")


def test_declared_filters_still_work(signed_in: Client) -> None:
    UserFactory(is_active=False)
    response = signed_in.get("/admin/registers/learners/?is_active__exact=0&date_joined__gte=2020-01-01")
    assert (response.status_code, response.context["result_count"]) == (200, 1)


def test_inspecting_what_is_no_number_is_not_found(signed_in: Client) -> None:
    assert signed_in.get("/admin/registers/learners/inspect/x/").status_code == 404


def test_export_says_zero_where_there_are_none(signed_in: Client) -> None:
    rows = rows_of(signed_in.get("/admin/registers/learners/?export=csv"))
    assert [(row["Enrolments"], row["Completed"]) for row in rows] == [("0", "0")]
