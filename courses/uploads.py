"""What may be uploaded: every check names the file's fault in words its author understands."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

MAX_MEDIA_BYTES = 2 * 1024**3
MAX_DOCUMENT_BYTES = 100 * 1024**2
MAX_SVG_BYTES = 2 * 1024**2
MAX_SVG_ELEMENTS = 200_000  # with every reference followed: a few lines can ask for billions
HEAD_BYTES = 4096

VIDEO_EXTENSIONS = ("mp4", "m4v", "mov", "webm", "ogv")
AUDIO_EXTENSIONS = ("mp3", "m4a", "aac", "ogg", "oga", "opus", "wav", "flac")
# Files that a browser or a desktop would run rather than show.
REFUSED_DOCUMENTS = {
    *("apk", "app", "bat", "cmd", "com", "cpl", "dll", "dmg", "exe", "hta", "htm", "html", "jar", "js", "jse", "lnk"),
    *("mht", "mhtml", "mjs", "msi", "pif", "ps1", "scr", "sh", "shtml", "svg", "svgz", "swf", "vbe", "vbs", "wsf"),
    *("xht", "xhtml", "xml", "xsl", "xslt"),
}
_MARKUP = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|script|iframe|\?xml|svg)\b", re.IGNORECASE
)
_SVG_ELEMENTS = {"script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler", "listener"}
_SVG_STYLE = re.compile(
    r"@import|expression\s*\(|javascript:|url\(\s*['\"]?\s*(?!['\"]?\s*(?:#|data:image/(?:png|jpe?g|gif|webp)))",
    re.IGNORECASE,
)
_SVG_LINK = re.compile(r"\s*(?:#|data:image/(?:png|jpe?g|gif|webp)[;,]|$)", re.IGNORECASE)
_SVG_REFERENCE = re.compile(r"url\(\s*['\"]?#([^'\")\s]+)", re.IGNORECASE)
_WEB_LINK = re.compile(r"\s*(?:https?://|mailto:)", re.IGNORECASE)


def _is_iso_media(head: bytes) -> bool:
    return head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"}


def _is_mpeg_audio(head: bytes) -> bool:
    return head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0)


_SIGNATURES: dict[str, Callable[[bytes], bool]] = {
    **dict.fromkeys(("mp4", "m4v", "mov", "m4a"), _is_iso_media),
    **dict.fromkeys(("mp3", "aac"), _is_mpeg_audio),
    **dict.fromkeys(("ogv", "ogg", "oga", "opus"), lambda head: head.startswith(b"OggS")),
    "webm": lambda head: head.startswith(b"\x1a\x45\xdf\xa3"),
    "wav": lambda head: head.startswith(b"RIFF") and head[8:12] == b"WAVE",
    "flac": lambda head: head.startswith(b"fLaC"),
}


def extension(name: str) -> str:
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def find_media_problem(name: str, head: bytes, size: int, kind: str) -> str:
    """Why a file may not be a video or audio of the media library, or "". ``head`` is how the file begins."""
    allowed = VIDEO_EXTENSIONS if kind == "video" else AUDIO_EXTENSIONS
    suffix = extension(name)
    if suffix not in allowed:
        return _("“%(name)s” cannot be played. Upload one of: %(allowed)s.") % {
            "name": name,
            "allowed": ", ".join(allowed),
        }
    if size > MAX_MEDIA_BYTES:
        return _too_large(name, size, MAX_MEDIA_BYTES)
    if not _SIGNATURES[suffix](head):
        return _("“%(name)s” is not a .%(suffix)s file: what it contains is something else.") % {
            "name": name,
            "suffix": suffix,
        }
    return ""


def find_document_problem(name: str, head: bytes, size: int) -> str:
    """Why a file may not be offered for download, or ""."""
    suffix = extension(name)
    if suffix in REFUSED_DOCUMENTS or (not suffix and _MARKUP.match(head)):
        return _("Files of the type .%(suffix)s can harm the learner's computer and are not accepted.") % {
            "suffix": suffix or "html"
        }
    if head.startswith((b"MZ", b"\x7fELF")):
        return _("“%(name)s” is a program and is not accepted.") % {"name": name}
    if suffix not in {"txt", "md", "csv"} and _MARKUP.match(head):
        return _("“%(name)s” is a web page and is not accepted. Save it as PDF first.") % {"name": name}
    if size > MAX_DOCUMENT_BYTES:
        return _too_large(name, size, MAX_DOCUMENT_BYTES)
    return ""


def find_svg_problem(content: bytes) -> str:
    """Why an SVG may not be shown to learners, or "": it must be a plain drawing that loads and runs nothing."""
    if len(content) > MAX_SVG_BYTES:
        return _too_large("SVG", len(content), MAX_SVG_BYTES)
    if b"<?xml-stylesheet" in content:
        return _("This SVG loads a style sheet. Remove it and upload the drawing again.")
    try:
        root = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError):
        return _("This SVG cannot be read. Export the drawing again.")
    if _local(root.tag) != "svg":
        return _("This file is not an SVG drawing.")
    for element in root.iter():
        if problem := _find_element_problem(element):
            return problem
    if _count_drawn(root) > MAX_SVG_ELEMENTS:
        return _("This SVG repeats itself too often to be drawn. Simplify the drawing and upload it again.")
    return ""


def _count_drawn(root: Element) -> int:
    """How many elements drawing comes to when uses, patterns and the like are followed, each as often as it is named.

    One pass without recursion; a reference back to what is being drawn counts nothing, for renderers stop there.
    """
    named = {element.get("id"): element for element in root.iter()}
    counts: dict[Element, int] = {}
    opened: set[Element] = set()
    waiting = [root]
    while waiting:
        element = waiting[-1]
        inside = [*element, *_follow_references(element, named)]
        if element in opened:
            waiting.pop()
            counts.setdefault(element, 1 + sum(counts.get(each, 0) for each in inside))
        else:
            opened.add(element)
            waiting.extend(each for each in inside if each not in opened)
    return counts[root]


def _follow_references(element: Element, named: dict[str | None, Element]) -> list[Element]:
    links = [value.strip()[1:] for name, value in element.attrib.items() if _local(name) == "href"]
    links += [name for value in element.attrib.values() if "url(" in value for name in _SVG_REFERENCE.findall(value)]
    return [named[link] for link in links if link in named]


def _find_element_problem(element: Element) -> str:
    tag = _local(element.tag)
    if tag in _SVG_ELEMENTS:
        return _runs_code(f"<{tag}>")
    if tag == "style" and _SVG_STYLE.search("".join(element.itertext())):
        return _("This SVG's styles load something from elsewhere. Remove that and upload the drawing again.")
    for raw_name, value in element.attrib.items():
        name = _local(raw_name)
        if name.startswith("on"):
            return _runs_code(name)
        is_link = name in {"href", "src"} and not (tag == "a" and _WEB_LINK.match(value))
        if is_link and not _SVG_LINK.match(value):
            return _("This SVG refers to something outside itself (%(value)s). Embed it or remove it.") % {
                "value": value[:80]
            }
        if "(" in value and _SVG_STYLE.search(value):
            return _("This SVG's styles load something from elsewhere. Remove that and upload the drawing again.")
    if tag in {"set", "animate"} and element.get("attributeName", "").lower().endswith("href"):
        return _("This SVG changes its own links, which can run code. Remove that and upload the drawing again.")
    return ""


def _runs_code(name: str) -> str:
    return _("This SVG contains %(name)s, which can run code. Remove it and upload the drawing again.") % {"name": name}


def _local(name: Any) -> str:
    """The name without its namespace; comments and processing instructions have none."""
    return name.rpartition("}")[2].lower() if isinstance(name, str) else ""


def _too_large(name: str, size: int, limit: int) -> str:
    return _("“%(name)s” has %(size)s; at most %(limit)s are accepted.") % {
        "name": name,
        "size": filesizeformat(size),
        "limit": filesizeformat(limit),
    }


def is_new_upload(file: Any) -> bool:
    """Whether a model's file has been chosen but not been written to storage yet."""
    return bool(file) and not file._committed


def read_head(file: Any, length: int = HEAD_BYTES) -> bytes:
    """How the file begins; leaves it rewound."""
    file.seek(0)
    head: bytes = file.read(length)
    file.seek(0)
    return head


def refuse(problem: str) -> None:
    """Raise the problem, if any, at the ``file`` field."""
    if problem:
        raise ValidationError({"file": problem})
