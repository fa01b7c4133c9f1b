"""The demo learner's history comes from the real services."""

from pathlib import Path

import pytest

from cms.demo.study import all_questions, right_answer
from cms.demonstration import COURSES, VIDEO_POSITION
from courses.blocks.refs import Refs
from courses.editions.queries import get_lesson_document
from courses.models import CoursePage, LessonPage
from courses.packs.reader import read_pack
from courses.quizzes.grading import grade_quiz
from learners.enrolments.models import Enrolment
from learners.exams.models import Attempt
from learners.progress.models import BlockProgress

pytestmark = pytest.mark.once


@pytest.mark.parametrize("folder", sorted(COURSES.iterdir()), ids=lambda folder: folder.name)
def test_demo_quizzes_give_full_marks_for_the_right_answers(demo, db, folder: Path):
    questions = {
        block.id: list(all_questions(block))
        for lesson in read_pack(folder).lessons
        for block in lesson.blocks
        if block.type == "quiz"
    }
    pages = LessonPage.objects.filter(path__startswith=CoursePage.objects.get(slug=folder.name).path)
    quizzes = {
        key: quiz for page in pages for key, quiz in page.body.stream_block.quizzes(page.body.raw_data, Refs()).items()
    }
    # A person marks an essay; the demo leaves it to whoever tries the queue.
    marked = {key for key, quiz in quizzes.items() if quiz.needs_marking}
    scores = {
        key: grade_quiz(quiz, {question["id"]: right_answer(question) for question in questions[key]}).percent
        for key, quiz in quizzes.items()
        if key not in marked
    }
    assert scores == dict.fromkeys(set(questions) - marked, 100)


def test_demo_learner_has_completed_a_course_by_passing_the_second_time(demo, db):
    enrolment = Enrolment.objects.get(user__email="learner@example.com", state="completed")
    attempts = Attempt.objects.filter(enrolment=enrolment)
    assert [(attempt.number, str(attempt.score), attempt.passed) for attempt in attempts] == [
        (1, "37.50", False),
        (2, "87.50", True),
    ]
    assert (enrolment.percent, str(enrolment.score)) == (100, "87.50")


def test_demo_learner_has_a_course_in_progress_inside_the_video(demo, db):
    enrolment = Enrolment.objects.get(user__email="learner@example.com", state="in_progress")
    document = get_lesson_document(enrolment.edition_id, str(enrolment.last_lesson_key))
    video = next(block for block in document["blocks"] if block["type"] == "video")
    progress = BlockProgress.objects.get(enrolment=enrolment, block_id=video["id"])
    assert (document["slug"], str(enrolment.last_block_id)) == ("open-the-call", video["id"])
    assert (progress.state, progress.position) == ("in_progress", VIDEO_POSITION)
    assert 0 < enrolment.percent < 100
