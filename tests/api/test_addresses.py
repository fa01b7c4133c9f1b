"""Absolute addresses: images and files get the origin, everything else stays, the original is not touched."""

from api.addresses import make_absolute


def test_images_and_files_get_the_origin() -> None:
    document = {
        "image": {"src": "/images/a/", "srcset": "/images/a/ 480w, /images/b/ 800w", "alt": "/not/an/address"},
        "blocks": [{"file": {"url": "/files/a/film.mp4"}}, {"url": "https://example.com/film.mp4"}, {"file": None}],
        "path": "/courses/a/",
    }
    assert make_absolute(document, "https://learn.example") == {
        "image": {
            "src": "https://learn.example/images/a/",
            "srcset": "https://learn.example/images/a/ 480w, https://learn.example/images/b/ 800w",
            "alt": "/not/an/address",
        },
        "blocks": [
            {"file": {"url": "https://learn.example/files/a/film.mp4"}},
            {"url": "https://example.com/film.mp4"},
            {"file": None},
        ],
        "path": "/courses/a/",
    }
    assert document["image"]["src"] == "/images/a/"
