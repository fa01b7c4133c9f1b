"""Paths of files in packs: as they were, where that is possible, and never two alike."""

import pytest

from courses.packs.media_names import NameRegister, clean_media_name, suits_image


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("images/a b.png", "images/a b.png"),
        ("media/media/a.png", "a.png"),
        (" a.png ", "a.png"),
        *(
            (name, "")
            for name in ("", "../a.png", "/a", "course.yml", "Modules/a.md", "media.tsv", "nul", "a\x07", "a /b")
        ),
        ("x" * 201, ""),
    ],
)
def test_names_that_cannot_be_paths_are_none(name: str, path: str) -> None:
    assert clean_media_name(name) == path


def test_names_are_made_unlike() -> None:
    register = NameRegister()
    wanted = ["a.png", "A.png", "a.png", "a.png/b.png", "images/c.png", "images", "a.png"]
    marks = ["1", "2", "2", "3", "4", "5", "2"]
    paths = [
        register.claim(place, name, mark=mark) for place, (name, mark) in enumerate(zip(wanted, marks, strict=True))
    ]
    assert paths[:3] == ["a.png", "A-2.png", "a-2-2.png"]
    assert len({path.casefold() for path in paths}) == len(paths)
    assert not any(one.casefold().startswith(f"{other.casefold()}/") for one in paths for other in paths)
    assert (register.claim(0, "else", mark="x"), register.find(0), register.find("nothing")) == ("a.png", "a.png", None)


def test_an_image_keeps_a_name_that_says_what_it_is() -> None:
    assert [suits_image(name, "stored/x.PNG") for name in ("a.png", "a.jpg", "a", "a.tiff")] == [
        True,
        False,
        False,
        False,
    ]
    assert suits_image("a.jpeg", "x.jpg")
