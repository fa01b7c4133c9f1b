"""People and their records: ``EnrolmentFactory(completed=True)``, ``GrantFactory(expired=True)`` and others."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import factory
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from courses.editions.queries import get_outline
from learners.accommodations.models import Accommodation
from learners.accounts.models import User
from learners.companies.models import Company, DeadlineRule, Membership, Role
from learners.enrolments.models import Enrolment, Grant
from learners.enums import GrantSource, ProgressState
from learners.exams.models import Attempt
from learners.progress.models import BlockProgress
from tests.factories.courses import make_edition, new_id

PASSWORD = "correct-horse-battery"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    class Params:
        admin = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda number: f"learner{number}@example.com")
    name = factory.Sequence(lambda number: f"Learner {number}")
    password = factory.django.Password(PASSWORD)


class CompanyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Company

    name = factory.Sequence(lambda number: f"Company {number}")
    slug = factory.Sequence(lambda number: f"company-{number}")


class MembershipFactory(factory.django.DjangoModelFactory):
    """A member of a company of their own unless ``company`` is given."""

    class Meta:
        model = Membership

    class Params:
        owner = factory.Trait(role=Role.OWNER)
        manager = factory.Trait(role=Role.MANAGER)

    company = factory.SubFactory(CompanyFactory)
    user = factory.SubFactory(UserFactory)


class DeadlineRuleFactory(factory.django.DjangoModelFactory):
    """Ten days for every course unless said otherwise."""

    class Meta:
        model = DeadlineRule

    company = factory.SubFactory(CompanyFactory)
    days = factory.LazyAttribute(lambda rule: None if rule.due_on else 10)
    due_on = None


def make_editor(**fields: Any) -> User:
    """Somebody who may enter the admin without being a superuser."""
    user = UserFactory(**fields)
    group, _is_new = Group.objects.get_or_create(name="Editors")
    permission = Permission.objects.filter(codename="access_admin").first()
    if permission is None:
        from django.contrib.contenttypes.models import ContentType

        content_type, _is_new = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
        permission = Permission.objects.create(content_type=content_type, codename="access_admin", name="Access")
    group.permissions.add(permission)
    user.groups.add(group)
    return user


class EnrolmentFactory(factory.django.DjangoModelFactory):
    """On a course of its own unless ``course`` (a CourseState) is given."""

    class Meta:
        model = Enrolment
        exclude = ("course",)

    class Params:
        started = factory.Trait(
            state=ProgressState.IN_PROGRESS,
            started_at=factory.LazyFunction(timezone.now),
            last_accessed_at=factory.LazyFunction(timezone.now),
        )
        completed = factory.Trait(
            state=ProgressState.COMPLETED,
            started_at=factory.LazyFunction(timezone.now),
            last_accessed_at=factory.LazyFunction(timezone.now),
            completed_at=factory.LazyFunction(timezone.now),
            percent=100,
            score=100,
        )

    course = factory.LazyFunction(make_edition)
    user = factory.SubFactory(UserFactory)
    course_key = factory.SelfAttribute("course.course_key")
    edition = factory.SelfAttribute("course.edition")


class BlockProgressFactory(factory.django.DjangoModelFactory):
    """A block that was started, of some lesson."""

    class Meta:
        model = BlockProgress

    enrolment = factory.SubFactory(EnrolmentFactory)
    lesson_key = factory.LazyFunction(new_id)
    block_id = factory.LazyFunction(new_id)
    state = ProgressState.IN_PROGRESS
    started_at = factory.LazyFunction(timezone.now)
    last_accessed_at = factory.LazyFunction(timezone.now)


class GrantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Grant

    class Params:
        expired = factory.Trait(ends_at=factory.LazyFunction(lambda: timezone.now() - timedelta(seconds=1)))
        future = factory.Trait(starts_at=factory.LazyFunction(lambda: timezone.now() + timedelta(days=1)))

    user = factory.SubFactory(UserFactory)
    source = GrantSource.PURCHASE
    starts_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))


class AccommodationFactory(factory.django.DjangoModelFactory):
    """Half as much time again, granted by nobody unless said otherwise."""

    class Meta:
        model = Accommodation

    class Params:
        ended = factory.Trait(ended_at=factory.LazyFunction(timezone.now))

    user = factory.SubFactory(UserFactory)
    time_factor = Decimal("1.5")
    granted_at = factory.LazyFunction(timezone.now)


class AttemptFactory(factory.django.DjangoModelFactory):
    """An attempt at the first quiz of the enrolment's edition, without a real paper unless one is given."""

    class Meta:
        model = Attempt

    enrolment = factory.SubFactory(EnrolmentFactory, course=factory.LazyFunction(lambda: make_edition(quiz=True)))
    edition = factory.SelfAttribute("enrolment.edition")
    lesson_key = factory.LazyAttribute(lambda attempt: _first_quiz(attempt.enrolment)[0])
    block_id = factory.LazyAttribute(lambda attempt: _first_quiz(attempt.enrolment)[1])
    number = 1
    seed = 1
    paper = factory.LazyFunction(lambda: {"questions": []})
    opened_at = factory.LazyFunction(timezone.now)


def _first_quiz(enrolment: Enrolment) -> tuple[str, str]:
    outline = get_outline(enrolment.edition_id, enrolment.edition.digest)
    for module in outline["modules"]:
        for lesson in module["lessons"]:
            for block in lesson["blocks"]:
                if block["type"] == "quiz":
                    return lesson["id"], block["id"]
    raise AssertionError("the course has no quiz")
