"""Who may read the evidence of an enrolment: the learner, their own managers, and staff who may view enrolments."""

from typing import TYPE_CHECKING, Literal

from learners.companies.access import can_follow
from learners.enrolments.models import Enrolment

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from learners.accounts.models import User

Viewer = Literal["owner", "manager", "staff"]


def find_viewer(user: "User | AnonymousUser", enrolment: Enrolment) -> Viewer | None:
    """As whom ``user`` reads it, or ``None``: then nobody tells them whether it exists. At most three queries."""
    if not user.is_authenticated:
        return None
    if enrolment.user_id == user.pk:
        return "owner"
    if user.has_perm("learners.view_enrolment"):
        return "staff"
    return "manager" if can_follow(user, enrolment.user) else None
