"""Keys that nobody knows, and names of what was not found, survive applying and come back in the export."""

from pathlib import Path

import pytest

from courses.models import CataloguePage, CoursePage, LessonPage, QuestionCategory
from courses.packs.apply import apply_pack
from courses.packs.export import export_course
from courses.packs.kept_keys import PLACE, collect_kept
from courses.packs.plan import plan_pack
from courses.packs.reader import read_pack
from courses.packs.stored_media import tracks_of
from tests.courses.packs.builder import lesson, png, uid, write_pack

ODD = f"""\
<!-- block text {uid("prose")} {{x-tone: warm}} -->

Prose.

```{{video}} {uid("film")}
url: https://vimeo.com/76979871
poster: lost.png
captions:
  - src: lost.vtt
    language: de
    x-by: Ada
x-mood: calm
```

```{{quiz}} {uid("quiz")}
pass_percent: 70
questions:
  - id: {uid("single")}
    type: single
    prompt: Which?
    choices:
      - id: {uid("choice")}
        text: A
        correct: true
        x-weight: "2"
    x-hint:
      - a
      - b
  - id: {uid("tf")}
    type: true_false
    prompt: So?
    choices:
      - text: "True"
        correct: true
        x-weight: "3"
      - text: "False"
  - id: {uid("bank")}
    type: bank
    category: objections
    count: 1
  - id: {uid("pool")}
    type: pool
    count: 1
    questions:
      - id: {uid("order")}
        type: ordering
        prompt: Order?
        items:
          - id: {uid("item")}
            text: A
            x-note:
              deep: "yes"
```
"""
COURSE = """\
license: CC0-1.0
cover: lost.png
categories: [{name: Selling, x-icon: phone}]
instructors: [{name: Ada, photo: ada.png, x-mail: a@example.com}]
x-colour: red
"""


@pytest.fixture
def folder(catalogue: CataloguePage, tmp_path: Path) -> Path:
    files: dict[str, str | bytes] = {"modules/one/alpha.md": lesson("alpha", ODD, "author: me\n")}
    return write_pack(tmp_path / "pack", course=COURSE, files=files)


def _exported(name: str) -> str:
    return export_course(CoursePage.objects.get(), draft=True).texts[name]


def test_everything_that_is_not_known_comes_back(folder: Path) -> None:
    apply_pack(read_pack(folder))
    assert plan_pack(read_pack(folder)).changes_nothing
    assert _exported("modules/one/alpha.md") == lesson("alpha", ODD, "author: me\n")
    course = _exported("course.yml")
    for lines in (
        "license: CC0-1.0\n",
        "cover: lost.png\n",
        "categories:\n  - name: Selling\n    x-icon: phone\n",
        "instructors:\n  - name: Ada\n    photo: ada.png\n    x-mail: a@example.com\n",
        "x-colour: red\nmodules:\n",
    ):
        assert lines in course


def test_what_is_found_later_takes_its_place(folder: Path) -> None:
    apply_pack(read_pack(folder))
    QuestionCategory.objects.create(name="Objections", slug="objections")
    (folder / "lost.png").write_bytes(png())
    apply_pack(read_pack(folder))
    alpha = LessonPage.objects.get(slug="alpha").get_latest_revision_as_object()
    film, quiz = alpha.body[1], alpha.body[2]
    assert (film.value["poster"].title, quiz.value["questions"][2].value["category"].slug) == ("lost.png", "objections")
    assert "poster" not in alpha.pack_keys[uid("film")]
    assert uid("bank") not in alpha.pack_keys


def test_keys_that_the_pack_no_longer_has_are_forgotten(folder: Path) -> None:
    apply_pack(read_pack(folder))
    (folder / "modules/one/alpha.md").write_text(lesson("alpha", ODD))
    assert [page.changes for page in plan_pack(read_pack(folder)).pages if page.changes] == [("pack_keys",)]
    apply_pack(read_pack(folder))
    assert "author" not in _exported("modules/one/alpha.md")


def test_an_editor_does_not_lose_them(folder: Path) -> None:
    """They hang on the ids of blocks and not on the blocks, which a form would write without them."""
    apply_pack(read_pack(folder))
    alpha = LessonPage.objects.get(slug="alpha").get_latest_revision_as_object()
    alpha.body[0].value["source"] = "Other prose."
    alpha.title = "Alpha"
    alpha.save_revision()
    assert _exported("modules/one/alpha.md") == lesson("alpha", ODD.replace("Prose.", "Other prose."), "author: me\n")


def test_a_locale_that_the_site_lacks_is_kept(catalogue: CataloguePage, tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    (folder / "course.yml").write_text((folder / "course.yml").read_text().replace("locale: en", "locale: vi"))
    apply_pack(read_pack(folder))
    assert "locale: vi\nlanguage: vi\n" in _exported("course.yml")


def test_keys_are_in_order_whatever_the_database_does(catalogue: CataloguePage, tmp_path: Path) -> None:
    odd = "z: 1\nbb: {zz: 1, a: 2}\na: 3\n"
    apply_pack(read_pack(write_pack(tmp_path, files={"modules/one/beta.md": lesson("beta", front=odd)})))
    in_order = 'a: "3"\nbb:\n  a: "2"\n  zz: "1"\nz: "1"\n'
    assert _exported("modules/one/beta.md") == lesson("beta", front=in_order)


def test_nothing_odd_leaves_nothing_behind(tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path))
    assert [collect_kept(page, lambda path, kind: True, lambda slug: True) for page in [pack, *pack.lessons]] == [
        {}
    ] * 4


def test_a_caption_whose_file_was_lost_keeps_its_place() -> None:
    tracks = [{"id": key, "value": {"file": 1, "language": key, "label": ""}} for key in ("en", "fr")]
    item = {"id": "film", "type": "video", "value": {"captions": tracks}}
    kept = {"film": {"captions": [{"src": "de.vtt", "language": "de", PLACE: 1}]}}
    assert [track.language for track in tracks_of(item, kept)] == ["en", "de", "fr"]
