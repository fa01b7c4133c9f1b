"""Who may grant accommodations and read their notes: staff who were given that right, and no manager of a company."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from learners.accounts.models import User

GRANT = "learners.add_accommodation"
VIEW = "learners.view_accommodation"


def can_grant_accommodations(user: "User | AnonymousUser") -> bool:
    """Grant and end them. Without a query once the person's permissions are known."""
    return user.is_active and user.has_perm(GRANT)


def can_read_accommodations(user: "User | AnonymousUser") -> bool:
    """See who has which, with the note. Whoever may grant may also read."""
    return user.is_active and (user.has_perm(VIEW) or user.has_perm(GRANT))
