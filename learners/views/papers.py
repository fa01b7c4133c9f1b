"""Papers between the database and the page: questions to fill in, form fields to answers, graded results."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from learners.exams.answers import CHOICE_TYPES
from learners.exams.models import Attempt
from learners.exams.review import is_key_shown, results_by_question
from learners.views.cards import AttemptView, ChoiceView, QuestionView, ResultChoice, ResultView


def make_attempt_view(attempt: Attempt, now: datetime) -> AttemptView:
    return AttemptView(
        id=str(attempt.pk),
        number=attempt.number,
        opened_at=attempt.opened_at,
        deadline_at=attempt.deadline_at,
        server_now=now,
        questions=[
            _question_view(question, attempt.answers.get(question["id"], {})) for question in attempt.paper["questions"]
        ],
    )


def read_form_answers(fields: QueryDict, paper: dict[str, Any]) -> list[dict[str, Any]]:
    """Fields ``q-<question id>``. A form sends all it has, so a question without a tick is an answer, too."""
    answers = []
    for question in paper["questions"]:
        name = f"q-{question['id']}"
        answer: dict[str, Any] = {"question": question["id"]}
        if question["type"] in CHOICE_TYPES:
            answer["choices"] = fields.getlist(name)
        elif question["type"] == "short_text":
            answer["text"] = fields.get(name, "")
        else:
            answer["number"] = fields.get(name, "")
        answers.append(answer)
    return answers


def make_results(attempt: Attempt) -> list[ResultView]:
    """Right answers and explanations; empty while the attempt is running."""
    results = results_by_question(attempt)
    is_open = is_key_shown(attempt)
    return [
        _result_view(question, attempt.answers.get(question["id"], {}), results[question["id"]], is_open)
        for question in attempt.paper["questions"]
        if question["id"] in results
    ]


def _question_view(question: dict[str, Any], answer: dict[str, Any]) -> QuestionView:
    chosen = answer.get("choices", [])
    return QuestionView(
        id=question["id"],
        type=question["type"],
        prompt=question["prompt"],
        points=question["points"],
        unit=question.get("unit", ""),
        choices=[ChoiceView(each["id"], each["text"], each["id"] in chosen) for each in question["choices"]],
        text=answer.get("text", ""),
        number=answer.get("number", ""),
        seq=answer.get("seq", 0),
    )


def _result_view(question: dict[str, Any], answer: dict[str, Any], result: dict[str, Any], is_open: bool) -> ResultView:
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
    )
