"""Links out carry what the certificate says, and nothing else."""

from urllib.parse import parse_qsl, urlsplit

from certificates.designs.samples import sample_facts
from certificates.sharing.links import make_linkedin_url


def fields(**changes: object) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(make_linkedin_url("CW-7K3M-9QX1-0BCA", sample_facts(**changes))).query))


def test_linkedin_form_is_filled_in() -> None:
    assert fields(course="Selling & more") == {
        "startTask": "CERTIFICATION_NAME",
        "name": "Selling & more",
        "organizationName": "Coursewright",
        "issueYear": "2026",
        "issueMonth": "3",
        "expirationYear": "2028",
        "expirationMonth": "3",
        "certUrl": "https://learn.example.com/certificates/CW-7K3M-9QX1-0BCA/",
        "certId": "CW-7K3M-9QX1-0BCA",
    }


def test_certificate_without_an_end_has_no_expiration() -> None:
    assert "expirationYear" not in fields(expires_on=None)
