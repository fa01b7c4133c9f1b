"""Which design counts: the company's before the course's, the particular before the general, published ones only."""

import uuid

import pytest

from certificates.designs.queries import find_design, list_assignments
from certificates.models import DesignAssignment
from tests.factories.certificates import make_design
from tests.factories.learners import CompanyFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

COURSE, OTHER = uuid.uuid4(), uuid.uuid4()


def use(name: str, **fields: object) -> DesignAssignment:
    return DesignAssignment.objects.create(design=make_design(name=name), **fields)


def found(user: object, course: uuid.UUID = COURSE) -> str | None:
    design = find_design(user_id=user.pk, course_key=course)
    return design.name if design else None


def test_most_particular_design_counts(django_assert_num_queries: object) -> None:
    company, stranger = CompanyFactory(), UserFactory()
    member = MembershipFactory(company=company).user
    assert [found(member), found(stranger)] == [None, None]
    use("everybody")
    assert [found(member), found(stranger)] == ["everybody", "everybody"]
    use("course", course_key=COURSE)
    assert [found(member), found(stranger), found(member, OTHER)] == ["course", "course", "everybody"]
    use("company", company=company)
    assert [found(member), found(stranger), found(member, OTHER)] == ["company", "course", "company"]
    use("both", company=company, course_key=COURSE)
    assert [found(member), found(stranger), found(member, OTHER)] == ["both", "course", "company"]
    with django_assert_num_queries(1):
        found(member)


def test_company_joined_first_decides() -> None:
    user = UserFactory()
    first, second = MembershipFactory(user=user).company, MembershipFactory(user=user).company
    use("second", company=second)
    use("first", company=first)
    assert found(user) == "first"


def test_unpublished_design_is_passed_over() -> None:
    use("everybody")
    drafted = make_design(name="draft", is_published=False)
    DesignAssignment.objects.create(design=drafted, course_key=COURSE)
    assert found(UserFactory()) == "everybody"


def test_one_design_for_one_thing() -> None:
    from django.db import IntegrityError, transaction

    company = CompanyFactory()
    for fields in ({}, {"course_key": COURSE}, {"company": company}, {"course_key": COURSE, "company": company}):
        use("one", **fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            use("two", **fields)


def test_list_takes_one_query(django_assert_num_queries: object) -> None:
    use("everybody")
    use("course", course_key=COURSE)
    use("company", company=CompanyFactory())
    with django_assert_num_queries(1):
        assert len([(str(use), use.course_title) for use in list_assignments()]) == 3
