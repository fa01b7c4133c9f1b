"""The language an enrolment is studied in."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.enrolments import EnrolmentSerializer, enrolment_context
from api.views import PersonalView
from courses.editions.queries import get_versions
from learners.progress.languages import switch_language


class SwitchSerializer(serializers.Serializer[Any]):
    """Which language."""

    language = serializers.CharField(max_length=12, help_text="A `code` of the course's `languages`.")


class LanguageView(PersonalView):
    """The language an enrolment is studied in."""

    @extend_schema(
        operation_id="enrolments_language",
        tags=["enrolments"],
        summary="Go on in another language",
        description=(
            "Everything that was done stays done: lessons, blocks and questions have the same ids in every language. "
            "An open attempt stays in the language it was opened in. What is completed stays as it is (409)."
        ),
        request=SwitchSerializer,
        responses={200: EnrolmentSerializer},
    )
    def post(self, request: Request, enrolment_id: int) -> Response:
        body = SwitchSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        language = body.validated_data["language"].lower()
        enrolment = switch_language(user=request.user, enrolment_id=enrolment_id, language=language)
        context = enrolment_context([enrolment], get_versions([enrolment.edition]), request.user)
        return Response(EnrolmentSerializer(enrolment, context=context).data)
