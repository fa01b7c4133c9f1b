"""Finding files by name and hash, and refusing what they must not be."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from courses.packs.errors import PackError
from courses.packs.media import MediaFinder, MediaUse, check_image, open_media, read_media_list
from courses.packs.sources import open_source
from tests.courses.packs.builder import MEDIA, SVG, VTT, media_list, png, write_pack, zip_pack

RED, BLUE = png("red"), png("blue")


def _find(folder: Path, *uses: MediaUse, folders: tuple[Path, ...] = ()) -> list[tuple[str, str, bytes]]:
    source = open_source(folder)
    found = MediaFinder(source, read_media_list(source), folders).find_all(uses)
    return [(file.path, file.state, open_media(file).read() if file.state == "found" else b"") for file in found]


def _refusal(folder: Path, *uses: MediaUse) -> str:
    with pytest.raises(PackError) as caught:
        _find(folder, *uses)
    return str(caught.value)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_files_are_looked_for_in_order(tmp_path: Path) -> None:
    pack = tmp_path / "packs" / "course"
    pack.mkdir(parents=True)
    use = MediaUse("a.png", "image")
    assert _find(pack, use) == [("a.png", "missing", b"")]
    for place, colour in [
        (tmp_path / "raw" / "course" / "a.png", "red"),
        (tmp_path / "given" / "a.png", "green"),
        (pack / "media" / "a.png", "blue"),
        (pack / "a.png", "black"),
    ]:
        _write(place, png(colour))
        given = (tmp_path / "given",) if (tmp_path / "given").exists() else ()
        assert _find(pack, use, folders=given) == [("a.png", "found", png(colour))]


def test_listed_hash_decides(tmp_path: Path) -> None:
    _write(tmp_path / "p" / "a.png", BLUE)
    _write(tmp_path / "p" / "media.tsv", media_list({"a.png": RED}).encode())
    use = MediaUse("a.png", "image")
    assert _find(tmp_path / "p", use) == [("a.png", "changed", b"")]
    _write(tmp_path / "more" / "a.png", RED)
    assert _find(tmp_path / "p", use, folders=(tmp_path / "more",)) == [("a.png", "found", RED)]


def test_unknown_hash_accepts_any_file(tmp_path: Path) -> None:
    _write(tmp_path / "media.tsv", b"a.png\tMISSING\n")
    _write(tmp_path / "a.png", BLUE)
    assert _find(tmp_path, MediaUse("a.png", "image")) == [("a.png", "found", BLUE)]


def test_zip_files_are_found_inside(tmp_path: Path) -> None:
    files = {f"media/{name}": content for name, content in MEDIA.items()}
    path = zip_pack(write_pack(tmp_path / "p", files=files), tmp_path / "p.zip", prefix="p/")
    assert _find(path, MediaUse("film.vtt", "document", is_captions=True)) == [("film.vtt", "found", VTT)]


def test_links_out_of_a_media_folder_are_refused(tmp_path: Path) -> None:
    _write(tmp_path / "secret.png", RED)
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "a.png").symlink_to(tmp_path / "secret.png")
    assert _refusal(tmp_path / "p", MediaUse("a.png", "image"))[:17] == "a.png: is a link "


def test_names_that_differ_in_case_are_refused(tmp_path: Path) -> None:
    refusal = _refusal(tmp_path, MediaUse("A.png", "image"), MediaUse("a.png", "image"))
    assert refusal == "a.png: and 'A.png' differ only in upper and lower case: write both alike."


def test_one_file_cannot_be_audio_and_video(tmp_path: Path) -> None:
    refusal = _refusal(tmp_path, MediaUse("a.mp4", "media", "video"), MediaUse("a.mp4", "media", "audio"))
    assert refusal == "a.mp4: is used as audio and as video: use two files."


def test_captions_must_be_webvtt(tmp_path: Path) -> None:
    _write(tmp_path / "a.vtt", b"1\n00:00 --> 00:01\nsubrip")
    assert _refusal(tmp_path, MediaUse("a.vtt", "document", is_captions=True))[:7] == "a.vtt: "


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("a.png", "media.tsv:2: each line is a path, a tab and a SHA-256"),
        ("a.png\tabc", "media.tsv:2: each line is a path, a tab and a SHA-256"),
        (f"../a.png\t{'0' * 64}", "media.tsv:2: '../a.png' cannot be used"),
        (f"/etc/passwd\t{'0' * 64}", "media.tsv:2: '/etc/passwd' cannot be used"),
        (f"RED.png\t{'0' * 64}", "media.tsv:2: 'RED.png' is listed twice"),
    ],
)
def test_bad_media_lists_are_refused(tmp_path: Path, line: str, fault: str) -> None:
    _write(tmp_path / "media.tsv", f"red.png\t{'0' * 64}\n{line}\n".encode())
    with pytest.raises(PackError) as caught:
        read_media_list(open_source(tmp_path))
    assert str(caught.value)[: len(fault)] == fault


@pytest.mark.parametrize("name", ["a.png", "a.svg"])
def test_good_images_pass(name: str) -> None:
    check_image(name, RED if name == "a.png" else SVG)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b"not an image"),
        ("a.png", RED[:40]),
        ("a.jpg", RED),
        ("a.exe", RED),
        ("a.svg", b"<html></html>"),
        ("a.svg", b"<svg><script>alert(1)</script></svg>"),
        ("a.svg", b'<svg onload="alert(1)"/>'),
        ("a.svg", b'<svg><a href="javascript:alert(1)"/></svg>'),
        ("a.svg", b"<svg><foreignObject/></svg>"),
        ("a.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>'),
    ],
)
def test_bad_images_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(PackError):
        check_image(name, content)


def test_pixel_bombs_are_refused() -> None:
    file = BytesIO()
    Image.new("1", (1, 1)).save(file, "PNG")
    data = bytearray(file.getvalue())
    data[16:24] = struct.pack(">II", 60_000, 60_000)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    with pytest.raises(PackError):
        check_image("a.png", bytes(data))
