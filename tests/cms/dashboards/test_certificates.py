"""The register of certificates: found by every filter, told whole on its page, closed to whoever may not see it."""

import csv
import io
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from certificates.life import reissue_certificate, revoke_certificate
from certificates.models import Certificate
from certificates.services import issue_certificate
from courses.models import CataloguePage
from learners.accounts.models import User
from tests.factories.learners import EnrolmentFactory, UserFactory, make_editor

REGISTER = "/admin/registers/certificates/"


def permit(user: User, *codenames: str) -> User:
    content_type = ContentType.objects.get_for_model(Certificate)
    for codename in codenames:
        permission, _new = Permission.objects.get_or_create(content_type=content_type, codename=codename)
        user.user_permissions.add(permission)
    return User.objects.get(pk=user.pk)


def issue(name: str) -> Certificate:
    certificate = issue_certificate(enrolment_id=EnrolmentFactory(completed=True, user__name=name).pk)
    assert certificate is not None
    return certificate


@pytest.fixture
def certificate(catalogue: CataloguePage) -> Certificate:
    return issue("Ann Able")


@pytest.fixture
def sign_in(client: Client, catalogue: CataloguePage) -> Callable[..., Client]:
    """As somebody of the staff with these permissions on certificates."""

    def sign(*codenames: str) -> Client:
        client.force_login(permit(make_editor(), *codenames))
        return client

    return sign


def names(response: object) -> list[str]:
    content = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    return [row["Name On It"] for row in csv.DictReader(io.StringIO(content))]


def test_filters_hold_for_list_and_export(certificate: Certificate, sign_in: Callable[..., Client]) -> None:
    client = sign_in("view_certificate")
    revoke_certificate(certificate_id=issue("Rex").pk, reason="error", note="", by=None)
    response = client.get(f"{REGISTER}?status=revoked")
    assert (response.status_code, response.context["result_count"]) == (200, 1)
    assert names(client.get(f"{REGISTER}?status=revoked&export=csv")) == ["Rex"]
    assert names(client.get(f"{REGISTER}?q=Able&export=csv")) == ["Ann Able"]
    assert names(client.get(f"{REGISTER}?course={certificate.edition.course_key}&export=csv")) == ["Ann Able"]


def test_filter_that_finds_nothing_leaves_the_filters_there(
    certificate: Certificate, sign_in: Callable[..., Client]
) -> None:
    page = sign_in("view_certificate").get(f"{REGISTER}?status=revoked").content.decode()
    assert ('name="issued_from"' in page, "Show all" in page) == (True, True)


@pytest.mark.parametrize(
    "query",
    ["status=x", "course=x", "company=x", "company=999", "issued_from=x", "issued_to=31.02.2026", "user__password=x"],
)
def test_bad_filters_show_the_whole_list(certificate: Certificate, sign_in: Callable[..., Client], query: str) -> None:
    response = sign_in("view_certificate").get(f"{REGISTER}?{query}")
    assert (response.status_code, response["Location"]) == (302, REGISTER)


def test_page_tells_chain_and_events(certificate: Certificate, sign_in: Callable[..., Client]) -> None:
    registrar = UserFactory(name="Rita Registrar")
    new = reissue_certificate(certificate_id=certificate.pk, name="Ann Abel", note="Married.", by=registrar)
    page = sign_in("view_certificate").get(f"{REGISTER}inspect/{new.pk}/").content.decode()
    for told in (certificate.number, "Issued anew after a correction", "Rita Registrar", "Married."):
        assert told in page


def test_page_offers_actions_to_those_who_may_change(certificate: Certificate, sign_in: Callable[..., Client]) -> None:
    address = f"{REGISTER}inspect/{certificate.pk}/"
    revoke = f"{REGISTER}{certificate.pk}/revoke/"
    assert revoke not in sign_in("view_certificate").get(address).content.decode()
    assert revoke in sign_in("view_certificate", "change_certificate").get(address).content.decode()


def test_register_is_closed_without_permission(certificate: Certificate, sign_in: Callable[..., Client]) -> None:
    client = sign_in()
    for address in (REGISTER, f"{REGISTER}?export=csv", f"{REGISTER}inspect/{certificate.pk}/"):
        response = client.get(address, follow=True)
        assert (response.redirect_chain[-1][0], "Ann Able" in response.content.decode()) == ("/admin/", False)


@pytest.mark.parametrize("events", [1, 3])
def test_page_takes_the_same_queries_whatever_happened(
    certificate: Certificate, sign_in: Callable[..., Client], django_assert_max_num_queries: object, events: int
) -> None:
    current = certificate
    for number in range(events):
        current = reissue_certificate(certificate_id=current.pk, name=f"Name {number}", note="", by=None)
    client = sign_in("view_certificate")
    address = f"{REGISTER}inspect/{current.pk}/"
    client.get(address)
    with django_assert_max_num_queries(20) as queries:  # type: ignore[operator]
        client.get(address)
    assert len(queries) == 14
