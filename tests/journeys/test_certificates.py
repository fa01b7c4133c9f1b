"""An employer drops a PDF on the verification page; its owner switches the public link on and off, by keyboard."""

import base64

import pytest
from playwright.sync_api import Page, expect

from certificates.models import Certificate
from certificates.services import render_file
from tests.journeys.conftest import OpenPage

pytestmark = pytest.mark.journey
OWNER = "learner@example.com"

DROP = """([encoded, name]) => {
  const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], name, { type: "application/pdf" }));
  const form = document.querySelector("form[data-drop]");
  for (const kind of ["dragover", "drop"])
    form.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


def own_certificate() -> Certificate:
    return Certificate.objects.filter(user__email=OWNER).latest("pk")


def own_pdf() -> bytes:
    pdf = render_file(certificate_id=own_certificate().pk, is_waited_for=True).pdf
    assert pdf is not None
    return bytes(pdf)


def drop(page: Page, data: bytes) -> None:
    page.goto("/certificates/")
    expect(page.get_by_text("You can also drop it here.")).to_be_visible()
    page.evaluate(DROP, [base64.b64encode(data).decode(), "certificate.pdf"])


def test_dropped_file_is_checked(open_page: OpenPage) -> None:
    page = open_page()
    drop(page, own_pdf())
    expect(page.get_by_role("heading", name="This certificate is valid")).to_be_visible()
    expect(page.get_by_text(own_certificate().facts["name"])).to_be_visible()
    drop(page, b"%PDF-1.7 of somebody else")
    expect(page.get_by_role("heading", name="Not one of ours")).to_be_visible()


def test_file_is_checked_without_javascript(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/certificates/")
    expect(page.get_by_text("You can also drop it here.")).to_be_hidden()
    page.get_by_label("Or check the file itself").set_input_files(
        {"name": "certificate.pdf", "mimeType": "application/pdf", "buffer": own_pdf()}
    )
    page.get_by_role("button", name="Check the file", exact=True).click()
    expect(page.get_by_role("heading", name="This certificate is valid")).to_be_visible()


def test_owner_switches_the_link_on_and_off(open_page: OpenPage) -> None:
    page, stranger = open_page(OWNER), open_page()
    page.goto("/learn/certificates/")
    page.get_by_role("button", name="Switch link on").press("Enter")
    link = page.get_by_role("link", name="/shared/")
    expect(link).to_be_visible()
    address = Certificate.objects.get(share_token__isnull=False)
    path = f"/certificates/{address.number}/shared/{address.share_token}/"
    assert stranger.goto(path).status == 200  # type: ignore[union-attr]
    with stranger.expect_download() as download:
        stranger.get_by_role("link", name="Download PDF").click()
    assert download.value.suggested_filename == f"{address.number}.pdf"
    page.wait_for_timeout(2100)  # the same form is not sent twice within two seconds
    page.get_by_role("button", name="Switch link off").press("Enter")
    expect(page.get_by_text("Public link is off.")).to_be_visible()
    assert stranger.goto(path).status == 404  # type: ignore[union-attr]
