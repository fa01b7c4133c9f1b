"""Stored evidence: the facts as they were, and the bytes that were handed out."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateStatus(models.TextChoices):
    """What is stored. "Expired" is never stored: it follows from ``expires_at`` (see ``Certificate.status_at``)."""

    VALID = "valid", _("Valid")
    SUPERSEDED = "superseded", _("Superseded")
    REVOKED = "revoked", _("Revoked")


class RevocationReason(models.TextChoices):
    """The class of reason is public on the verification page; the note beside it is not."""

    ERROR = "error", _("Issued in error")
    MISCONDUCT = "misconduct", _("Misconduct")
    WITHDRAWN = "withdrawn", _("Withdrawn at the holder's request")
    OTHER = "other", _("Other")


class DesignSnapshot(models.Model):
    """A certificate design as it was when something was issued with it: written once, addressed by its SHA-256."""

    wagtail_reference_index_ignore = True

    digest = models.CharField(max_length=64, primary_key=True)
    body = models.JSONField(help_text=_("The shape is certificates.designs.layout.DesignBody."))
    revision = models.PositiveBigIntegerField(
        null=True, unique=True, help_text=_("Id of the design's revision; none for the built-in design.")
    )

    def __str__(self) -> str:
        return self.digest[:12]


class DesignAsset(models.Model):
    """The bytes of a picture that a design snapshot names: background, logo, signature image."""

    wagtail_reference_index_ignore = True

    digest = models.CharField(max_length=64, primary_key=True)
    content_type = models.CharField(max_length=40)
    body = models.BinaryField()

    def __str__(self) -> str:
        return self.digest[:12]


class Certificate(models.Model):
    """Frozen facts of one completed enrolment cycle. Never redrawn from today's data, never deleted with content.

    A cycle has at most one certificate that is not superseded; a correction is a new row that ``supersedes`` the old.
    """

    wagtail_reference_index_ignore = True

    number = models.CharField(max_length=24, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates")
    enrolment = models.ForeignKey("learners.Enrolment", on_delete=models.PROTECT, related_name="certificates")
    edition = models.ForeignKey("courses.Edition", on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField(help_text=_("The shape is certificates.facts.CertificateFacts; written once."))
    design = models.ForeignKey(DesignSnapshot, null=True, on_delete=models.PROTECT, related_name="+")
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    status = models.CharField(max_length=12, choices=CertificateStatus, default=CertificateStatus.VALID)
    issued_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text=_("The first moment it no longer holds."))
    revoked_at = models.DateTimeField(null=True, blank=True)
    revocation_reason = models.CharField(max_length=12, choices=RevocationReason, blank=True)
    status_list = models.PositiveIntegerField(default=1, help_text=_("Which public status list says if it is revoked."))
    status_index = models.PositiveIntegerField(null=True, help_text=_("Its bit there; drawn at random when issued."))
    share_token = models.CharField(max_length=32, null=True, unique=True, help_text=_("Of the public link, if any."))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=~models.Q(status="superseded"), name="one_certificate_a_cycle"
            ),
            models.UniqueConstraint(fields=["status_list", "status_index"], name="one_certificate_a_status_bit"),
            models.CheckConstraint(
                condition=models.Q(status="revoked", revoked_at__isnull=False)
                | (~models.Q(status="revoked") & models.Q(revoked_at__isnull=True, revocation_reason="")),
                name="revoked_certificates_say_when",
            ),
        ]
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
    signed_by = models.CharField(max_length=64, blank=True, help_text=_("Id of the key of the PDF's signature."))
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


class CertificateCredential(models.Model):
    """The same facts as an Open Badges 3.0 credential, signed twice: as JSON-LD with a proof, and as a JWT."""

    wagtail_reference_index_ignore = True

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="credential")
    body = models.TextField(help_text=_("The signed JSON-LD, byte for byte as it is served and attached to the PDF."))
    jwt = models.TextField()
    signed_by = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.certificate_id}"


class KeyPurpose(models.TextChoices):
    PDF = "pdf", _("Signature in the PDF")
    CREDENTIAL = "credential", _("Credential and status list")


class SigningKey(models.Model):
    """The public half of a key we sign with. Private halves are files, never rows. A retired key verifies for ever."""

    wagtail_reference_index_ignore = True

    kid = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=12, choices=KeyPurpose)
    algorithm = models.CharField(max_length=20)
    public_key = models.TextField(help_text=_("PEM"))
    x509 = models.TextField(blank=True, help_text=_("PEM of the certificate the PDF signature carries."))
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"], condition=models.Q(retired_at__isnull=True), name="one_key_in_use_a_purpose"
            )
        ]

    def __str__(self) -> str:
        return self.kid


class CertificateEventKind(models.TextChoices):
    ISSUED = "issued", _("Issued")
    REVOKED = "revoked", _("Revoked")
    REINSTATED = "reinstated", _("Reinstated")
    REISSUED = "reissued", _("Issued anew after a correction")
    SUPERSEDED = "superseded", _("Superseded by a corrected one")
    SHARED = "shared", _("Public link switched on")
    UNSHARED = "unshared", _("Public link switched off")
    SENT = "sent", _("Sent by e-mail")


class CertificateEvent(models.Model):
    """What was done to a certificate, when and by whom. Rows are only added."""

    wagtail_reference_index_ignore = True

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=CertificateEventKind)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.certificate_id} · {self.kind}"


class CertificateMail(models.Model):
    """A certificate to be sent to its owner: by itself when it was issued, or because the staff asked."""

    wagtail_reference_index_ignore = True

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="mails")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True, help_text=_("Given up, or no longer right to send."))
    claimed_until = models.DateTimeField(null=True, help_text=_("A sender holds this row until then."))
    failures = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=models.Q(sent_at__isnull=True, dropped_at__isnull=True),
                name="one_waiting_mail_a_certificate",
            )
        ]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.certificate_id}"


class CertificateArchive(models.Model):
    """A zip of many certificates, put together in the background for one person of the staff.

    The row outlives the file: it is the record of who took what out.
    """

    wagtail_reference_index_ignore = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    selection = models.JSONField(help_text=_("Ids of the certificates, in order."))
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    file_name = models.CharField(max_length=200, blank=True, help_text=_("In the private storage, once it is whole."))
    claimed_until = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(help_text=_("When the file is deleted."))

    def __str__(self) -> str:
        return f"{self.pk}"


# Django finds a folder's tables in its models module.
from certificates.designs.models import (  # noqa: E402
    CertificateDesign,
    DesignAssignment,
    DesignSignatory,
)

__all__ = [
    "Certificate",
    "CertificateArchive",
    "CertificateCredential",
    "CertificateDesign",
    "CertificateEvent",
    "CertificateEventKind",
    "CertificateFile",
    "CertificateMail",
    "CertificateStatus",
    "DesignAsset",
    "DesignAssignment",
    "DesignSignatory",
    "DesignSnapshot",
    "KeyPurpose",
    "RevocationReason",
    "SigningKey",
]
