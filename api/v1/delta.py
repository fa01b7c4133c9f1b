"""Delta training: what has changed since a course was completed, and the cycle in which only that is to be done."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.enrolments import NO_ENROLMENT, EnrolmentSerializer, enrolment_context
from api.views import PersonalView
from courses.editions.queries import get_versions
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import get_own_enrolment
from learners.progress.delta_cycles import find_offer, open_delta_cycle


class DeltaBlockSerializer(serializers.Serializer[Any]):
    """A required block with a major change. A course without required blocks has lessons here, of type ``lesson``."""

    lesson = serializers.UUIDField(source="lesson_id")
    lesson_title = serializers.CharField()
    block = serializers.UUIDField(source="block_id")
    type = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(choices=["added", "changed"])


class DeltaSerializer(serializers.Serializer[Any]):
    """``is_offered``: a cycle for these blocks may be opened. Without it ``blocks`` is empty."""

    is_offered = serializers.BooleanField()
    edition = serializers.IntegerField(help_text="Number of the edition in force, or of the one that was studied.")
    seconds = serializers.IntegerField(help_text="How long it takes, in whole minutes.")
    blocks = DeltaBlockSerializer(many=True)


class DeltaView(PersonalView):
    """What has changed since you completed a course."""

    @extend_schema(
        operation_id="enrolments_delta",
        tags=["enrolments"],
        summary="What has changed since you completed it",
        responses={200: DeltaSerializer},
    )
    def get(self, request: Request, enrolment_id: int) -> Response:
        enrolment = _find_own(request, enrolment_id)
        delta = find_offer(enrolment)
        body = {
            "is_offered": delta is not None,
            "edition": delta.new_number if delta else enrolment.edition.number,
            "seconds": delta.minutes * 60 if delta else 0,
            "blocks": delta.blocks if delta else [],
        }
        return Response(DeltaSerializer(body).data)

    @extend_schema(
        operation_id="enrolments_delta_open",
        tags=["enrolments"],
        summary="Begin a cycle for what has changed",
        description=(
            "A new cycle in which everything that has not changed is completed already, with its results of then. "
            "Opening it again returns the same enrolment with 200. The old cycle and its certificate stay as they are."
        ),
        request=None,
        responses={201: EnrolmentSerializer, 200: EnrolmentSerializer},
    )
    def post(self, request: Request, enrolment_id: int) -> Response:
        opened, is_new = open_delta_cycle(enrolment=_find_own(request, enrolment_id), by=request.user)
        context = enrolment_context([opened], get_versions([opened.edition]), request.user)
        return Response(EnrolmentSerializer(opened, context=context).data, status=201 if is_new else 200)


def _find_own(request: Request, enrolment_id: int) -> Enrolment:
    enrolment = get_own_enrolment(request.user, enrolment_id)
    if enrolment is None:
        raise NotFound(NO_ENROLMENT)
    return enrolment
