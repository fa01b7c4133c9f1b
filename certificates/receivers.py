"""Issue a certificate when a course has been completed; ``issue_missing_certificates`` heals what gets lost."""

from typing import Any

from django.dispatch import receiver

from certificates.services import issue_certificate
from learners.signals import course_completed


@receiver(course_completed, dispatch_uid="certificates.issue_on_completion")
def issue_on_completion(sender: Any, *, enrolment_id: int, **kwargs: Any) -> None:
    issue_certificate(enrolment_id=enrolment_id)
