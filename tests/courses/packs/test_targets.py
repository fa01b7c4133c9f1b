"""Writing packs: whole or not at all, the same bytes every time, and never over something else."""

import hashlib
import resource
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from courses.models import CataloguePage, CourseDocument, CourseImage, CoursePage
from courses.packs.apply import apply_pack
from courses.packs.errors import PackError
from courses.packs.export import Export, export_course
from courses.packs.reader import read_pack
from courses.packs.targets import write_folder, write_zip
from tests.courses.packs.builder import MEDIA, png, uid, write_full_pack
from tests.courses.packs.test_export import files_in
from tests.factories.pages import make_block, make_course, make_lesson, make_module

pytestmark = pytest.mark.django_db


@pytest.fixture
def export(catalogue: CataloguePage, tmp_path: Path) -> Export:
    apply_pack(read_pack(write_full_pack(tmp_path / "source")))
    return export_course(CoursePage.objects.get(), draft=True)


def _refusal(export: Export, path: Path, **options: bool) -> str:
    write = write_zip if path.suffix == ".zip" else write_folder
    with pytest.raises(PackError) as caught:
        write(export, path, **options)
    return str(caught.value)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_folder_has_texts_files_and_their_hashes(export: Export, tmp_path: Path) -> None:
    written = write_folder(export, tmp_path / "pack")
    assert (written.files, written.missing, written.warnings) == (len(MEDIA), (), ())
    found = files_in(tmp_path / "pack")
    listed = dict(line.split("\t") for line in found["media.tsv"].decode().splitlines())
    assert listed == {
        path.removeprefix("media/"): hashlib.sha256(content).hexdigest()
        for path, content in found.items()
        if path.startswith("media/")
    }
    assert sorted(found) == sorted([*export.texts, "media.tsv", *(f"media/{path}" for path in listed)])
    assert _names(tmp_path) == ["pack", "source"]


def test_zip_is_the_folder_and_the_same_bytes_every_time(export: Export, tmp_path: Path) -> None:
    write_folder(export, tmp_path / "pack")
    write_zip(export, tmp_path / "one.zip")
    write_zip(export, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files_in(tmp_path / "pack")
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert read_pack(tmp_path / "one.zip").modules == read_pack(tmp_path / "pack").modules


def test_exporting_again_replaces_the_pack_and_keeps_what_is_no_part_of_it(export: Export, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    write_folder(export, pack)
    before = files_in(pack)
    (pack / ".git").mkdir()
    (pack / ".git" / "HEAD").write_text("ref")
    (pack / "README.md").write_text("ours")
    (pack / "modules" / "stale").mkdir()
    (pack / "modules" / "stale" / "module.yml").write_text("old")
    write_folder(export, pack)
    assert files_in(pack) == before | {".git/HEAD": b"ref", "README.md": b"ours"}


@pytest.mark.parametrize("name", ["notes.txt", "course.yml"])
def test_what_is_no_pack_of_this_course_is_not_written_over(export: Export, tmp_path: Path, name: str) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / name).write_text(f"format: coursepack/1\nid: {uid('another')}\ntitle: Another\n")
    assert ("holds another course, “Another”" in _refusal(export, target)) == (name == "course.yml")
    assert _names(target) == [name]
    write_folder(export, target, force=True)
    assert (target / "course.yml").read_text() == export.texts["course.yml"]
    (tmp_path / "a.zip").write_bytes(b"precious")
    assert "no course pack: name a new file" in _refusal(export, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == b"precious"
    write_zip(export, tmp_path / "a.zip", force=True)
    write_zip(export, tmp_path / "a.zip")


def test_impossible_places_are_refused(export: Export, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder.zip").mkdir()
    assert "is no folder" in _refusal(export, tmp_path / "file")
    assert "is a folder" in _refusal(export, tmp_path / "folder.zip")
    assert "make it first" in _refusal(export, tmp_path / "absent" / "pack")
    assert "cannot be written" in _refusal(export, Path("/proc/pack"))
    assert "cannot be written" in _refusal(export, Path("/proc/pack.zip"))


@pytest.fixture
def little_room() -> Iterator[None]:
    """Files may not grow beyond 2,000 bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_leaves_everything_as_it_was(
    export: Export, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    write_folder(export, tmp_path / "pack")
    write_zip(export, tmp_path / "pack.zip")
    (tmp_path / "pack" / "modules" / "one" / "beta.md").write_text("an older one")
    before = files_in(tmp_path)
    request.getfixturevalue("little_room")
    for path in (tmp_path / "pack", tmp_path / "new", tmp_path / "pack.zip", tmp_path / "new.zip"):
        assert "File too large. Nothing was changed." in _refusal(export, path)
    assert (files_in(tmp_path), _names(tmp_path / "pack")) == (before, ["course.yml", "media", "media.tsv", "modules"])


def test_files_that_are_gone_are_missing(export: Export, tmp_path: Path) -> None:
    for name, model in (("red.png", CourseImage), ("sheet.pdf", CourseDocument)):
        row = model._default_manager.get(sha256=hashlib.sha256(MEDIA[name]).hexdigest())
        row.file.storage.delete(row.file.name)
    written = write_folder(export, tmp_path / "pack")
    assert written.missing == ("red.png", "sheet.pdf")
    assert [warning.split(":")[0] for warning in written.warnings] == ["red.png", "sheet.pdf"]
    assert "red.png\tMISSING\n" in (tmp_path / "pack" / "media.tsv").read_text()
    assert [file.path for file in read_pack(tmp_path / "pack").missing_media] == ["red.png", "sheet.pdf"]


def test_files_that_readers_would_refuse_are_left_out(catalogue: CataloguePage, tmp_path: Path) -> None:
    image = CourseImage.objects.create(title="No", file=ContentFile(png(), "a.png"))
    with image.file.storage.open(image.file.name, "wb") as file:
        file.write(b"no image")
    course = make_course(catalogue)
    make_lesson(make_module(course), blocks=[make_block("image", {"image": image.pk, "alt": "A"})])
    written = write_folder(export_course(course, draft=True), tmp_path / "pack")
    assert (len(written.missing), "is not a PNG image" in written.warnings[0]) == (1, True)
    assert len(read_pack(tmp_path / "pack").missing_media) == 1
