"""The judgement on each page: create, update or leave."""

from pathlib import Path

import pytest

from courses.models import CataloguePage, CoursePage, LessonPage
from courses.packs.apply import apply_pack
from courses.packs.comparison import NOT_STORED_YET, compare_pack, media_finder
from courses.packs.definition import MediaFile
from courses.packs.reader import read_pack
from tests.courses.packs.builder import FULL_COURSE, uid, write_full_pack, write_pack

pytestmark = pytest.mark.django_db


def _actions(folder: Path) -> list[tuple[str, str, tuple[str, ...]]]:
    steps = compare_pack(read_pack(folder)).steps
    return [(step.kind, step.action, step.changes if step.stored else ()) for step in steps]


def test_everything_is_new_at_first(catalogue: CataloguePage, tmp_path: Path) -> None:
    kinds = ["course", "module", "lesson", "lesson", "module", "lesson"]
    assert _actions(write_pack(tmp_path)) == [(kind, "create", ()) for kind in kinds]


def test_everything_is_unchanged_afterwards(catalogue: CataloguePage, tmp_path: Path) -> None:
    folder = write_full_pack(tmp_path)
    apply_pack(read_pack(folder))
    assert {action for _, action, _ in _actions(folder)} == {"unchanged"}


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("level: advanced", "level: beginner", ("level",)),
        ("calls, e-mail", "e-mail, CALLS", ()),
        ("calls, e-mail", "calls", ("tags",)),
        ("  - Selling", "  - selling", ()),
        ("  - Selling", "  - Buying", ("categories",)),
        ("  - Bo Lind", "  - Bo Berg", ("instructors",)),
        ("role: Coach", "role: Trainer", ()),
        ("[Ask well, Listen well]", "[Listen well, Ask well]", ("objectives",)),
        ("2030-12-31", "2031-12-31", ("completion_deadline",)),
        ("completion_deadline: 2030-12-31", "completion_deadline:", ("completion_deadline",)),
        ("cover: red.png", "cover: drawing.svg", ("cover",)),
        ("cover: red.png", "cover:", ("cover",)),
        ("certificate: false", "certificate: true", ("certificate",)),
        ("<b>about</b>", "<strong>about</strong>", ()),
        ("<b>about</b>", "about", ("description",)),
        ("minutes: 90\n", "", ()),
        ("summary: Two sentences. For the card.\n", "", ()),
    ],
)
def test_course_changes_are_seen(
    catalogue: CataloguePage, tmp_path: Path, old: str, new: str, changes: tuple[str, ...]
) -> None:
    apply_pack(read_pack(write_full_pack(tmp_path / "a")))
    assert old in FULL_COURSE
    changed = write_full_pack(tmp_path / "b", course=FULL_COURSE.replace(old, new))
    assert _actions(changed)[0] == ("course", "update" if changes else "unchanged", changes)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("alt: A red field", "alt: A field"),
        ("correct: true", "correct: false"),
        ("pass_percent: 60", "pass_percent: 70"),
        ("is_required: no", "is_required: yes"),
        (f"{{image}} {uid('image')}", f"{{image}} {uid('other image')}"),
        ("[Two]", "[Two, 2]"),
        ("Words <b>here</b>", "Words here"),
    ],
)
def test_body_changes_are_seen(catalogue: CataloguePage, tmp_path: Path, old: str, new: str) -> None:
    folder = write_full_pack(tmp_path)
    apply_pack(read_pack(folder))
    alpha = folder / "modules/one/alpha.md"
    assert old in alpha.read_text()
    alpha.write_text(alpha.read_text().replace(old, new, 1))
    assert [step for step in _actions(folder) if step[1] != "unchanged"] == [("lesson", "update", ("body",))]


def test_a_draft_of_an_editor_counts_as_what_is_there(catalogue: CataloguePage, tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    apply_pack(read_pack(folder))
    alpha = LessonPage.objects.get(slug="alpha")
    alpha.title = "By an editor"
    alpha.save_revision()
    assert [step for step in _actions(folder) if step[1] != "unchanged"] == [("lesson", "update", ("title",))]


def test_kept_pages_are_named(catalogue: CataloguePage, tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    apply_pack(read_pack(folder))
    course = CoursePage.objects.get()
    LessonPage.objects.get(slug="gamma").copy(update_attrs={"slug": "copy", "title": "A copy"})
    assert course.get_descendants().count() == 6
    assert [row.title for row in compare_pack(read_pack(folder)).extra_pages] == ["A copy"]


def test_media_finder_knows_stored_new_and_missing_files() -> None:
    files = [
        MediaFile("a", "image", "found", "1"),
        MediaFile("b", "image", "found", "2"),
        MediaFile("c", "image", "missing"),
    ]
    find = media_finder(files, {("image", "1"): 7})
    assert [find(name, "image") for name in "abc"] == [7, NOT_STORED_YET, None]
