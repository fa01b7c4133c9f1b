"""Reading companies: whose people one follows, and where a company's days end."""

from datetime import tzinfo
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from learners.accounts.models import User
from learners.accounts.queries import find_zone
from learners.companies.access import FOLLOWING_ROLES
from learners.companies.models import Company, Membership

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def followed_people(manager: "User | AnonymousUser") -> QuerySet[User]:
    """The people ``manager`` follows, each once, by name; never the manager. Paginate it."""
    if not manager.is_authenticated:
        return User.objects.none()
    companies = Membership.objects.filter(user_id=manager.pk, role__in=FOLLOWING_ROLES).values("company_id")
    followed = Membership.objects.filter(company_id__in=companies).values("user_id")
    return User.objects.filter(pk__in=followed).exclude(pk=manager.pk).order_by("name", "email", "pk")


def companies_of(user: "User | AnonymousUser") -> QuerySet[Company]:
    """The companies a person belongs to, in whatever role."""
    if not user.is_authenticated:
        return Company.objects.none()
    return Company.objects.filter(memberships__user_id=user.pk)


def managed_companies(user: "User | AnonymousUser") -> QuerySet[Company]:
    """The companies whose people ``user`` follows."""
    if not user.is_authenticated:
        return Company.objects.none()
    return Company.objects.filter(memberships__user_id=user.pk, memberships__role__in=FOLLOWING_ROLES)


def zone_of(company: Company) -> tzinfo:
    """Where the company's days end; without a time zone of its own, the site's."""
    return find_zone(company.time_zone)
