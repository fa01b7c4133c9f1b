"""Exams with sittings at them, for the tests of what comes afterwards: marking, regrading, question analysis."""

from dataclasses import dataclass, replace
from typing import Any

from courses.editions.models import CourseState, Edition
from courses.quizzes.definition import Question
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.exams.models import Attempt
from learners.exams.services import open_attempt, submit_attempt
from tests.factories.courses import ESSAY, Block, Lesson, make_edition, make_lesson, make_module, quiz_block
from tests.factories.learners import EnrolmentFactory

TEXT = "Because it works."


@dataclass
class Exam:
    """One quiz, alone in its course, with as many editions as are released."""

    state: CourseState
    lesson: Lesson
    quiz: Block

    @property
    def unit(self) -> dict[str, Any]:
        return {"lesson_key": self.lesson["id"], "block_id": self.quiz["id"]}

    def release(self, *questions: Question, **settings: Any) -> Edition:
        """The next edition, with other questions in the same quiz."""
        quiz = self.quiz["_quiz"]
        names = ("title", "pass_percent", "attempts_allowed", "score_policy", "review_policy")
        kept = {name: getattr(quiz, name) for name in names} | settings
        block = quiz_block(id=self.quiz["id"], questions=questions, **kept)
        lesson = make_lesson(block, key=self.lesson["id"])
        self.state = make_edition(modules=[make_module(lesson)], state=self.state)
        return self.state.edition

    def enrol(self, user: User | None = None) -> Enrolment:
        facts = {"user": user} if user else {}
        return EnrolmentFactory(course=self.state, **facts)

    def sit(self, *answers: dict[str, Any], enrolment: Enrolment | None = None) -> Attempt:
        """Opened and handed in, by somebody new unless said otherwise."""
        enrolment = enrolment or self.enrol()
        attempt = open_attempt(user=enrolment.user, enrolment=enrolment, **self.unit)
        return submit_attempt(user=enrolment.user, attempt_id=attempt.pk, answers=list(answers))


def make_exam(*questions: Question, **settings: Any) -> Exam:
    quiz = quiz_block(questions=questions, **settings)
    lesson = make_lesson(quiz)
    return Exam(make_edition(modules=[make_module(lesson)]), lesson, quiz)


def essay(key: str = "q9", **changes: Any) -> Question:
    """Three points: facts up to 2, style up to 1."""
    return replace(ESSAY, id=key, **changes)


def write(key: str = "q9", text: str = TEXT) -> dict[str, str]:
    return {"question": key, "text": text}


def choose(choice: str, key: str = "q1") -> dict[str, Any]:
    return {"question": key, "choices": [choice]}
