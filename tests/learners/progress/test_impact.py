"""Who is in the middle of what a page holds."""

import pytest
from django.utils import timezone

from learners.progress.impact import count_learners_on
from learners.progress.models import BlockProgress
from tests.factories.courses import make_edition
from tests.factories.learners import EnrolmentFactory
from tests.factories.pages import make_course


@pytest.fixture
def tree(catalogue):
    """A course page of two lessons, and an edition to enrol on."""
    course = make_course(catalogue, modules=1, lessons=2)
    module = course.get_children().get().specific
    return course, module, [page.specific for page in module.get_children()], make_edition()


def enrol(tree, **fields):
    course, _module, _lessons, state = tree
    return EnrolmentFactory(course=state, course_key=course.translation_key, **fields)


def test_count_learners_on_a_course_counts_unfinished_enrolments(tree, catalogue):
    course = tree[0]
    enrol(tree)
    enrol(tree, started=True)
    enrol(tree, completed=True)
    EnrolmentFactory()
    assert (count_learners_on(course), count_learners_on(catalogue)) == (2, 2)


def test_count_learners_on_a_lesson_counts_those_who_opened_it(tree):
    _course, module, (first, second), _state = tree
    enrol(tree)
    enrolment = enrol(tree, started=True)
    now = timezone.now()
    BlockProgress.objects.create(
        enrolment=enrolment,
        lesson_key=first.translation_key,
        block_id=first.translation_key,
        started_at=now,
        last_accessed_at=now,
    )
    assert [count_learners_on(page) for page in (module, first, second)] == [1, 1, 0]


def test_count_learners_on_other_pages_is_zero(catalogue):
    EnrolmentFactory()
    assert count_learners_on(catalogue) == 0
