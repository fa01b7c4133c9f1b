"""Exports are canonical: applied to an empty database and exported again, they are the same bytes."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from courses.models import (
    CataloguePage,
    Category,
    CourseDocument,
    CourseImage,
    CourseMedia,
    CoursePage,
    Instructor,
    LessonPage,
    ModulePage,
    QuestionCategory,
)
from courses.packs.apply import apply_pack
from courses.packs.export import Export, export_course
from courses.packs.reader import read_pack
from courses.packs.targets import write_folder
from tests.courses.packs import random_courses
from tests.courses.packs.builder import SVG, VTT, png
from tests.factories.pages import make_course

pytestmark = pytest.mark.django_db


class _UndoneError(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """Whatever the block does to the database is taken back."""
    with pytest.raises(_UndoneError), transaction.atomic():
        yield
        raise _UndoneError


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def make_library() -> dict[str, list[int]]:
    """Files of every kind; the last image is not in the storage any more."""
    images = [("red.png", png("red")), ("red.png", png("blue")), ("drawing.svg", SVG), ("gone.png", png("black"))]
    rows = [CourseImage.objects.create(title=n, file=ContentFile(c, n), width=1, height=1) for n, c in images]
    rows[-1].file.storage.delete(rows[-1].file.name)
    documents = [("a b.pdf", b"%PDF"), ("en.vtt", VTT), ("same.png", png("red"))]
    media = [("film.mp4", "video", b"film"), ("sound.mp3", "audio", b"sound"), ("both.mp4", "audio", b"film")]
    media.append(("gone.mp4", "video", b"gone"))
    played = [CourseMedia.objects.create(title=n, file=ContentFile(c, n), type=t, duration=1.5) for n, t, c in media]
    played[-1].file.storage.delete(played[-1].file.name)
    return {
        "image": [row.pk for row in rows],
        "document": [CourseDocument.objects.create(title=n, file=ContentFile(c, n)).pk for n, c in documents],
        "video": [row.pk for row in played if row.type == "video"],
        "audio": [row.pk for row in played if row.type == "audio"],
    }


def number_pages(value: Any, pks: list[int]) -> Any:
    """Strategies do not know the pages: numbers become primary keys, negative ones those of strangers."""
    if isinstance(value, list):
        return [number_pages(item, pks) for item in value]
    if isinstance(value, dict):
        return {
            key: _pick(item, pks) if key == "page" and isinstance(item, int) else number_pages(item, pks)
            for key, item in value.items()
        }
    if isinstance(value, str):
        for number in range(-3, 4):
            value = value.replace(f'id="{number}" linktype', f'id="{_pick(number, pks)}" linktype')
    return value


def _pick(number: int, pks: list[int]) -> int:
    return pks[number % len(pks)] if pks and number >= 0 else 900_000 - number


def build(catalogue: CataloguePage, data: st.DataObject, before: CoursePage) -> CoursePage:
    """A random course: pages first, then what names them."""
    library = make_library()
    banks = [QuestionCategory.objects.create(name=name, slug=name).pk for name in ("here", "elsewhere")]
    values = copy.deepcopy(data.draw(random_courses.courses))
    related = {name: values.pop(name) for name in ("categories", "tags", "instructors", "unknown", "requires_course")}
    course = CoursePage(
        title=data.draw(random_courses.some_text)[:90], slug=data.draw(random_courses.slugs), live=False
    )
    catalogue.add_child(instance=course)
    lessons, parts = [], []
    for number in range(data.draw(st.integers(0, 2))):
        module = course.add_child(
            instance=ModulePage(title=data.draw(random_courses.some_text)[:90], slug=f"{number}-module", live=False)
        )
        parts.append(module)
        for place, slug in enumerate(data.draw(st.lists(random_courses.slugs, max_size=2, unique=True))):
            title = data.draw(random_courses.some_text)[:90]
            lessons.append(
                module.add_child(instance=LessonPage(title=title, slug=slug, live=False, minutes=place or None))
            )
    pks = [lesson.pk for lesson in lessons]
    for page in [*parts, *lessons]:
        gates = data.draw(random_courses.gates)
        for name, value in gates.items():
            setattr(page, name, random_courses.dump(number_pages(value, pks)) if name == "requires" else value)
        if isinstance(page, LessonPage):
            block = random_courses.blocks(library, banks)
            body = data.draw(st.lists(block, max_size=3, unique_by=lambda item: item["id"]))
            page.body = random_courses.dump(number_pages(body, pks))
        page.pack_keys = {"": data.draw(random_courses.unknown)}
        page.save_revision(clean=False)
    for name, value in values.items():
        is_stream = name in ("objectives", "prerequisites")
        setattr(course, name, random_courses.dump(value) if is_stream else number_pages(value, pks))
    course.cover_id = data.draw(st.sampled_from([None, *library["image"]]))
    if related["requires_course"]:
        required = {"type": "course", "id": str(before.translation_key), "value": {"page": before.pk}}
        course.requires = random_courses.dump([required])
    course.pack_keys = {"": related["unknown"]}
    _relate(course, related, library)
    course.save_revision(clean=False)
    return course


def _relate(course: CoursePage, related: dict[str, Any], library: dict[str, list[int]]) -> None:
    course.tags.set(related["tags"])
    course.categories = [
        Category.objects.create(name=name, slug=f"c-{number}")
        for number, name in enumerate(dict.fromkeys(related["categories"]))
    ]
    course.instructors = [
        Instructor.objects.create(**person, photo_id=pk)
        for person, pk in zip(related["instructors"], [None, library["image"][0]], strict=False)
    ]


def export_again(folder: Path, into: Path, slug: str) -> Export:
    apply_pack(read_pack(folder))
    export = export_course(CoursePage.objects.exclude(slug="before").get(), draft=True)
    write_folder(export, into)
    return export


@pytest.mark.once
# Without shrinking: courses are too large for it to end in sensible time.
@settings(
    max_examples=30,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_export_apply_export_is_byte_identical(
    catalogue: CataloguePage, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    tmp_path = tmp_path_factory.mktemp("packs")
    before = CoursePage.objects.filter(slug="before").first() or make_course(catalogue, title="Before")
    QuestionCategory.objects.get_or_create(name="there", slug="there")
    with undone():
        course = build(catalogue, data, before)
        export = export_course(course, draft=True)
        write_folder(export, tmp_path / "one")
        # Where it comes from, the pack says nothing new.
        plan = apply_pack(read_pack(tmp_path / "one")).plan
        assert [(page.title, page.changes) for page in plan.pages if page.action == "create" or page.is_moved] == []
    with undone():
        export_again(tmp_path / "one", tmp_path / "two", course.slug)
        assert apply_pack(read_pack(tmp_path / "two")).plan.changes_nothing
    one, two = files_in(tmp_path / "one"), files_in(tmp_path / "two")
    assert [name for name in one.keys() | two.keys() if one.get(name) != two.get(name)] == []
