"""Evidence of an enrolment: everything the records say of it, for its learner, their managers and staff."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.enrolments import NO_ENROLMENT
from api.views import PersonalView
from certificates.evidence.pack import CertificateEvidence, EvidencePack, collect_pack
from learners.reporting.access import find_viewer
from learners.reporting.evidence import find_enrolment
from learners.reporting.shapes import (
    AccommodationEvidence,
    CourseEvidence,
    EnrolmentEvidence,
    ExtensionEvidence,
    GrantEvidence,
    LearnerEvidence,
    LessonEvidence,
)


class EvidenceSerializer(serializers.Serializer[Any]):
    """All moments are UTC, all durations seconds, scores and points decimals as text. The answer key is never in it."""

    made_at = serializers.CharField(help_text="When the records were read.")
    viewer = serializers.ChoiceField(choices=["owner", "manager", "staff"], help_text="As whom you read it.")
    digest = serializers.CharField(help_text="SHA-256 of the canonical JSON of all but made_at, viewer and this.")
    learner = serializers.SerializerMethodField()
    course = serializers.SerializerMethodField()
    enrolment = serializers.SerializerMethodField()
    grants = serializers.SerializerMethodField()
    extensions = serializers.SerializerMethodField()
    accommodations = serializers.SerializerMethodField()
    lessons = serializers.SerializerMethodField(help_text="In the order of the edition; what it no longer has is last.")
    certificates = serializers.SerializerMethodField()

    def get_learner(self, pack: EvidencePack) -> LearnerEvidence:
        return pack["learner"]

    def get_course(self, pack: EvidencePack) -> CourseEvidence:
        return pack["course"]

    def get_enrolment(self, pack: EvidencePack) -> EnrolmentEvidence:
        return pack["enrolment"]

    def get_grants(self, pack: EvidencePack) -> list[GrantEvidence]:
        return pack["grants"]

    def get_extensions(self, pack: EvidencePack) -> list[ExtensionEvidence]:
        return pack["extensions"]

    def get_accommodations(self, pack: EvidencePack) -> list[AccommodationEvidence]:
        return pack["accommodations"]

    def get_lessons(self, pack: EvidencePack) -> list[LessonEvidence]:
        return pack["lessons"]

    def get_certificates(self, pack: EvidencePack) -> list[CertificateEvidence]:
        return pack["certificates"]


class EvidenceView(PersonalView):
    """The evidence of an enrolment."""

    @extend_schema(
        operation_id="enrolments_evidence",
        tags=["enrolments"],
        summary="Evidence of an enrolment",
        description="Every block with edition, state, times and watched intervals, every attempt with paper, answers "
        "and gradings, every decision about it. For the learner, the managers of their company and staff; for "
        "everybody else it does not exist. Learners do not get the marks of single questions here.",
        responses=EvidenceSerializer,
    )
    def get(self, request: Request, enrolment_id: int) -> Response:
        enrolment = find_enrolment(enrolment_id)
        viewer = find_viewer(request.user, enrolment) if enrolment else None
        if enrolment is None or viewer is None:
            raise NotFound(NO_ENROLMENT)
        return Response(EvidenceSerializer(collect_pack(enrolment, viewer=viewer)).data)
