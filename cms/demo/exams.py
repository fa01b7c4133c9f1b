"""What comes after exams, for the demo: questions to analyse, essays to mark, and a key that was corrected.

The first edition of one course goes out with a slip in a key, as slips do. Another customer's people sit its quiz; then
the key is put right and their attempts are graded again.
"""

import random
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.demo.colleagues import as_points, has_colleagues, make_colleagues, sit_at_a_pace, sit_quiz
from cms.demo.study import all_questions, find_quiz, study_before
from courses.editions.models import CourseState
from courses.packs.apply import apply_pack
from courses.packs.definition import Pack, PackBlock
from learners.accommodations.services import grant_accommodation
from learners.accounts.models import User
from learners.exams.marking import mark_essay
from learners.exams.regrading import continue_regrades, start_regrade
from learners.exams.statistics import count_attempts

ACCEPTED_BEFORE = 1
REASON = "“Number them” and “numbers” are as right as “number”; the first edition did not accept them."
ESSAYS = (
    (
        "You told me that the trucks queue three mornings a week, that last Thursday the yoghurt stood "
        "outside for two hours, and that Tom gets the bill for the waiting at the end of the month. So what "
        "you want is not a new system but a morning on which nobody rings you. Is that how you would put it?"
    ),
    (
        "We spoke about the new rota on Tuesday. You said that people find out on Friday what they do on "
        "Monday, that two of nine have left since spring and that both gave that as the reason. You want a "
        "plan that is fixed ten days ahead. Have I left anything out?"
    ),
    (
        "The customer needs a better process and our planning tool would help them a lot. They were very "
        "interested and want to see a demonstration soon. I explained the main advantages and promised to "
        "send the brochure, which they will share with their colleagues before we meet again next month."
    ),
)
ACCOMMODATION: dict[str, Any] = {
    "time_factor": Decimal("1.5"),
    "extra_attempts": 1,
    "is_untimed": False,
    "note": "Asked for by the occupational health service; the letter is on file.",
}
MARKED_POINTS = ("0", "0", "0")
COMMENT = (
    "There is nothing here that the customer said. Which words did they use for what goes wrong, and how often does "
    "it? Try again with the last conversation you had; you have a second attempt."
)


def with_slip(pack: Pack) -> Pack:
    """The pack as it was before its short-text question accepted what people really write."""
    modules = tuple(
        replace(
            module,
            lessons=tuple(
                replace(lesson, blocks=tuple(_with_slip(block) for block in lesson.blocks)) for lesson in module.lessons
            ),
        )
        for module in pack.modules
    )
    return replace(pack, modules=modules)


def _with_slip(block: PackBlock) -> PackBlock:
    if block.type != "quiz":
        return block
    fields: dict[str, Any] = deepcopy(dict(block.fields))
    for question in fields["questions"]:
        if question["type"] == "short_text":
            question["answers"] = question["answers"][:ACCEPTED_BEFORE]
    return replace(block, fields=fields)


def ensure_exams(people: Mapping[str, User], sat: Pack, written: Pack) -> bool:
    """Once, and before anybody else studies ``sat``: what they study then is its corrected edition."""
    if has_colleagues():
        return False
    reviewer = people["reviewer@example.com"]
    _lesson, quiz = find_quiz(sat, "single")
    words = {each["id"]: tuple(each["answers"]) for each in all_questions(quiz) if each["type"] == "short_text"}
    with transaction.atomic():
        colleagues = make_colleagues()
        sit_quiz(colleagues, sat, words)
        _write_essays(colleagues[-len(ESSAYS) :], written, reviewer)
        grant_accommodation(user=colleagues[0], granted_by=people["admin@example.com"], **ACCOMMODATION)
    _correct_key(people["admin@example.com"], reviewer, sat)
    count_attempts()
    return True


def _write_essays(people: list[User], pack: Pack, marker: User) -> None:
    """Two wait, the last is marked."""
    lesson, quiz = find_quiz(pack, "essay")
    [question] = all_questions(quiz)
    dice = random.Random(1)  # noqa: S311 -- only the pace of typing
    attempts = []
    for place, (person, text) in enumerate(zip(people, ESSAYS, strict=True)):
        enrolment = study_before(person, pack, lesson)
        submitted_at = timezone.now() - timedelta(minutes=95 - 40 * place)
        answers = {question["id"]: {"text": text}}
        attempts.append(sit_at_a_pace(person, enrolment, lesson, quiz, answers, submitted_at, dice))
    mark_essay(
        attempt_id=attempts[-1].pk,
        question_id=question["id"],
        marker=marker,
        criteria=as_points(pack, MARKED_POINTS),
        comment=COMMENT,
    )


def _correct_key(publisher: User, author: User, pack: Pack) -> None:
    """A second edition with the right key, and the attempts of the first graded with it."""
    apply_pack(pack, user=publisher, publish=True)
    state = CourseState.objects.select_related("edition").get(course_key=pack.id)
    if state.edition is None or state.edition.number == 1:
        return  # a demo from before there was a slip
    lesson, quiz = find_quiz(pack, "single")
    start_regrade(key_edition=state.edition, lesson_key=lesson.id, block_id=quiz.id, reason=REASON, author=author)
    continue_regrades()
