"""Who may do what after an exam: staff who were given that right, by group or in person."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from learners.accounts.models import User

MARK = "learners.add_essaymark"
REGRADE = "learners.add_regrade"
ANALYSE = "learners.view_itemstatistics"


def can_mark(user: "User | AnonymousUser") -> bool:
    """Read essays with their writers' names, and mark them; never one's own."""
    return user.is_active and user.has_perm(MARK)


def can_regrade(user: "User | AnonymousUser") -> bool:
    """Try what a corrected key would change for whom, and decide it."""
    return user.is_active and user.has_perm(REGRADE)


def can_analyse(user: "User | AnonymousUser") -> bool:
    """See how questions work: figures and keys, nobody's name."""
    return user.is_active and user.has_perm(ANALYSE)
