"""Stored evidence: the facts as they were, and the bytes that were handed out."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateStatus(models.TextChoices):
    VALID = "valid", _("Valid")
    SUPERSEDED = "superseded", _("Superseded")
    REVOKED = "revoked", _("Revoked")


class Certificate(models.Model):
    """Frozen facts of one completed enrolment cycle. Never redrawn from today's data, never deleted with content."""

    number = models.CharField(max_length=24, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates")
    enrolment = models.OneToOneField("learners.Enrolment", on_delete=models.PROTECT, related_name="certificate")
    edition = models.ForeignKey("courses.Edition", on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField(
        help_text="name, course, edition, edition_digest, score, minutes, completed_on, issued_on, issuer"
    )
    status = models.CharField(max_length=12, choices=CertificateStatus, default=CertificateStatus.VALID)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-issued_at"]

    def __str__(self) -> str:
        return self.number


class CertificateFile(models.Model):
    """The PDF bytes of a certificate. The row exists from the start; ``pdf`` is empty until it has been rendered."""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="file")
    pdf = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    rendered_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True, help_text="A renderer holds this row until then.")
    failures = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
