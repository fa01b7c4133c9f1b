"""The demo site: courses of our own, six accounts, one learner's history and a page waiting for review."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import Site, WorkflowState
from wagtail.users.models import UserProfile

from certificates.services import issue_certificate, render_file
from cms.demo.bank import ensure_bank
from cms.demo.company import ensure_company
from cms.demo.designs import ensure_designs
from cms.demo.exams import ensure_exams, with_slip
from cms.demo.study import study_to_the_end, study_until
from cms.demo.templates import ensure_templates
from cms.installation import Step, set_up
from cms.models import HomePage, StandardPage
from courses.models import CoursePage, LessonPage
from courses.packs.apply import apply_pack
from courses.packs.definition import Pack
from courses.packs.errors import PackError
from courses.packs.reader import read_pack
from courses.roles import EDITORS, REVIEWERS
from learners.accounts.models import User
from learners.enrolments.models import Enrolment

COURSES = Path(__file__).parent / "demo" / "courses"
PASSWORD = "coursewright"  # noqa: S105 -- printed on the first page of the manual
COMPLETED, IN_PROGRESS, GERMAN = "customer-conversations", "consultative-selling", "erstgespraech"
VIDEO_POSITION = 17.4
REVIEWED_LESSON = "write-so-nobody-has-to-ask"
SUGGESTION = {
    "kind": "tip",
    "title": "Read it from the other side",
    "text": "<p>Before you send: What do I know now? What must I do? By when?</p>",
    "is_required": False,
    "time_limit": None,
}
PAGES = {
    "About": (
        "<h2>What this is</h2>"
        "<p>A demonstration of Coursewright with courses of its own. The people and companies in them are invented; "
        "the exercises are meant seriously.</p>"
        "<h2>How to look around</h2>"
        "<p>Study as a learner, write as an editor, publish as a reviewer. Nothing you do here can break anything "
        "that matters.</p>"
    ),
    "Privacy": (
        "<h2>What is kept</h2>"
        "<p>Your name and e-mail address, the courses you are enrolled on, what you have completed, your answers in "
        "quizzes and your certificates. Nothing is passed on, and no page calls any other service.</p>"
    ),
}


class DemoRefusedError(Exception):
    """The demo cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Account:
    email: str
    name: str
    role: str
    group: str = ""
    is_admin: bool = False


ACCOUNTS = (
    Account("admin@example.com", "Ada Fairweather", "administrator", is_admin=True),
    Account("editor@example.com", "Elena Marchetti", "editor", EDITORS),
    Account("reviewer@example.com", "Ravi Subramanian", "reviewer", REVIEWERS),
    Account("manager@example.com", "Marta Kowalska", "manager"),
    Account("learner@example.com", "Lucas Berger", "learner with a history"),
    Account("learner2@example.com", "Nadia Haddad", "new learner"),
)


def make_demo() -> list[Step]:
    """Everything the demo shows, each part only if it is missing: running it again changes nothing.

    Courses that are there are left as they are, whatever has been edited. Raises DemoRefusedError.
    """
    steps = set_up()
    people = {}
    for account in ACCOUNTS:
        people[account.email], is_new = _ensure_account(account)
        steps.append(Step(f"{account.email} ({account.role})", is_new))
    steps.append(Step("Question bank", ensure_bank()))
    steps.append(Step("Templates of lessons and a course", ensure_templates()))
    packs = {pack.name: pack for pack in _read_packs()}
    for pack in packs.values():
        first = with_slip(pack) if pack.name == COMPLETED else pack
        steps.append(Step(f"Course “{pack.title}”", _ensure_course(first, people["admin@example.com"])))
    steps.append(Step("Exams to mark and to analyse", ensure_exams(people, packs[COMPLETED], packs[IN_PROGRESS])))
    has_designs = ensure_designs(people["admin@example.com"], packs[GERMAN].id)
    steps.append(Step("Certificate designs", has_designs))
    steps += _ensure_pages()
    learner = people["learner@example.com"]
    # A first sitting that fails, a second that passes with one question open.
    has_completed = study_to_the_end(learner, packs[COMPLETED], attempts=({1, 4}, {3}))
    steps.append(Step(f"{learner.name} completed “{packs[COMPLETED].title}”", has_completed))
    steps.append(_ensure_certificate(learner, packs[COMPLETED]))
    has_begun = study_until(learner, packs[IN_PROGRESS], block_type="video", seconds=VIDEO_POSITION)
    steps.append(Step(f"{learner.name} is studying “{packs[IN_PROGRESS].title}”", has_begun))
    steps.append(Step("Company with a deadline", ensure_company(people, packs[IN_PROGRESS])))
    steps.append(_ensure_review(people["editor@example.com"], packs[COMPLETED]))
    return steps


