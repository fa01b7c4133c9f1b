"""A course with two modules, and an editor and a reviewer as ``manage.py setup`` makes them."""

import pytest
from django.contrib.auth.models import Group

from courses.models import CataloguePage, CoursePage
from courses.roles import EDITORS, REVIEWERS, ensure_roles
from learners.accounts.models import User
from tests.factories.learners import UserFactory
from tests.factories.pages import make_course


@pytest.fixture
def course(catalogue: CataloguePage) -> CoursePage:
    """Live; lessons 1.1, 1.2, 2.1, 2.2."""
    return make_course(catalogue, modules=2, lessons=2)


def make_member(catalogue: CataloguePage, group: str) -> User:
    ensure_roles(catalogue)
    user = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def editor(catalogue: CataloguePage) -> User:
    return make_member(catalogue, EDITORS)


@pytest.fixture
def reviewer(catalogue: CataloguePage) -> User:
    return make_member(catalogue, REVIEWERS)
