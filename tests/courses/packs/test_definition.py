"""The pack as a whole."""

from pathlib import Path

from courses.packs.reader import read_pack
from tests.courses.packs.builder import lesson, uid, write_pack


def test_lessons_come_in_order_of_the_modules(tmp_path: Path) -> None:
    assert [item.title for item in read_pack(write_pack(tmp_path)).lessons] == ["Alpha", "Beta", "Gamma"]


def test_missing_media_names_what_was_not_found(tmp_path: Path) -> None:
    body = f"```{{image}} {uid('image')}\nsrc: absent.png\nalt: Nothing\n```\n"
    pack = read_pack(write_pack(tmp_path, files={"modules/one/alpha.md": lesson("alpha", body)}))
    assert [file.path for file in pack.missing_media] == ["absent.png"]
