"""People that a journey brings along, and how far they have got."""

from uuid import uuid4

from allauth.account.models import EmailAddress
from django.utils import timezone

from cms.demo.study import study_until
from cms.demonstration import COURSES
from courses.editions.models import CourseState
from courses.packs.definition import Pack
from courses.packs.reader import read_pack
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enrolments.services import enrol
from learners.enums import ProgressState
from learners.progress.models import BlockProgress
from learners.progress.queries import get_course_map
from tests.factories.learners import UserFactory

SMALL, LARGE = "customer-conversations", "consultative-selling"


def make_learner(email: str, **fields: str) -> User:
    """Somebody who can log in through the form: the address is confirmed.

    In a journey that is walked again, those who came the first time step aside.
    """
    EmailAddress.objects.filter(email=email).delete()
    User.objects.filter(email=email).update(email=f"before-{uuid4().hex}@example.com")
    user = UserFactory(email=email, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_enrolled(email: str, slug: str) -> Enrolment:
    state = CourseState.objects.select_related("edition").get(slug=slug)
    enrolment, _is_new = enrol(user=make_learner(email), state=state)
    return enrolment


def make_reader(email: str, slug: str) -> Enrolment:
    """Everything required is done, so that every lesson is open; films cannot be watched by a service call."""
    enrolment = make_enrolled(email, slug)
    now = timezone.now()
    BlockProgress.objects.bulk_create(
        BlockProgress(
            enrolment=enrolment,
            lesson_key=lesson_id,
            block_id=block_id,
            state=ProgressState.COMPLETED,
            started_at=now,
            completed_at=now,
            last_accessed_at=now,
        )
        for lesson_id, block_id in get_course_map(enrolment.edition_id, enrolment.edition.digest).required
    )
    return enrolment


def make_viewer(email: str, slug: str, seconds: float) -> User:
    """Stopped that far into the first film."""
    user = make_learner(email)
    study_until(user, read_demo(slug), block_type="video", seconds=seconds)
    return user


def read_demo(slug: str) -> Pack:
    return read_pack(COURSES / slug)
