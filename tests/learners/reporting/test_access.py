"""Evidence is read by the learner, their managers and staff, and by nobody else."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.contrib.contenttypes.models import ContentType

from learners.companies.models import Role
from learners.enrolments.models import Enrolment
from learners.reporting.access import find_viewer
from tests.factories.learners import EnrolmentFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_owner_manager_and_staff_read_it_each_as_themselves() -> None:
    enrolment = EnrolmentFactory()
    company = MembershipFactory(user=enrolment.user).company
    manager = MembershipFactory(company=company, role=Role.MANAGER).user
    staff = UserFactory()
    content_type = ContentType.objects.get_for_model(Enrolment)
    permission, _new = Permission.objects.get_or_create(
        codename="view_enrolment", content_type=content_type, defaults={"name": "View"}
    )
    staff.user_permissions.add(permission)
    found = [find_viewer(user, enrolment) for user in (enrolment.user, manager, staff)]
    assert found == ["owner", "manager", "staff"]


def test_colleagues_other_managers_and_visitors_read_nothing() -> None:
    enrolment = EnrolmentFactory()
    company = MembershipFactory(user=enrolment.user).company
    colleague = MembershipFactory(company=company).user
    stranger = MembershipFactory(role=Role.MANAGER).user
    found = [find_viewer(user, enrolment) for user in (colleague, stranger, AnonymousUser())]
    assert found == [None, None, None]
