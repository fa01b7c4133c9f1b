"""Certificates: one's own, anybody's by number for verification, and the PDF for those who may have it."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated, NotFound, Throttled
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api.addresses import origin_of
from api.errors import NotReadyError
from api.fields import MomentField
from api.pagination import LimitOffsetPagination
from api.views import PersonalView
from certificates.access import may_download
from certificates.guessing import WINDOW, count_miss, is_guessing
from certificates.models import Certificate, CertificateStatus
from certificates.queries import get_certificate, list_certificates
from certificates.services import render_file
from certificates.views import pdf_response

NO_CERTIFICATE = "There is no certificate with this number."
STATUSES = [*CertificateStatus.values, "expired"]


class CertificateFactsSerializer(serializers.Serializer[Any]):
    """What was frozen when it was issued; dates are days, the score is 0-100 as text."""

    name = serializers.CharField()
    course = serializers.CharField()
    language = serializers.CharField()
    edition = serializers.IntegerField()
    edition_digest = serializers.CharField()
    score = serializers.CharField(allow_null=True)
    minutes = serializers.IntegerField()
    completed_on = serializers.DateField()
    issued_on = serializers.DateField()
    expires_on = serializers.DateField(allow_null=True)
    issuer = serializers.CharField()
    verification_url = serializers.CharField()


class CertificateSerializer(serializers.Serializer[Certificate]):
    """A certificate with everything that verifying it may tell."""

    number = serializers.CharField()
    status = serializers.SerializerMethodField(help_text="Whether it holds now.")
    issued_at = MomentField()
    expires_at = MomentField(allow_null=True, help_text="The first moment it no longer holds.")
    facts = CertificateFactsSerializer()

    @extend_schema_field(serializers.ChoiceField(choices=[(name, name) for name in STATUSES]))
    def get_status(self, certificate: Certificate) -> str:
        return certificate.status_at(timezone.now())


class OwnCertificateSerializer(CertificateSerializer):
    """A certificate of one's own."""

    enrolment = serializers.IntegerField(source="enrolment_id")
    pdf_url = serializers.SerializerMethodField()

    def get_pdf_url(self, certificate: Certificate) -> str:
        return f"{self.context['origin']}/api/v1/certificates/{certificate.number}/pdf"


class CertificateListView(PersonalView):
    """Your certificates."""

    pagination_class = LimitOffsetPagination

    @extend_schema(
        operation_id="certificates_list",
        tags=["certificates"],
        summary="Your certificates, newest first",
        responses={200: OwnCertificateSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        paginator = LimitOffsetPagination()
        page = paginator.paginate_queryset(list_certificates(request.user), request, view=self)
        listed = OwnCertificateSerializer(page, many=True, context={"origin": origin_of(request)})
        return paginator.get_paginated_response(listed.data)


class CertificateView(PersonalView):
    """Verification by number, open to everyone."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="certificates_verify",
        tags=["certificates"],
        summary="Verify a certificate",
        description="Forgives case, spaces and dashes. Whoever tries too many unknown numbers has to wait.",
        parameters=[OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH)],
        responses={200: CertificateSerializer},
    )
    def get(self, request: Request, number: str) -> Response:
        return Response(CertificateSerializer(_find(request, number)).data)


class AnyAcceptNegotiation(DefaultContentNegotiation):
    """A PDF is sent whatever the Accept header says, and a problem stays JSON."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class CertificatePdfView(PersonalView):
    """The stored file."""

    permission_classes = (AllowAny,)
    content_negotiation_class = AnyAcceptNegotiation

    @extend_schema(
        operation_id="certificates_pdf",
        tags=["certificates"],
        summary="The PDF of a certificate",
        description="For its owner and for staff. 503 not_ready with Retry-After while it cannot be drawn.",
        parameters=[OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH)],
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="Your copy is current."),
            401: OpenApiResponse(description="Nobody is signed in."),
            503: OpenApiResponse(description="Not drawn yet."),
        },
    )
    def get(self, request: Request, number: str) -> HttpResponseBase:
        if not request.user.is_authenticated:
            raise NotAuthenticated
        certificate = _find(request, number)
        if not may_download(request.user, certificate):
            raise NotFound(NO_CERTIFICATE)
        file = certificate.file
        if file.pdf is None:
            file = render_file(certificate_id=certificate.pk, is_waited_for=True)
        if file.pdf is None:
            raise NotReadyError
        return pdf_response(request, certificate.number, bytes(file.pdf), file.sha256)


def _find(request: Request, number: str) -> Certificate:
    """Counts unknown numbers together with those tried on the site's own page."""
    if is_guessing(request):
        raise Throttled(wait=WINDOW)
    certificate = get_certificate(number)
    if certificate is None:
        count_miss(request)
        raise NotFound(NO_CERTIFICATE)
    return certificate
