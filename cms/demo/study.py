"""A learner's history for the demo, made through the real services, so that scores and certificates are genuine."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from courses.editions.models import CourseState
from courses.languages import main_language
from courses.packs.definition import Pack, PackBlock, PackLesson
from courses.quizzes.definition import Question
from courses.quizzes.gap_text import split_gaps
from learners.enrolments.models import Enrolment
from learners.enrolments.services import enrol
from learners.exams.services import open_attempt, submit_attempt
from learners.progress.models import BlockProgress
from learners.progress.queries import media_rules
from learners.progress.services import complete_lesson, record_progress

if TYPE_CHECKING:
    from learners.accounts.models import User


def study_to_the_end(user: "User", pack: Pack, *, attempts: tuple[Collection[int], ...]) -> bool:
    """Enrol and complete every lesson; False if the learner was enrolled already.

    ``attempts`` says for each sitting of every quiz which questions (by position) are left unanswered.
    """
    with transaction.atomic():
        enrolment, is_new = _enrol(user, pack)
        if is_new:
            for lesson in pack.lessons:
                _study_lesson(user, enrolment, lesson, attempts)
    return is_new


def study_until(user: "User", pack: Pack, *, block_type: str, seconds: float) -> bool:
    """Enrol, complete the lessons before the first media block of that type, and stop ``seconds`` into it."""
    with transaction.atomic():
        enrolment, is_new = _enrol(user, pack)
        if is_new:
            for lesson in pack.lessons:
                if any(block.type == block_type for block in lesson.blocks):
                    _stop_inside(user, enrolment, lesson, block_type, seconds)
                    break
                _study_lesson(user, enrolment, lesson, attempts=((),))
    return is_new


def study_before(user: "User", pack: Pack, until: PackLesson) -> Enrolment:
    """Enrol and complete every lesson before that one, films and recordings watched to the end."""
    enrolment, _is_new = _enrol(user, pack)
    for lesson in pack.lessons:
        if lesson.id == until.id:
            break
        _watch(user, enrolment, lesson)
        _study_lesson(user, enrolment, lesson, attempts=((),))
    return enrolment


def find_quiz(pack: Pack, question_type: str) -> tuple[PackLesson, PackBlock]:
    """The last quiz with a question of that type, and its lesson."""
    found = [
        (lesson, block)
        for lesson in pack.lessons
        for block in lesson.blocks
        if block.type == "quiz" and any(each["type"] == question_type for each in block.fields["questions"])
    ]
    return found[-1]


def _enrol(user: "User", pack: Pack) -> tuple[Enrolment, bool]:
    state = CourseState.objects.select_related("edition").get(course_key=pack.id, language=main_language())
    return enrol(user=user, state=state)


def _study_lesson(
    user: "User", enrolment: Enrolment, lesson: PackLesson, attempts: tuple[Collection[int], ...]
) -> None:
    for block in lesson.blocks:
        if block.type == "quiz":
            for unanswered in attempts:
                _sit(user, enrolment, lesson, block, unanswered)
    complete_lesson(user=user, enrolment=enrolment, lesson_key=lesson.id)


def _sit(user: "User", enrolment: Enrolment, lesson: PackLesson, quiz: PackBlock, unanswered: Collection[int]) -> None:
    attempt = open_attempt(user=user, enrolment=enrolment, lesson_key=lesson.id, block_id=quiz.id)
    answers = [
        {"question": question["id"], **right_answer(question)}
        for position, question in enumerate(all_questions(quiz))
        if position not in unanswered
    ]
    submit_attempt(user=user, attempt_id=attempt.pk, answers=answers)


def all_questions(quiz: PackBlock) -> Iterator[dict[str, Any]]:
    """The questions of a quiz, those in pools as well, those of the bank not. Answers to what was not drawn are left
    out on handing in."""
    for question in quiz.fields["questions"]:
        if question["type"] != "bank":
            yield from question["questions"] if question["type"] == "pool" else [question]


def right_answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """The answer that the pack's author calls right, as a client sends it."""
    if question["type"] == "true_false":
        return {"choices": [question["answer"]]}
    if question["type"] == "short_text":
        return {"text": question["answers"][0]}
    if question["type"] == "numeric":
        return {"number": question["number"]}
    if question["type"] == "matching":
        asked = Question(question["id"], "matching", question["prompt"])
        return {"pairs": {pair["id"]: asked.right_id(pair["right"]) for pair in question["pairs"]}}
    if question["type"] == "ordering":
        return {"order": [item["id"] for item in question["items"]]}
    if question["type"] == "blanks":
        _texts, blanks = split_gaps(question["text"])
        return {"blanks": {blank.id: blank.accepted[0] for blank in blanks}}
    if question["type"] == "essay":
        return {"text": question["guidance"]}
    return {"choices": [choice["id"] for choice in question["choices"] if choice["is_correct"]]}


def _watch(user: "User", enrolment: Enrolment, lesson: PackLesson) -> None:
    """The films and recordings of the lesson, as if they had been opened an hour ago."""
    rules = media_rules(enrolment.edition_id, lesson.id)
    for block_id, rule in rules.items():
        event = {"lesson": lesson.id, "block": block_id}
        record_progress(user=user, enrolment_id=enrolment.pk, events=[event | {"id": str(uuid.uuid4()), "position": 0}])
        opened = BlockProgress.objects.filter(enrolment=enrolment, block_id=block_id)
        opened.update(started_at=F("started_at") - timedelta(hours=1))
        seen = {"id": str(uuid.uuid4()), "position": rule.duration, "watched": [[0, rule.duration]]}
        record_progress(user=user, enrolment_id=enrolment.pk, events=[event | seen])


def _stop_inside(user: "User", enrolment: Enrolment, lesson: PackLesson, block_type: str, seconds: float) -> None:
    events: list[dict[str, Any]] = []
    for block in lesson.blocks:
        event: dict[str, Any] = {"id": str(uuid.uuid4()), "lesson": lesson.id, "block": block.id}
        if block.type == block_type:
            events.append(event | {"position": seconds})
            break
        events.append(event | {"state": "completed"})
    record_progress(user=user, enrolment_id=enrolment.pk, events=events)
