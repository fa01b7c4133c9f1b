"""Digests of a quiz: one that a corrected key changes and a corrected typo does not, and one of all of it (pure)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# What learners read about a question. Whoever changes what a choice means by its words alone raises the change class.
_WORDS = frozenset(
    {"prompt", "text", "feedback", "explanation", "guidance", "unit", "left", "title", "description", "texts"}
)
# Of the quiz itself, only these decide what an answer is worth and who passes.
_QUIZ_FIELDS = ("pass_percent", "score_policy", "questions", "pools")


@dataclass(frozen=True, slots=True)
class QuizDigests:
    """``scoring`` covers what decides results, ``text`` everything."""

    scoring: str
    text: str


def digest_quiz(quiz: Mapping[str, Any]) -> QuizDigests:
    """Both SHA-256 digests of a quiz as ``courses.quizzes.stored`` writes it.

    For ``scoring`` questions, keys, points, tolerances, pools and the pass mark count; wording, order of choices and
    questions, attempts and time limits do not.
    """
    facts = {name: quiz.get(name) for name in _QUIZ_FIELDS if name != "questions"}
    facts["questions"] = sorted((_scoring(question) for question in quiz.get("questions", ())), key=_by_id)
    return QuizDigests(_digest(facts), _digest(quiz))


def _digest(facts: Mapping[str, Any]) -> str:
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _scoring(question: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: _strip(value) for name, value in question.items() if name not in _WORDS}
    facts["choices"] = sorted(facts.get("choices") or (), key=_by_id)
    return facts


def _strip(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _strip(part) for name, part in value.items() if name not in _WORDS}
    if isinstance(value, list | tuple):
        return [_strip(part) for part in value]
    return value


def _by_id(part: Mapping[str, Any]) -> str:
    return str(part.get("id", ""))
