"""Writes blocks as the text of a lesson file: prose behind markers where it stays what it is, fences for all else."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from courses.blocks.media import DEFAULT_PERCENT
from courses.packs.definition import PackBlock
from courses.packs.errors import PackError
from courses.packs.lesson_text import read_text_blocks
from courses.packs.question_bodies import QUIZ_DEFAULTS
from courses.packs.rich_text import break_lines
from courses.packs.yaml_writer import in_key_order, to_flow_yaml, to_yaml

Values = Mapping[str, Any]
_END = "<!-- block text 00000000-0000-4000-8000-000000000000 -->\n"


def write_block(block: PackBlock) -> str:
    """The block as text that ends with a line end."""
    if block.type == "markdown":
        prose = _write_prose(block)
        if _stays(prose, block):
            return prose
    values = {**_settings(block), **_WRITERS[block.type](block.fields), **in_key_order(block.extra)}
    body = to_yaml(values)
    if _ends_in_line_end(values):
        body += "\n"  # or the closing line would take the last line end of a text
    return f"```{{{block.type}}} {block.id}\n{body}```\n"


def _settings(block: PackBlock) -> dict[str, Any]:
    settings: dict[str, Any] = {} if block.is_required else {"is_required": False}
    return settings | _given(time_limit=block.time_limit)


def _write_prose(block: PackBlock) -> str:
    options = {**_settings(block), **in_key_order(block.extra)}
    marker = f"<!-- block text {block.id}{' ' + to_flow_yaml(options) if options else ''} -->\n"
    source = block.fields["source"]
    return f"{marker}\n{source}\n" if source else marker


def _stays(prose: str, block: PackBlock) -> bool:
    """Whether reading gives back exactly this block, and the one that may come behind it."""
    if "\r" in prose:
        return False
    try:
        found = read_text_blocks(f"{prose}\n{_END}")
    except PackError:
        return False
    return len(found) == 2 and (found[0].fields, dict(found[0].extra)) == (block.fields, dict(block.extra))


def _ends_in_line_end(value: Any) -> bool:
    """Whether the last text of the YAML is a block scalar whose end matters."""
    if isinstance(value, Mapping) and value:
        return _ends_in_line_end(list(value.values())[-1])
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return _ends_in_line_end(value[-1])
    return isinstance(value, str) and value.endswith("\n")


def _given(**values: Any) -> dict[str, Any]:
    """Without what is empty."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _true(**values: bool) -> dict[str, Any]:
    """Flags that are false if absent."""
    return {name: True for name, value in values.items() if value}


def _text(fields: Values) -> dict[str, Any]:
    return _given(html=break_lines(fields["text"]))


def _image(fields: Values) -> dict[str, Any]:
    return {
        **_given(src=fields["src"], alt=fields["alt"]),
        **_true(is_decorative=fields["is_decorative"]),
        **_given(caption=fields["caption"]),
    }


def _played(fields: Values, **more: Any) -> dict[str, Any]:
    percent = fields["required_percent"]
    return _given(
        title=fields["title"],
        src=fields["src"],
        url=fields["url"],
        **more,
        transcript=break_lines(fields["transcript"]),
        duration=fields["duration"],
        required_percent=None if percent == DEFAULT_PERCENT else percent,
    )


def _video(fields: Values) -> dict[str, Any]:
    tracks = [
        {
            "src": track["src"],
            "language": track["language"],
            **_given(label=track["label"]),
            **in_key_order(track["extra"]),
        }
        for track in fields["captions"]
    ]
    return _played(fields, poster=fields["poster"], captions=tracks)


def _file(fields: Values) -> dict[str, Any]:
    return {"src": fields["src"] or None, **_given(title=fields["title"], description=fields["description"])}


def _embed(fields: Values) -> dict[str, Any]:
    return {"url": fields["url"] or None, **_given(title=fields["title"])}


def _code(fields: Values) -> dict[str, Any]:
    return _given(code=fields["code"], language=fields["language"], caption=fields["caption"])


def _table(fields: Values) -> dict[str, Any]:
    header = {} if fields["has_header_row"] else {"header_row": False}
    rows = _given(caption=fields["caption"], rows=fields["rows"])
    return {**rows, **header, **_true(header_column=fields["has_header_column"])}


def _callout(fields: Values) -> dict[str, Any]:
    return {"kind": fields["kind"], **_given(title=fields["title"], text=break_lines(fields["text"]))}


