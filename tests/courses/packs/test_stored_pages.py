"""What the database has of a course."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import CataloguePage, CoursePage, LessonPage
from courses.packs.apply import apply_pack
from courses.packs.errors import PackError
from courses.packs.reader import read_pack
from courses.packs.stored_pages import describe_course, describe_lesson, describe_module, load_stored_course
from tests.courses.packs.builder import lesson, uid, write_full_pack, write_pack

pytestmark = pytest.mark.django_db


def test_pages_are_found_by_id_and_read_from_the_latest_draft(catalogue: CataloguePage, tmp_path: Path) -> None:
    pack = read_pack(write_full_pack(tmp_path))
    apply_pack(pack)
    alpha = LessonPage.objects.get(slug="alpha")
    alpha.title = "A newer draft"
    alpha.save_revision()
    stored = load_stored_course(pack)
    assert sorted(stored.pages) == sorted(uid(name) for name in ("course", "one", "two", "alpha", "beta", "gamma"))
    described = describe_lesson(stored.pages[uid("alpha")])
    assert (described["title"], described["minutes"], len(described["body"])) == ("A newer draft", 25, 15)
    assert describe_module(stored.pages[uid("two")]) == {
        "title": "Two",
        "slug": "two",
        "summary": "",
        "source": "",
        "pack_keys": {},
        "release_at": None,
        "release_after_days": None,
        "requires": "[]",
    }


def test_course_is_described_with_names_of_related_rows(catalogue: CataloguePage, tmp_path: Path) -> None:
    pack = read_pack(write_full_pack(tmp_path))
    apply_pack(pack)
    described = describe_course(load_stored_course(pack).pages[uid("course")])
    assert [described[name] for name in ("tags", "categories", "instructors", "objectives")] == [
        ["calls", "e-mail"],
        ["Customer care", "Selling"],
        ["Ada Moss", "Bo Lind"],
        ["Ask well", "Listen well"],
    ]


def test_children_come_in_the_order_of_the_site(catalogue: CataloguePage, tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path))
    apply_pack(pack)
    stored = load_stored_course(pack)
    module = stored.pages[uid("one")]
    assert [row.title for row in stored.children(module.page.path)] == ["Alpha", "Beta"]
    assert stored.pages[uid("alpha")].parent_path == module.page.path


def test_loading_takes_as_many_queries_for_many_lessons_as_for_few(catalogue: CataloguePage, tmp_path: Path) -> None:
    counts = []
    for number in (1, 12):
        names = [f"lesson-{number}-{n}" for n in range(number)]
        files = {f"modules/two/{name}.md": lesson(name) for name in names}
        files["modules/two/module.yml"] = (
            f"id: {uid('two')}\ntitle: Two\nlessons: [gamma.md, {', '.join(f'{name}.md' for name in names)}]\n"
        )
        pack = read_pack(write_pack(tmp_path / str(number), files=files))
        apply_pack(pack)
        load_stored_course(pack)
        with CaptureQueriesContext(connection) as queries:
            load_stored_course(pack)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 9


def test_a_course_elsewhere_in_the_tree_is_refused(catalogue: CataloguePage, tmp_path: Path) -> None:
    page = CoursePage(title="Misplaced", slug="misplaced", translation_key=uid("course"), locale=catalogue.locale)
    catalogue.get_parent().add_child(instance=page)
    with pytest.raises(PackError) as caught:
        load_stored_course(read_pack(write_pack(tmp_path)))
    assert "belongs to the page “Misplaced”" in str(caught.value)


def test_an_id_of_another_kind_of_page_is_refused(catalogue: CataloguePage, tmp_path: Path) -> None:
    apply_pack(read_pack(write_pack(tmp_path / "a")))
    other = write_pack(tmp_path / "b")
    text = (other / "modules/one/alpha.md").read_text()
    (other / "modules/one/alpha.md").write_text(text.replace(uid("alpha"), str(catalogue.translation_key)))
    with pytest.raises(PackError) as caught:
        load_stored_course(read_pack(other))
    assert str(caught.value).split(":")[0] == "modules/one/alpha.md"


def test_bodies_are_raw_json(catalogue: CataloguePage, tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path))
    apply_pack(pack)
    body = describe_lesson(load_stored_course(pack).pages[uid("beta")])["body"]
    assert json.loads(json.dumps(body)) == [
        {
            "type": "markdown",
            "id": uid("beta text"),
            "value": {"source": "Words of beta.", "is_required": True, "time_limit": None},
        }
    ]
