"""Files of packs in the media library."""

from pathlib import Path

import pytest

from courses.models import CataloguePage, CourseDocument, CourseImage, CourseMedia
from courses.packs.media_store import find_stored, store_media, stored_files
from courses.packs.reader import read_pack
from tests.courses.packs.builder import MEDIA, png, write_full_pack

pytestmark = pytest.mark.django_db


def test_each_file_is_stored_once(catalogue: CataloguePage, tmp_path: Path) -> None:
    pack = read_pack(write_full_pack(tmp_path))
    library = find_stored(pack)
    assert library == {}
    assert store_media(pack, library, None, []) == 6
    assert store_media(pack, find_stored(pack), None, []) == 0
    assert sorted(CourseImage.objects.values_list("title", flat=True)) == ["Ada Moss", "red.png"]
    film = CourseMedia.objects.get(type="video")
    assert (film.title, film.duration, film.file.read()) == ("A film", 12.5, MEDIA["film.mp4"])
    assert sorted(CourseDocument.objects.values_list("title", "file_size")) == [
        ("English", len(MEDIA["film.vtt"])),
        ("Worksheet", len(MEDIA["sheet.pdf"])),
    ]


def test_stored_images_know_their_size(catalogue: CataloguePage, tmp_path: Path) -> None:
    pack = read_pack(write_full_pack(tmp_path))
    store_media(pack, {}, None, [])
    assert sorted(CourseImage.objects.values_list("width", "height")) == [(4, 3), (10, 10)]


def test_a_file_the_library_has_is_reused(catalogue: CataloguePage, tmp_path: Path) -> None:
    from django.core.files.base import ContentFile
    from django.core.files.images import ImageFile

    image = CourseImage(title="Mine", file=ImageFile(ContentFile(png("red")), name="mine.png"))
    image.save()
    pack = read_pack(write_full_pack(tmp_path))
    assert find_stored(pack) == {("image", image.sha256): image.pk}


def test_failed_work_leaves_no_files_behind(catalogue: CataloguePage, tmp_path: Path) -> None:
    pack = read_pack(write_full_pack(tmp_path))
    with pytest.raises(RuntimeError), stored_files() as written:
        store_media(pack, {}, None, written)
        files = list(written)
        raise RuntimeError
    assert (len(files), [file.name for file in files if file.storage.exists(file.name)]) == (6, [])
