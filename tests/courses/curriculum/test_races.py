"""Many at once, in real threads: PostgreSQL only."""

from collections.abc import Callable
from typing import Any

import pytest
from wagtail.models import Page

from courses.bank.services import Imported, import_questions
from courses.curriculum.access import CurriculumError
from courses.curriculum.copying import continue_copy
from courses.curriculum.queries import read_shape
from courses.curriculum.services import step_page
from courses.curriculum.templates import ensure_shelf, save_as_template
from courses.models import BankQuestion, CataloguePage, LessonPage, TreeCopy
from tests.factories.learners import UserFactory
from tests.factories.pages import make_bank, make_course
from tests.learners.conftest import run_together

__all__ = ["run_together"]

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

Run = Callable[..., list[Any]]


def test_of_many_moves_of_one_tree_one_happens(transactional_catalogue: CataloguePage, run_together: Run) -> None:
    course = make_course(transactional_catalogue, modules=2, lessons=3)
    admin = UserFactory(admin=True)
    pages = list(LessonPage.objects.order_by("path").values_list("pk", flat=True))
    for _round in range(3):
        version = read_shape(course)[1]

        def move(number: int, version: str = version) -> Any:
            return step_page(course_id=course.pk, version=version, page_id=pages[number], direction="down", user=admin)

        results = run_together(4, move)
        assert sorted(each.code if isinstance(each, CurriculumError) else "moved" for each in results) == [
            *["changed"] * 3,
            "moved",
        ]
    assert Page.find_problems() == ([], [], [], [], [])
    assert sorted(pk for found in read_shape(course)[0].modules.values() for pk in found) == sorted(pages)


def test_the_same_text_sent_many_times_is_imported_once(transactional_db: None, run_together: Run) -> None:
    category, admin = make_bank("Safety"), UserFactory(admin=True)

    def send(number: int) -> Imported:
        return import_questions(text="One? {T}\n\nTwo? {F}", text_format="gift", category=category, user=admin)

    results = run_together(4, send)
    assert sorted((each.made, each.left_out) for each in results) == [(0, 2), (0, 2), (0, 2), (2, 0)]
    assert BankQuestion.objects.count() == 2


def test_many_workers_make_one_copy(
    transactional_catalogue: CataloguePage, run_together: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = make_course(transactional_catalogue, modules=2, lessons=2)
    shelf, _is_new = ensure_shelf(transactional_catalogue)
    monkeypatch.setattr("courses.curriculum.copying.MOST_AT_ONCE", 1)
    monkeypatch.setattr("courses.curriculum.copying.BATCH", 2)
    monkeypatch.setattr("courses.curriculum.copying.continue_copy_later", _Nobody())
    row = save_as_template(page_id=course.pk, user=UserFactory(admin=True))
    results = run_together(4, lambda number: continue_copy(row.pk))
    assert sorted(results) == [False, False, False, True]
    assert (TreeCopy.objects.get().done, Page.objects.descendant_of(shelf).count()) == (7, 7)


class _Nobody:
    """No worker is there."""

    def enqueue(self, copy_id: str) -> None:
        return None
