"""Blocks of pictures, sound and files: image, video, audio, download, embed."""

from collections.abc import Iterator
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, IntegerBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtailmedia.blocks import AudioChooserBlock, VideoChooserBlock

from courses.blocks.base import (
    RICH_TEXT,
    BlockProblem,
    LessonBlock,
    LineBlock,
    PlainTextBlock,
    Raw,
    WebUrlBlock,
    int_of,
    text_of,
    title_block,
)
from courses.blocks.captions import check_webvtt
from courses.blocks.html import render_rich_text
from courses.blocks.links import is_playable_url, is_web_url, parse_hosted_video
from courses.blocks.refs import Reference, Refs, reference
from courses.blocks.text import rich_text_references
from courses.blocks.translation import ReplaceableCharBlock, SyncedCharBlock


def file_name_block() -> SyncedCharBlock:
    """The name of the file an import could not find; shown so that the editor knows what to choose."""
    return SyncedCharBlock(
        required=False,
        max_length=255,
        label=_("File name in the import"),
        help_text=_("Set by imports. It names the file that belongs here while none is chosen."),
    )


class ImageBlock(LessonBlock):
    image = ImageChooserBlock(required=False, label=_("Image"))
    alt = LineBlock(
        required=False,
        max_length=500,
        label=_("Alternative text"),
        help_text=_("Says what the image shows to those who cannot see it."),
    )
    is_decorative = BooleanBlock(
        required=False,
        default=False,
        label=_("Decorative"),
        help_text=_("The image adds nothing to the words; screen readers skip it."),
    )
    caption = title_block(label=_("Caption"))
    file_name = file_name_block()

    settings_first = ("file_name",)

    class Meta:
        icon = "image"
        label = _("Image")
        group = _("Media")
        label_format = "{alt}"
        form_classname = "struct-block cw-grid"
        description = _("A picture with alternative text and a caption.")

    def to_document(self, raw: Raw, refs: Refs) -> dict[str, Any]:
        is_decorative = bool(raw.get("is_decorative"))
        alt = "" if is_decorative else text_of(raw, "alt")
        return {
            "image": refs.image(raw.get("image"), alt),
            "alt": alt,
            "is_decorative": is_decorative,
            "caption": text_of(raw, "caption"),
        }

    def references(self, raw: Raw) -> Iterator[Reference]:
        return reference("image", raw.get("image"))

    def find_problems(self, raw: Raw) -> list[BlockProblem]:
        if not raw.get("image"):
            return [BlockProblem(_missing_file(raw, _("Choose an image.")), ("image",), "warning")]
        if text_of(raw, "alt").strip() or raw.get("is_decorative"):
            return []
        return [BlockProblem(str(_("Describe the image in words, or mark it as decorative.")), ("alt",))]


class CaptionsItem(StructBlock):
    """One caption track."""

    file = DocumentChooserBlock(required=True, label=_("WebVTT file"))
    language = ReplaceableCharBlock(
        default="en", max_length=12, label=_("Language"), help_text=_("Code, such as en or de.")
    )
    label = LineBlock(required=False, max_length=60, label=_("Label"), help_text=_("As the player shows it."))

    class Meta:
        icon = "openquote"
        label = _("Captions")
        label_format = "{language} {label}"
        form_classname = "struct-block cw-grid"

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        check_webvtt(value.get("file"))
        return value


DEFAULT_PERCENT = 90


def required_percent_block() -> IntegerBlock:
    return IntegerBlock(
        required=False,
        default=DEFAULT_PERCENT,
        min_value=1,
        max_value=100,
        label=_("Completed at"),
        help_text=_("Percent of its seconds that a learner must play, each counted once. Only for uploaded files."),
    )


class VideoBlock(LessonBlock):
    title = title_block(label=_("Title"))
    media = VideoChooserBlock(required=False, label=_("Video file"), help_text=_("Or give an address below."))
    url = WebUrlBlock(
        required=False,
        label=_("Address"),
        help_text=_("A YouTube or Vimeo page, or a video file elsewhere. Not used while a file is chosen."),
    )
    poster = ImageChooserBlock(required=False, label=_("Poster image"))
    captions = StreamBlock([("captions", CaptionsItem())], required=False, label=_("Captions"))
    transcript = RichTextBlock(required=False, features=RICH_TEXT, label=_("Transcript"))
    required_percent = required_percent_block()
    file_name = file_name_block()

    settings_first = ("file_name", "required_percent")

    class Meta:
        icon = "wagtailmedia-video"
        label = _("Video")
        group = _("Media")
        label_format = "{title}"
        description = _("An uploaded video, YouTube, Vimeo or a video elsewhere, with captions and transcript.")
        preview_value = {"title": "A first call", "url": "https://www.youtube.com/watch?v=ScMzIvxBSi4"}

    def to_document(self, raw: Raw, refs: Refs) -> dict[str, Any]:
        file, url = refs.media(raw.get("media")), text_of(raw, "url")
        hosted = None if file else parse_hosted_video(url)
        external = url if is_web_url(url) and not file and not hosted else ""
        provider = "file" if file or not (hosted or external) else hosted.provider if hosted else "url"
        return {
            "title": text_of(raw, "title"),
            "provider": provider,
            "video_id": hosted.video_id if hosted else "",
            "url": external,
            "is_playable": is_playable_url(external),
            "file": file,
            "poster": refs.image(raw.get("poster")),
            "captions": [track for item in raw.get("captions") or [] if (track := _track(item["value"], refs))],
            "transcript": render_rich_text(text_of(raw, "transcript"), refs),
            "duration": refs.media_duration(raw.get("media")),
            "required_percent": _required_percent(raw),
        }

    def references(self, raw: Raw) -> Iterator[Reference]:
        yield from reference("media", raw.get("media"))
        yield from reference("image", raw.get("poster"))
        for item in raw.get("captions") or []:
            yield from reference("document", item["value"].get("file"))
        yield from rich_text_references(text_of(raw, "transcript"))

    def find_problems(self, raw: Raw) -> list[BlockProblem]:
        return [
            *_missing_source(raw, _("Choose a video file or give the address of a video.")),
            *_unmeasured(raw),
        ]


