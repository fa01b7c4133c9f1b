"""Stored evidence: the facts as they were, and the bytes that were handed out."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateStatus(models.TextChoices):
    """What is stored. "Expired" is never stored: it follows from ``expires_at`` (see ``Certificate.status_at``)."""

    VALID = "valid", _("Valid")
    SUPERSEDED = "superseded", _("Superseded")
    REVOKED = "revoked", _("Revoked")


class Certificate(models.Model):
    """Frozen facts of one completed enrolment cycle. Never redrawn from today's data, never deleted with content."""

    wagtail_reference_index_ignore = True

    number = models.CharField(max_length=24, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates")
    enrolment = models.OneToOneField("learners.Enrolment", on_delete=models.PROTECT, related_name="certificate")
    edition = models.ForeignKey("courses.Edition", on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField(help_text=_("The shape is certificates.facts.CertificateFacts; written once."))
    status = models.CharField(max_length=12, choices=CertificateStatus, default=CertificateStatus.VALID)
    issued_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text=_("The first moment it no longer holds."))

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at", "-id"]

    def __str__(self) -> str:
        return self.number

    def status_at(self, moment: datetime) -> str:
        """valid, superseded or revoked as stored; expired once a valid one's time has run out."""
        if self.status == CertificateStatus.VALID and self.expires_at and self.expires_at <= moment:
            return "expired"
        return self.status


class CertificateFile(models.Model):
    """The PDF bytes of a certificate. The row exists from the start; ``pdf`` is empty until it has been rendered."""

    wagtail_reference_index_ignore = True

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="file")
    pdf = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    rendered_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True, help_text=_("A renderer holds this row until then."))
    failures = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    retry_at = models.DateTimeField(null=True, help_text=_("The sweeper leaves a failed row alone until then."))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pdf__isnull=True, sha256="") | (models.Q(pdf__isnull=False) & ~models.Q(sha256="")),
                name="certificate_bytes_have_a_digest",
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}"