def _ensure_account(account: Account) -> tuple[User, bool]:
    """The account as it is if there is one, else a new one with a verified address."""
    if existing := User.objects.filter(email=account.email).first():
        return existing, False
    with transaction.atomic():
        user = User.objects.create_user(
            account.email, PASSWORD, name=account.name, is_staff=account.is_admin, is_superuser=account.is_admin
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        _silence(user)
        if account.group:
            user.groups.add(Group.objects.get(name=account.group))
    return user, True


def _silence(user: User) -> None:
    """No notices from the admin: nobody reads the mail of these addresses."""
    profile = UserProfile.get_for_user(user)
    profile.submitted_notifications = profile.approved_notifications = profile.rejected_notifications = False
    profile.updated_comments_notifications = False
    profile.save()


def _read_packs() -> Iterator[Pack]:
    for folder in sorted(COURSES.iterdir()):
        try:
            yield read_pack(folder)
        except PackError as error:
            raise DemoRefusedError(f"The demo course {folder.name} cannot be read: {error}") from None


def _ensure_course(pack: Pack, publisher: User) -> bool:
    if CoursePage.objects.filter(translation_key=pack.id).exists():
        return False
    try:
        applied = apply_pack(pack, user=publisher, publish=True)
    except PackError as error:
        raise DemoRefusedError(f"The demo course {pack.name} was refused: {error}") from None
    if applied.compile_error or applied.edition is None:
        raise DemoRefusedError(f"The demo course {pack.name} has no edition: {applied.compile_error}")
    return True


def _ensure_pages() -> Iterator[Step]:
    """About and Privacy, below a home page of ours."""
    home = HomePage.objects.filter(pk__in=Site.objects.values("root_page_id")).first()
    if home is None:
        return
    for title, body in PAGES.items():
        is_new = not home.get_children().filter(slug=title.lower()).exists()
        if is_new:
            home.add_child(instance=StandardPage(title=title, slug=title.lower(), body=body))
        yield Step(f"Page “{title}”", is_new)


def _ensure_certificate(learner: User, pack: Pack) -> Step:
    """Issued by the completion itself; drawn here, so that it can be downloaded before any worker runs."""
    enrolment = Enrolment.objects.get(user=learner, course_key=pack.id, cycle=1)
    certificate = issue_certificate(enrolment_id=enrolment.pk)
    if certificate is None:
        return Step("Certificate", False)
    is_new = certificate.file.pdf is None
    if is_new:
        render_file(certificate_id=certificate.pk, is_waited_for=True)
    return Step(f"Certificate {certificate.number}", is_new)


def _ensure_review(editor: User, pack: Pack) -> Step:
    """An editor's change to a published lesson, submitted and waiting for a reviewer."""
    name = "A change that waits for review"
    lesson_id = next(lesson.id for lesson in pack.lessons if lesson.slug == REVIEWED_LESSON)
    page = LessonPage.objects.filter(translation_key=lesson_id).first()
    workflow = page.get_workflow() if page else None
    if page is None or workflow is None or _was_submitted(page):
        return Step(name, False)
    with transaction.atomic():
        draft: Any = page.get_latest_revision_as_object()
        draft.body.append(("callout", SUGGESTION))
        draft.save_revision(user=editor, log_action=True)
        workflow.start(draft, editor)
    return Step(name, True)


def _was_submitted(page: LessonPage) -> bool:
    return WorkflowState.objects.for_instance(page).exists()
