"""Delivery adds addresses to a copy and leaves the stored document alone."""

import copy

from courses.editions.delivery import deliver_image, deliver_lesson

IMAGE = {"id": 7, "width": 1000, "height": 500, "alt": "A chart"}
FILE = {"kind": "media", "id": 3, "name": "talk.mp4", "content_type": "video/mp4", "size": 10}


def test_image_gets_widths_up_to_its_own() -> None:
    image = deliver_image(IMAGE)
    widths = [part.rsplit(" ", 1)[1] for part in image["srcset"].split(", ")]
    assert widths == ["480w", "800w", "1000w"]
    assert image["src"].startswith("/images/")


def test_small_image_is_not_blown_up() -> None:
    image = deliver_image({**IMAGE, "width": 120})
    assert image["srcset"].endswith(" 120w")
    assert image["srcset"].count(" ") == 1


def test_large_image_is_never_delivered_larger_than_needed() -> None:
    image = deliver_image({**IMAGE, "width": 6000})
    assert image["srcset"].endswith(" 1600w")


def test_lesson_is_copied_and_every_file_signed() -> None:
    stored = {
        "id": "x",
        "title": "",
        "slug": "",
        "summary": "",
        "minutes": 1,
        "blocks": [
            {
                "type": "video",
                "file": FILE,
                "poster": IMAGE,
                "captions": [{"language": "en", "label": "English", "file": {**FILE, "kind": "document"}}],
            },
            {"type": "image", "image": None},
            {"type": "file", "file": None},
        ],
    }
    before = copy.deepcopy(stored)
    delivered = deliver_lesson(stored)
    assert stored == before
    video, image, file = delivered["blocks"]
    assert video["file"]["url"].startswith("/files/media.3.")
    assert video["captions"][0]["file"]["url"].startswith("/files/document.3.")
    assert "src" in video["poster"]
    assert (image["image"], file["file"]) == (None, None)
