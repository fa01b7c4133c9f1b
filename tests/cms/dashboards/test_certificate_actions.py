"""Revoking and the rest through the admin: each asks first, says what went wrong, and is closed to all others."""

from typing import Any

import pytest
from django.test import Client

from certificates.models import Certificate, CertificateEvent
from courses.models import CataloguePage
from tests.cms.dashboards.test_certificates import issue, permit
from tests.factories.learners import EnrolmentFactory, UserFactory, make_editor

REGISTER = "/admin/registers/certificates/"
CHANGE = ("view_certificate", "change_certificate")


@pytest.fixture
def certificate(catalogue: CataloguePage) -> Certificate:
    return issue("Ann Able")


@pytest.fixture
def registrar(client: Client, catalogue: CataloguePage) -> Client:
    client.force_login(permit(make_editor(name="Rita Registrar"), *CHANGE))
    return client


def act(client: Client, certificate: Certificate, verb: str, **values: str) -> Any:
    return client.post(f"{REGISTER}{certificate.pk}/{verb}/", values)


def test_revoke_reinstate_and_reissue(registrar: Client, certificate: Certificate) -> None:
    response = act(registrar, certificate, "revoke", reason="error", note="Wrong person.")
    assert response["Location"] == f"{REGISTER}inspect/{certificate.pk}/"
    act(registrar, certificate, "reinstate", note="It was right.")
    act(registrar, certificate, "reissue", name="Ann Abel", note="")
    certificate.refresh_from_db()
    assert certificate.superseded_by.facts["name"] == "Ann Abel"
    events = [(event.kind, event.by.name) for event in certificate.events.exclude(kind="issued")]
    assert events == [(kind, "Rita Registrar") for kind in ("revoked", "reinstated", "superseded")]


def test_sending_waits_for_the_scheduler_and_says_so(registrar: Client, certificate: Certificate) -> None:
    response = act(registrar, certificate, "send")
    assert response["Location"] == f"{REGISTER}inspect/{certificate.pk}/"
    assert [mail.requested_by.name for mail in certificate.mails.all()] == ["Rita Registrar"]
    assert "Waits for the scheduler" in registrar.get(response["Location"]).content.decode()


def test_revoked_certificate_is_not_sent(registrar: Client, certificate: Certificate) -> None:
    act(registrar, certificate, "revoke", reason="error", note="")
    response = act(registrar, certificate, "send")
    assert (response.status_code, response.context["form"].non_field_errors()) == (
        200,
        ["It no longer holds, so it is not sent."],
    )
    assert certificate.mails.count() == 0


@pytest.mark.parametrize("verb", ["revoke", "reinstate", "reissue", "send"])
def test_looking_at_the_form_changes_nothing(registrar: Client, certificate: Certificate, verb: str) -> None:
    assert registrar.get(f"{REGISTER}{certificate.pk}/{verb}/").status_code == 200
    certificate.refresh_from_db()
    assert certificate.status == "valid"


@pytest.mark.parametrize(
    ("verb", "values", "field"),
    [
        ("revoke", {"reason": ""}, "reason"),
        ("revoke", {"reason": "nonsense"}, "reason"),
        ("revoke", {"reason": "error", "note": "x" * 501}, "note"),
        ("reinstate", {}, "__all__"),
        ("reissue", {"name": "Ann Able"}, "name"),
        ("reissue", {"name": "\u202e"}, "name"),
    ],
)
def test_refusals_stand_beside_the_field(
    registrar: Client, certificate: Certificate, verb: str, values: dict[str, str], field: str
) -> None:
    response = act(registrar, certificate, verb, **values)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    certificate.refresh_from_db()
    assert certificate.status == "valid"


@pytest.mark.parametrize("codenames", [(), ("view_certificate",), ("change_certificate",)])
@pytest.mark.parametrize("verb", ["revoke", "reissue", "send"])
def test_nobody_acts_without_both_permissions(
    client: Client, certificate: Certificate, codenames: tuple[str, ...], verb: str
) -> None:
    client.force_login(permit(make_editor(), *codenames))
    act(client, certificate, verb, reason="error", name="Ann Abel")
    certificate.refresh_from_db()
    assert (certificate.status, Certificate.objects.count(), certificate.mails.count()) == ("valid", 1, 0)
    assert "Ann Able" not in client.get(f"{REGISTER}{certificate.pk}/{verb}/").content.decode()


def test_learner_with_the_permission_but_no_admin_stays_outside(client: Client, certificate: Certificate) -> None:
    client.force_login(permit(UserFactory(), *CHANGE))
    act(client, certificate, "revoke", reason="error")
    certificate.refresh_from_db()
    assert certificate.status == "valid"


def test_missing_certificates_are_counted_then_issued(registrar: Client, certificate: Certificate) -> None:
    EnrolmentFactory.create_batch(2, completed=True)
    page = registrar.get(f"{REGISTER}missing/").content.decode()
    assert ("2 certificates are missing." in page, Certificate.objects.count()) == (True, 1)
    registrar.post(f"{REGISTER}missing/")
    askers = CertificateEvent.objects.filter(kind="issued").order_by("pk").values_list("by__name", flat=True)
    assert list(askers) == [None, "Rita Registrar", "Rita Registrar"]
    assert "Issue them" not in registrar.get(f"{REGISTER}missing/").content.decode()


def test_missing_certificates_are_not_issued_by_others(client: Client, certificate: Certificate) -> None:
    EnrolmentFactory(completed=True)
    client.force_login(permit(make_editor(), "view_certificate"))
    client.post(f"{REGISTER}missing/")
    assert Certificate.objects.count() == 1
