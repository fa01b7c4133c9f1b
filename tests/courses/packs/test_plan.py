"""Plans: complete, readable, and without any write."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import CataloguePage
from courses.packs.apply import apply_pack
from courses.packs.plan import plan_pack, plan_to_json, render_plan
from courses.packs.reader import read_pack
from tests.courses.packs.builder import lesson, uid, write_full_pack, write_pack

pytestmark = pytest.mark.django_db

NO_ANSWER = (
    f"```{{quiz}} {uid('bad')}\nhint: x\nquestions:\n"
    f"  - {{id: {uid('bq')}, type: single, prompt: A, choices: [A, B]}}\n```\n"
)


def test_plan_writes_nothing(catalogue: CataloguePage, tmp_path: Path) -> None:
    pack = read_pack(write_full_pack(tmp_path))
    with CaptureQueriesContext(connection) as queries:
        plan_pack(pack)
    assert {query["sql"].split()[0] for query in queries.captured_queries} == {"SELECT"}


def test_plan_counts_pages_and_files(catalogue: CataloguePage, tmp_path: Path) -> None:
    folder = write_full_pack(tmp_path, files={"media/sheet.pdf": b"changed"})
    (folder / "media/film.mp4").unlink()
    plan = plan_pack(read_pack(folder))
    assert plan.page_counts == {"create": 6, "update": 0, "unchanged": 0, "moved": 0}
    assert plan.media_counts == {"add": 4, "present": 0, "missing": 1, "changed": 1}
    assert plan.changes_nothing is False


def test_plan_names_unknown_keys_and_obstacles(catalogue: CataloguePage, tmp_path: Path) -> None:
    gamma = lesson("gamma", NO_ANSWER, "author: me\n")
    plan = plan_pack(read_pack(write_pack(tmp_path, course="colour: red\n", files={"modules/two/gamma.md": gamma})))
    assert plan.warnings == (
        "course.yml: not known here, but kept: colour.",
        "modules/two/gamma.md: not known here, but kept: author.",
        "modules/two/gamma.md:8: not known here, but kept: hint.",
    )
    assert plan.obstacles == (
        (
            "modules/two/gamma.md:8: The pass mark of 70 % cannot be reached: "
            "the questions that have a right answer add up to 0 %."
        ),
        "modules/two/gamma.md:8: Question 1: no choice is marked as right.",
    )


def test_plan_says_that_known_instructors_stay(catalogue: CataloguePage, tmp_path: Path) -> None:
    folder = write_full_pack(tmp_path)
    apply_pack(read_pack(folder))
    assert plan_pack(read_pack(folder)).warnings == (
        "course.yml: the instructor Ada Moss exists; role, biography and photo stay as they are.",
    )


def test_plan_reads_like_a_list(catalogue: CataloguePage, tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "small", course="license: MIT\n")
    assert render_plan(plan_pack(read_pack(folder))) == (
        "Pack small: A Course (licence MIT)\n"
        "\n"
        "+ A Course\n"
        "  + One\n"
        "    + Alpha\n"
        "    + Beta\n"
        "  + Two\n"
        "    + Gamma\n"
        "\n"
        "Pages: 6 to create, 0 to update, 0 unchanged, 0 to move\n"
        "Files: 0 to add, 0 there already, 0 missing, 0 with other content than listed"
    )


def test_plan_marks_changed_and_moved_pages(catalogue: CataloguePage, tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    apply_pack(read_pack(folder))
    module = folder / "modules/one/module.yml"
    module.write_text(module.read_text().replace("  - alpha.md\n  - beta.md\n", "  - beta.md\n  - alpha.md\n"))
    beta = folder / "modules/one/beta.md"
    beta.write_text(beta.read_text().replace("title: Beta", "title: Renamed"))
    lines = render_plan(plan_pack(read_pack(folder))).splitlines()
    assert [line for line in lines if "[" in line] == ["    ~ Renamed  [title]  [moved]"]


def test_plan_as_json_is_complete(catalogue: CataloguePage, tmp_path: Path) -> None:
    data = json.loads(json.dumps(plan_to_json(plan_pack(read_pack(write_pack(tmp_path))))))
    assert data["pages"][0] == {
        "kind": "course",
        "id": uid("course"),
        "title": "A Course",
        "file": "course.yml",
        "action": "create",
        "is_moved": False,
        "changes": [],
    }
    assert data["page_counts"]["create"] == 6
