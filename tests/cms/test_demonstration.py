"""The demo site shows every feature of the product at its best."""

from pathlib import Path

import pytest
from django.urls import reverse
from wagtail.models import WorkflowState

from certificates.models import Certificate
from cms.demo.study import all_questions
from cms.demonstration import ACCOUNTS, COURSES, PASSWORD
from courses.editions.models import CourseState
from courses.editions.queries import get_lesson_document, get_outline
from courses.models import CourseMedia, CoursePage, LessonPage, TemplatesPage
from courses.packs.plan import plan_pack
from courses.packs.reader import read_pack
from courses.publishing import find_publish_problems
from courses.quizzes.definition import QUESTION_TYPES
from learners.accounts.models import User
from learners.companies.queries import followed_people
from learners.enrolments.models import Enrolment

pytestmark = pytest.mark.once

ALL_TYPES = {
    *("text", "markdown", "image", "video", "audio", "quiz", "file", "embed", "code", "table", "callout"),
}
ALL_QUESTIONS = {*QUESTION_TYPES, "pool", "bank"}


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.email)
def test_demo_accounts_can_log_in(demo, db, client, account):
    response = client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    assert (response.status_code, client.session.get("_auth_user_id")) == (
        302,
        str(User.objects.get(email=account.email).pk),
    )


@pytest.mark.parametrize(
    ("email", "status"),
    [("admin@example.com", 200), ("editor@example.com", 200), ("reviewer@example.com", 200)],
)
def test_demo_staff_see_the_admin(demo, db, client, email, status):
    client.force_login(User.objects.get(email=email))
    assert client.get("/admin/").status_code == status


@pytest.mark.parametrize("email", ["manager@example.com", "learner@example.com", "learner2@example.com"])
def test_demo_learners_do_not_see_the_admin(demo, db, client, email):
    client.force_login(User.objects.get(email=email))
    assert client.get("/admin/").status_code == 302


def test_demo_course_uses_every_block_type_and_question_type():
    pack = read_pack(COURSES / "consultative-selling")
    blocks = [block for lesson in pack.lessons for block in lesson.blocks]
    questions = [question for block in blocks for question in block.fields.get("questions", [])]
    assert {block.type for block in blocks} == ALL_TYPES
    assert {question["type"] for question in questions} == ALL_QUESTIONS
    assert {block.fields["kind"] for block in blocks if block.type == "callout"} == {
        "info",
        "tip",
        "warning",
        "success",
    }
    assert {block.is_required for block in blocks} == {True, False}
    assert {block.fields["is_decorative"] for block in blocks if block.type == "image"} == {True, False}
    assert (len(pack.modules), len(list(pack.lessons))) == (4, 13)


@pytest.mark.parametrize("folder", sorted(COURSES.iterdir()), ids=lambda folder: folder.name)
def test_demo_packs_are_complete_and_explain_every_answer(folder: Path):
    pack = read_pack(folder)
    quizzes = [block for lesson in pack.lessons for block in lesson.blocks if block.type == "quiz"]
    # An essay's comment comes from whoever marks it.
    questions = [question for quiz in quizzes for question in all_questions(quiz) if question["type"] != "essay"]
    assert pack.missing_media == ()
    assert pack.extra == {}
    assert [block.extra for lesson in pack.lessons for block in lesson.blocks if block.extra] == []
    assert [question["prompt"] for question in questions if not question["explanation"]] == []
    assert [
        choice["text"] for question in questions for choice in question.get("choices", []) if not choice["feedback"]
    ] == []


@pytest.mark.parametrize("folder", sorted(COURSES.iterdir()), ids=lambda folder: folder.name)
def test_demo_courses_are_applied_without_remainder(demo, db, folder: Path):
    plan = plan_pack(read_pack(folder))
    assert plan.obstacles == ()
    assert plan.media_counts["add"] == plan.media_counts["missing"] == plan.media_counts["changed"] == 0
    waiting = [page.title for page in plan.pages if page.action != "unchanged"]
    # The pack differs only from the draft that waits for review.
    assert waiting == (["Write so that nobody has to ask"] if folder.name == "customer-conversations" else [])


