"""Hypothesis strategies for whole courses as editors, programs and older versions may have stored them."""

import datetime
import json
from typing import Any

from hypothesis import strategies as st

from courses.blocks.html import plain_text
from courses.packs.yaml_writer import to_clean_text
from courses.quizzes.definition import REVIEW_POLICIES, SCORE_POLICIES

ids = st.uuids(version=4).map(str)
odd = st.sampled_from(
    [
        *(
            "",
            "~",
            "no",
            "1.0",
            "- a",
            "a: b",
            "a #b",
            " a ",
            "a\nb",
            "\n\na\n\n",
            "a\r\nb",
            "a\x0bb\x07",
            "#a",
            "x\u2028y",
        ),
        *(
            "<!-- block text x -->",
            "```",
            "```{quiz}",
            "---",
            "…”“",
            "日本語",
            "😀",
            "\u202eabc",
            "a\tb",
            "{a}",
            "[[a]]",
        ),
    ]
)
# No NUL and no half surrogate: databases hold neither.
any_text = odd | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
some_text = any_text.filter(lambda text: text.strip() != "")
line = any_text.map(lambda text: text[:60])
slugs = st.sampled_from(["con", "A_b", "a-b", "intro", "intro", "x" * 200, "NUL", "module"])
maybe = st.none() | st.integers(1, 90)
flags = st.booleans()
# What only packs write has no characters that packs refuse.
clean = any_text.map(to_clean_text)
unknown = st.dictionaries(
    st.sampled_from(["x-colour", "odd key", "ünicode", "1"]),
    clean | st.none() | st.lists(clean, max_size=2) | st.dictionaries(clean.filter(bool), clean, max_size=2),
    max_size=2,
)
escaped = any_text.map(lambda text: " ".join(plain_text(text.replace("<", "").replace("&", "")).split()) or "word")


@st.composite
def rich_text(draw: st.DrawFn, pages: st.SearchStrategy[int], *, headings: bool = True) -> str:
    """As the editor stores it; some of the links lead to pages."""
    words = draw(escaped).replace(">", "")
    link = f'<a id="{draw(pages)}" linktype="page">there</a>'
    parts = [
        f'<p data-block-key="a1b2c">{words}</p>',
        f'<p data-block-key="a1b2d">See <a href="https://example.com/?a=1&amp;b=2">this</a> or {link}.</p>',
        "<ul><li>One <b>bold</b> &amp; <i>slanted</i></li><li>Two &lt;tag&gt;</li></ul>",
        "<ol><li>First</li></ol>",
    ]
    if headings:
        parts += [f"<h2>{words}</h2>", "<blockquote>Said</blockquote>", "<hr/>", "<p>x<sup>2</sup> <code>y</code></p>"]
    return "".join(draw(st.lists(st.sampled_from(parts), max_size=4)))


