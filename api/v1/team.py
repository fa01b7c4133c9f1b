"""For managers: the people they follow with their enrolments, and more time for one of them."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.fields import MomentField
from api.pagination import LimitOffsetPagination
from api.v1.enrolments import DeadlineSerializer
from api.views import PersonalView
from learners.enrolments.extending import extend_deadline
from learners.enums import ProgressState
from learners.progress.reopening import reopen_block
from learners.reporting.team import STATUSES, Status, find_team, read_team

MOST_WORDS = 100


class TeamEnrolmentSerializer(serializers.Serializer[Any]):
    """The last cycle of a course somebody you follow is on."""

    id = serializers.IntegerField()
    course = serializers.CharField(help_text="Title, as the edition has it.")
    edition = serializers.IntegerField()
    cycle = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ProgressState.choices)
    percent = serializers.IntegerField()
    score = serializers.FloatField(allow_null=True)
    due_at = MomentField(allow_null=True)
    is_overdue = serializers.BooleanField()
    is_expired = serializers.BooleanField(help_text="Closed unfinished; an extension opens it again.")
    deadline = DeadlineSerializer(source="due", allow_null=True)
    enrolled_at = MomentField()
    completed_at = MomentField(allow_null=True)
    last_accessed_at = MomentField(allow_null=True)


class TeamMemberSerializer(serializers.Serializer[Any]):
    """Somebody you follow."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField()
    enrolments = TeamEnrolmentSerializer(many=True)


class ExtendSerializer(serializers.Serializer[Any]):
    """Until the end of a day of the learner's, or until a moment; and why."""

    due_on = serializers.DateField(required=False)
    due_at = MomentField(required=False)
    note = serializers.CharField(max_length=500, help_text="Shown to the learner, with your name.")


class ExtensionSerializer(serializers.Serializer[Any]):
    """More time, as it was promised."""

    id = serializers.IntegerField()
    enrolment = serializers.IntegerField(source="enrolment_id")
    due_at = MomentField()
    note = serializers.CharField()
    created_at = MomentField()


class ReopenSerializer(serializers.Serializer[Any]):
    """Which timed block may be started again, and why."""

    lesson = serializers.UUIDField()
    block = serializers.UUIDField()
    note = serializers.CharField(max_length=500, help_text="Kept in the evidence, which the learner can read.")


class ReopeningSerializer(serializers.Serializer[Any]):
    """A timed block that may be started again, with the clock that had run."""

    id = serializers.IntegerField()
    enrolment = serializers.IntegerField(source="progress.enrolment_id")
    lesson = serializers.UUIDField(source="progress.lesson_key")
    block = serializers.UUIDField(source="progress.block_id")
    clock_started_at = MomentField()
    deadline_at = MomentField(allow_null=True)
    note = serializers.CharField()
    created_at = MomentField()


class TeamView(PersonalView):
    """The people you follow."""

    pagination_class = LimitOffsetPagination

    @extend_schema(
        operation_id="team_list",
        tags=["team"],
        summary="The people you follow, with their enrolments",
        description="Empty for whoever manages no company.",
        parameters=[
            OpenApiParameter("q", OpenApiTypes.STR, description="Words of the name or e-mail address."),
            OpenApiParameter(
                "status", OpenApiTypes.STR, enum=list(STATUSES), description="Only people and enrolments like this."
            ),
        ],
        responses={200: TeamMemberSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        status = _read_status(request)
        search = request.query_params.get("q", "")
        if len(search) > MOST_WORDS:
            raise ValidationError({"?q": [f"“q” has at most {MOST_WORDS} characters."]})
        paginator = LimitOffsetPagination()
        team = find_team(request.user, status=status, search=search)
        people = paginator.paginate_queryset(team, request, view=self) or []
        return paginator.get_paginated_response(TeamMemberSerializer(read_team(people, status=status), many=True).data)


class ExtensionsView(PersonalView):
    """More time for somebody you follow."""

    @extend_schema(
        operation_id="enrolments_extend",
        tags=["team"],
        summary="Give more time",
        description=(
            "For managers of the learner and for staff. An extension is later than the present deadline and never "
            "taken back; giving the same again answers the same. It opens an enrolment that its deadline had closed."
        ),
        request=ExtendSerializer,
        responses={201: ExtensionSerializer},
    )
    def post(self, request: Request, enrolment_id: int) -> Response:
        body = ExtendSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        extension = extend_deadline(enrolment_id=enrolment_id, by=request.user, **body.validated_data)
        return Response(ExtensionSerializer(extension).data, status=201)


class ReopeningsView(PersonalView):
    """A timed block opened again for somebody you follow."""

    @extend_schema(
        operation_id="enrolments_reopen",
        tags=["team"],
        summary="Open a timed block again",
        description=(
            "For managers of the learner and for staff, once the time of a block is over and it is not completed. The "
            "learner can start it once more, with its whole time. The clock that had run stays in the evidence, with "
            "the note. Asking the same again before the learner has started it answers the same."
        ),
        request=ReopenSerializer,
        responses={201: ReopeningSerializer},
    )
    def post(self, request: Request, enrolment_id: int) -> Response:
        body = ReopenSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        reopening = reopen_block(
            enrolment_id=enrolment_id,
            lesson_key=asked["lesson"],
            block_id=asked["block"],
            by=request.user,
            note=asked["note"],
        )
        return Response(ReopeningSerializer(reopening).data, status=201)


def _read_status(request: Request) -> Status | None:
    status = request.query_params.get("status")
    if status is not None and status not in STATUSES:
        raise ValidationError({"?status": [f"“status” is one of {', '.join(STATUSES)}."]})
    return status
