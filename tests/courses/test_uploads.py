"""Uploads: files must be what they say, and nothing that learners open may run."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection

from courses.models import CourseDocument, CourseImage, CourseMedia
from courses.uploads import find_document_problem, find_media_problem, find_svg_problem
from learners.accounts.models import User

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
MP4 = b"\x00\x00\x00\x20ftypisom" + b"\x00" * 64
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">%s</svg>'
)


@pytest.fixture
def collection(db: None) -> Collection:
    return Collection.get_first_root_node() or Collection.add_root(name="Root")


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.mp4", MP4, "video"),
        ("A.MOV", b"\x00\x00\x00\x08wide", "video"),
        ("a.webm", b"\x1a\x45\xdf\xa3", "video"),
        ("a.ogv", b"OggS", "video"),
        ("a.mp3", b"ID3\x04", "audio"),
        ("a.mp3", b"\xff\xfb\x90", "audio"),
        ("a.wav", b"RIFF\x00\x00\x00\x00WAVE", "audio"),
        ("a.m4a", MP4, "audio"),
        ("a.flac", b"fLaC", "audio"),
    ],
)
def test_find_media_problem_accepts_real_media(name: str, head: bytes, kind: str) -> None:
    assert find_media_problem(name, head, 1000, kind) == ""


@pytest.mark.parametrize(
    ("name", "head", "kind", "message"),
    [
        ("a.mp4", HTML, "video", "“a.mp4” is not a .mp4 file: what it contains is something else."),
        ("a.mp4", b"", "video", "“a.mp4” is not a .mp4 file: what it contains is something else."),
        ("a.avi", b"RIFF", "video", "“a.avi” cannot be played. Upload one of: mp4, m4v, mov, webm, ogv."),
        ("a.mp3", b"ID3", "video", "“a.mp3” cannot be played. Upload one of: mp4, m4v, mov, webm, ogv."),
        ("a", MP4, "video", "“a” cannot be played. Upload one of: mp4, m4v, mov, webm, ogv."),
    ],
)
def test_find_media_problem_names_the_fault(name: str, head: bytes, kind: str, message: str) -> None:
    assert find_media_problem(name, head, 1000, kind) == message


def test_find_media_problem_limits_the_size() -> None:
    assert find_media_problem("a.mp4", MP4, 3 * 1024**3, "video").endswith("at most 2.0\xa0GB are accepted.")


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a.HTM", "a.svg", "a.js", "a.xml", "a.ps1"])
def test_find_document_problem_refuses_what_runs(name: str) -> None:
    assert find_document_problem(name, b"", 1).endswith("can harm the learner's computer and are not accepted.")


@pytest.mark.parametrize(
    ("name", "head"), [("a.pdf", b"MZ\x90"), ("a.pdf", HTML), ("a.docx", b"\n <html>"), ("a", HTML), ("a", b"\x7fELF")]
)
def test_find_document_problem_looks_inside(name: str, head: bytes) -> None:
    assert find_document_problem(name, head, 1)


@pytest.mark.parametrize(
    ("name", "head"), [("a.pdf", b"%PDF"), ("a.vtt", b"WEBVTT"), ("a.zip", b"PK"), ("a.txt", HTML)]
)
def test_find_document_problem_accepts_course_material(name: str, head: bytes) -> None:
    assert find_document_problem(name, head, 1) == ""


@pytest.mark.parametrize(
    "inside",
    [
        b'<circle r="4" fill="url(#g)"/><use xlink:href="#g"/>',
        b'<a href="https://example.com"><text>x</text></a>',
        b'<image href="data:image/png;base64,AAAA"/>',
        b"<style>.a{fill:url('#g')}</style><metadata>x</metadata>",
    ],
)
def test_find_svg_problem_accepts_drawings(inside: bytes) -> None:
    assert find_svg_problem(SVG % inside) == ""


@pytest.mark.parametrize(
    "inside",
    [
        b"<script>alert(1)</script>",
        b"<foreignObject><p>x</p></foreignObject>",
        b'<circle r="4" onclick="x()"/>',
        b'<image href="https://evil.example/a.png"/>',
        b'<use xlink:href="https://evil.example/a.svg#x"/>',
        b'<a href="javascript:alert(1)"><text>x</text></a>',
        b'<a xlink:href=" JaVaScRiPt:alert(1)"><text>x</text></a>',
        b'<image href="data:text/html,x"/>',
        b'<image href="data:image/svg+xml,x"/>',
        b"<style>@import 'https://evil.example/a.css';</style>",
        b'<style>.a{background:url( "https://evil.example/a")}</style>',
        b'<rect style="fill:url(//evil.example/a)"/>',
        b'<a><animate attributeName="href" values="javascript:alert(1)"/></a>',
        b'<iframe src="https://evil.example"/>',
        b"<g>",
    ],
)
def test_find_svg_problem_refuses_code_and_outside_references(inside: bytes) -> None:
    assert find_svg_problem(SVG % inside)


def tower(link: bytes, floors: int) -> bytes:
    """A drawing in which each of ``floors`` groups names the one below ten times."""
    groups = (b'<g id="f%d">%s</g>' % (n, (link % (n - 1)) * 10) for n in range(1, floors))
    return SVG % (b'<g id="f0"><path d="M0 0h1"/></g>' + b"".join(groups))


@pytest.mark.parametrize("link", [b'<use href="#f%d"/>', b'<use xlink:href="#f%d"/>', b'<path fill="url(#f%d)"/>'])
def test_find_svg_problem_refuses_what_multiplies_itself(link: bytes) -> None:
    assert find_svg_problem(tower(link, 4)) == ""
    assert find_svg_problem(tower(link, 60)).startswith("This SVG repeats itself too often")


def test_find_svg_problem_is_not_slowed_down_by_circles_and_depth() -> None:
    circle = b'<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/><use href="#b"/></g>'
    deep = b"".join(b'<g id="g%d">' % n for n in range(20_000)) + b"</g>" * 20_000
    assert [find_svg_problem(SVG % circle), find_svg_problem(SVG % deep)] == ["", ""]


def test_find_svg_problem_refuses_entities_style_sheets_and_other_xml() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SVG % b"<text>&a;</text>"
    assert find_svg_problem(bomb) == "This SVG cannot be read. Export the drawing again."
    assert find_svg_problem(b"<?xml-stylesheet href='a.css'?>" + SVG % b"").startswith("This SVG loads a style sheet")
    assert find_svg_problem(b"<html/>") == "This file is not an SVG drawing."


def test_models_refuse_bad_files_at_the_file_field(collection: Collection) -> None:
    rows: list[Any] = [
        CourseMedia(title="a", type="video", file=ContentFile(HTML, "a.mp4")),
        CourseDocument(title="a", file=ContentFile(HTML, "a.html")),
        CourseImage(title="a", file=ContentFile(SVG % b"<script/>", "a.svg"), width=9, height=9),
    ]
    for row in rows:
        with pytest.raises(ValidationError) as refused:
            row.clean()
        assert list(refused.value.message_dict) == ["file"]


def test_models_accept_good_files_and_do_not_judge_them_again(collection: Collection) -> None:
    media = CourseMedia(title="a", type="video", file=ContentFile(MP4, "a.mp4"))
    media.clean()
    media.save()
    again = CourseMedia.objects.get(pk=media.pk)
    again.clean()
    assert again.sha256 == media.sha256


def test_media_form_shows_the_message(client: Client, collection: Collection) -> None:
    client.force_login(User.objects.create_superuser(email="admin@example.com", password="x"))
    response = client.post(
        reverse("wagtailmedia:add", args=["video"]),
        {"title": "a", "file": ContentFile(HTML, "a.mp4"), "duration": "0", "tags": ""},
    )
    assert "“a.mp4” is not a .mp4 file: what it contains is something else." in response.content.decode()
    assert CourseMedia.objects.count() == 0
