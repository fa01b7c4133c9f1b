"""Another customer of the demo, whose people sat a quiz: made-up answers of people who know more or less."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cms.demo.study import all_questions, find_quiz, right_answer
from courses.editions.models import CourseState
from courses.packs.definition import Pack, PackBlock, PackLesson
from learners.accounts.models import User
from learners.companies.models import Company, Role
from learners.companies.services import add_member, create_company
from learners.enrolments.models import Enrolment
from learners.enrolments.services import enrol
from learners.exams.models import Attempt, AttemptResult
from learners.exams.services import open_attempt, submit_attempt

COMPANY = "Halden Freight"
PEOPLE = (
    *("Amara Okafor", "Bjarne Solberg", "Chiara Lombardi", "Dilan Aydin", "Eskil Hauge", "Femke de Boer"),
    *("Gideon Park", "Hanne Lund", "Ines Carvalho", "Jakub Wrona", "Kerstin Vogel", "Liam Doyle", "Mei Tanaka"),
    *("Nora Viken", "Owen Price", "Petra Novak", "Quentin Roux", "Rosa Delgado", "Stellan Falk", "Tuva Moen"),
    *("Uma Pillai", "Viktor Hansen", "Wanda Klein", "Yusuf Demir"),
)
WRONG_WORDS = ("bold", "shorten", "repeat")
SEED = 38  # one wrong choice is then more popular than the right one, for the analysis to point at


def make_colleagues() -> list[User]:
    """The company with its people, the first of them its manager; none of them can log in."""
    company = create_company(name=COMPANY, time_zone="Europe/Oslo")
    roles = [Role.MANAGER, *[Role.MEMBER] * (len(PEOPLE) - 1)]
    return [_make_person(company, name, role) for name, role in zip(PEOPLE, roles, strict=True)]


def has_colleagues() -> bool:
    return Company.objects.filter(name=COMPANY).exists()


def _make_person(company: Company, name: str, role: str) -> User:
    address = f"{name.lower().replace(' ', '.')}@halden-freight.example"
    person = User.objects.create_user(address, name=name)
    add_member(company=company, user=person, role=role)
    return person


def sit_quiz(people: list[User], pack: Pack, words: Mapping[str, tuple[str, ...]]) -> None:
    """Everybody once, the first knowing least. ``words`` are right answers, as people put them, by question."""
    lesson, quiz = find_quiz(pack, "single")
    state = CourseState.objects.select_related("edition").get(course_key=pack.id)
    dice = random.Random(SEED)  # noqa: S311 -- the same demo every time
    for place, person in enumerate(people):
        enrolment, _is_new = enrol(user=person, state=state)
        knows = 0.15 + 0.85 * place / len(people)
        answers = {question["id"]: _answer(question, knows, words, dice) for question in all_questions(quiz)}
        submitted_at = timezone.now() - timedelta(minutes=5 + 7 * (len(people) - place))
        sit_at_a_pace(person, enrolment, lesson, quiz, answers, submitted_at, dice)


def sit_at_a_pace(
    person: User,
    enrolment: Enrolment,
    lesson: PackLesson,
    quiz: PackBlock,
    answers: Mapping[str, dict[str, Any]],
    submitted_at: datetime,
    dice: random.Random,
) -> Attempt:
    """Sit through the services, then move the sitting's clock, because nobody answers five questions in one moment."""
    opened = open_attempt(user=person, enrolment=enrolment, lesson_key=lesson.id, block_id=quiz.id)
    given = [{"question": question, **answer} for question, answer in answers.items()]
    attempt = submit_attempt(user=person, attempt_id=opened.pk, answers=given)
    moment = submitted_at
    for answer in reversed(attempt.answers.values()):
        answer["saved_at"] = moment.isoformat()
        moment -= timedelta(seconds=dice.randint(12, 100))
    attempt.opened_at, attempt.submitted_at = moment, submitted_at
    attempt.save(update_fields=["answers", "opened_at", "submitted_at"])
    AttemptResult.objects.filter(attempt=attempt).update(created_at=submitted_at)
    times = {"enrolled_at": moment, "started_at": moment, "last_accessed_at": submitted_at}
    Enrolment.objects.filter(pk=enrolment.pk).update(**times)
    return attempt


def _answer(
    question: Mapping[str, Any], knows: float, words: Mapping[str, tuple[str, ...]], dice: random.Random
) -> dict[str, Any]:
    right = right_answer(question)
    is_known = dice.random() < knows
    if question["type"] == "short_text":
        return {"text": dice.choice(words.get(question["id"], (right["text"],)) if is_known else WRONG_WORDS)}
    if is_known or "choices" not in right:
        return right
    if question["type"] == "true_false":
        return {"choices": ["false" if right["choices"] == ["true"] else "true"]}
    ids = [choice["id"] for choice in question["choices"]]
    if question["type"] == "multiple":
        return {"choices": ids if dice.random() < 0.5 else right["choices"][:-1]}
    return {"choices": [dice.choice([key for key in ids if key not in right["choices"]])]}


def as_points(pack: Pack, given: tuple[str, ...]) -> dict[str, Decimal]:
    """Points for each criterion of the pack's essay, in the order of its rubric."""
    [essay] = all_questions(find_quiz(pack, "essay")[1])
    return {item["id"]: Decimal(points) for item, points in zip(essay["rubric"], given, strict=True)}
