"""Lets learner pages show certificates, which their views may not know."""

from typing import TYPE_CHECKING

from django import template

from certificates.models import Certificate
from certificates.queries import CertificateCard, list_certificates, make_card

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from learners.accounts.models import User

register = template.Library()

NEWEST = 6


@register.simple_tag
def my_certificates(user: "User | AnonymousUser") -> list[CertificateCard]:
    """The person's newest certificates; the gallery has them all. One query."""
    return [make_card(certificate) for certificate in list_certificates(user)[:NEWEST]]


@register.simple_tag
def certificate_for(enrolment_id: int | None) -> CertificateCard | None:
    """The certificate of an enrolment, the newest if it was issued anew. One query."""
    certificate = Certificate.objects.filter(enrolment_id=enrolment_id).first() if enrolment_id else None
    return make_card(certificate) if certificate else None