def _quiz(fields: Values) -> dict[str, Any]:
    policies = {name: fields[name] for name in ("score_policy", "review_policy")}
    return {
        **_given(title=fields["title"], introduction=fields["introduction"]),
        "pass_percent": fields["pass_percent"],
        **_given(attempts_allowed=fields["attempts_allowed"], cooldown_minutes=fields["cooldown_minutes"]),
        **_true(shuffle_questions=fields["shuffle_questions"], shuffle_choices=fields["shuffle_choices"]),
        **{name: value for name, value in policies.items() if value != QUIZ_DEFAULTS[name]},
        **_given(questions=[_question(question) for question in fields["questions"]]),
    }


def _question(question: Values) -> dict[str, Any]:
    head = {"id": question["id"], "type": question["type"]}
    if question["type"] == "bank":
        return {
            **head,
            "category": question["category"] or None,
            "count": question["count"],
            **in_key_order(question["extra"]),
        }
    if question["type"] == "pool":
        inner = [_question(each) for each in question["questions"]]
        pool = {**_given(title=question["title"]), "count": question["count"], **_given(questions=inner)}
        return {**head, **pool, **in_key_order(question["extra"])}
    points = None if question["points"] == 1 else question["points"]
    return {
        **head,
        "prompt": question["prompt"],
        **_given(points=points),
        **_QUESTIONS[question["type"]](question),
        **_given(explanation=question["explanation"]),
        **in_key_order(question["extra"]),
    }


def _choices(question: Values) -> dict[str, Any]:
    return _given(
        choices=[
            {
                "id": choice["id"],
                "text": choice["text"],
                **_true(correct=choice["is_correct"]),
                **_given(feedback=choice["feedback"]),
                **in_key_order(choice["extra"]),
            }
            for choice in question["choices"]
        ]
    )


def _true_false(question: Values) -> dict[str, Any]:
    """One answer, or two choices where unknown keys hang on them."""
    extra = question.get("choice_extra", {})
    if not any(extra.values()):
        answer = {"answer": question["answer"] == "true"} if question["answer"] else {}
        return answer | _given(**{name: question[name] for name in ("feedback_true", "feedback_false")})
    return {
        "choices": [
            {
                "text": text.title(),
                **_true(correct=question["answer"] == text),
                **_given(feedback=question[f"feedback_{text}"]),
                **in_key_order(extra.get(text, {})),
            }
            for text in ("true", "false")
        ]
    }


def _short_text(question: Values) -> dict[str, Any]:
    return _given(answers=question["answers"]) | _text_rules(question)


def _text_rules(question: Values) -> dict[str, Any]:
    return _true(is_case_sensitive=question["is_case_sensitive"], keeps_spaces=question["keeps_spaces"])


def _numeric(question: Values) -> dict[str, Any]:
    return _given(number=question["number"], tolerance=question["tolerance"] or None, unit=question["unit"])


def _parts(parts: Sequence[Values], *names: str) -> list[dict[str, Any]]:
    return [{"id": part["id"], **{name: part[name] for name in names}, **in_key_order(part["extra"])} for part in parts]


def _matching(question: Values) -> dict[str, Any]:
    return _given(pairs=_parts(question["pairs"], "left", "right"), distractors=question["distractors"])


def _ordering(question: Values) -> dict[str, Any]:
    return _given(items=_parts(question["items"], "text"))


def _blanks(question: Values) -> dict[str, Any]:
    return _given(text=question["text"]) | _text_rules(question)


def _essay(question: Values) -> dict[str, Any]:
    rubric = [
        {
            "id": part["id"],
            "title": part["title"],
            **_given(points=None if part["points"] == 1 else part["points"], description=part["description"]),
            **in_key_order(part["extra"]),
        }
        for part in question["rubric"]
    ]
    words = _given(min_words=question["min_words"], max_words=question["max_words"])
    return {**_given(rubric=rubric, guidance=question["guidance"]), **words}


_QUESTIONS: dict[str, Callable[[Values], dict[str, Any]]] = {
    "single": _choices,
    "multiple": _choices,
    "true_false": _true_false,
    "short_text": _short_text,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "blanks": _blanks,
    "essay": _essay,
}

_WRITERS: dict[str, Callable[[Values], dict[str, Any]]] = {
    "text": _text,
    "markdown": lambda fields: {"markdown": fields["source"]},
    "image": _image,
    "video": _video,
    "audio": _played,
    "quiz": _quiz,
    "file": _file,
    "embed": _embed,
    "code": _code,
    "table": _table,
    "callout": _callout,
}
