"""The canonical form itself: every key in its place, and nothing that is empty."""

from pathlib import Path

from courses.packs.pack_text import list_media, write_pack
from courses.packs.reader import read_pack, read_texts
from tests.courses.packs.builder import lesson, uid, write_full_pack
from tests.courses.packs.builder import write_pack as make_pack


def test_writing_what_was_written_changes_nothing(tmp_path: Path) -> None:
    texts = write_pack(read_pack(write_full_pack(tmp_path)))
    assert write_pack(read_texts(texts)) == texts


def test_small_pack_in_canonical_form(tmp_path: Path) -> None:
    front = f"requires: [{uid('beta')}, {{lesson: {uid('gamma')}, minimum_score: 50}}]\n"
    front += "release_at: 2027-01-31T10:00+01:00\n"
    course = "certificate: no\ntags: [b, A, b]\nsummary:\ncategories: [Z, {name: Café, slug: cafe}]\n"
    folder = make_pack(tmp_path, course=course, files={"modules/one/alpha.md": lesson("alpha", "", front)})
    texts = write_pack(read_pack(folder))
    assert list(texts) == [
        "course.yml",
        *("modules/one/module.yml", "modules/one/alpha.md", "modules/one/beta.md"),
        *("modules/two/module.yml", "modules/two/gamma.md"),
    ]
    assert texts["course.yml"] == (
        f"format: coursepack/1\nid: {uid('course')}\ntitle: A Course\nslug: a-course\nlocale: en\nlanguage: en\n"
        "categories:\n  - Café\n  - Z\ntags:\n  - A\n  - b\ncertificate: false\nmodules:\n  - one\n  - two\n"
    )
    assert texts["modules/one/alpha.md"] == (
        f"---\nid: {uid('alpha')}\ntitle: Alpha\nslug: alpha\nrelease_at: 2027-01-31T09:00:00Z\nrequires:\n"
        f"  - {uid('beta')}\n  - lesson: {uid('gamma')}\n    minimum_score: 50\n---\n"
    )


def test_media_list_names_what_is_missing() -> None:
    assert "".join(list_media({"b.png": "", "a.png": "0" * 64})) == f"a.png\t{'0' * 64}\nb.png\tMISSING\n"
