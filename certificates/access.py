"""Who may do what with a certificate. Its page is public; the PDF and the life of it are not."""

from typing import TYPE_CHECKING

from django.utils.crypto import constant_time_compare

from certificates.models import Certificate, CertificateArchive
from learners.companies.access import can_follow

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from learners.accounts.models import User


def may_download(user: "User | AnonymousUser", certificate: Certificate) -> bool:
    """Its owner, staff who may view certificates, and the owner's own managers. At most one query of its own."""
    if not user.is_authenticated:
        return False
    if certificate.user_id == user.pk or may_view_register(user):
        return True
    return can_follow(user, certificate.user)


def may_share(user: "User | AnonymousUser", certificate: Certificate) -> bool:
    return user.is_authenticated and certificate.user_id == user.pk


def is_shared_by(certificate: Certificate, token: str) -> bool:
    """Is this the token of its public link, and is that switched on?"""
    return bool(certificate.share_token) and constant_time_compare(certificate.share_token or "", token)


def may_view_register(user: "User | AnonymousUser") -> bool:
    return user.has_perm("certificates.view_certificate")


def may_change(user: "User | AnonymousUser") -> bool:
    """Revoke, reinstate, issue anew, issue what is missing: staff with both permissions."""
    return may_view_register(user) and user.has_perm("certificates.change_certificate")


def may_fetch_archive(user: "User | AnonymousUser", archive: CertificateArchive) -> bool:
    """Who asked for it, as long as they may see the register, and superusers."""
    if not may_view_register(user):
        return False
    return archive.requested_by_id == user.pk or bool(user.is_superuser)
