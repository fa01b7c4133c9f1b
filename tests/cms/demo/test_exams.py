"""What the demo shows after exams: essays in the queue, a corrected key, figures with something to look at."""

import pytest

from cms.demo.colleagues import COMPANY, PEOPLE
from cms.demo.exams import REASON, with_slip
from cms.demo.study import all_questions, find_quiz
from cms.demonstration import COMPLETED, COURSES
from courses.packs.reader import read_pack
from learners.accommodations.models import Accommodation
from learners.accounts.models import User
from learners.companies.models import Membership
from learners.exams.marking_queries import describe_marks, describe_waiting, list_marks, list_waiting
from learners.exams.models import Regrade
from learners.exams.regrading_queries import list_results
from learners.exams.statistics import get_analysis, list_statistics

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def reviewer(demo: str, db: None) -> User:
    return User.objects.get(email="reviewer@example.com")


def test_essays_wait_and_one_is_marked(reviewer: User) -> None:
    waiting = describe_waiting(list(list_waiting(reviewer)))
    assert [(each.quiz_title, each.open_count) for each in waiting] == [("Say it back", 1)] * 2
    [(mark, quiz)] = describe_marks(list(list_marks()))
    assert (quiz, mark.marked_by, mark.attempt.enrolment.user.name) == ("Say it back", reviewer, PEOPLE[-1])


def test_a_corrected_key_let_people_pass(reviewer: User) -> None:
    regrade = Regrade.objects.get()
    assert (regrade.author, regrade.reason, regrade.attempts_total) == (reviewer, REASON, len(PEOPLE))
    assert regrade.finished_at is not None
    flips = [(row.old_passed, row.passed) for row in list_results(regrade) if row.old_passed != row.passed]
    assert flips != []
    assert set(flips) == {(False, True)}


def test_every_paper_is_counted_at_a_human_pace_and_one_question_stands_out(reviewer: User) -> None:
    row = list_statistics().get(attempts=len(PEOPLE))
    analysis = get_analysis(row.pk)
    assert analysis is not None
    assert [question.flags for question in analysis.questions if question.flags] == [("rival",)]
    assert [question for question in analysis.questions if not 10 <= (question.count.median_seconds or 0) <= 105] == []
    assert not analysis.is_behind


def test_the_colleagues_are_another_company_and_cannot_log_in(reviewer: User) -> None:
    people = [member.user for member in Membership.objects.filter(company__name=COMPANY).select_related("user")]
    assert sorted(person.name for person in people) == sorted(PEOPLE)
    assert [person for person in people if person.has_usable_password()] == []
    assert Accommodation.objects.get().user in people


def test_the_slip_is_in_one_key_only(reviewer: User) -> None:
    pack = read_pack(COURSES / COMPLETED)
    before, after = (
        {question["id"]: question for question in all_questions(find_quiz(each, "single")[1])}
        for each in (with_slip(pack), pack)
    )
    assert [(before[key]["answers"], after[key]["answers"]) for key in after if before[key] != after[key]] == [
        (["number"], ["number", "number them", "numbers"])
    ]
