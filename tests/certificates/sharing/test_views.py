"""The public link: switched by its owner alone, dead at once when off, never more than the certificate; the gallery."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from certificates.guessing import MISSES_ALLOWED
from certificates.life import reissue_certificate, revoke_certificate, switch_sharing
from certificates.models import Certificate
from certificates.services import issue_certificate, render_file
from certificates.sharing.links import make_share_url
from learners.accounts.models import User
from tests.factories.learners import EnrolmentFactory, UserFactory

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def link(certificate: Certificate) -> str:
    """The path of the public link, switched on."""
    switched = switch_sharing(certificate_id=certificate.pk, is_on=True, by=certificate.user)
    return urlsplit(make_share_url(switched)).path


def switch(client: Client, certificate: Certificate, is_on: str, **fields: str) -> Any:
    return client.post(f"/certificates/{certificate.number}/share/", {"is_on": is_on, **fields})


def test_whoever_has_the_link_sees_page_picture_and_pdf(client: Client, certificate: Certificate, link: str) -> None:
    page = client.get(link)
    assert (page.status_code, page["X-Robots-Tag"], page["Cache-Control"]) == (200, "noindex", "private, no-store")
    assert ("Ann Able" in page.content.decode(), "ann@example.com" in page.content.decode()) == (True, False)
    picture = client.get(f"{link}picture.png")
    assert (picture.status_code, picture["Content-Type"], picture["X-Robots-Tag"]) == (200, "image/png", "noindex")
    pdf = client.get(f"{link}pdf")
    assert pdf.content == bytes(render_file(certificate_id=certificate.pk).pdf)


def test_page_has_a_preview_for_other_sites(client: Client, certificate: Certificate, link: str) -> None:
    page = client.get(link).content.decode()
    certificate.refresh_from_db()
    assert f'<meta property="og:image" content="{make_share_url(certificate)}picture.png">' in page
    assert '<meta property="og:image:width" content="1200">' in page
    assert f'<meta property="og:title" content="Ann Able: {certificate.facts["course"]}">' in page
    assert '<meta name="robots" content="noindex">' in page


def test_number_alone_shows_no_preview_and_no_link(client: Client, certificate: Certificate, link: str) -> None:
    certificate.refresh_from_db()
    page = client.get(f"/certificates/{certificate.number}/").content.decode()
    assert ("og:image" in page, str(certificate.share_token) in page) == (False, False)


def test_link_switched_off_is_dead_at_once(client: Client, certificate: Certificate, link: str) -> None:
    switch_sharing(certificate_id=certificate.pk, is_on=False, by=certificate.user)
    assert [client.get(link + part).status_code for part in ("", "picture.png", "pdf")] == [404, 404, 404]
    switch_sharing(certificate_id=certificate.pk, is_on=True, by=certificate.user)
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("token", ["", "None", "x" * 32, "%C3%A9"])
def test_wrong_token_opens_nothing(client: Client, certificate: Certificate, token: str) -> None:
    for part in ("", "picture.png", "pdf"):
        assert client.get(f"/certificates/{certificate.number}/shared/{token}/{part}").status_code == 404


def test_trying_tokens_is_stopped(client: Client, certificate: Certificate, link: str) -> None:
    for _ in range(MISSES_ALLOWED):
        client.get(f"/certificates/{certificate.number}/shared/{'x' * 32}/")
    assert [client.get(link + part).status_code for part in ("", "picture.png", "pdf")] == [429, 429, 429]


def test_revoked_certificate_says_so_and_hands_out_no_pdf(client: Client, certificate: Certificate, link: str) -> None:
    revoke_certificate(certificate_id=certificate.pk, reason="error", note="", by=None)
    page = client.get(link).content.decode()
    assert ("This certificate was revoked" in page, f"{link}pdf" in page) == (True, False)
    assert client.get(f"{link}pdf").status_code == 404


def test_owner_switches_on_the_page_and_comes_back(client: Client, certificate: Certificate) -> None:
    client.force_login(certificate.user)
    response = switch(client, certificate, "1", next="/learn/certificates/")
    assert response["Location"] == f"/learn/certificates/#share-{certificate.number}"
    certificate.refresh_from_db()
    assert make_share_url(certificate) in client.get(f"/certificates/{certificate.number}/").content.decode()
    switch(client, certificate, "0")
    certificate.refresh_from_db()
    assert certificate.share_token is None


def test_switch_leads_nowhere_else(client: Client, certificate: Certificate) -> None:
    client.force_login(certificate.user)
    for target in ("https://evil.example.com/", "//evil.example.com", "javascript:alert(1)"):
        location = switch(client, certificate, "1", next=target)["Location"]
        assert location == f"/certificates/{certificate.number}/#share-{certificate.number}"


def test_others_cannot_switch(client: Client, certificate: Certificate) -> None:
    assert switch(client, certificate, "1")["Location"].startswith("/accounts/login/")
    for user in (UserFactory(), UserFactory(admin=True)):
        client.force_login(user)
        assert switch(client, certificate, "1").status_code == 404
    certificate.refresh_from_db()
    assert certificate.share_token is None


def test_only_the_owner_is_offered_linkedin_and_credential(client: Client, certificate: Certificate) -> None:
    url = f"/certificates/{certificate.number}/"
    for user, expected in ((certificate.user, True), (UserFactory(admin=True), False)):
        client.force_login(user)
        page = client.get(url).content.decode()
        assert ("linkedin.com" in page, f"{url}share/" in page) == (expected, expected)


# --- Gallery --------------------------------------------------------------------------------------------------------


def test_gallery_shows_ones_own_and_no_superseded_ones(client: Client, certificate: Certificate) -> None:
    new = reissue_certificate(certificate_id=certificate.pk, name="Ann Abel", note="", by=None)
    other = issue_certificate(enrolment_id=EnrolmentFactory(completed=True).pk)
    client.force_login(certificate.user)
    page = client.get("/learn/certificates/").content.decode()
    assert [number in page for number in (new.number, certificate.number, other.number)] == [True, False, False]
    assert f"/certificates/{new.number}/pdf" in page


def test_gallery_draws_nothing(client: Client, certificate: Certificate) -> None:
    client.force_login(certificate.user)
    client.get("/learn/certificates/")
    certificate.file.refresh_from_db()
    assert certificate.file.pdf is None


def test_empty_gallery_says_what_to_do(client: Client) -> None:
    client.force_login(UserFactory())
    page = client.get("/learn/certificates/").content.decode()
    assert ("No certificates yet" in page, 'href="/courses/"' in page) == (True, True)


def test_gallery_wants_somebody_signed_in(client: Client) -> None:
    assert client.get("/learn/certificates/")["Location"] == "/accounts/login/?next=/learn/certificates/"


@pytest.mark.parametrize("count", [1, 3])
def test_gallery_takes_the_same_queries_for_any_number(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    user: User = UserFactory()
    for _ in range(count):
        issue_certificate(enrolment_id=EnrolmentFactory(completed=True, user=user).pk)
    client.force_login(user)
    client.get("/learn/certificates/")
    with django_assert_num_queries(7):  # session, person, three for what the menu offers, count, page
        assert client.get("/learn/certificates/").content.decode().count("<article") == count
