"""Every script has a font, long texts get smaller and then shorter, lines never leave their room."""

import pytest

from certificates.sharing.typesetting import fit

ROOM = 1000


def words(text: str, *, sizes: tuple[int, ...] = (60, 40), lines: int = 1) -> list[str]:
    fitted = fit(text, width=ROOM, sizes=sizes, lines=lines)
    assert all(line.width <= ROOM for line in fitted)
    return ["".join(run for _path, run in line.runs) for line in fitted]


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Nguyễn Thị Ánh",
        "محمد بن عبد الله",
        "欧阳修远",
        "สมชาย ใจดี",
        "आदित्य शर्मा",
        "Ωμέγα Юлия",
        "שרה לוי",
        "ਗੁਰਪ੍ਰੀਤ",
        "Ada 🎓",
    ],
)
def test_every_script_is_set_whole(text: str) -> None:
    assert words(text) == [text]


def test_what_no_font_has_is_left_out() -> None:
    assert words("Ada \U0010fffd Byron") == ["Ada  Byron"]


def test_long_text_gets_smaller_then_two_lines_then_an_ellipsis() -> None:
    assert fit("Short", width=ROOM, sizes=(60, 40), lines=1)[0].size == 60
    assert fit("x" * 40, width=ROOM, sizes=(60, 40), lines=1)[0].size == 40
    two = words("A title that is rather long for the width that one line of it has here", lines=2)
    assert (len(two), two[-1].endswith("…")) == (2, False)
    assert words("x" * 500, lines=2)[-1].endswith("…")


def test_lines_break_between_words_and_after_hyphens() -> None:
    assert words("Maximiliana Theodora Wolfeschlegelsteinhausen-Featherstonehaugh", sizes=(40,), lines=2) == [
        "Maximiliana Theodora Wolfeschlegelsteinhausen-",
        "Featherstonehaugh",
    ]


def test_space_between_two_fonts_is_a_run_of_its_own() -> None:
    (line,) = fit("محمد Müller", width=ROOM, sizes=(60,), lines=1)
    assert [run for _path, run in line.runs] == ["محمد", " ", "Müller"]
