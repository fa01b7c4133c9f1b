"""What is said and shown in the demo's video and audio: the one source of sound, slides, captions and transcripts."""

from dataclasses import dataclass

INK, SAND, AMBER = "#103b3f", "#f6f1e7", "#e9a23b"
BUBBLE = (
    "M148 272h984a40 40 0 0 1 40 40v236a40 40 0 0 1-40 40H330l-90 84v-84h-92a40 40 0 0 1-40-40V312a40 40 0 0 1 40-40z"
)


@dataclass(frozen=True)
class Step:
    """One sentence of the video and the slide that is up while it is spoken."""

    spoken: str
    number: str = ""
    heading: str = ""
    quote: tuple[str, ...] = ()
    footer: str = ""


@dataclass(frozen=True)
class Turn:
    """One turn of the recorded call; ``voice`` is a flite voice."""

    speaker: str
    voice: str
    spoken: str


VIDEO = (
    Step(
        "The first half minute decides what comes next: a conversation, or a pitch.",
        heading="Open the call|in thirty seconds",
    ),
    Step("Three sentences are enough.", heading="Open the call|in thirty seconds", footer="Three sentences are enough"),
    Step("One. Purpose. Say why you are both here.", "1", "Purpose"),
    Step(
        "Lena, thank you for the time. You wrote that waiting trucks are costing you overtime.",
        "1",
        "Purpose",
        ("Lena, thank you for the time.", "You wrote that waiting trucks", "are costing you overtime."),
    ),
    Step("Two. Plan. Say what will happen.", "2", "Plan"),
    Step(
        "I would like to hear how your mornings run, then show you what two similar depots changed.",
        "2",
        "Plan",
        ("I would like to hear how your", "mornings run, then show you what", "two similar depots changed."),
    ),
    Step("Three. Permission. Agree how the call may end.", "3", "Permission"),
    Step(
        "If it looks useful, we choose a next step. If not, we say so. Does that work for you?",
        "3",
        "Permission",
        ("If it looks useful, we choose", "a next step. If not, we say so.", "Does that work for you?"),
    ),
    Step("Purpose. Plan. Permission.", heading="Purpose.|Plan.|Permission."),
    Step(
        "Then stop talking, and listen.", heading="Purpose.|Plan.|Permission.", footer="Then stop talking, and listen"
    ),
)

CALL = (
    Turn(
        "Sam",
        "rms",
        "Lena, before we talk about scheduling, walk me through yesterday morning. What happened between six and nine?",
    ),
    Turn("Lena", "slt", "Honestly? Eleven trucks turned up for four docks. Two of them had no booking at all."),
    Turn("Sam", "rms", "Eleven for four. How did you decide who went first?"),
    Turn("Lena", "slt", "Whoever shouted loudest. The fish went last, and we had to reject half a pallet."),
    Turn("Sam", "rms", "That sounds costly. How often does it happen?"),
    Turn("Lena", "slt", "Three mornings a week, I would say."),
    Turn("Sam", "rms", "And when it does, who feels it, besides your team?"),
    Turn(
        "Lena", "slt", "Priya. She signs the overtime. And the haulage firms have started to send us waiting charges."
    ),
    Turn("Sam", "rms", "Do you know roughly what those come to?"),
    Turn("Lena", "slt", "No. But Tom in finance will."),
    Turn(
        "Sam",
        "rms",
        "Let me play that back. Three mornings a week you have more trucks than docks, fresh goods suffer, "
        "and the waiting charges land with Tom. Have I got that right?",
    ),
    Turn("Lena", "slt", "Yes. Nobody has put it that plainly before."),
    Turn("Sam", "rms", "Then may I ask: what would a good morning look like?"),
)


def draw_slide(step: Step) -> str:
    """The slide as a 1280 x 720 SVG; ``|`` breaks the heading into lines."""
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 720" font-family="Inter, sans-serif">',
        f'<rect width="1280" height="720" fill="{INK}"/>',
        '<circle cx="1130" cy="60" r="270" fill="#15494d"/><circle cx="90" cy="700" r="210" fill="#0d3236"/>',
    ]
    lines = step.heading.split("|")
    if step.number:
        parts.append(f'<circle cx="150" cy="160" r="62" fill="{AMBER}"/>')
        parts.append(_text(150, 181, 60, INK, step.number, anchor="middle"))
        parts.append(_text(246, 184, 72, SAND, step.heading))
    else:
        top = 330 - 45 * (len(lines) - 1)
        parts += [_text(120, top + 104 * row, 88, SAND, line) for row, line in enumerate(lines)]
    if step.quote:
        parts.append(f'<path d="{BUBBLE}" fill="{SAND}"/>')
        parts += [_text(170, 366 + 70 * row, 46, INK, line, weight=500) for row, line in enumerate(step.quote)]
    if step.footer:
        parts.append(f'<rect x="120" y="584" width="84" height="10" rx="5" fill="{AMBER}"/>')
        parts.append(_text(120, 652, 42, AMBER, step.footer, weight=600))
    return "".join([*parts, "</svg>"])


def _text(x: int, y: int, size: int, fill: str, text: str, *, weight: int = 700, anchor: str = "start") -> str:
    look = f'font-size="{size}" font-weight="{weight}" fill="{fill}" text-anchor="{anchor}"'
    return f'<text x="{x}" y="{y}" {look}>{text}</text>'
