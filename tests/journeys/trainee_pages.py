"""Every page a trainee meets, by name: who sees it, and where it is on the demo site."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate
from courses.editions.models import CourseState
from courses.editions.queries import get_outline
from learners.enrolments.models import Enrolment
from learners.exams.models import Attempt
from learners.exams.services import open_attempt, submit_attempt
from learners.progress.models import BlockProgress
from tests.factories.courses import (
    make_edition,
    make_lesson,
    make_module,
    part_questions,
    quiz_block,
    text_block,
    video_block,
)
from tests.factories.learners import EnrolmentFactory
from tests.journeys.people import LARGE, SMALL, make_enrolled, make_learner, make_reader

VISITOR = ""
NEWCOMER, STUDENT = "learner2@example.com", "learner@example.com"
READER, SITTER, TIMED = "reader@example.com", "sitter@example.com", "timed@example.com"


@dataclass(frozen=True)
class TraineePage:
    who: str
    find_path: Callable[[], str]


def at(path: str) -> Callable[[], str]:
    return lambda: path


def lesson_with(kind: str) -> Callable[[], str]:
    """The first lesson of the large course with a block of that type."""
    return lambda: next(path for path, kinds in walk_lessons(LARGE) if kind in kinds)


def walk_lessons(slug: str) -> list[tuple[str, set[str]]]:
    edition = CourseState.objects.select_related("edition").get(slug=slug).edition
    return [
        (
            reverse("lesson", args=[slug, module["slug"], lesson["slug"]]),
            {block["type"] for block in lesson["blocks"]},
        )
        for module in get_outline(edition.pk, edition.digest)["modules"]
        for lesson in module["lessons"]
    ]


def lesson_after_the_film() -> str:
    lessons = walk_lessons(LARGE)
    return next(after[0] for lesson, after in pairwise(lessons) if "video" in lesson[1])


def result(*, passed: bool) -> Callable[[], str]:
    def find() -> str:
        attempts = Attempt.objects.filter(enrolment__user__email=STUDENT, passed=passed)
        return reverse("attempt", args=[attempts.order_by("opened_at").first().pk])

    return find


def open_quiz() -> str:
    return reverse("attempt", args=[Attempt.objects.get(enrolment__user__email=SITTER).pk])


def timed_lesson() -> str:
    """A part that waits, one that runs and one that is over, and a quiz that cools down."""
    edition = Enrolment.objects.select_related("edition").get(user__email=TIMED).edition
    return reverse("lesson", args=[edition.slug, "module-1", "lesson-1"])


def timed_evidence() -> str:
    return reverse("evidence", args=[Enrolment.objects.get(user__email=TIMED).pk])


def waiting_result() -> str:
    return reverse("attempt", args=[Attempt.objects.get(enrolment__user__email=TIMED).pk])


def certificate() -> str:
    return reverse("certificate", args=[Certificate.objects.get(user__email=STUDENT).number])


PAGES = {
    "home": TraineePage(VISITOR, at("/")),
    "catalogue": TraineePage(VISITOR, at("/courses/")),
    "catalogue-filtered": TraineePage(STUDENT, at("/courses/?level=beginner&q=customer")),
    "catalogue-without-hits": TraineePage(VISITOR, at("/courses/?q=xylophone")),
    "course": TraineePage(VISITOR, at(f"/courses/{LARGE}/")),
    "course-to-enrol-on": TraineePage(NEWCOMER, at(f"/courses/{LARGE}/")),
    "course-to-buy": TraineePage(NEWCOMER, at("/courses/renewal-negotiations/")),
    "course-enrolled": TraineePage(STUDENT, at(f"/courses/{LARGE}/")),
    "course-completed": TraineePage(STUDENT, at(f"/courses/{SMALL}/")),
    "lesson-text-image": TraineePage(READER, lesson_with("image")),
    "lesson-file": TraineePage(READER, lesson_with("file")),
    "lesson-quiz": TraineePage(READER, lesson_with("quiz")),
    "lesson-video": TraineePage(STUDENT, lesson_with("video")),
    "lesson-audio-embed": TraineePage(READER, lesson_with("embed")),
    "lesson-table-code": TraineePage(READER, lesson_with("code")),
    "lesson-markdown": TraineePage(READER, lesson_with("markdown")),
    "lesson-locked": TraineePage(STUDENT, lesson_after_the_film),
    "quiz-open": TraineePage(SITTER, open_quiz),
    "lesson-timed": TraineePage(TIMED, timed_lesson),
    "evidence-timed": TraineePage(TIMED, timed_evidence),
    "learning-next-shut": TraineePage(TIMED, at("/learn/")),
    "result-waiting": TraineePage(TIMED, waiting_result),
    "result-failed": TraineePage(STUDENT, result(passed=False)),
    "result-passed": TraineePage(STUDENT, result(passed=True)),
    "learning-empty": TraineePage(NEWCOMER, at("/learn/")),
    "learning": TraineePage(STUDENT, at("/learn/")),
    "profile": TraineePage(STUDENT, at("/learn/profile/")),
    "addresses": TraineePage(STUDENT, at("/accounts/email/")),
    "log-in": TraineePage(VISITOR, at("/accounts/login/")),
    "sign-up": TraineePage(VISITOR, at("/accounts/signup/")),
    "verification-sent": TraineePage(VISITOR, at("/accounts/confirm-email/")),
    "password-forgotten": TraineePage(VISITOR, at("/accounts/password/reset/")),
    "certificate": TraineePage(VISITOR, certificate),
    "certificate-own": TraineePage(STUDENT, certificate),
    "certificate-unknown": TraineePage(VISITOR, at("/certificates/CW-0000-0000-0000/")),
    "certificate-lookup": TraineePage(VISITOR, at("/certificates/")),
    "certificate-gallery": TraineePage(STUDENT, at("/learn/certificates/")),
    "certificate-gallery-empty": TraineePage(NEWCOMER, at("/learn/certificates/")),
    "standard-page": TraineePage(VISITOR, at("/about/")),
    "not-found": TraineePage(VISITOR, at("/courses/nothing-of-the-kind/")),
}


def prepare_people() -> None:
    """Those whom the demo does not know: one who may open every lesson, one in the middle of a quiz, one short of
    time."""
    make_reader(READER, LARGE)
    prepare_limited_time()
    enrolment = make_enrolled(SITTER, SMALL)
    for module in get_outline(enrolment.edition_id, enrolment.edition.digest)["modules"]:
        for lesson in module["lessons"]:
            for block in lesson["blocks"]:
                if block["type"] == "quiz":
                    open_attempt(
                        user=enrolment.user, enrolment=enrolment, lesson_key=lesson["id"], block_id=block["id"]
                    )


def prepare_limited_time() -> None:
    """Somebody with parts of limited time in every state, whose essay waits to be marked and whose next lesson is
    shut."""
    parts = [text_block(time_limit=10), text_block(time_limit=10), video_block(time_limit=10, title="A film")]
    quiz = quiz_block(title="Write", questions=part_questions(), cooldown_minutes=60)
    lesson = make_lesson(*parts, quiz, title="Lesson 1")
    shut = make_lesson(text_block(), title="Shut", release_after_days=30)
    state = make_edition(modules=[make_module(lesson, shut)], title="Against the clock", is_published=False)
    enrolment = EnrolmentFactory(course=state, user=make_learner(TIMED))
    now = timezone.now()
    for part, started_at in ((parts[0], now), (parts[1], now - timedelta(hours=1))):
        BlockProgress.objects.create(
            enrolment=enrolment,
            lesson_key=lesson["id"],
            block_id=part["id"],
            started_at=started_at,
            last_accessed_at=started_at,
            clock_started_at=started_at,
            deadline_at=started_at + timedelta(minutes=10),
        )
    attempt = open_attempt(user=enrolment.user, enrolment=enrolment, lesson_key=lesson["id"], block_id=quiz["id"])
    answers = [{"question": "q9", "text": "Because.", "seq": 1}]
    submit_attempt(user=enrolment.user, attempt_id=attempt.pk, answers=answers)
