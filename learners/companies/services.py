"""Companies and their people. Whoever joins, leaves or moves to another zone gets their deadlines worked out anew."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from learners.accounts.models import User
from learners.accounts.queries import time_zone_names
from learners.accounts.services import mark_deadlines_stale, tidy_name
from learners.companies.models import Company, Membership, Role

NAME_LENGTH = 150


class CompanyRefusedError(Exception):
    """``code``: name_required, name_too_long, name_taken, unknown_zone, unknown_role or last_owner."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def create_company(*, name: str, time_zone: str = "", owner: User | None = None) -> Company:
    """A new company, with its owner if one is given. Raises ``CompanyRefusedError``."""
    name = _check_facts(name, time_zone)
    with transaction.atomic():
        company = _save(Company(name=name, slug=_free_slug(name), time_zone=time_zone))
        if owner is not None:
            add_member(company=company, user=owner, role=Role.OWNER)
    return company


def update_company(*, company: Company, name: str, time_zone: str) -> Company:
    """Set name and time zone ("" for the site's). Days that end elsewhere move the deadlines of its people.

    The address of a company keeps its first name. Raises ``CompanyRefusedError``.
    """
    name = _check_facts(name, time_zone)
    with transaction.atomic():
        locked = _lock(company)
        has_moved = locked.time_zone != time_zone
        locked.name, locked.time_zone = name, time_zone
        _save(locked)
        if has_moved:
            mark_deadlines_stale(people=User.objects.filter(memberships__company=locked))
    return locked


def add_member(*, company: Company, user: User, role: str = Role.MEMBER) -> Membership:
    """One membership a person and company: adding somebody again changes nothing and returns what there is.

    Raises ``CompanyRefusedError``.
    """
    _check_role(role)
    with transaction.atomic():
        membership, is_new = Membership.objects.get_or_create(company=company, user=user, defaults={"role": role})
        if is_new:
            mark_deadlines_stale(people=User.objects.filter(pk=user.pk))
    return membership


def change_role(*, membership: Membership, role: str) -> Membership:
    """Raises ``CompanyRefusedError``: a company that has an owner always keeps one."""
    _check_role(role)
    with transaction.atomic():
        _lock(membership.company)
        locked = Membership.objects.select_related("company", "user").get(pk=membership.pk)
        if role != Role.OWNER:
            _refuse_for_last_owner(locked)
        locked.role = role
        locked.save(update_fields=["role"])
    return locked


def remove_member(*, membership: Membership) -> None:
    """The person leaves the company; their learning stays theirs. Removing twice removes once.

    Raises ``CompanyRefusedError`` for the last owner.
    """
    with transaction.atomic():
        _lock(membership.company)
        locked = Membership.objects.select_related("user").filter(pk=membership.pk).first()
        if locked is None:
            return
        _refuse_for_last_owner(locked)
        locked.delete()
        mark_deadlines_stale(people=User.objects.filter(pk=locked.user_id))


def _check_facts(name: str, time_zone: str) -> str:
    name = tidy_name(name)
    if not name:
        raise CompanyRefusedError("name_required", _("Enter the name of the company."))
    if len(name) > NAME_LENGTH:
        raise CompanyRefusedError("name_too_long", _("The name is longer than %(n)s characters.") % {"n": NAME_LENGTH})
    if time_zone and time_zone not in time_zone_names():
        raise CompanyRefusedError("unknown_zone", _("This is not a time zone such as Europe/Berlin."))
    return name


def _check_role(role: str) -> None:
    if role not in Role.values:
        raise CompanyRefusedError("unknown_role", _("Choose one of the roles owner, manager and member."))


def _save(company: Company) -> Company:
    try:
        with transaction.atomic():
            company.save()
    except IntegrityError as error:
        message = _("There is a company with this name already. Choose another name.")
        raise CompanyRefusedError("name_taken", message) from error
    return company


def _free_slug(name: str) -> str:
    stem = slugify(name)[:140] or "company"
    taken = set(Company.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := stem if n == 1 else f"{stem}-{n}") not in taken)


def _lock(company: Company) -> Company:
    """Roles of one company change one after the other, so that two owners cannot leave at the same moment."""
    return Company.objects.select_for_update().get(pk=company.pk)


def _refuse_for_last_owner(membership: Membership) -> None:
    if membership.role != Role.OWNER:
        return
    others = Membership.objects.filter(company_id=membership.company_id, role=Role.OWNER).exclude(pk=membership.pk)
    if not others.exists():
        message = _("%(person)s is the only owner. Make somebody else an owner first.")
        raise CompanyRefusedError("last_owner", message % {"person": membership.user})