def _track(raw: Raw, refs: Refs) -> dict[str, Any] | None:
    file = refs.document(raw.get("file"))
    if file is None:
        return None
    language = text_of(raw, "language") or "en"
    return {"language": language, "label": text_of(raw, "label") or language, "file": file}


class AudioBlock(LessonBlock):
    title = title_block(label=_("Title"))
    media = AudioChooserBlock(required=False, label=_("Audio file"), help_text=_("Or give an address below."))
    url = WebUrlBlock(
        required=False, label=_("Address"), help_text=_("A sound file elsewhere. Not used while a file is chosen.")
    )
    transcript = RichTextBlock(required=False, features=RICH_TEXT, label=_("Transcript"))
    required_percent = required_percent_block()
    file_name = file_name_block()

    settings_first = ("file_name", "required_percent")

    class Meta:
        icon = "wagtailmedia-audio"
        label = _("Audio")
        group = _("Media")
        label_format = "{title}"
        description = _("An uploaded recording or one elsewhere, with a transcript.")

    def to_document(self, raw: Raw, refs: Refs) -> dict[str, Any]:
        file, url = refs.media(raw.get("media")), text_of(raw, "url")
        return {
            "title": text_of(raw, "title"),
            "url": "" if file or not is_web_url(url) else url,
            "file": file,
            "transcript": render_rich_text(text_of(raw, "transcript"), refs),
            "duration": refs.media_duration(raw.get("media")),
            "required_percent": _required_percent(raw),
        }

    def references(self, raw: Raw) -> Iterator[Reference]:
        yield from reference("media", raw.get("media"))
        yield from rich_text_references(text_of(raw, "transcript"))

    def find_problems(self, raw: Raw) -> list[BlockProblem]:
        return [*_missing_source(raw, _("Choose an audio file or give the address of one.")), *_unmeasured(raw)]


class DownloadBlock(LessonBlock):
    title = title_block(label=_("Title"))
    description = PlainTextBlock(required=False, rows=2, max_length=1000, label=_("Description"))
    document = DocumentChooserBlock(required=False, label=_("Document"))
    file_name = file_name_block()

    settings_first = ("file_name",)

    class Meta:
        icon = "doc-full"
        label = _("File download")
        group = _("Media")
        label_format = "{title}"
        description = _("A document that learners may download.")

    def to_document(self, raw: Raw, refs: Refs) -> dict[str, Any]:
        file = refs.document(raw.get("document"))
        title = text_of(raw, "title") or (file["name"] if file else text_of(raw, "file_name"))
        return {"title": title, "description": text_of(raw, "description"), "file": file}

    def references(self, raw: Raw) -> Iterator[Reference]:
        return reference("document", raw.get("document"))

    def find_problems(self, raw: Raw) -> list[BlockProblem]:
        if raw.get("document"):
            return []
        return [BlockProblem(_missing_file(raw, _("Choose a document.")), ("document",), "warning")]


class EmbedBlock(LessonBlock):
    url = WebUrlBlock(required=True, label=_("Address"))
    title = title_block(label=_("Title"), help_text=_("Says what the page or video is."))

    class Meta:
        icon = "link-external"
        label = _("Embed or link")
        group = _("Media")
        label_format = "{title}"
        description = _("Shows YouTube and Vimeo in a frame and links to every other page.")
        preview_value = {"url": "https://vimeo.com/76979871", "title": "A talk worth watching"}

    def to_document(self, raw: Raw, refs: Refs) -> dict[str, Any]:
        url = text_of(raw, "url")
        url = url if is_web_url(url) else ""
        hosted = parse_hosted_video(url)
        return {"url": url, "title": text_of(raw, "title"), "frame_url": hosted.frame_url if hosted else ""}

    def find_problems(self, raw: Raw) -> list[BlockProblem]:
        if is_web_url(text_of(raw, "url")):
            return []
        return [BlockProblem(str(_("Give the address of a page, beginning with https://.")), ("url",))]


def _required_percent(raw: Raw) -> int:
    return max(1, min(100, int_of(raw, "required_percent", DEFAULT_PERCENT)))


def _unmeasured(raw: Raw) -> list[BlockProblem]:
    """Only a file of our own has a length that the server knows."""
    if raw.get("media") or _required_percent(raw) == DEFAULT_PERCENT or not is_web_url(text_of(raw, "url")):
        return []
    message = _(
        "The length of what stands elsewhere is not known: learners mark it as done, “completed at” is not used."
    )
    return [BlockProblem(str(message), ("required_percent",), "warning")]


def _missing_file(raw: Raw, message: Any) -> str:
    name = text_of(raw, "file_name")
    return str(_("The imported file “%(name)s” is missing.") % {"name": name}) if name else str(message)


def _missing_source(raw: Raw, message: Any) -> list[BlockProblem]:
    """A required video or audio must have something to play; an optional one may still wait for it."""
    url = text_of(raw, "url")
    if raw.get("media") or is_web_url(url):
        return []
    level: Literal["error", "warning"] = "error" if raw.get("is_required", True) else "warning"
    return [BlockProblem(_missing_file(raw, message), ("media",), level)]
