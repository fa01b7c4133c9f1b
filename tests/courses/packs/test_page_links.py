"""Links between the pages of a course survive the way to another database, where the pages have other keys."""

import json
from pathlib import Path

import pytest

from courses.models import CataloguePage, CoursePage, LessonPage
from courses.packs.apply import apply_pack
from courses.packs.errors import PackError
from courses.packs.export import export_course
from courses.packs.page_links import find_linked, has_strange_links, name_links, store_links
from courses.packs.plan import plan_pack
from courses.packs.reader import read_pack
from tests.courses.packs.builder import lesson, uid, write_pack

STORED = '<p>See <a id="7" linktype="page">this</a> and <a linktype="page" id="8">that</a>.</p>'


def linking(target: str) -> str:
    html = f'<p>See <a href="page:{uid(target)}">this</a>.</p>'
    return lesson("alpha", f"```{{text}} {uid('links')}\nhtml: {html}\n```\n")


def test_links_have_a_name_of_their_own_in_packs() -> None:
    named = name_links(STORED, {7: uid("a")}, keep_unknown=False)
    assert named == f'<p>See <a href="page:{uid("a")}">this</a> and that.</p>'
    assert (find_linked(named), store_links(named, {uid("a"): 9})) == (
        [uid("a")],
        '<p>See <a id="9" linktype="page">this</a> and that.</p>',
    )
    assert store_links(named, {}) == named
    assert name_links(STORED, {}, keep_unknown=True) == STORED
    assert (has_strange_links(STORED, {7: "x"}), has_strange_links(STORED, {7: "x", 8: "y"})) == (True, False)


def test_a_lesson_may_link_to_one_that_is_not_there_yet(catalogue: CataloguePage, tmp_path: Path) -> None:
    course = f'description: <p>Begin <a href="page:{uid("gamma")}">here</a>.</p>\n'
    folder = write_pack(tmp_path, course=course, files={"modules/one/alpha.md": linking("gamma")})
    apply_pack(read_pack(folder))
    gamma = LessonPage.objects.get(slug="gamma")
    body = json.loads(LessonPage.objects.get(slug="alpha").latest_revision.content["body"])
    assert body[0]["value"]["text"] == f'<p>See <a id="{gamma.pk}" linktype="page">this</a>.</p>'
    page = CoursePage.objects.get().get_latest_revision_as_object()
    assert page.description == f'<p>Begin <a id="{gamma.pk}" linktype="page">here</a>.</p>'
    assert plan_pack(read_pack(folder)).changes_nothing
    texts = export_course(CoursePage.objects.get(), draft=True).texts
    assert (texts["modules/one/alpha.md"], course in texts["course.yml"]) == (linking("gamma"), True)


def test_links_to_nowhere_are_refused(catalogue: CataloguePage, tmp_path: Path) -> None:
    folder = write_pack(tmp_path, files={"modules/one/alpha.md": linking("nowhere")})
    with pytest.raises(PackError) as caught:
        plan_pack(read_pack(folder))
    assert str(caught.value) == f"modules/one/alpha.md:7: there is no page {uid('nowhere')} here to link to."


def test_links_to_pages_outside_keep_their_words(catalogue: CataloguePage, tmp_path: Path) -> None:
    apply_pack(read_pack(write_pack(tmp_path, files={"modules/one/alpha.md": linking("beta")})))
    alpha = LessonPage.objects.get(slug="alpha").get_latest_revision_as_object()
    value = alpha.body.get_prep_value()
    value[0]["value"]["text"] = f'<p>See <a id="{catalogue.pk}" linktype="page">all courses</a>.</p>'
    alpha.body = json.dumps(value)
    alpha.save_revision()
    export = export_course(CoursePage.objects.get(), draft=True)
    assert "html: <p>See all courses.</p>\n" in export.texts["modules/one/alpha.md"]
    assert export.warnings == ("“Alpha”: links to pages outside of the course keep their words only.",)
