"""Draws and records the media of the demo courses: ``python -m cms.demo.make_media [PART ...]``.

Parts are pictures, video, call and worksheet. The results are committed, so nobody needs to run this to install or to
show the demo. It wants what only an author's machine has: Chromium (pictures), ffmpeg with libflite, libx264 and
libmp3lame (sound and film), the font Inter.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from PIL import Image
from weasyprint import HTML

from cms.demo.recordings import CALL, VIDEO, Step, draw_slide

HERE = Path(__file__).parent
ART = HERE / "art"
SELLING = HERE / "courses" / "consultative-selling" / "media"
CONVERSATIONS = HERE / "courses" / "customer-conversations" / "media"
RENEWALS = HERE / "courses" / "renewal-negotiations" / "media"
ERSTGESPRAECH = HERE / "courses" / "erstgespraech" / "media"
CERTIFICATES = HERE / "certificates"

PICTURES: tuple[tuple[str, Path, int, int], ...] = (
    ("cover-consultative-selling", SELLING / "cover.jpg", 1600, 900),
    ("talk-time", SELLING / "talk-time.png", 1400, 760),
    ("buying-group", SELLING / "buying-group.png", 1400, 860),
    ("question-ladder", SELLING / "question-ladder.png", 1400, 820),
    ("value-bridge", SELLING / "value-bridge.png", 1400, 840),
    ("divider", SELLING / "divider.png", 1400, 280),
    ("portrait-amara", SELLING / "amara-okafor.jpg", 480, 480),
    ("portrait-jonas", SELLING / "jonas-lindqvist.jpg", 480, 480),
    ("cover-customer-conversations", CONVERSATIONS / "cover.jpg", 1600, 900),
    ("call-arc", CONVERSATIONS / "call-arc.png", 1400, 700),
    ("portrait-mei", CONVERSATIONS / "mei-tanaka.jpg", 480, 480),
    ("cover-renewals", RENEWALS / "cover.jpg", 1600, 900),
    ("cover-erstgespraech", ERSTGESPRAECH / "cover.jpg", 1600, 900),
    ("certificate-rings", CERTIFICATES / "rings.jpg", 1700, 2200),
    ("certificate-logo", CERTIFICATES / "logo.png", 900, 300),
)

PAUSE = 0.55  # seconds of silence after a sentence
FADE = 0.35  # seconds of cross-fade between two slides
CLEAN_VOICE = "highpass=f=90,acompressor=threshold=-20dB:ratio=2.5,loudnorm=I=-18:TP=-2:LRA=7,aresample=44100"


def run(*command: str | Path) -> str:
    """Run a program and return what it printed; raises CalledProcessError when it fails."""
    words = [str(word) for word in command]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout  # noqa: S603


def photograph(svg: Path, target: Path, width: int, height: int) -> None:
    """Rasterise an SVG with Chromium: JPEG for covers and portraits, a 128-colour PNG for diagrams."""
    with tempfile.TemporaryDirectory() as folder:
        shot = Path(folder) / "shot.png"
        size = f"--window-size={width},{height}"
        run("chromium", "--headless", "--no-sandbox", "--hide-scrollbars", size, f"--screenshot={shot}", svg.as_uri())
        picture = Image.open(shot).convert("RGB")
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix == ".jpg":
            picture.save(target, quality=86, optimize=True, progressive=True)
        else:
            picture.quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)


def make_pictures() -> None:
    for name, target, width, height in PICTURES:
        photograph(ART / f"{name}.svg", target, width, height)


def speak(text: str, voice: str, target: Path, folder: Path) -> float:
    """Speak a sentence into a WAV file, followed by the pause, and return its length in seconds."""
    words = folder / "words.txt"
    words.write_text(text)
    source = f"flite=textfile={words}:voice={voice}"
    run("ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", source, "-af", f"apad=pad_dur={PAUSE}", target)
    return float(run("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", target))


def join_sound(parts: Iterable[Path], target: Path, folder: Path) -> None:
    listing = folder / "parts.txt"
    listing.write_text("".join(f"file '{part}'\n" for part in parts))
    run("ffmpeg", "-y", "-v", "error", "-f", "concat", "-safe", "0", "-i", listing, "-af", CLEAN_VOICE, target)


def make_video() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lengths = [speak(step.spoken, "slt", folder / f"{i}.wav", folder) for i, step in enumerate(VIDEO)]
        join_sound((folder / f"{i}.wav" for i in range(len(VIDEO))), folder / "voice.wav", folder)
        for i, step in enumerate(VIDEO):
            (folder / f"{i}.svg").write_text(draw_slide(step))
            photograph(folder / f"{i}.svg", folder / f"{i}.png", 1280, 720)
        film(folder, lengths, SELLING / "open-the-call.mp4")
        (folder / "poster.svg").write_text(draw_slide(VIDEO[1]))
        photograph(folder / "poster.svg", SELLING / "open-the-call.jpg", 1280, 720)
    (SELLING / "open-the-call.en.vtt").write_text(write_captions(VIDEO, lengths))


def film(folder: Path, lengths: list[float], target: Path) -> None:
    """Cross-fade the slides at the sentence ends and lay the voice under them."""
    command: list[str | Path] = ["ffmpeg", "-y", "-v", "error"]
    for i, length in enumerate(lengths):
        command += ["-loop", "1", "-framerate", "25", "-t", f"{length + FADE:.3f}", "-i", folder / f"{i}.png"]
    chain, last, offset = [], "[0:v]", 0.0
    for i, length in enumerate(lengths[:-1], start=1):
        offset += length
        chain.append(f"{last}[{i}:v]xfade=transition=fade:duration={FADE}:offset={offset:.3f}[v{i}]")
        last = f"[v{i}]"
    chain.append(f"{last}format=yuv420p[v]")
    command += [
        "-i",
        folder / "voice.wav",
        "-filter_complex",
        ";".join(chain),
        "-map",
        "[v]",
        "-map",
        f"{len(lengths)}:a",
    ]
    command += ["-c:v", "libx264", "-preset", "slow", "-tune", "animation", "-crf", "24", "-g", "50"]
    command += ["-c:a", "aac", "-b:a", "80k", "-ac", "1", "-shortest", "-movflags", "+faststart", target]
    run(*command)


def write_captions(steps: Iterable[Step], lengths: list[float]) -> str:
    """WebVTT with one cue a sentence; the cue ends where the pause begins."""
    cues, start = ["WEBVTT"], 0.0
    for step, length in zip(steps, lengths, strict=True):
        cues.append(f"{clock(start)} --> {clock(start + length - PAUSE / 2)}\n{step.spoken}")
        start += length
    return "\n\n".join(cues) + "\n"


def clock(seconds: float) -> str:
    return f"00:{int(seconds // 60):02}:{seconds % 60:06.3f}"


def make_call() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = [folder / f"{i}.wav" for i in range(len(CALL))]
        for turn, part in zip(CALL, parts, strict=True):
            speak(turn.spoken, turn.voice, part, folder)
        join_sound(parts, folder / "call.wav", folder)
        sound = ("-c:a", "libmp3lame", "-b:a", "40k", "-ac", "1", "-ar", "22050")
        run("ffmpeg", "-y", "-v", "error", "-i", folder / "call.wav", *sound, SELLING / "discovery-call.mp3")


def make_worksheet() -> None:
    HTML(ART / "call-plan-worksheet.html").write_pdf(SELLING / "call-plan-worksheet.pdf")


PARTS = {"pictures": make_pictures, "video": make_video, "call": make_call, "worksheet": make_worksheet}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
