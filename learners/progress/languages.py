"""Going on in another language: the enrolment moves to the edition of that language, and its progress with it."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.editions.models import CourseState
from courses.editions.queries import get_outline, list_versions
from learners.enrolments.access import study_access
from learners.enrolments.models import Enrolment
from learners.progress.ledger import lock_enrolment
from learners.progress.moving import Move, move_enrolments
from learners.progress.services import ProgressRefusedError

if TYPE_CHECKING:
    from learners.accounts.models import User


def switch_language(*, user: "User", enrolment_id: int, language: str) -> Enrolment:
    """Go on with the course in ``language``; nothing that was done is done again.

    Blocks, questions and lessons have the same ids in every language, so what is completed stays completed and counters
    are made anew. An open attempt keeps its paper and its language. A completed enrolment is a record of the edition
    that was studied and never moves. Choosing the language one studies in changes nothing. Raises
    ``ProgressRefusedError``: not_found, not_translated, completed, a code of access.
    """
    with transaction.atomic():
        locked = lock_enrolment(enrolment_id=enrolment_id, user=user)
        if locked is None:
            raise ProgressRefusedError("not_found", _("There is no such enrolment."))
        if locked.edition.language == language:
            return locked
        state = _find_version(locked, language)
        if locked.completed_at is not None:
            message = _(
                "You have completed this course, and the record stays as it is. You can read it in any language."
            )
            raise ProgressRefusedError("completed", message)
        assert state.edition is not None  # noqa: S101 -- published versions have one
        outline = get_outline(state.edition.pk, state.edition.digest)
        access = study_access(user, outline, locked, has_grant=locked.has_grant)  # type: ignore[attr-defined]
        if not access.is_allowed:
            raise ProgressRefusedError(access.code, access.message)
        move_enrolments([Move(locked, state.edition)], timezone.now())
    return locked


def _find_version(enrolment: Enrolment, language: str) -> CourseState:
    for state in list_versions(enrolment.course_key):
        if state.language == language:
            return state
    raise ProgressRefusedError("not_translated", _("This course is not offered in that language."))
