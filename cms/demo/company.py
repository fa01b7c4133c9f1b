"""The demo's customer: a company with a manager, two people, a deadline and more time for one of them."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from courses.packs.definition import Pack
from learners.accounts.models import User
from learners.companies.models import Company, Role
from learners.companies.services import add_member, create_company
from learners.enrolments.extending import extend_deadline, set_deadline_rule
from learners.enrolments.models import Enrolment
from learners.enrolments.scheduling import refresh_stale_deadlines

NAME = "Northwind Instruments"
RULE_DAYS, EXTRA_DAYS = 21, 35


def ensure_company(people: Mapping[str, User], pack: Pack) -> bool:
    """Made through the services, once; False if it is there already. Asks for ``pack`` within three weeks."""
    if Company.objects.filter(name=NAME).exists():
        return False
    manager, learner = people["manager@example.com"], people["learner@example.com"]
    with transaction.atomic():
        company = create_company(name=NAME, time_zone="Europe/Madrid")
        add_member(company=company, user=manager, role=Role.MANAGER)
        for email in ("learner@example.com", "learner2@example.com"):
            add_member(company=company, user=people[email])
        set_deadline_rule(
            company=company, by=manager, course_key=UUID(pack.id), days=RULE_DAYS, note="Before the spring campaign"
        )
        refresh_stale_deadlines()
        enrolment = Enrolment.objects.filter(user=learner, course_key=pack.id).first()
        if enrolment is not None:
            last_day = timezone.localdate(enrolment.enrolled_at) + timedelta(days=EXTRA_DAYS)
            extend_deadline(enrolment_id=enrolment.pk, by=manager, due_on=last_day, note="Two weeks at the trade fair")
    return True
