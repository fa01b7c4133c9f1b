"""Folders and zips: what is read, and what is refused."""

import os
import stat
import zipfile
from pathlib import Path

import pytest

from courses.packs import sources
from courses.packs.errors import PackError
from courses.packs.sources import open_source, read_text
from tests.courses.packs.builder import write_pack, zip_pack


def _refusal(path: Path) -> str:
    with pytest.raises(PackError) as caught:
        open_source(path)
    return str(caught.value)


def _zip(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def _read_refusal(source: sources.PackSource, name: str, limit: int = 100) -> str:
    with pytest.raises(PackError) as caught:
        read_text(source, name, limit=limit, what="lesson")
    return str(caught.value)


def test_folder_and_zip_read_alike(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack")
    for source in (
        open_source(folder),
        open_source(zip_pack(folder, tmp_path / "flat.zip")),
        open_source(zip_pack(folder, tmp_path / "nested.zip", prefix="pack/")),
    ):
        assert read_text(source, "modules/one/module.yml", limit=9999, what="module")[:3] == "id:"
        assert source.size("modules/one/absent.md") is None
        source.close()


def test_text_loses_byte_order_mark_and_carriage_returns(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree")
    assert read_text(open_source(tmp_path), "a.md", limit=100, what="lesson") == "one\ntwo\nthree"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"good\nbad \xff\xfe", "a.md:2: the lesson is not UTF-8 text"),
        (b"\x89PNG\r\n\x1a\n\x00", "a.md:1: the lesson is not UTF-8 text"),
        (b"one\ntwo\nnul \x00 byte", "a.md:3: the lesson is not text: the control character U+0000"),
        (b"bell \x07", "a.md:1: the lesson is not text: the control character U+0007"),
        (b"x" * 101, "a.md: the lesson is 101 bytes; 100 is the most"),
    ],
)
def test_what_is_not_text_is_refused(tmp_path: Path, content: bytes, fault: str) -> None:
    (tmp_path / "a.md").write_bytes(content)
    assert _read_refusal(open_source(tmp_path), "a.md")[: len(fault)] == fault


def test_absent_text_is_refused(tmp_path: Path) -> None:
    assert _read_refusal(open_source(tmp_path), "a.md")[:28] == "a.md: the lesson is missing:"


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "a.md").symlink_to(tmp_path / "secret")
    (tmp_path / "pack" / "way").symlink_to(tmp_path)
    source = open_source(tmp_path / "pack")
    assert _read_refusal(source, "a.md")[:10] == "a.md: is a"
    assert _read_refusal(source, "way/secret")[:16] == "way/secret: is a"


def test_devices_and_folders_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    assert [open_source(tmp_path).size(name) for name in ("pipe.md", "folder.md")] == [None, None]


def test_paths_that_are_no_pack_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 broken")
    assert _refusal(tmp_path / "a.txt")[:13] == "a.txt: give t"
    assert _refusal(tmp_path / "a.zip")[:20] == "a.zip: not a zip tha"
    assert _refusal(tmp_path / "absent")[:27] == "there is no folder or zip a"


@pytest.mark.parametrize(
    "name",
    [
        *("../evil.md", "/etc/evil.md", "a/../../evil.md", "C:/evil.md", "..\\evil.md", "\\\\host\\evil.md", "./a.md"),
        *("con", "modules/NUL.md", "a/com1.png", "lpt9", "aux.tar.gz", "x" * 256, "a\x07b"),
    ],
)
def test_zip_slip_is_refused(tmp_path: Path, name: str) -> None:
    assert "cannot be used" in _refusal(_zip(tmp_path / "a.zip", ("course.yml", b""), (name, b"x")))


def test_zip_links_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.md")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "is a link" in _refusal(_zip(tmp_path / "a.zip", (link, b"/etc/passwd")))


@pytest.mark.parametrize("kind", [stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_zip_devices_are_refused(tmp_path: Path, kind: int) -> None:
    device = zipfile.ZipInfo("a.md")
    device.external_attr = (kind | 0o666) << 16
    assert "is a device or a pipe" in _refusal(_zip(tmp_path / "a.zip", (device, b"")))


def test_zip_names_that_collide_are_refused(tmp_path: Path) -> None:
    assert "differ only in upper" in _refusal(_zip(tmp_path / "a.zip", ("A.md", b""), ("a.md", b"")))
    assert "differ only in upper" in _refusal(_zip(tmp_path / "b.zip", ("\u00e4.md", b""), ("a\u0308.md", b"")))
    with pytest.warns(UserWarning, match="Duplicate name"):
        doubled = _zip(tmp_path / "c.zip", ("a.md", b"one"), ("a.md", b"two"))
    assert "differ only in upper" in _refusal(doubled)


def test_zip_that_lies_about_a_size_is_refused(tmp_path: Path) -> None:
    """The directory of the zip says 5 bytes, the data has 5,000."""
    path = _zip(tmp_path / "a.zip", ("a.md", b"x" * 5000))
    data = path.read_bytes()
    size = (5000).to_bytes(4, "little")
    place = data.rindex(size)
    path.write_bytes(data[:place] + (5).to_bytes(4, "little") + data[place + 4 :])
    assert "cannot be read" in _read_refusal(open_source(path), "a.md")


def test_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", ("a.md", b"x"))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert "is encrypted" in _refusal(path)


def test_texts_are_a_source_of_their_own() -> None:
    source = sources.TextSource({"a.md": "ä"})
    assert (source.size("a.md"), source.size("b.md"), source.open("a.md").read()) == (2, None, "ä".encode())
    source.close()


def test_zip_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = _zip(tmp_path / "a.zip", ("a.md", b"\x00" * (11 * 1024**2)))
    assert "unpacks to more than" in _refusal(bomb)
    monkeypatch.setattr(sources, "MAX_UNPACKED", 1000)
    monkeypatch.setattr(sources, "MAX_MEMBERS", 5)
    assert "1000 is the most" in _refusal(_zip(tmp_path / "b.zip", ("a.md", b"x" * 1001)))
    assert "the zip has 6 entries" in _refusal(_zip(tmp_path / "c.zip", *((f"{n}.md", b"") for n in range(6))))


def test_damaged_zip_members_are_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", ("a.md", b"hello " * 10))
    data = bytearray(path.read_bytes())
    data[38:42] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    assert _read_refusal(open_source(path), "a.md")[:20] == "a.md: cannot be read"


def test_macos_extras_are_ignored(tmp_path: Path) -> None:
    source = open_source(_zip(tmp_path / "a.zip", ("p/course.yml", b"x"), ("__MACOSX/p/._course.yml", b"y")))
    assert (source.name, source.size("course.yml")) == ("p", 1)
