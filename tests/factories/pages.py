"""Real page trees, written like sentences: ``make_course(catalogue, modules=2, lessons=3)``."""

import json
import uuid
from typing import Any

from courses.models import BankQuestion, CataloguePage, CoursePage, LessonPage, ModulePage, QuestionCategory

PLANTED_SECRET = "zebra-quartz"


def make_text(text: str = "Some words to read.", **settings: Any) -> dict[str, Any]:
    return make_block("markdown", {"source": text}, **settings)


def make_quiz(title: str = "Check yourself", **settings: Any) -> dict[str, Any]:
    """One single-choice question whose feedback and explanation hold ``PLANTED_SECRET``."""
    value = {
        "title": title,
        "introduction": "",
        "pass_percent": 70,
        "attempts_allowed": None,
        "shuffle_questions": False,
        "shuffle_choices": False,
        "questions": [
            make_item(
                "single",
                {
                    "prompt": "Which one is right?",
                    "points": 1,
                    "choices": [
                        make_item("choice", {"text": "This", "is_correct": True, "feedback": PLANTED_SECRET}),
                        make_item("choice", {"text": "That", "is_correct": False, "feedback": PLANTED_SECRET}),
                    ],
                    "explanation": PLANTED_SECRET,
                },
            )
        ],
    }
    return make_block("quiz", value, **settings)


def make_block(
    kind: str, value: dict[str, Any], is_required: bool = True, time_limit: int | None = None
) -> dict[str, Any]:
    return make_item(kind, {**value, "is_required": is_required, "time_limit": time_limit})


def make_item(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "id": str(uuid.uuid4()), "value": value}


def make_lesson(
    module: ModulePage, title: str = "A lesson", blocks: list[dict[str, Any]] | None = None, **fields: Any
) -> LessonPage:
    body = [make_text()] if blocks is None else blocks
    return module.add_child(instance=LessonPage(title=title, body=json.dumps(body), **fields))


def make_module(course: CoursePage, title: str = "A module", **fields: Any) -> ModulePage:
    return course.add_child(instance=ModulePage(title=title, **fields))


def make_course(
    catalogue: CataloguePage, title: str = "A course", modules: int = 0, lessons: int = 0, **fields: Any
) -> CoursePage:
    """A live course; ``lessons`` is per module. Nothing is compiled until something is published or marked."""
    course = catalogue.add_child(instance=CoursePage(title=title, **fields))
    for m in range(modules):
        module = make_module(course, f"Module {m + 1}")
        for number in range(lessons):
            make_lesson(module, f"Lesson {m + 1}.{number + 1}")
    return course


def make_choice_question(prompt: str = "Which one is right?", points: int = 1) -> dict[str, Any]:
    """A question with a right and a wrong choice, which hold ``PLANTED_SECRET``."""
    choices = [
        make_item("choice", {"text": text, "is_correct": text == "This", "feedback": PLANTED_SECRET})
        for text in ("This", "That")
    ]
    value = {"prompt": prompt, "points": points, "choices": choices, "explanation": PLANTED_SECRET}
    return make_item("single", value)


def make_bank(name: str = "Safety", questions: int = 0) -> QuestionCategory:
    """A category with so many live questions "<name> 1?", "<name> 2?" ..."""
    category = QuestionCategory.objects.create(name=name, slug=name.lower())
    for number in range(1, questions + 1):
        make_bank_question(category, f"{name} {number}?")
    return category


def make_bank_question(category: QuestionCategory, prompt: str = "So?", **fields: Any) -> BankQuestion:
    return BankQuestion.objects.create(
        category=category, title=prompt, question=json.dumps([make_choice_question(prompt)]), **fields
    )


def make_bank_quiz(category: QuestionCategory, count: int = 1, questions: Any = ()) -> dict[str, Any]:
    """A quiz that draws ``count`` questions of the category, besides fixed ``questions``."""
    quiz = make_quiz()
    quiz["value"]["questions"] = [*questions, make_item("bank", {"category": category.pk, "count": count})]
    return quiz
