"""Grading what was handed in: with the key of its own edition or a later one, and with the marks that essays have.

The one place besides opening and closing where answer keys are read: marking, regrading and the question analysis ask
here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from courses.editions.answers import get_quiz, read_quizzes
from courses.quizzes.definition import Question, Quiz
from courses.quizzes.grading import Grade, Mark, grade_quiz
from courses.quizzes.rekeying import Rekeyed, rekey_quiz
from learners.enrolments.models import Enrolment
from learners.exams.locking import no_attempt
from learners.exams.models import Attempt, AttemptResult, AttemptState, EssayMark, ResultKind
from learners.exams.settling import settle_quiz
from learners.progress.events import read_uuid
from learners.progress.ledger import lock_enrolment


class Keys:
    """Answer keys, each read once: for one piece of work, then to be thrown away."""

    def __init__(self) -> None:
        self._quizzes: dict[tuple[int, str, str], Quiz | None] = {}
        self._rekeyed: dict[tuple[int, int, str, str], Rekeyed | None] = {}

    def find(self, edition_id: int, lesson_key: UUID | str, block_id: UUID | str) -> Quiz | None:
        unit = (edition_id, str(lesson_key), str(block_id))
        if unit not in self._quizzes:
            self._quizzes[unit] = get_quiz(*unit)
        return self._quizzes[unit]

    def put_text(self, edition_id: int, lesson_key: UUID | str, text: str) -> None:
        """The keys of a lesson as compiled, under an id of the caller's, where there is no edition with them yet."""
        for block_id, quiz in read_quizzes(text).items():
            self._quizzes[edition_id, str(lesson_key), block_id] = quiz

    def find_corrected(
        self, edition_id: int, key_edition_id: int, lesson_key: UUID | str, block_id: UUID | str
    ) -> Rekeyed | None:
        """The quiz of one edition with the key of another; ``None`` where either has no such quiz."""
        unit = (edition_id, key_edition_id, str(lesson_key), str(block_id))
        if unit not in self._rekeyed:
            asked, corrected = self.find(edition_id, *unit[2:]), self.find(key_edition_id, *unit[2:])
            if asked is None or corrected is None:
                self._rekeyed[unit] = None
            else:
                is_own = edition_id == key_edition_id
                self._rekeyed[unit] = Rekeyed(asked, ()) if is_own else rekey_quiz(asked, corrected)
        return self._rekeyed[unit]


@dataclass(frozen=True, slots=True)
class Regraded:
    """``kept`` are the questions of the paper that could not take the other key and were graded with their own."""

    grade: Grade
    kept: tuple[Question, ...]


def grade_again(
    attempt: Attempt, *, key_edition_id: int, keys: Keys, marks: Mapping[str, Mark] | None = None
) -> Regraded | None:
    """What the saved answers come to with that key; writes nothing. ``None`` where the key is missing.

    Without ``marks`` those in the database are read. One query, and two for each key not read yet.
    """
    corrected = keys.find_corrected(attempt.edition_id, key_edition_id, attempt.lesson_key, attempt.block_id)
    if corrected is None:
        return None
    asked = asked_ids(attempt)
    marks = read_marks(attempt) if marks is None else marks
    quiz = corrected.quiz.on_paper(asked)
    kept = tuple(question for question in quiz.questions if question.id in corrected.kept)
    return Regraded(grade_quiz(quiz, attempt.answers, marks), kept)


def asked_ids(attempt: Attempt) -> set[str]:
    """The questions that were graded, which are those of the paper; from the results where there are any, so that a
    list of attempts needs no papers."""
    if attempt.results:
        return {result["question"] for result in attempt.results["questions"]}
    return {question["id"] for question in attempt.paper["questions"]}


def read_marks(attempt: Attempt) -> dict[str, Mark]:
    """What people gave its essays. One query."""
    return {mark.question_id: to_mark(mark) for mark in EssayMark.objects.filter(attempt_id=attempt.pk)}


def to_mark(mark: EssayMark) -> Mark:
    return Mark(mark.points, mark.comment, {key: Decimal(points) for key, points in mark.criteria.items()})


def find_questions(attempt: Attempt, keys: Keys) -> dict[str, Question]:
    """The questions of the paper with key, rubric and guidance: for whoever marks, never for the learner."""
    quiz = keys.find(attempt.edition_id, attempt.lesson_key, attempt.block_id)
    questions = quiz.on_paper(asked_ids(attempt)).questions if quiz else ()
    return {question.id: question for question in questions}


def lock_any_attempt(attempt_id: UUID | str) -> tuple[Attempt, Enrolment]:
    """Anybody's attempt and its enrolment, both locked in the order of all writers. Raises ``AttemptRefusedError``."""
    key = read_uuid(str(attempt_id))
    if key is None:
        raise no_attempt()
    found = Attempt.objects.filter(pk=key).values_list("enrolment_id", flat=True).first()
    enrolment = lock_enrolment(enrolment_id=found) if found else None
    attempt = Attempt.objects.select_for_update().filter(pk=key).first() if enrolment else None
    if enrolment is None or attempt is None:
        raise no_attempt()
    return attempt, enrolment


def key_edition_of(attempt: Attempt) -> int:
    """The edition whose key the attempt was graded with last. One query."""
    last = AttemptResult.objects.filter(attempt_id=attempt.pk).order_by("-number")
    return last.values_list("key_edition_id", flat=True).first() or attempt.edition_id


def keep_first_result(attempt: Attempt) -> None:
    """Attempts of the time before results were kept have none: the first is what the attempt itself says. One query.

    Called before another result is added; the attempt is locked.
    """
    if attempt.results is None or AttemptResult.objects.filter(attempt_id=attempt.pk).exists():
        return
    AttemptResult.objects.create(
        attempt=attempt,
        number=1,
        kind=ResultKind.SUBMISSION,
        key_edition_id=attempt.edition_id,
        score=attempt.score,
        passed=attempt.passed,
        results=attempt.results,
        created_at=attempt.submitted_at or attempt.opened_at,
    )


def settle_again(attempt: Attempt, enrolment: Enrolment, *, keys: Keys, now: datetime) -> bool:
    """Settle the block after somebody else than the learner graded; True when that completed the course.

    Score policy and pass mark are those of the last sitting, as when it was handed in. Both rows are locked.
    """
    lesson_id, block_id = str(attempt.lesson_key), str(attempt.block_id)
    closed = Attempt.objects.filter(enrolment_id=enrolment.pk, block_id=block_id).exclude(state=AttemptState.OPEN)
    last = closed.order_by("-number").values_list("edition_id", flat=True).first()
    quiz = keys.find(last or attempt.edition_id, lesson_id, block_id)
    quiz = quiz or keys.find(attempt.edition_id, lesson_id, block_id)
    if quiz is None:
        return False
    return settle_quiz(
        enrolment=enrolment, lesson_id=lesson_id, block_id=block_id, quiz=quiz, now=now, is_activity=False
    )


def marks_by_attempt(attempt_ids: Iterable[UUID]) -> dict[UUID, dict[str, Mark]]:
    """The marks of many attempts; those without any are left out. One query."""
    found: dict[UUID, dict[str, Mark]] = {}
    for mark in EssayMark.objects.filter(attempt_id__in=list(attempt_ids)):
        found.setdefault(mark.attempt_id, {})[mark.question_id] = to_mark(mark)
    return found
