"""Graded questions as the result page shows them: what was answered and, when it may be told, what was right."""

import re
from decimal import Decimal
from typing import Any

from learners.exams.models import Attempt
from learners.exams.review import is_key_shown, results_by_question
from learners.views.cards import ResultChoice, ResultRow, ResultView


def make_results(attempt: Attempt) -> list[ResultView]:
    """Right answers and explanations; empty while the attempt is running."""
    results = results_by_question(attempt)
    is_open = is_key_shown(attempt)
    return [
        make_result_view(question, attempt.answers.get(question["id"], {}), results[question["id"]], is_open)
        for question in attempt.paper["questions"]
        if question["id"] in results
    ]


def make_result_view(
    question: dict[str, Any], answer: dict[str, Any], result: dict[str, Any], is_open: bool
) -> ResultView:
    """``result`` as ``courses.quizzes.results.read_result`` gives it."""
    texts = {item["id"]: item["text"] for item in question.get("items", [])}
    return ResultView(
        prompt=question["prompt"],
        type=question["type"],
        points=Decimal(result["points"]),
        max_points=result["max_points"],
        is_correct=result["is_correct"],
        choices=[
            ResultChoice(
                text=each["text"],
                is_chosen=each["id"] in result["chosen"],
                is_correct=each["id"] in result["correct_choices"] if is_open else None,
                feedback=result["feedback"].get(each["id"], ""),
            )
            for each in question["choices"]
        ],
        answer_text=answer.get("text") or answer.get("number") or "",
        accepted_text=" · ".join(result["accepted"]),
        explanation=result["explanation"],
        rows=_pair_rows(question, answer, result, is_open) + _blank_rows(question, answer, result, is_open),
        given_order=[texts[item] for item in answer.get("order", []) if item in texts],
        right_order=[texts[item] for item in result["right_order"] if item in texts],
        is_pending=result["is_pending"],
        comment=result["comment"],
        criteria=[{**item, "points": Decimal(item["points"])} for item in result["criteria"]],
    )


def _pair_rows(
    question: dict[str, Any], answer: dict[str, Any], result: dict[str, Any], is_open: bool
) -> list[ResultRow]:
    texts = {right["id"]: right["text"] for right in question.get("rights", [])}
    given = answer.get("pairs", {})
    return [
        ResultRow(
            label=left["text"],
            given=texts.get(given.get(left["id"], ""), ""),
            right=texts.get(result["right_pairs"].get(left["id"], ""), ""),
            is_right=left["id"] in result["right_parts"] if is_open else None,
        )
        for left in question.get("lefts", [])
    ]


def _blank_rows(
    question: dict[str, Any], answer: dict[str, Any], result: dict[str, Any], is_open: bool
) -> list[ResultRow]:
    """Each blank by its number, with the words around it, so that it is found again."""
    parts = question.get("parts", [])
    given = answer.get("blanks", {})
    rows = []
    for place, part in enumerate(parts):
        if "blank" not in part:
            continue
        blank = part["blank"]
        rows.append(
            ResultRow(
                label=_around(parts, place),
                given=given.get(blank, ""),
                right=" · ".join(result["right_blanks"].get(blank, [])),
                is_right=blank in result["right_parts"] if is_open else None,
            )
        )
    return rows


def _around(parts: list[dict[str, str]], place: int) -> str:
    """The last words before the blank and the first behind it, spaced as they were."""
    before = parts[place - 1].get("text", "") if place else ""
    after = parts[place + 1].get("text", "") if place + 1 < len(parts) else ""
    return (_words(before[::-1])[::-1] + "____" + _words(after)).strip()


def _words(text: str) -> str:
    """The first four words with the spaces around them."""
    found = re.match(r"\s*(?:\S+\s*){0,4}", text)
    return found.group() if found else ""
