"""A small category of the question bank, which a quiz of the demo draws from."""

import json
import uuid
from typing import Any

from courses.models import BankQuestion, QuestionCategory

CATEGORY = ("Listening", "listening", "Questions about hearing what was said, for any course.")
# Title, prompt, choices (the first is right), explanation.
QUESTIONS: tuple[tuple[str, str, tuple[tuple[str, str], ...], str], ...] = (
    (
        "A pause",
        "The customer pauses in the middle of a sentence. What is the best you can do?",
        (
            ("Wait", "Most people go on, and say what matters."),
            ("Finish the sentence for them", "Now it is your sentence."),
            ("Ask the next question on your list", "The list can wait. The pause cannot."),
        ),
        "A pause is where people think. Leave it to them.",
    ),
    (
        "Taking notes",
        "You write while the customer talks. What do you say about it?",
        (
            ("“I am writing this down.”", "Now the silence has a reason."),
            ("Nothing, they can hear the keys", "What they hear is somebody doing something else."),
            ("“Could you speak more slowly?”", "Write less instead."),
        ),
        "Notes are a compliment, once people know what they hear.",
    ),
    (
        "Their words",
        "The customer says “mess”. Which word do you use in your summary?",
        (
            ("“Mess”", "They will recognise it as theirs."),
            ("“Process inefficiency”", "Nobody has ever had one of those at seven in the morning."),
            ("“Challenge”", "It was a mess."),
        ),
        "A summary in their words is one they can agree to.",
    ),
)


def ensure_bank() -> bool:
    """The category with its questions, live; False if it is there already, whatever has become of it."""
    name, slug, description = CATEGORY
    category, is_new = QuestionCategory.objects.get_or_create(
        slug=slug, defaults={"name": name, "description": description}
    )
    if is_new:
        for title, prompt, choices, explanation in QUESTIONS:
            question = BankQuestion(
                category=category, title=title, question=json.dumps([_to_raw(prompt, choices, explanation)]), live=False
            )
            question.save()
            question.save_revision().publish()
    return is_new


def _to_raw(prompt: str, choices: tuple[tuple[str, str], ...], explanation: str) -> dict[str, Any]:
    items = [
        _item("choice", {"text": text, "is_correct": place == 0, "feedback": feedback})
        for place, (text, feedback) in enumerate(choices)
    ]
    return _item("single", {"prompt": prompt, "points": 1, "choices": items, "explanation": explanation})


def _item(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "id": str(uuid.uuid4()), "value": value}
