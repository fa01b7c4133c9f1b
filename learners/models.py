"""The models of the app, re-exported for Django; each lives in the package of its subject."""

from learners.enrolments.models import Enrolment, Grant
from learners.exams.models import Attempt
from learners.progress.models import BlockProgress

__all__ = ["Attempt", "BlockProgress", "Enrolment", "Grant"]
