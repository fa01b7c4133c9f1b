"""People that a journey brings along, and how far they have got."""

from allauth.account.models import EmailAddress

from cms.demo.study import study_to_the_end, study_until
from cms.demonstration import COURSES
from courses.editions.models import CourseState
from courses.packs.definition import Pack
from courses.packs.reader import read_pack
from learners.accounts.models import User
from learners.enrolments.models import Enrolment
from learners.enrolments.services import enrol
from tests.factories.learners import UserFactory

SMALL, LARGE = "customer-conversations", "consultative-selling"


def make_learner(email: str, **fields: str) -> User:
    """Somebody who can log in through the form: the address is confirmed."""
    user = UserFactory(email=email, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_enrolled(email: str, slug: str) -> Enrolment:
    state = CourseState.objects.select_related("edition").get(slug=slug)
    enrolment, _is_new = enrol(user=make_learner(email), state=state)
    return enrolment


def make_graduate(email: str, slug: str) -> User:
    """Completed every lesson, so that all of them are open."""
    user = make_learner(email)
    study_to_the_end(user, read_demo(slug), attempts=((),))
    return user


def make_viewer(email: str, slug: str, seconds: float) -> User:
    """Stopped that far into the first film."""
    user = make_learner(email)
    study_until(user, read_demo(slug), block_type="video", seconds=seconds)
    return user


def read_demo(slug: str) -> Pack:
    return read_pack(COURSES / slug)
