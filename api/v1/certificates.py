"""Certificates: one's own and their public link, anybody's by number or by file, the PDF for those who may have it."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import APIException, NotAuthenticated, NotFound, Throttled, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api.addresses import origin_of
from api.errors import NotReadyError
from api.fields import MomentField
from api.pagination import LimitOffsetPagination
from api.views import PersonalView
from certificates.access import may_download, may_share
from certificates.guessing import WINDOW, count_miss, is_guessing, may_upload
from certificates.life import switch_sharing
from certificates.models import Certificate, CertificateStatus, RevocationReason
from certificates.queries import get_certificate, list_certificates, list_successors, make_credential_path
from certificates.services import render_file
from certificates.sharing.links import make_share_url
from certificates.uploads import MAX_BYTES, NoFileError, UploadTooLargeError, read_upload
from certificates.verification import verify_file
from certificates.views import pdf_response

NO_CERTIFICATE = "There is no certificate with this number."
STATUSES = [*CertificateStatus.values, "expired"]
VERDICTS = [*STATUSES, "altered", "not_ours", "unreadable"]


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
    revoked_at = MomentField(allow_null=True)
    revocation_reason = serializers.SerializerMethodField(help_text="The class of it; null unless it is revoked.")
    superseded_by = serializers.SerializerMethodField(
        help_text="Numbers of the certificates that corrected it, the one in force last; empty unless superseded."
    )
    credential_url = serializers.SerializerMethodField(help_text="The signed Open Badges 3.0 credential.")
    facts = CertificateFactsSerializer()

    @extend_schema_field(serializers.ChoiceField(choices=[(name, name) for name in STATUSES]))
    def get_status(self, certificate: Certificate) -> str:
        return certificate.status_at(timezone.now())

    @extend_schema_field(serializers.ChoiceField(choices=RevocationReason.choices, allow_null=True))
    def get_revocation_reason(self, certificate: Certificate) -> str | None:
        return certificate.revocation_reason or None

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_superseded_by(self, certificate: Certificate) -> list[str]:
        return [successor.number for successor in list_successors(certificate)]

    def get_credential_url(self, certificate: Certificate) -> str:
        return f"{self.context['origin']}{make_credential_path(certificate.number)}"


class OwnCertificateSerializer(CertificateSerializer):
    """A certificate of one's own."""

    enrolment = serializers.IntegerField(source="enrolment_id")
    pdf_url = serializers.SerializerMethodField()
    share_url = serializers.SerializerMethodField(help_text="The public link; null while it is switched off.")

    def get_pdf_url(self, certificate: Certificate) -> str:
        return f"{self.context['origin']}/api/v1/certificates/{certificate.number}/pdf"

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_share_url(self, certificate: Certificate) -> str | None:
        return make_share_url(certificate) or None


class UploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text=f"PDF or credential, at most {MAX_BYTES // 2**20} MB; not kept.")


class VerdictSerializer(serializers.Serializer[Any]):
    """What a file turned out to be. Only a genuine one comes with its certificate."""

    state = serializers.ChoiceField(choices=[(name, name) for name in VERDICTS])
    reason = serializers.CharField(allow_blank=True, help_text="One sentence for people.")
    certificate = CertificateSerializer(allow_null=True)


class ShareSerializer(serializers.Serializer[Any]):
    share_url = serializers.URLField(allow_null=True, help_text="null: switched off.")


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
        found = _find(request, number)
        return Response(CertificateSerializer(found, context={"origin": origin_of(request)}).data)


class CertificateFileView(PersonalView):
    """Verification by file, open to everyone; nobody is asked who they are, so no cookie can be misused."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="certificates_verify_file",
        tags=["certificates"],
        summary="Verify the file of a certificate",
        description="Every file counts against a limit by address, as unknown numbers do.",
        request={"multipart/form-data": UploadSerializer},
        responses={200: VerdictSerializer, 413: OpenApiResponse(description="The file is too large.")},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        if not may_upload(request):
            raise Throttled(wait=WINDOW)
        verdict = verify_file(_read_file(request))
        if not verdict.is_genuine:
            count_miss(request)
        certificate = get_certificate(verdict.number) if verdict.is_genuine else None
        answer = {"state": verdict.state, "reason": verdict.reason, "certificate": certificate}
        return Response(VerdictSerializer(answer, context={"origin": origin_of(request)}).data)


class CertificateShareView(PersonalView):
    """The switch of a certificate's public link, for its owner."""

    @extend_schema(
        operation_id="certificates_share",
        tags=["certificates"],
        summary="Switch the public link on",
        description="Returns the link there is if it is on already.",
        parameters=[OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH)],
        request=None,
        responses={200: ShareSerializer},
    )
    def post(self, request: Request, number: str) -> Response:
        return self._switch(request, number, is_on=True)

    @extend_schema(
        operation_id="certificates_unshare",
        tags=["certificates"],
        summary="Switch the public link off",
        description="It ends at once. Switched on again it is another link.",
        parameters=[OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH)],
        responses={200: ShareSerializer},
    )
    def delete(self, request: Request, number: str) -> Response:
        return self._switch(request, number, is_on=False)

    def _switch(self, request: Request, number: str, *, is_on: bool) -> Response:
        certificate = _find(request, number)
        if not may_share(request.user, certificate):
            raise NotFound(NO_CERTIFICATE)
        switched = switch_sharing(certificate_id=certificate.pk, is_on=is_on, by=request.user)
        return Response(ShareSerializer({"share_url": make_share_url(switched) or None}).data)


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


def _read_file(request: Request) -> bytes:
    try:
        return read_upload(request._request)
    except UploadTooLargeError:
        error = APIException(f"The file has more than {MAX_BYTES // 2**20} MB.", code="too_large")
        error.status_code = 413
        raise error from None
    except NoFileError:
        raise ValidationError({"file": ["Send the PDF as the form field “file”."]}) from None
