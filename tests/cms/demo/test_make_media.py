"""The script behind the committed media."""

from pathlib import Path

import webvtt

from cms.demo.designs import SIGNATURES
from cms.demo.make_media import PAUSE, PICTURES, clock, write_captions
from cms.demo.recordings import Step


def test_clock_writes_webvtt_times():
    assert [clock(0), clock(5.0454), clock(75.5)] == ["00:00:00.000", "00:00:05.045", "00:01:15.500"]


def test_captions_have_one_cue_a_sentence_and_end_in_the_pause():
    text = write_captions([Step("One."), Step("Two.")], [2.0, 3.0])
    cues = [(cue.start_in_seconds, round(cue.end_in_seconds, 3), cue.text) for cue in webvtt.from_string(text)]
    assert [(start, words) for start, _end, words in cues] == [(0, "One."), (2, "Two.")]
    assert "--> " + clock(5.0 - PAUSE / 2) in text


def test_every_picture_of_the_script_is_committed_with_its_drawing():
    art = Path(__file__).parents[3] / "cms" / "demo" / "art"
    assert [name for name, target, _width, _height in PICTURES if not target.exists()] == []
    as_they_are = [path.stem for path, _title in SIGNATURES.values()]
    assert sorted(path.stem for path in art.glob("*.svg")) == sorted([*as_they_are, *(row[0] for row in PICTURES)])