def _stream(kind: str, values: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[list[dict[str, Any]]]:
    item = st.fixed_dictionaries({"type": st.just(kind), "id": ids, "value": values})
    return st.lists(item, max_size=most, unique_by=lambda each: each["id"])


def _question(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    value = {"prompt": any_text, "points": st.none() | st.integers(1, 20), "explanation": any_text, **fields}
    return st.fixed_dictionaries({"type": st.just(kind), "id": ids, "value": st.fixed_dictionaries(value)})


_choices = _stream(
    "choice", st.fixed_dictionaries({"text": any_text, "is_correct": flags, "feedback": any_text}), most=4
)
_rules = {"is_case_sensitive": flags, "keeps_spaces": flags}
_numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-9, 9)
questions = st.one_of(
    _question("single", choices=_choices),
    _question("multiple", choices=_choices),
    _question(
        "true_false",
        answer=st.sampled_from(["", "true", "false"]),
        feedback_true=any_text,
        feedback_false=any_text,
    ),
    _question("short_text", answers=_stream("answer", line), **_rules),
    _question(
        "numeric",
        number=_numbers,
        tolerance=st.none() | st.floats(0, 9, allow_nan=False, width=32),
        unit=line.map(lambda t: t[:40]),
    ),
    _question(
        "matching",
        pairs=_stream("pair", st.fixed_dictionaries({"left": line, "right": line})),
        distractors=_stream("distractor", line),
    ),
    _question("ordering", items=_stream("item", line)),
    _question("blanks", text=any_text, **_rules),
    _question(
        "essay",
        rubric=_stream(
            "criterion", st.fixed_dictionaries({"title": line, "points": st.integers(1, 9), "description": any_text})
        ),
        guidance=any_text,
        min_words=maybe,
        max_words=maybe,
    ),
)


def _draws(categories: list[int]) -> st.SearchStrategy[dict[str, Any]]:
    inner = st.lists(questions, max_size=2)
    pool = {"title": line, "count": st.integers(1, 3), "questions": inner}
    bank = {"category": st.sampled_from([None, *categories]), "count": st.integers(1, 3)}
    return st.one_of(
        st.fixed_dictionaries({"type": st.just("pool"), "id": ids, "value": st.fixed_dictionaries(pool)}),
        st.fixed_dictionaries({"type": st.just("bank"), "id": ids, "value": st.fixed_dictionaries(bank)}),
    )


names = st.sampled_from(["", "", "a.png", "A.png", "images/b.png", "../x", "media/c.pdf", "course.yml", "d", "d/e.mp4"])
urls = st.sampled_from(["", "https://example.com/a?b=c#d", "https://www.youtube.com/watch?v=bVFfcYh6UBw"])


def blocks(library: dict[str, list[int]], categories: list[int]) -> st.SearchStrategy[dict[str, Any]]:
    """One block of any type. ``library``: primary keys by kind; ``pages`` of the course by 0, 1, 2 ... are replaced."""
    pages = st.integers(-3, 3)
    images = st.sampled_from([None, *library["image"]])
    documents = st.sampled_from([None, *library["document"]])
    films, sounds = (st.sampled_from([None, *library[kind]]) for kind in ("video", "audio"))
    html = rich_text(pages)
    played = {"title": line, "url": urls, "transcript": html, "file_name": names, "required_percent": maybe}
    track = st.fixed_dictionaries({"file": documents, "language": st.sampled_from(["en", "de", ""]), "label": line})
    cells = st.lists(st.lists(st.none() | any_text, min_size=2, max_size=2), max_size=3)
    table = {"data": cells, "table_header_choice": st.sampled_from(["row", "column", "both", "neither"])}
    fields: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "text": {"text": html},
        "markdown": {"source": any_text | st.lists(any_text, max_size=5).map("\n".join)},
        "image": {"image": images, "alt": line, "is_decorative": flags, "caption": line, "file_name": names},
        "video": {**played, "media": films, "poster": images, "captions": _stream("captions", track)},
        "audio": {**played, "media": sounds},
        "file": {"document": documents, "title": line, "description": any_text, "file_name": names},
        "embed": {"url": urls, "title": line},
        "code": {"code": any_text, "language": line.map(lambda text: text[:40]), "caption": line},
        "table": {"caption": line, "table": st.fixed_dictionaries(table)},
        "callout": {
            "kind": st.sampled_from(["info", "tip", "warning", "success"]),
            "title": line,
            "text": rich_text(pages, headings=False),
        },
        "quiz": {
            "title": line,
            "introduction": any_text,
            "questions": st.lists(questions | _draws(categories), max_size=3),
            "pass_percent": st.none() | st.integers(0, 100),
            **dict.fromkeys(("attempts_allowed", "cooldown_minutes"), maybe),
            "score_policy": st.sampled_from(SCORE_POLICIES),
            "review_policy": st.sampled_from(REVIEW_POLICIES),
            **dict.fromkeys(("shuffle_questions", "shuffle_choices"), flags),
        },
    }
    settings = {"is_required": flags, "time_limit": maybe}
    return st.one_of(
        st.fixed_dictionaries(
            {"type": st.just(kind), "id": ids, "value": st.fixed_dictionaries({**values, **settings})}
        )
        for kind, values in fields.items()
    )


def requirements(kind: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Pages are numbers, as in ``blocks``."""
    value = st.fixed_dictionaries({"page": st.integers(-1, 3), "minimum_score": st.none() | st.integers(1, 100)})
    return _stream(kind, value, most=2)


gates = st.fixed_dictionaries(
    {
        "summary": line,
        "source": line,
        "release_at": st.none() | st.datetimes(timezones=st.just(datetime.UTC)),
        "release_after_days": maybe,
        "requires": requirements("lesson"),
    }
)
courses = st.fixed_dictionaries(
    {
        "summary": line,
        "description": rich_text(st.integers(-3, 3), headings=False),
        "level": st.sampled_from(["beginner", "intermediate", "advanced"]),
        "language": st.sampled_from(["en", "de-AT"]),
        "objectives": _stream("objective", line),
        "prerequisites": _stream("prerequisite", line),
        "estimated_minutes": maybe,
        "passing_percentage": st.integers(0, 100),
        "time_limit": maybe,
        "completion_deadline": st.none() | st.dates(),
        "completion_days": maybe,
        "expires_after_days": st.none() | st.integers(0, 90),
        "progression": st.sampled_from(["free", "in_order"]),
        "access": st.sampled_from(["open", "enrolled", "invitation", "paid"]),
        "has_certificate": flags,
        "certificate_validity_months": maybe,
        "release_mode": st.sampled_from(["automatic", "manual"]),
        "release_policy": st.sampled_from(["keep", "not_started", "everyone"]),
        "delta_training": st.sampled_from(["off", "offered", "assigned"]),
        "is_reviewed_as_whole": flags,
        "source": line,
        "requires_course": flags,
        "categories": st.lists(some_text.map(lambda text: text[:40]), max_size=2),
        "tags": st.lists(some_text.map(lambda text: text[:40]), max_size=3),
        "instructors": st.lists(
            st.fixed_dictionaries({"name": some_text.map(lambda text: text[:40]), "role": line, "biography": any_text}),
            max_size=2,
        ),
        "unknown": unknown,
    }
)


def dump(stream: list[dict[str, Any]]) -> str:
    return json.dumps(stream)
