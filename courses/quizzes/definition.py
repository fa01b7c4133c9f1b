"""What a quiz is: frozen dataclasses and their canonical JSON, which the answer keys of editions store."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

QuestionType = Literal["single", "multiple", "true_false", "short_text", "numeric"]
QUESTION_TYPES: tuple[str, ...] = get_args(QuestionType)
CHOICE_TYPES = ("single", "multiple", "true_false")


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    text: str
    is_correct: bool
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``choices`` serve the three choice types, ``accepted`` short text, ``number`` numeric."""

    id: str
    type: QuestionType
    prompt: str
    points: int = 1
    choices: tuple[Choice, ...] = ()
    accepted: tuple[str, ...] = ()
    is_case_sensitive: bool = False
    number: float | None = None
    tolerance: float = 0.0
    unit: str = ""
    explanation: str = ""

    @property
    def right_ids(self) -> tuple[str, ...]:
        return tuple(choice.id for choice in self.choices if choice.is_correct)


@dataclass(frozen=True, slots=True)
class Quiz:
    """``time_limit`` is minutes; ``attempts_allowed`` None means any number."""

    id: str
    title: str
    introduction: str
    pass_percent: int = 70
    attempts_allowed: int | None = None
    time_limit: int | None = None
    shuffle_questions: bool = False
    shuffle_choices: bool = False
    questions: tuple[Question, ...] = ()

    @property
    def points(self) -> int:
        return sum(question.points for question in self.questions)


def true_false_choices(
    answer: bool, *, feedback_true: str = "", feedback_false: str = "", labels: tuple[str, str] = ("True", "False")
) -> tuple[Choice, Choice]:
    """The two fixed choices of a true/false question; their ids are always "true" and "false"."""
    return (
        Choice("true", labels[0], answer, feedback_true),
        Choice("false", labels[1], not answer, feedback_false),
    )


def quiz_to_json(quiz: Quiz) -> dict[str, Any]:
    """Every field, always, so that equal quizzes give equal documents."""
    return {
        "id": quiz.id,
        "title": quiz.title,
        "introduction": quiz.introduction,
        "pass_percent": quiz.pass_percent,
        "attempts_allowed": quiz.attempts_allowed,
        "time_limit": quiz.time_limit,
        "shuffle_questions": quiz.shuffle_questions,
        "shuffle_choices": quiz.shuffle_choices,
        "questions": [_question_to_json(question) for question in quiz.questions],
    }


def quiz_from_json(data: dict[str, Any]) -> Quiz:
    """The inverse of ``quiz_to_json``; keys added by later versions are ignored."""
    return Quiz(
        id=data["id"],
        title=data["title"],
        introduction=data["introduction"],
        pass_percent=data["pass_percent"],
        attempts_allowed=data["attempts_allowed"],
        time_limit=data["time_limit"],
        shuffle_questions=data["shuffle_questions"],
        shuffle_choices=data["shuffle_choices"],
        questions=tuple(_question_from_json(question) for question in data["questions"]),
    )


def _question_to_json(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "type": question.type,
        "prompt": question.prompt,
        "points": question.points,
        "choices": [
            {"id": choice.id, "text": choice.text, "is_correct": choice.is_correct, "feedback": choice.feedback}
            for choice in question.choices
        ],
        "accepted": list(question.accepted),
        "is_case_sensitive": question.is_case_sensitive,
        "number": question.number,
        "tolerance": question.tolerance,
        "unit": question.unit,
        "explanation": question.explanation,
    }


def _question_from_json(data: dict[str, Any]) -> Question:
    return Question(
        id=data["id"],
        type=data["type"],
        prompt=data["prompt"],
        points=data["points"],
        choices=tuple(
            Choice(choice["id"], choice["text"], choice["is_correct"], choice["feedback"]) for choice in data["choices"]
        ),
        accepted=tuple(data["accepted"]),
        is_case_sensitive=data["is_case_sensitive"],
        number=data["number"],
        tolerance=data["tolerance"],
        unit=data["unit"],
        explanation=data["explanation"],
    )
