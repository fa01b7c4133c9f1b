"""Real courses that nobody here wrote, from plan to study documents; skipped where they are not at hand."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

from courses.editions.models import CourseState, Document, Edition
from courses.models import CataloguePage, CoursePage, LessonPage
from courses.packs.apply import apply_pack
from courses.packs.export import export_course
from courses.packs.plan import plan_pack
from courses.packs.reader import read_pack
from courses.packs.targets import write_folder
from tests.courses.packs.editor_form import save_in_editor
from tests.courses.packs.test_export import files_in, undone

CORPORA = Path(settings.BASE_DIR).parent / "shared" / "corpora"
PACKS = CORPORA / "coursepacks"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.skipif(not PACKS.exists(), reason="the corpora are not at hand"),
]


@pytest.mark.parametrize("name", ["iot-for-beginners", "security-101"])
def test_export_of_an_import_is_byte_identical(catalogue: CataloguePage, tmp_path: Path, name: str) -> None:
    """The words are the authors', too: every text of the pack stands in the export as it was written."""
    with undone():
        apply_pack(read_pack(PACKS / name))
        export_to(tmp_path / "one")
        assert plan_pack(read_pack(tmp_path / "one")).changes_nothing
    apply_pack(read_pack(tmp_path / "one"))
    export_to(tmp_path / "two")
    assert files_in(tmp_path / "one") == files_in(tmp_path / "two")
    bodies = [lesson.blocks for pack in (PACKS / name, tmp_path / "one") for lesson in read_pack(pack).lessons]
    sources = [[block.fields["source"] for block in blocks if block.type == "markdown"] for blocks in bodies]
    assert sources[: len(sources) // 2] == sources[len(sources) // 2 :]


def export_to(folder: Path) -> None:
    write_folder(export_course(CoursePage.objects.get(), draft=True), folder)


def _omitted(name: str) -> list[str]:
    path = CORPORA / "raw" / name / "OMITTED.txt"
    return sorted(line.split("\t")[0] for line in path.read_text().splitlines() if line) if path.exists() else []


@pytest.mark.parametrize(
    ("name", "pages", "files", "missing"), [("iot-for-beginners", 32, 77, 29), ("security-101", 41, 4, 0)]
)
def test_plan_names_every_missing_file(
    catalogue: CataloguePage, name: str, pages: int, files: int, missing: int
) -> None:
    plan = plan_pack(read_pack(PACKS / name))
    assert (plan.page_counts["create"], plan.media_counts["add"]) == (pages, files)
    found_missing = sorted(file.path for file in plan.media if file.action == "missing")
    assert (found_missing, len(found_missing)) == (_omitted(name), missing)
    assert (plan.obstacles, plan.warnings) == ((), ())


@pytest.mark.parametrize(("name", "lessons", "quizzes"), [("iot-for-beginners", 28, 28), ("security-101", 32, 0)])
def test_pack_applies_once_and_survives_the_editor(
    catalogue: CataloguePage, django_capture_on_commit_callbacks: Any, name: str, lessons: int, quizzes: int
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        apply_pack(read_pack(PACKS / name), publish=True)
    assert CourseState.objects.get().compile_error == ""
    outline = json.loads(Edition.objects.get().outline)
    kinds = [block["type"] for m in outline["modules"] for item in m["lessons"] for block in item["blocks"]]
    assert (sum(len(module["lessons"]) for module in outline["modules"]), kinds.count("quiz")) == (lessons, quizzes)
    with django_capture_on_commit_callbacks(execute=True):
        again = apply_pack(read_pack(PACKS / name), publish=True)
    assert (again.plan.changes_nothing, again.published, Edition.objects.count()) == (True, 0, 1)

    documents = set(Document.objects.values_list("digest", flat=True))
    user = get_user_model().objects.create_superuser(email="admin@example.com", password="coursewright")
    with django_capture_on_commit_callbacks(execute=True):
        for page in LessonPage.objects.all():
            page.body = json.dumps(save_in_editor(page, user))
            page.save_revision().publish()
    assert set(Document.objects.values_list("digest", flat=True)) == documents
    assert (Edition.objects.count(), plan_pack(read_pack(PACKS / name)).changes_nothing) == (1, True)
