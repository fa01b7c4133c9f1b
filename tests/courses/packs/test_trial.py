"""Applying on trial: the numbers of what would come, and nothing left behind."""

from pathlib import Path

import pytest

from courses.editions.models import CourseState
from courses.models import CataloguePage
from courses.packs.apply import apply_pack
from courses.packs.reader import read_pack
from courses.packs.trial import find_impact
from learners.enrolments.models import Enrolment
from tests.courses.packs.builder import uid, write_full_pack
from tests.factories.learners import EnrolmentFactory
from tests.factories.site import take_snapshot

ADDED = f"\n<!-- block text {uid('added-on-trial')} -->\n\nA paragraph that is required.\n"


@pytest.fixture
def folder(transactional_catalogue: CataloguePage, tmp_path: Path) -> Path:
    """The full pack, published, with somebody on it, and then a paragraph more in its first lesson."""
    folder = write_full_pack(tmp_path)
    apply_pack(read_pack(folder), publish=True)
    state = CourseState.objects.get()
    EnrolmentFactory(course_key=state.course_key, edition=state.edition)
    return folder


def test_a_pack_that_changes_nothing_touches_nobody(folder: Path) -> None:
    found = find_impact(read_pack(folder))
    assert (found["learners_not_started"], found["learners_moving"]) == (1, 0)


def test_a_required_paragraph_is_counted_and_nothing_is_written(folder: Path) -> None:
    lesson = sorted((folder / "modules").rglob("*.md"))[0]
    lesson.write_text(lesson.read_text() + ADDED)
    before = take_snapshot()
    found = find_impact(read_pack(folder))
    assert (found["learners_moving"], found["learners_with_more_to_do"], found["blocks_to_do_at_most"]) == (1, 1, 1)
    assert take_snapshot() == before
    assert Enrolment.objects.get().edition.number == 1


def test_a_course_that_would_not_compile_says_so(folder: Path) -> None:
    """Two lessons that wait for each other."""
    first, second = sorted((folder / "modules").rglob("*.md"))[:2]
    ids = [path.read_text().split("id: ", 1)[1].split("\n", 1)[0].strip() for path in (first, second)]
    for path, other in ((first, ids[1]), (second, ids[0])):
        head, rest = path.read_text().split("\n", 1)
        lines = [line for line in rest.split("\n") if not line.startswith("requires:")]
        path.write_text("\n".join([head, f"requires: [{other}]", *lines]))
    assert find_impact(read_pack(folder))["cannot_be_released"].startswith("These wait for each other")


def test_a_course_that_is_not_there_yet_has_no_learners(transactional_catalogue: CataloguePage, tmp_path: Path) -> None:
    assert find_impact(read_pack(write_full_pack(tmp_path))) == {}
