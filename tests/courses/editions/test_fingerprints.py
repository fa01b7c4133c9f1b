"""A fingerprint changes with everything a lesson's document depends on, and with nothing else."""

from typing import Any

import pytest

from courses.blocks.refs import FileRow, ImageRow, Refs
from courses.editions.fingerprints import fingerprint_lesson

STORED = '[{"type": "image", "id": "b", "value": {"image": 1}}]'
ROW = {
    "translation_key": "k",
    "title": "T",
    "slug": "t",
    "summary": "",
    "minutes": None,
    "source": "",
    "stored": STORED,
}
REFS = Refs(images={1: ImageRow(10, 10)}, media_rows={2: FileRow("a.mp4", "video/mp4", 1, 5.0)}, pages={3: "/about/"})


def fingerprint(row: dict[str, Any] = ROW, refs: Refs = REFS, paths: str = "p") -> str:
    references = [("image", 1), ("media", 2), ("document", 9), ("page", 3)]
    return fingerprint_lesson(row, references, refs, paths)


def test_equal_lessons_have_equal_fingerprints() -> None:
    assert fingerprint() == fingerprint(dict(ROW))


@pytest.mark.parametrize(
    "change",
    [
        {"row": {**ROW, "title": "Other"}},
        {"row": {**ROW, "minutes": 3}},
        {"row": {**ROW, "stored": STORED.replace('"b"', '"c"')}},
        {"refs": Refs(images={1: ImageRow(20, 10)}, media_rows=REFS.media_rows, pages=REFS.pages)},
        {"refs": Refs(images=REFS.images, media_rows={}, pages=REFS.pages)},
        {"refs": Refs(images=REFS.images, media_rows=REFS.media_rows, pages={3: "/about-us/"})},
    ],
)
def test_any_change_shows(change: dict[str, Any]) -> None:
    assert fingerprint(**change) != fingerprint()


def test_only_imported_lessons_depend_on_the_addresses_of_others() -> None:
    imported = {**ROW, "source": "1/README.md"}
    assert fingerprint(paths="other") == fingerprint()
    assert fingerprint(imported, paths="other") != fingerprint(imported)
