"""What is heard, seen and read in the demo's recordings is the same."""

import webvtt

from cms.demo.make_media import SELLING
from cms.demo.recordings import CALL, VIDEO, Step, draw_slide
from courses.blocks.html import plain_text
from courses.packs.reader import read_pack


def read_transcript(kind: str) -> str:
    pack = read_pack(SELLING.parent)
    return next(
        plain_text(block.fields["transcript"])
        for lesson in pack.lessons
        for block in lesson.blocks
        if block.type == kind
    )


def test_slide_shows_number_heading_and_quote():
    slide = draw_slide(Step("One.", "1", "Purpose", ("Thank you", "for the time.")))
    assert [slide.count(words) for words in (">1<", ">Purpose<", ">Thank you<", ">for the time.<")] == [1, 1, 1, 1]


def test_transcript_of_the_call_is_what_is_said():
    said = " ".join(f"{turn.speaker}: {turn.spoken}" for turn in CALL)
    assert read_transcript("audio").replace(" :", ":") == said


def test_committed_captions_are_the_spoken_sentences():
    captions = webvtt.read(str(SELLING / "open-the-call.en.vtt"))
    assert [cue.text for cue in captions] == [step.spoken for step in VIDEO]
