"""Who may follow whom: owners and managers follow the people of their company, and nobody else does."""

from typing import TYPE_CHECKING

from learners.companies.models import Company, Membership, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from learners.accounts.models import User

FOLLOWING_ROLES = (Role.OWNER, Role.MANAGER)


def can_follow(manager: "User | AnonymousUser", person: "User") -> bool:
    """Is ``manager`` an owner or manager of a company in which ``person`` is? Never oneself. One query."""
    if not manager.is_authenticated or manager.pk == person.pk:
        return False
    return Membership.objects.filter(
        user_id=manager.pk, role__in=FOLLOWING_ROLES, company__memberships__user_id=person.pk
    ).exists()


def can_run(user: "User | AnonymousUser", company: Company) -> bool:
    """May ``user`` set what the company asks of its people, and where its days end? One query."""
    if not user.is_authenticated:
        return False
    return company.memberships.filter(user_id=user.pk, role__in=FOLLOWING_ROLES).exists()
