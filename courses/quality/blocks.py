"""Checks of one block of a lesson, on what is stored and what it becomes. No query."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.blocks.base import LessonBlock, Raw, text_of
from courses.blocks.links import is_playable_url, is_web_url
from courses.blocks.quiz import QuizBlock
from courses.quality.findings import ADVICE, IDENTICAL_OPTIONS, PUBLISHING
from courses.quality.surroundings import LinkedPage, RecordingRefs, Surroundings, list_written_paths
from courses.quizzes.definition import Question
from courses.quizzes.problems import find_problems

# What is wrong: which check says so, and what to do about it.
Complaint = tuple[str, str]

IDENTICAL = {"duplicate_choices", "duplicate_lefts", "duplicate_rights", "duplicate_items"}
MANY = 5


def check_block(block: LessonBlock, value: Raw, refs: RecordingRefs, around: Surroundings) -> Iterator[Complaint]:
    """Everything to say about a block; ``refs`` has been used to render it, and knows its dead links."""
    yield from _what_publishing_says(block, value, refs)
    yield from _check_links(block, value, refs, around)
    yield from _check_files(block, value, refs)
    check = _CHECKS.get(str(block.name))
    if check is not None:
        yield from check(value)
    if isinstance(block, QuizBlock):
        yield from _check_explanations(block, value)


def _what_publishing_says(block: LessonBlock, value: Raw, refs: RecordingRefs) -> Iterator[Complaint]:
    if isinstance(block, QuizBlock):
        for fault in find_problems(block.to_quiz(value, "quiz", refs.bank)):
            yield IDENTICAL_OPTIONS if fault.code in IDENTICAL else PUBLISHING, fault.message
        return
    for problem in block.find_problems(value):
        if problem.path == ("alt",):
            yield "alternative_texts", problem.message
        else:
            yield PUBLISHING if problem.level == "error" else ADVICE, problem.message


def _check_links(block: LessonBlock, value: Raw, refs: RecordingRefs, around: Surroundings) -> Iterator[Complaint]:
    linked = [pk for kind, pk in block.references(value) if kind == "page"]
    written = {path: around.site_paths.get(path) for path in list_written_paths(value)}
    dead = [*dict.fromkeys(refs.dead_links), *(path for path, page in written.items() if page is None)]
    yield from check_page_links(linked, around, [page for page in written.values() if page is not None])
    if dead:
        text = ngettext(
            "This link leads nowhere: %(links)s. Correct or remove it.",
            "%(count)d links lead nowhere: %(links)s. Correct or remove them.",
            len(dead),
        )
        yield "broken_links", text % {"count": len(dead), "links": _list_some(dead)}


def check_page_links(
    page_ids: Iterable[int], around: Surroundings, written: Iterable[LinkedPage] = ()
) -> Iterator[Complaint]:
    """Links to pages by primary key that are gone; with the pages of written addresses, those not published."""
    linked = {pk: around.pages.get(pk) for pk in page_ids}
    gone = sum(page is None for page in linked.values())
    if gone:
        text = ngettext(
            "A link leads to a page that is gone. Choose another or remove the link.",
            "%(count)d links lead to pages that are gone. Choose others or remove the links.",
            gone,
        )
        yield "broken_links", text % {"count": gone}
    drafts = [page.title for page in (*linked.values(), *written) if page is not None and not page.is_live]
    if drafts:
        text = _("Links to what is not published are shown as plain words until it is: %(pages)s.")
        yield "unpublished_links", text % {"pages": _list_some([f"“{title}”" for title in dict.fromkeys(drafts)])}


def _list_some(names: list[str]) -> str:
    shown = ", ".join(names[:MANY])
    return (
        shown
        if len(names) <= MANY
        else _("%(names)s and %(count)d more") % {"names": shown, "count": len(names) - MANY}
    )


def _check_files(block: LessonBlock, value: Raw, refs: RecordingRefs) -> Iterator[Complaint]:
    known: dict[str, Mapping[int, Any]] = {"image": refs.images, "media": refs.media_rows, "document": refs.documents}
    gone = {kind for kind, pk in block.references(value) if kind in known and pk not in known[kind]}
    texts = {
        "image": _("The image was deleted from the library. Choose another."),
        "media": _("The file was deleted from the media library. Choose another."),
        "document": _("The document was deleted from the library. Choose another."),
    }
    for kind in sorted(gone):
        yield "missing_files", texts[kind]


def _check_video(value: Raw) -> Iterator[Complaint]:
    url = text_of(value, "url")
    if not value.get("media") and not is_web_url(url):
        return
    if not has_words(value, "transcript") and not value.get("captions"):
        if value.get("media") or is_playable_url(url):
            yield "captions", _("Add captions (a WebVTT file) or a transcript, for those who cannot hear it.")
        else:
            yield "hosted_captions", _("Make sure that the video has captions where it is hosted, or add a transcript.")
    if not value.get("media") and not text_of(value, "title").strip():
        yield "media_titles", _("Give the video a title: learners see nothing else of it when it cannot be loaded.")


def _check_audio(value: Raw) -> Iterator[Complaint]:
    url = text_of(value, "url")
    if not value.get("media") and not is_web_url(url):
        return
    if not has_words(value, "transcript"):
        yield "transcripts", _("Add a transcript, for those who cannot hear it.")
    if not value.get("media") and not text_of(value, "title").strip():
        yield "media_titles", _("Give the recording a title.")


def _check_embed(value: Raw) -> Iterator[Complaint]:
    if is_web_url(text_of(value, "url")) and not text_of(value, "title").strip():
        yield "media_titles", _("Give it a title: the bare address says nothing to a screen reader.")


_CHECKS: dict[str, Callable[[Raw], Iterator[Complaint]]] = {
    "video": _check_video,
    "audio": _check_audio,
    "embed": _check_embed,
}


def has_words(value: Raw, name: str) -> bool:
    """Whether a rich text field holds more than the empty paragraph that the editor stores for nothing."""
    words = text_of(value, name)
    return bool("".join(part.split(">")[-1] for part in words.split("<")).strip()) if words else False


def _check_explanations(block: QuizBlock, value: Raw) -> Iterator[Complaint]:
    """Of the quiz's own questions; those of the bank are explained there."""
    quiz = block.to_quiz(value, "quiz")
    bare = [place for place, question in enumerate(quiz.questions, start=1) if not is_explained(question)]
    if not bare:
        return
    if len(bare) == len(quiz.questions):
        yield "explanations", _("No question has an explanation. Say why the right answer is right.")
        return
    text = ngettext(
        "Question %(places)s has no explanation. Say why the right answer is right.",
        "Questions %(places)s have no explanation. Say why the right answers are right.",
        len(bare),
    )
    yield "explanations", text % {"places": _list_some([str(place) for place in bare])}


def is_explained(question: Question) -> bool:
    """By an explanation, or feedback on every choice. Whoever marks an essay explains it."""
    if question.type == "essay" or question.explanation.strip():
        return True
    return bool(question.choices) and all(choice.feedback.strip() for choice in question.choices)
