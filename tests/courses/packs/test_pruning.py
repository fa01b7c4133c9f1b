"""Pruning: pages that the pack lacks go, all at once or not at all; what learners did stays."""

from pathlib import Path

import pytest
from django.utils import timezone
from wagtail.models import Page

from courses.editions.models import CourseState, Edition
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage
from courses.packs.apply import apply_pack
from courses.packs.errors import PackError
from courses.packs.plan import plan_pack, render_plan
from courses.packs.reader import read_pack
from learners.enrolments.models import Enrolment
from learners.progress.models import BlockProgress
from tests.courses.packs.builder import lesson, uid, write_pack
from tests.factories.learners import EnrolmentFactory

pytestmark = pytest.mark.django_db


def _without_two(folder: Path, *, moved: bool) -> None:
    """Take module two out of the pack; its lesson goes along, or moves to module one."""
    course, module = folder / "course.yml", folder / "modules/one/module.yml"
    course.write_text(course.read_text().replace("  - two\n", ""))
    if moved:
        module.write_text(module.read_text() + "  - gamma.md\n")
        (folder / "modules/one/gamma.md").write_text((folder / "modules/two/gamma.md").read_text())


def test_plan_says_what_pruning_would_delete(catalogue: CataloguePage, tmp_path: Path) -> None:
    apply_pack(read_pack(write_pack(tmp_path)))
    _without_two(tmp_path, moved=False)
    plan = plan_pack(read_pack(tmp_path), prune=True)
    assert (plan.kept, plan.deleted, plan.changes_nothing) == ((), ("Two", "Gamma"), False)
    assert "deleted with --prune (2):\n  Two\n  Gamma" in render_plan(plan)
    assert plan_pack(read_pack(tmp_path)).kept == ("Two", "Gamma")
    assert Page.objects.filter(title="Gamma").exists()


def test_pages_that_the_pack_lacks_are_deleted(transactional_catalogue: CataloguePage, tmp_path: Path) -> None:
    apply_pack(read_pack(write_pack(tmp_path)), publish=True)
    _without_two(tmp_path, moved=False)
    applied = apply_pack(read_pack(tmp_path), prune=True)
    assert (applied.deleted, applied.updated, list(ModulePage.objects.values_list("title", flat=True))) == (
        2,
        0,
        ["One"],
    )
    assert (Edition.objects.count(), apply_pack(read_pack(tmp_path), prune=True).deleted) == (2, 0)


def test_what_moved_out_of_a_deleted_module_stays(catalogue: CataloguePage, tmp_path: Path) -> None:
    apply_pack(read_pack(write_pack(tmp_path)))
    before = LessonPage.objects.get(slug="gamma").pk
    _without_two(tmp_path, moved=True)
    assert apply_pack(read_pack(tmp_path), prune=True).deleted == 1
    assert LessonPage.objects.get(slug="gamma").pk == before
    assert [child.title for child in ModulePage.objects.get().get_children()] == ["Alpha", "Beta", "Gamma"]


def test_records_of_learners_stay(transactional_catalogue: CataloguePage, tmp_path: Path) -> None:
    apply_pack(read_pack(write_pack(tmp_path)), publish=True)
    enrolment = EnrolmentFactory(course=CourseState.objects.select_related("edition").get())
    now = timezone.now()
    ids = {"lesson_key": uid("gamma"), "block_id": uid("gamma text")}
    BlockProgress.objects.create(enrolment=enrolment, started_at=now, last_accessed_at=now, **ids)
    _without_two(tmp_path, moved=False)
    apply_pack(read_pack(tmp_path), prune=True)
    assert not LessonPage.objects.filter(slug="gamma").exists()
    assert (Enrolment.objects.count(), BlockProgress.objects.filter(**ids).count()) == (1, 1)


def test_a_pack_without_lessons_does_not_delete_the_course(catalogue: CataloguePage, tmp_path: Path) -> None:
    apply_pack(read_pack(write_pack(tmp_path)))
    course = f"format: coursepack/1\nid: {uid('course')}\ntitle: A Course\nmodules: []\n"
    (tmp_path / "course.yml").write_text(course)
    for prune in (plan_pack, apply_pack):
        with pytest.raises(PackError) as caught:
            prune(read_pack(tmp_path), prune=True)  # type: ignore[operator]
        assert "would delete the whole course" in str(caught.value)
    assert (CoursePage.objects.count(), LessonPage.objects.count()) == (1, 3)


def test_what_waits_for_a_pruned_lesson_is_refused(catalogue: CataloguePage, tmp_path: Path) -> None:
    apply_pack(read_pack(write_pack(tmp_path)))
    _without_two(tmp_path, moved=False)
    (tmp_path / "modules/one/beta.md").write_text(lesson("beta", front=f"requires: [{uid('gamma')}]\n"))
    with pytest.raises(PackError) as caught:
        apply_pack(read_pack(tmp_path), prune=True)
    assert "no other lesson" in str(caught.value)
    apply_pack(read_pack(tmp_path))


def test_nothing_is_deleted_when_publishing_fails(catalogue: CataloguePage, tmp_path: Path) -> None:
    apply_pack(read_pack(write_pack(tmp_path)))
    _without_two(tmp_path, moved=False)
    bad = f"```{{embed}} {uid('bad')}\nurl:\n```\n"
    (tmp_path / "modules/one/beta.md").write_text(lesson("beta", bad))
    with pytest.raises(PackError):
        apply_pack(read_pack(tmp_path), prune=True, publish=True)
    assert LessonPage.objects.filter(slug="gamma").exists()
