"""Addresses that lead to a certificate from outside: the public link, and "add to profile" of LinkedIn."""

from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from certificates.facts import CertificateFacts
from certificates.models import Certificate

LINKEDIN = "https://www.linkedin.com/profile/add"


def make_share_url(certificate: Certificate) -> str:
    """The whole address of the public link; "" while it is switched off."""
    if not certificate.share_token:
        return ""
    path = reverse("certificate-shared", args=[certificate.number, certificate.share_token])
    return f"{settings.SITE_BASE_URL}{path}"


def make_linkedin_url(number: str, facts: CertificateFacts) -> str:
    """LinkedIn's form, filled in with what the certificate says. LinkedIn learns it when the owner follows the link."""
    issued = date.fromisoformat(facts["issued_on"])
    fields = {
        "startTask": "CERTIFICATION_NAME",
        "name": facts["course"],
        "organizationName": facts["issuer"],
        "issueYear": issued.year,
        "issueMonth": issued.month,
    }
    if facts["expires_on"]:
        last_day = date.fromisoformat(facts["expires_on"])
        fields |= {"expirationYear": last_day.year, "expirationMonth": last_day.month}
    fields |= {"certUrl": facts["verification_url"], "certId": number}
    return f"{LINKEDIN}?{urlencode(fields)}"
