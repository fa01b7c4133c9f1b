"""One block of every type for the lesson page, with the awkward cases: no file, no frame, no picture."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace as Row
from typing import Any

from cms.styleguide.content import sample_image
from cms.styleguide.moments import NOW, days
from learners.views.cards import TimerView

TEXT = (
    "<h2 id='opening'>The first sentence</h2><p>People decide within <strong>ten seconds</strong> whether they want to"
    " go on listening. That is not rude, it is self-defence: they get nine calls a week that waste their time. So the"
    " first sentence has one job, to show that yours will not. <a href='#opening'>Read more</a>.</p>"
    "<p>Three things help:</p><ul><li>say who you are in six words,</li><li>name a reason that is theirs, not"
    " yours,</li><li>ask for a small amount of time.</li></ul>"
    "<blockquote><p>Nobody was ever annoyed by a call that was about them.</p></blockquote>"
    "<h3 id='reason'>A reason that is theirs</h3><p>Look at the company for five minutes before you dial. What has"
    " changed? Whoever has just opened a second site thinks about other things than whoever has just closed one.</p>"
)
MARKDOWN = (
    "<h2 id='plan'>A plan in three lines</h2><ol><li>Write down the <em>one</em> question you want answered.</li>"
    "<li>Write down why it matters to them.</li><li>Call.</li></ol>"
    "<p>Use <code>plan --short</code> if you work on the command line.</p>"
)
CODE = """def open_call(name: str, reason: str) -> str:
    \"\"\"Ten seconds, no more.\"\"\"
    return f"Hello {name}, I call because {reason}."
