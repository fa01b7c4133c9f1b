"""The whole evidence of an enrolment: what the learner folder knows of it, and the certificates it led to."""

from typing import TypedDict, cast

from certificates.models import Certificate
from learners.enrolments.models import Enrolment
from learners.reporting.access import Viewer
from learners.reporting.evidence import collect_evidence, digest_of
from learners.reporting.shapes import Evidence


class CertificateEvidence(TypedDict):
    number: str
    status: str
    issued_at: str
    expires_at: str | None
    sha256: str  # of the PDF, "" until it is drawn
    edition: int
    edition_digest: str


class EvidencePack(Evidence):
    certificates: list[CertificateEvidence]


def collect_pack(enrolment: Enrolment, *, viewer: Viewer) -> EvidencePack:
    """``collect_evidence`` and the enrolment's certificates, oldest first. One query more."""
    evidence = collect_evidence(enrolment, viewer=viewer)
    pack = cast(EvidencePack, {**evidence, "certificates": _certificates(enrolment)})
    pack["digest"] = digest_of(pack)
    return pack


def _certificates(enrolment: Enrolment) -> list[CertificateEvidence]:
    rows = Certificate.objects.filter(enrolment_id=enrolment.pk).select_related("file").defer("file__pdf")
    return [
        {
            "number": row.number,
            "status": row.status,
            "issued_at": row.issued_at.isoformat(timespec="seconds"),
            "expires_at": row.expires_at.isoformat(timespec="seconds") if row.expires_at else None,
            "sha256": row.file.sha256,
            "edition": row.facts["edition"],
            "edition_digest": row.facts["edition_digest"],
        }
        for row in rows.order_by("issued_at", "pk")
    ]
