"""Who may download a certificate: its owner, and staff who may view certificates. Its page is public."""

from typing import TYPE_CHECKING

from certificates.models import Certificate

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from learners.accounts.models import User


def may_download(user: "User | AnonymousUser", certificate: Certificate) -> bool:
    return user.is_authenticated and (certificate.user_id == user.pk or user.has_perm("certificates.view_certificate"))
