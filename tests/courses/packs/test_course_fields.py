"""Related rows of a course: found by name, made when absent, never altered."""

from pathlib import Path

import pytest

from courses.models import CataloguePage, Category, CoursePage, Instructor
from courses.packs.apply import apply_pack
from courses.packs.reader import read_pack
from tests.courses.packs.builder import write_full_pack, write_pack

pytestmark = pytest.mark.django_db


def _draft() -> CoursePage:
    return CoursePage.objects.get().get_latest_revision_as_object()


def test_existing_rows_are_used_as_they_are(catalogue: CataloguePage, tmp_path: Path) -> None:
    care = Category.objects.create(name="Care and service", slug="care")
    selling = Category.objects.create(name="SELLING", slug="sell")
    ada = Instructor.objects.create(name="ada moss", role="Head of training")
    apply_pack(read_pack(write_full_pack(tmp_path)))
    assert set(_draft().categories.all()) == {care, selling}
    assert [(person.pk, person.role) for person in Instructor.objects.filter(name__iexact="Ada Moss")] == [
        (ada.pk, "Head of training")
    ]
    assert apply_pack(read_pack(tmp_path)).updated == 0


def test_absent_rows_are_made_with_all_their_fields(catalogue: CataloguePage, tmp_path: Path) -> None:
    apply_pack(read_pack(write_full_pack(tmp_path)))
    ada = Instructor.objects.get(name="Ada Moss")
    assert (ada.role, ada.biography, ada.photo.title) == ("Coach", "Ada has taught for years.", "Ada Moss")
    assert sorted(Category.objects.values_list("slug", flat=True)) == ["care", "selling"]


def test_emptied_lists_are_emptied(catalogue: CataloguePage, tmp_path: Path) -> None:
    apply_pack(read_pack(write_full_pack(tmp_path / "a")))
    empty = "tags: []\ncategories: []\ninstructors: []\nobjectives: []\ncover:\n"
    apply_pack(read_pack(write_pack(tmp_path / "b", course=empty)))
    draft = _draft()
    assert [list(rows.all()) for rows in (draft.tags, draft.categories, draft.instructors)] == [[], [], []]
    assert (len(draft.objectives), draft.cover) == (0, None)
