"""Issue a certificate with the completion of the course; freeze a design as soon as it is published."""

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from wagtail.signals import published

from certificates.designs.models import CertificateDesign
from certificates.designs.services import freeze_design
from certificates.issuing import issue_certificate
from learners.signals import course_completing


@receiver(course_completing, dispatch_uid="certificates.issue_with_completion")
def issue_with_completion(sender: Any, *, enrolment_id: int, **kwargs: Any) -> None:
    """In the transaction of the completion, in a savepoint of its own; ``issue_missing_certificates`` heals."""
    issue_certificate(enrolment_id=enrolment_id)


@receiver(published, sender=CertificateDesign, dispatch_uid="certificates.freeze_published_design")
def freeze_published_design(sender: Any, *, instance: CertificateDesign, **kwargs: Any) -> None:
    """Pictures are read now and not when somebody completes a course."""
    transaction.on_commit(partial(freeze_design, instance), robust=True)
