"""Real courses that nobody here wrote, from plan to study documents; skipped where they are not at hand."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

from courses.editions.models import CourseState, Document, Edition
from courses.models import CataloguePage, LessonPage
from courses.packs.apply import apply_pack
from courses.packs.plan import plan_pack
from courses.packs.reader import read_pack
from tests.courses.packs.editor_form import save_in_editor

CORPORA = Path(settings.BASE_DIR).parent / "shared" / "corpora"
PACKS = CORPORA / "coursepacks"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not PACKS.exists(), reason="the corpora are not at hand"),
]


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
