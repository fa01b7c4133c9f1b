"""Lets the header show the way to the team, to those who have one."""

from typing import TYPE_CHECKING

from django import template

from learners.companies.queries import managed_companies

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from learners.accounts.models import User

register = template.Library()


@register.simple_tag
def leads_team(user: "User | AnonymousUser") -> bool:
    """One query; none for visitors."""
    return user.is_authenticated and managed_companies(user).exists()