"""
LAST_COUNTS = "Your last attempt counts."
ROWS = [
    ["Opening", "Goes on listening", "Hangs up"],
    ["“Do you have a minute?”", "31 %", "69 %"],
    ["“I saw your second site”", "64 %", "36 %"],
    ["“We are the leading…”", "9 %", "91 %"],
]


def make_file(name: str, content_type: str, size: int) -> dict[str, Any]:
    return {
        "kind": "document",
        "id": 1,
        "name": name,
        "content_type": content_type,
        "size": size,
        "url": f"/files/sample/{name}",
    }


def _video(**changes: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        "type": "video",
        "title": "",
        "provider": "file",
        "video_id": "",
        "url": "",
        "is_playable": False,
    }
    rest: dict[str, Any] = {"file": None, "poster": None, "captions": [], "transcript": "", "duration": None}
    return empty | rest | changes


def _raw_blocks() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    captions = [{"language": "en", "label": "English", "file": make_file("call.vtt", "text/vtt", 900)}]
    transcript = "<p>Hello, my name is Maren. I have a question about your second site.</p>" * 3
    yield {"type": "text", "html": TEXT}, {}
    yield (
        _video(
            title="A call that goes well",
            file=make_file("call.mp4", "video/mp4", 48_000_000),
            poster=sample_image(),
            captions=captions,
            transcript=transcript,
            duration=754.0,
            is_required=True,
        ),
        {"state": "in_progress", "position": 133.5},
    )
    yield (
        {"type": "callout", "kind": "tip", "title": "Stand up", "html": "<p>Voices sound friendlier on two feet.</p>"},
        {},
    )
    yield {"type": "markdown", "html": MARKDOWN, "is_required": True}, {"state": "not_started", "complete_url": "#"}
    yield (
        {
            "type": "image",
            "image": sample_image(),
            "alt": "A desk with a telephone and a notebook",
            "is_decorative": False,
            "caption": "Everything you need fits on one table.",
        },
        {},
    )
    timed = {"is_required": True, "time_limit": 10}
    yield {"type": "audio", "title": "A recording of limited time"} | timed, {"is_waiting": True, "start_url": "#"}
    yield {"type": "text", "html": "<p>Ten minutes, no more.</p>"} | timed, {"timer": make_timer(), "complete_url": "#"}
    yield {"type": "text", "html": "<p>Too late.</p>"} | timed, {"is_over": True}
    yield {"type": "image", "image": None, "alt": "A call plan on one page", "is_decorative": False, "caption": ""}, {}
    yield (
        {
            "type": "audio",
            "title": "Listening exercise",
            "url": "",
            "file": make_file("exercise.mp3", "audio/mpeg", 4_000_000),
            "transcript": transcript,
            "duration": 312.0,
            "is_required": True,
        },
        {"state": "completed"},
    )
    yield {"type": "code", "code": CODE, "code_language": "Python", "caption": "An opening as a function."}, {}
    yield (
        {
            "type": "table",
            "caption": "What happens after the first sentence",
            "rows": ROWS,
            "has_header_row": True,
            "has_header_column": True,
        },
        {},
    )
    yield {"type": "callout", "kind": "warning", "title": "", "html": "<p>Never call before nine.</p>"}, {}
    yield (
        {"type": "callout", "kind": "info", "title": "", "html": "<p>The law on first calls differs by country.</p>"},
        {},
    )
    yield (
        {"type": "callout", "kind": "success", "title": "Half way", "html": "<p>You have done the difficult part.</p>"},
        {},
    )
    yield (
        {
            "type": "file",
            "title": "Call plan worksheet",
            "description": "One page to fill in before each call.",
            "file": make_file("call-plan-worksheet.pdf", "application/pdf", 184_320),
            "is_required": True,
        },
        {"state": "completed"},
    )
    yield {"type": "file", "title": "Checklist", "description": "", "file": None}, {}
    yield _video(title="An interview elsewhere", provider="url", url="https://media.example.org/talks/interview"), {}
    yield _video(title="A film that is still missing"), {}
    yield (
        {"type": "embed", "url": "https://forms.example.org/survey", "title": "Tell us how it went", "frame_url": ""},
        {},
    )
    yield make_quiz_block(), {"quiz": make_quiz_card(), "is_required": True}


def make_timer() -> TimerView:
    """Seven of ten minutes are left."""
    return TimerView(NOW, NOW + timedelta(minutes=10), NOW + timedelta(minutes=3))


def make_quiz_block() -> dict[str, Any]:
    return {
        "type": "quiz",
        "title": "What did you take along?",
        "introduction": "Five short questions about the first minute.",
        "question_count": 5,
        "points": 6,
        "pass_percent": 70,
        "attempts_allowed": 3,
        "shuffle_questions": True,
        "shuffle_choices": True,
        "time_limit": 15,
        "is_required": True,
    }


def make_quiz_card(**changes: Any) -> Row:
    facts: dict[str, Any] = {
        "open_url": "#",
        "open_attempt_url": None,
        "attempts_used": 0,
        "attempts_allowed": 3,
        "attempts_left": 3,
        "best_score": None,
        "passed": False,
        "can_open": True,
        "message": "",
        "enrolment_id": 1,
        "lesson_id": "lesson-2",
        "block_id": "quiz",
        "attempts": [],
    }
    return Row(**(facts | changes))


def make_attempts(*scores: float) -> list[Row]:
    return [
        Row(
            number=number,
            score=score,
            passed=score >= 70,
            url="/styleguide/?page=result",
            submitted_at=NOW - days(9 - number),
        )
        for number, score in enumerate(scores, start=1)
    ]


def make_waiting_attempt() -> Row:
    return Row(number=1, score=None, passed=None, url="/styleguide/?page=result-waiting", submitted_at=NOW)


def make_quiz_cards() -> list[tuple[str, Row | None]]:
    """Every state of a quiz, with its name."""
    used = {"attempts_used": 1, "attempts_left": 2, "best_score": 50.0, "attempts": make_attempts(50.0)}
    return [
        ("Not tried yet", make_quiz_card()),
        ("An attempt is open", make_quiz_card(attempts_used=1, open_attempt_url="#", can_open=False)),
        ("Failed, may try again", make_quiz_card(**used)),
        (
            "Passed",
            make_quiz_card(
                attempts_used=2, attempts_left=1, best_score=83.33, passed=True, attempts=make_attempts(50.0, 83.33)
            ),
        ),
        (
            "No attempts left",
            make_quiz_card(
                attempts_used=3,
                attempts_left=0,
                best_score=66.67,
                can_open=False,
                message="You have used all attempts.",
                attempts=make_attempts(50.0, 33.3, 66.67),
            ),
        ),
        (
            "Cooling down",
            make_quiz_card(**used | {"can_open": False, "available_at": NOW + days(1)}, score_note=LAST_COUNTS),
        ),
        (
            "Waiting to be marked",
            make_quiz_card(attempts_used=1, attempts_left=2, attempts=[make_waiting_attempt()]),
        ),
        (
            "More time and attempts",
            make_quiz_card(attempts_allowed=5, attempts_left=5, limit_minutes=23, extra_attempts=2),
        ),
        ("No time limit for this learner", make_quiz_card(is_untimed=True)),
        ("Not enrolled", None),
    ]


def make_block_views(*, is_enrolled: bool = True) -> list[Row]:
    views = []
    for number, (block, view) in enumerate(_raw_blocks(), start=1):
        whole = {"id": f"b{number}", "is_required": False, "time_limit": None} | block
        facts = {"state": "not_started", "position": 0.0, "complete_url": None, "quiz": None} | view
        facts["is_required"] = whole["is_required"]
        if not is_enrolled:
            facts |= {"state": "not_started", "complete_url": None, "quiz": None, "is_required": False}
        views.append(Row(block=whole, paper=None, **facts))
    return views
