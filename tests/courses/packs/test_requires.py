"""What opens after what, in a pack."""

import json
from pathlib import Path

import pytest

from courses.editions.models import CourseState
from courses.models import LessonPage
from courses.packs.apply import apply_pack
from courses.packs.errors import PackError
from courses.packs.plan import plan_pack
from courses.packs.reader import read_pack
from tests.courses.packs.builder import lesson, uid, write_pack
from tests.factories.pages import make_course

GAMMA = f"release_at: 2027-01-31T10:00:00+01:00\nrelease_after_days: 3\nrequires:\n  - {uid('beta')}\n"
ALPHA = f"requires:\n  - lesson: {uid('gamma')}\n    minimum_score: 70\n"


def gated_pack(root: Path, alpha: str = "", course: str = "") -> Path:
    files: dict[str, str | bytes] = {
        "modules/two/gamma.md": lesson("gamma", front=GAMMA),
        "modules/one/alpha.md": lesson("alpha", front=alpha),
    }
    return write_pack(root, course=course, files=files)


def lessons_in_force() -> dict[str, dict[str, object]]:
    outline = json.loads(CourseState.objects.select_related("edition").get(slug="a-course").edition.outline)
    names = ("release_at", "release_after_days", "requires")
    return {
        each["title"]: {name: each[name] for name in names if name in each}
        for module in outline["modules"]
        for each in module["lessons"]
    }


def test_rules_arrive_and_applying_twice_changes_nothing(transactional_catalogue, tmp_path):
    pack = read_pack(gated_pack(tmp_path))
    applied = apply_pack(pack, publish=True)
    again = apply_pack(pack, publish=True)
    assert (applied.created, again.plan.changes_nothing, again.updated) == (6, True, 0)
    assert lessons_in_force() == {
        "Alpha": {},
        "Beta": {},
        "Gamma": {
            "release_at": "2027-01-31T09:00:00Z",
            "release_after_days": 3,
            "requires": [{"id": uid("beta"), "minimum_score": None}],
        },
    }


def test_a_lesson_may_wait_for_one_further_down_the_pack(transactional_catalogue, tmp_path):
    apply_pack(read_pack(gated_pack(tmp_path, ALPHA)), publish=True)
    assert lessons_in_force()["Alpha"] == {"requires": [{"id": uid("gamma"), "minimum_score": 70}]}


def test_a_rule_that_is_emptied_is_taken_back(transactional_catalogue, tmp_path):
    apply_pack(read_pack(gated_pack(tmp_path, ALPHA)), publish=True)
    pack = read_pack(gated_pack(tmp_path, "requires: []\n"))
    assert [page.changes for page in plan_pack(pack).pages if page.action == "update"] == [("requires",)]
    apply_pack(pack, publish=True)
    assert lessons_in_force()["Alpha"] == {}


def test_a_required_course_is_found_by_its_id(transactional_catalogue, tmp_path):
    before = make_course(transactional_catalogue, title="Before")
    course = f"requires:\n  - course: {before.translation_key}\n    minimum_score: 50\n"
    pack = read_pack(gated_pack(tmp_path, course=course))
    apply_pack(pack, publish=True)
    outline = json.loads(CourseState.objects.select_related("edition").get(slug="a-course").edition.outline)
    assert [(each["title"], each["minimum_score"]) for each in outline["course"]["requires"]] == [("Before", 50)]
    assert plan_pack(pack).changes_nothing


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("alpha", "course", "message"),
    [
        (f"requires: [{uid('nobody')}]\n", "", "no other lesson"),
        (f"requires: [{uid('alpha')}]\n", "", "no other lesson"),
        ("", f"requires: [{uid('nobody')}]\n", "apply that one first"),
        ("", f"requires: [{uid('course')}]\n", "apply that one first"),
    ],
)
def test_what_nobody_can_complete_is_refused_before_anything_is_written(catalogue, tmp_path, alpha, course, message):
    pack = read_pack(gated_pack(tmp_path, alpha, course))
    with pytest.raises(PackError, match=message):
        apply_pack(pack)
    assert LessonPage.objects.count() == 0


@pytest.mark.django_db
def test_a_circle_is_refused_with_nothing_done(catalogue, tmp_path):
    pack = read_pack(gated_pack(tmp_path, f"requires: [{uid('beta')}]\n"))
    apply_pack(pack, publish=True)
    (tmp_path / "modules/one/beta.md").write_text(lesson("beta", front=f"requires: [{uid('alpha')}]\n"))
    with pytest.raises(PackError, match="wait for each other"):
        apply_pack(read_pack(tmp_path), publish=True)


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ("release_at: 2027-01-31T09:00:00\n", "offset from UTC"),
        ("release_at: soon\n", "offset from UTC"),
        ("release_after_days: 0\n", "whole number"),
        ("requires: [beta]\n", "UUID"),
        (f"requires:\n  - lesson: {uid('beta')}\n    score: 7\n", "not known here"),
    ],
)
def test_rules_that_cannot_be_read_are_refused_with_the_line(tmp_path, front, message):
    with pytest.raises(PackError, match=message):
        read_pack(gated_pack(tmp_path, front))