def test_demo_lessons_pass_the_publishing_gate(demo, db):
    pages = LessonPage.objects.filter(is_template=False)
    assert [problem for page in pages for problem in find_publish_problems(page)] == []


def test_demo_templates_are_whole_and_lie_on_the_shelf(demo, db):
    """Three of lessons and one of a course, in which nothing would stop publishing but that they are templates."""
    shelf = TemplatesPage.objects.get()
    assert [page.specific_class for page in shelf.get_children()] == [LessonPage] * 3 + [CoursePage]
    for page in LessonPage.objects.filter(is_template=True):
        page.is_template = False
        assert find_publish_problems(page) == []
        assert page.live is False


def test_demo_catalogue_shows_variety(demo, db):
    facts = [get_outline(state.edition_id, state.edition.digest)["course"] for state in CourseState.objects.all()]
    assert sorted((fact["slug"], fact["level"], fact["language"], fact["access"]) for fact in facts) == [
        ("consultative-selling", "intermediate", "en", "enrolled"),
        ("customer-conversations", "beginner", "en", "enrolled"),
        ("erstgespraech", "beginner", "de", "open"),
        ("renewal-negotiations", "advanced", "en", "paid"),
    ]
    assert [fact["title"] for fact in facts if fact["cover"] is None] == []


def test_demo_learner_has_a_certificate_that_can_be_downloaded(demo, db, client):
    certificate = Certificate.objects.get()
    assert {name: certificate.facts[name] for name in ("name", "course", "edition", "score")} == {
        "name": "Lucas Berger",
        "course": "Customer Conversations",
        "edition": 2,
        "score": "87.5",
    }
    assert bytes(certificate.file.pdf[:5]) == b"%PDF-"
    client.force_login(certificate.user)
    response = client.get(reverse("certificate-pdf", args=[certificate.number]))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")


def test_demo_second_learner_is_new(demo, db):
    assert not Enrolment.objects.filter(user__email="learner2@example.com").exists()


def test_demo_manager_follows_two_people_and_gave_one_more_time(demo, db, client):
    manager = User.objects.get(email="manager@example.com")
    assert [person.email for person in followed_people(manager)] == ["learner@example.com", "learner2@example.com"]
    client.force_login(manager)
    rows = client.get("/team/").context["members"][0].enrolments
    reasons = [[reason.code for reason in row.due.reasons] for row in rows if row.due]
    assert reasons == [["extension", "company_rule"]]


def test_demo_has_a_page_in_review(demo, db):
    state = WorkflowState.objects.get()
    page = LessonPage.objects.get(slug="write-so-nobody-has-to-ask")
    assert (state.status, state.object_id, state.requested_by.email) == (
        "in_progress",
        str(page.pk),
        "editor@example.com",
    )
    assert (page.live, page.has_unpublished_changes) == (True, True)


def test_demo_media_have_captions_transcripts_and_length(demo, db):
    assert sorted((media.type, round(media.duration)) for media in CourseMedia.objects.all()) == [
        ("audio", 66),
        ("video", 42),
    ]
    state = CourseState.objects.select_related("edition").get(slug="consultative-selling")
    outline = get_outline(state.edition_id, state.edition.digest)
    lessons = [lesson["id"] for module in outline["modules"] for lesson in module["lessons"]]
    blocks = [block for key in lessons for block in get_lesson_document(state.edition_id, key)["blocks"]]
    video = next(block for block in blocks if block["type"] == "video")
    audio = next(block for block in blocks if block["type"] == "audio")
    assert [(track["language"], track["label"]) for track in video["captions"]] == [("en", "English")]
    assert video["poster"] is not None
    assert [block["title"] for block in (video, audio) if not block["transcript"]] == []


def test_demo_files_are_small():
    sizes = {path.name: path.stat().st_size for path in COURSES.rglob("media/*")}
    assert sizes["open-the-call.mp4"] <= 1_500_000
    assert sizes["discovery-call.mp3"] <= 400_000
    assert sum(sizes.values()) <= 3_000_000
