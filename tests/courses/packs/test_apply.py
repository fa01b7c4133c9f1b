"""Applying packs: drafts or published, once and again, whole or not at all."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from wagtail.models import Page, Revision

from courses.editions.models import AnswerKey, CourseState, Document, Edition
from courses.editions.queries import get_lesson_document
from courses.models import CataloguePage, CourseDocument, CourseImage, CourseMedia, CoursePage, LessonPage, ModulePage
from courses.packs.apply import Applied, apply_pack
from courses.packs.errors import PackError
from courses.packs.plan import plan_pack
from courses.packs.reader import read_pack
from courses.packs.reports import render_applied
from tests.courses.packs.builder import FULL_COURSE, MEDIA, lesson, uid, write_full_pack, write_pack
from tests.courses.packs.editor_form import save_in_editor

BAD_QUIZ = (
    f"```{{quiz}} {uid('bad')}\nquestions:\n  - {{id: {uid('bq')}, type: single, prompt: A, choices: [A, B]}}\n```\n"
)


@pytest.fixture
def apply(catalogue: CataloguePage, django_capture_on_commit_callbacks: Any) -> Callable[..., Applied]:
    def apply_folder(folder: Path, *, publish: bool = True) -> Applied:
        with django_capture_on_commit_callbacks(execute=True):
            return apply_pack(read_pack(folder), publish=publish)

    return apply_folder


def _counts() -> dict[str, int]:
    models = [Page, Revision, Edition, Document, AnswerKey, CourseImage, CourseMedia, CourseDocument]
    return {model.__name__: model._default_manager.count() for model in models}


def _done(applied: Applied) -> tuple[int, ...]:
    return applied.created, applied.updated, applied.moved, applied.published, applied.media_added


def _tree() -> list[tuple[str, list[str]]]:
    modules = ModulePage.objects.order_by("path")
    return [(module.title, [child.title for child in module.get_children()]) for module in modules]


def _edit(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_apply_makes_drafts(apply: Callable[..., Applied], tmp_path: Path) -> None:
    applied = apply(write_pack(tmp_path), publish=False)
    assert _done(applied) == (6, 0, 0, 0, 0)
    assert _tree() == [("One", ["Alpha", "Beta"]), ("Two", ["Gamma"])]
    assert (Page.objects.filter(live=True, depth__gt=3).count(), Edition.objects.count()) == (0, 0)
    alpha = LessonPage.objects.get(slug="alpha")
    assert (str(alpha.translation_key), alpha.has_unpublished_changes) == (uid("alpha"), True)
    assert json.loads(alpha.latest_revision.content["body"])[0]["value"]["source"] == "Words of alpha."


def test_a_course_that_is_released_by_hand_waits_for_its_release(
    transactional_catalogue: CataloguePage, tmp_path: Path
) -> None:
    course = FULL_COURSE.replace("release_mode: automatic", "release_mode: manual")
    applied = apply_pack(read_pack(write_full_pack(tmp_path, course=course)), publish=True)
    assert (applied.edition, applied.waits_for_release, applied.compile_error) == (None, True, "")
    assert "released by hand" in render_applied(applied)


def test_apply_with_publish_makes_one_edition(transactional_catalogue: CataloguePage, tmp_path: Path) -> None:
    applied = apply_pack(read_pack(write_full_pack(tmp_path)), publish=True)
    assert (_done(applied), applied.edition, applied.compile_error) == ((6, 0, 0, 6, 6), 1, "")
    assert list(Edition.objects.values_list("number", "title")) == [(1, "A Course")]


@pytest.mark.parametrize("publish", [True, False])
def test_applying_twice_changes_nothing(apply: Callable[..., Applied], tmp_path: Path, publish: bool) -> None:
    folder = write_full_pack(tmp_path)
    apply(folder, publish=publish)
    before = _counts()
    again = apply(folder, publish=publish)
    assert (_done(again), again.plan.changes_nothing, _counts()) == ((0, 0, 0, 0, 0), True, before)


def test_drafts_can_be_published_by_applying_again(apply: Callable[..., Applied], tmp_path: Path) -> None:
    folder = write_full_pack(tmp_path)
    apply(folder, publish=False)
    assert _done(apply(folder)) == (0, 0, 0, 6, 0)


def test_every_course_field_arrives(apply: Callable[..., Applied], tmp_path: Path) -> None:
    apply(write_full_pack(tmp_path))
    course = CoursePage.objects.get()
    outline = json.loads(Edition.objects.get().outline)["course"]
    assert (course.source, course.cover.title, outline["language"]) == ("here/and/there", "red.png", "en-GB")
    assert [outline["description"], outline["level"], outline["minutes"]] == [
        "<p>What it is <b>about</b>.</p>",
        "advanced",
        90,
    ]
    assert sorted(term["slug"] for term in outline["categories"]) == ["care", "selling"]
    assert sorted(outline["tags"]) == ["calls", "e-mail"]
    assert {person["name"]: person["role"] for person in outline["instructors"]} == {"Ada Moss": "Coach", "Bo Lind": ""}
    assert (outline["objectives"], outline["prerequisites"]) == (["Ask well", "Listen well"], ["None at all"])
    assert [outline[name] for name in ("passing_percentage", "time_limit", "completion_deadline")] == [
        65,
        600,
        "2030-12-31",
    ]
    assert [outline[name] for name in ("completion_days", "progression", "access")] == [30, "in_order", "invitation"]
    assert [outline[name] for name in ("has_certificate", "certificate_validity_months")] == [False, 24]


def test_only_the_changed_page_gets_a_revision(apply: Callable[..., Applied], tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    apply(folder)
    _edit(folder, "modules/one/alpha.md", "Words of alpha.", "Other words.")
    applied = apply(folder)
    assert (_done(applied), Edition.objects.count()) == ((0, 1, 0, 1, 0), 2)
    assert [(page.title, page.changes) for page in applied.plan.pages if page.action == "update"] == [
        ("Alpha", ("body",))
    ]


def test_changes_without_publish_leave_the_live_page(apply: Callable[..., Applied], tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    apply(folder)
    _edit(folder, "modules/one/alpha.md", "title: Alpha", "title: Renamed")
    assert _done(apply(folder, publish=False)) == (0, 1, 0, 0, 0)
    alpha = LessonPage.objects.get(slug="alpha")
    assert (alpha.title, alpha.draft_title, Edition.objects.count()) == ("Alpha", "Renamed", 1)


def test_pages_move_into_the_order_of_the_pack(apply: Callable[..., Applied], tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    apply(folder)
    (folder / "modules/one/alpha.md").rename(folder / "modules/two/alpha.md")
    _edit(folder, "modules/one/module.yml", "  - alpha.md\n", "")
    _edit(folder, "modules/two/module.yml", "  - gamma.md\n", "  - alpha.md\n  - gamma.md\n")
    _edit(folder, "course.yml", "  - one\n  - two\n", "  - two\n  - one\n")
    plan = plan_pack(read_pack(folder))
    assert [page.title for page in plan.pages if page.is_moved] == ["Two", "Alpha"]
    applied = apply(folder)
    assert _tree() == [("Two", ["Alpha", "Gamma"]), ("One", ["Beta"])]
    assert (applied.updated, Edition.objects.count(), plan_pack(read_pack(folder)).changes_nothing) == (0, 2, True)


def test_new_pages_go_where_the_pack_has_them(apply: Callable[..., Applied], tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    apply(folder)
    (folder / "modules/one/new.md").write_text(lesson("new"))
    _edit(folder, "modules/one/module.yml", "  - alpha.md\n", "  - new.md\n  - alpha.md\n")
    assert _done(apply(folder)) == (1, 0, 1, 1, 0)
    assert _tree()[0] == ("One", ["New", "Alpha", "Beta"])


def test_pages_the_pack_lacks_are_kept(apply: Callable[..., Applied], tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    apply(folder)
    _edit(folder, "modules/one/module.yml", "  - beta.md\n", "")
    applied = apply(folder)
    assert (applied.plan.kept, _done(applied)) == (("Beta",), (0, 0, 0, 0, 0))
    assert _tree()[0] == ("One", ["Alpha", "Beta"])


def test_what_the_pack_does_not_mention_stays(apply: Callable[..., Applied], tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    apply(folder)
    course = CoursePage.objects.get()
    course.summary, course.level = "By an editor", "advanced"
    course.save_revision().publish()
    assert _done(apply(folder)) == (0, 0, 0, 0, 0)
    assert CoursePage.objects.get().summary == "By an editor"


def test_a_slug_that_is_taken_gets_a_number_and_keeps_it(apply: Callable[..., Applied], tmp_path: Path) -> None:
    CataloguePage.objects.get().add_child(instance=CoursePage(title="Other", slug="a-course"))
    folder = write_pack(tmp_path)
    first = apply(folder)
    assert CoursePage.objects.get(translation_key=uid("course")).slug == "a-course-2"
    assert "'a-course' is taken" in first.plan.warnings[0]
    assert _done(apply(folder)) == (0, 0, 0, 0, 0)


def test_titles_make_slugs_where_the_pack_has_none(apply: Callable[..., Applied], tmp_path: Path) -> None:
    same = "title: Alpha\n"
    files = {
        "modules/one/alpha.md": lesson("alpha").replace("slug: alpha\n", ""),
        "modules/one/beta.md": lesson("beta").replace("slug: beta\n", "").replace("title: Beta\n", same),
        "modules/two/gamma.md": lesson("gamma").replace("slug: gamma\n", "").replace("title: Gamma", "title: 漢字"),
    }
    folder = write_pack(tmp_path, files=files)
    apply(folder)
    slugs = list(LessonPage.objects.order_by("path").values_list("slug", flat=True))
    assert slugs == ["alpha", "alpha-2", f"page-{uid('gamma')[:8]}"]
    assert _done(apply(folder)) == (0, 0, 0, 0, 0)


def test_ids_of_other_pages_are_refused(apply: Callable[..., Applied], tmp_path: Path) -> None:
    apply(write_pack(tmp_path / "a"))
    thief = write_pack(tmp_path / "b")
    _edit(thief, "course.yml", uid("course"), uid("thief"))
    before = _counts()
    with pytest.raises(PackError) as caught:
        apply(thief)
    assert [fault.file for fault in caught.value.faults][:2] == ["modules/one/module.yml", "modules/two/module.yml"]
    assert _counts() == before


def test_a_pack_that_cannot_be_published_changes_nothing(apply: Callable[..., Applied], tmp_path: Path) -> None:
    folder = write_full_pack(tmp_path, files={"modules/two/gamma.md": lesson("gamma", BAD_QUIZ)})
    before = _counts()
    with pytest.raises(PackError) as caught:
        apply(folder)
    assert "modules/two/gamma.md:7: " in str(caught.value)
    assert _counts() == before
    assert apply(folder, publish=False).created == 6


def test_a_failure_half_way_leaves_neither_rows_nor_files(
    apply: Callable[..., Applied], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("power cut")

    stored: list[str] = []
    save = CourseDocument.save

    def remember(self: CourseDocument, *args: Any, **kwargs: Any) -> None:
        save(self, *args, **kwargs)
        stored.append(self.file.path)

    monkeypatch.setattr(CourseDocument, "save", remember)
    monkeypatch.setattr(LessonPage, "publish", fail)
    before = _counts()
    with pytest.raises(RuntimeError):
        apply(write_full_pack(tmp_path))
    assert (_counts(), len(stored), [path for path in stored if Path(path).exists()]) == (before, 2, [])


def test_a_file_that_comes_later_is_filled_in(apply: Callable[..., Applied], tmp_path: Path) -> None:
    folder = write_full_pack(tmp_path)
    (folder / "media/red.png").unlink()
    first = apply(folder)
    assert (first.media_added, [file.path for file in first.plan.media if file.action == "missing"]) == (5, ["red.png"])
    body = LessonPage.objects.get(slug="alpha").body.get_prep_value()
    assert [(item["value"]["image"], item["value"]["file_name"]) for item in body if item["id"] == uid("image")] == [
        (None, "red.png")
    ]
    (folder / "media/red.png").write_bytes(MEDIA["red.png"])
    assert _done(apply(folder)) == (0, 2, 0, 2, 1)


def test_catalogue_is_needed(db: None, tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        apply_pack(read_pack(write_pack(tmp_path)))
    assert "manage.py setup" in str(caught.value)


def test_links_between_lessons_lead_to_pages(apply: Callable[..., Applied], tmp_path: Path) -> None:
    apply(write_full_pack(tmp_path))
    document = get_lesson_document(Edition.objects.get().pk, uid("alpha"))
    assert 'href="/courses/a-course/one/beta/"' in document["blocks"][0]["html"]


def test_zip_and_folder_are_the_same_course(apply: Callable[..., Applied], tmp_path: Path) -> None:
    folder = write_full_pack(tmp_path / "pack")
    apply(folder)
    shutil.make_archive(str(tmp_path / "packed"), "zip", folder)
    assert _done(apply(tmp_path / "packed.zip")) == (0, 0, 0, 0, 0)


def test_saving_in_the_editor_changes_no_document(
    apply: Callable[..., Applied], tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    folder = write_full_pack(tmp_path)
    apply(folder)
    user = get_user_model().objects.create_superuser(email="admin@example.com", password="coursewright")
    before = dict(Document.objects.values_list("digest", "body"))
    with django_capture_on_commit_callbacks(execute=True):
        for page in LessonPage.objects.all():
            page.body = json.dumps(save_in_editor(page, user))
            page.save_revision().publish()
    assert dict(Document.objects.values_list("digest", "body")) == before
    assert (Edition.objects.count(), CourseState.objects.get().compile_error) == (1, "")
    assert plan_pack(read_pack(folder)).changes_nothing
