"""Hypothesis strategy for lesson bodies as they may stand in the database: every type, fields missing, null or odd."""

from typing import Any

from hypothesis import strategies as st

from courses.quizzes.definition import CHOICE_TYPES

texts = st.text(max_size=20) | st.sampled_from(
    [
        "",
        "<p></p>",
        "## Deep\n\n#### Deeper",
        '<a linktype="page" id="99">x</a>',
        "[x](../gone.md)",
        "[y](/courses/a/b/)",
    ]
)
urls = st.sampled_from(
    ["", "https://youtu.be/O4dd172mZhs", "https://cdn.example.com/a.mp4", "javascript:1", "https://["]
)
keys = st.none() | st.integers(0, 5)
FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "text": {"text": texts},
    "markdown": {"source": texts},
    "callout": {"kind": texts, "title": texts, "text": texts},
    "code": {"code": texts, "language": texts, "caption": texts},
    "table": {"caption": texts, "table": st.none() | st.just({"data": [["a", None]]})},
    "image": {"image": keys, "alt": texts, "is_decorative": st.booleans(), "file_name": texts},
    "video": {"title": texts, "media": keys, "url": urls, "poster": keys, "transcript": texts},
    "audio": {"title": texts, "media": keys, "url": urls, "transcript": texts},
    "file": {"title": texts, "document": keys, "file_name": texts},
    "embed": {"url": urls, "title": texts},
}


def _item(kind: str, value: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    new_id = st.uuids(version=4).map(str)
    return st.fixed_dictionaries({"type": st.just(kind), "id": new_id, "value": value})


def _struct(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Each field may be missing or null: blocks get new fields, and imports leave some out."""
    settings = {"is_required": st.booleans(), "time_limit": st.none() | st.integers(1, 90)}
    return st.fixed_dictionaries({}, optional={name: st.none() | value for name, value in (fields | settings).items()})


def _questions() -> st.SearchStrategy[dict[str, Any]]:
    choice = _item("choice", _struct({"text": texts, "is_correct": st.booleans(), "feedback": texts}))
    pair = _item("pair", _struct({"left": texts, "right": texts}))
    entry = _item("item", _struct({"text": texts}))
    words = {"prompt": texts, "points": st.integers(-1, 5), "explanation": texts}
    kinds = [_item(kind, _struct({**words, "choices": st.lists(choice, max_size=3)})) for kind in CHOICE_TYPES]
    kinds += [_item("matching", _struct({**words, "pairs": st.lists(pair, max_size=3)}))]
    kinds += [_item("ordering", _struct({**words, "items": st.lists(entry, max_size=3)}))]
    kinds += [_item(kind, _struct(words)) for kind in ("short_text", "numeric", "blanks", "essay")]
    return st.one_of(kinds)


def bodies() -> st.SearchStrategy[list[dict[str, Any]]]:
    questions = st.lists(_questions(), max_size=3)
    pool = _item("pool", _struct({"title": texts, "count": st.integers(0, 3), "questions": questions}))
    quiz = _struct(
        {"title": texts, "pass_percent": st.integers(0, 100), "questions": questions | st.lists(pool, max_size=1)}
    )
    blocks = [_item(kind, _struct(fields)) for kind, fields in FIELDS.items()]
    return st.lists(st.one_of([*blocks, _item("quiz", quiz), _item("gone", st.just({}))]), max_size=6)
