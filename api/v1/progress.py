"""Progress: a batch of events, each applied at most once, each with its own result."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import SessionTokenAuthentication
from api.beacons import BeaconParser, BeaconSessionAuthentication
from api.fields import MomentField, format_moment
from api.v1.enrolments import EnrolmentStateSerializer
from api.views import PersonalView
from learners.enums import ProgressState
from learners.progress.events import CLIENT_STATES, MAX_EVENTS
from learners.progress.services import ProgressResult, record_progress

EVENT_STATUSES = ("applied", "duplicate", "refused")


class EventSerializer(serializers.Serializer[Any]):
    """One thing that happened. At least one of state, position, watched and active.

    A block with a time limit is started by state `in_progress`.
    """

    id = serializers.UUIDField(help_text="Made by the client; sending it again changes nothing.")
    lesson = serializers.UUIDField()
    block = serializers.UUIDField(help_text="The lesson's own id where the lesson as a whole is meant.")
    state = serializers.ChoiceField(choices=[(name, name) for name in CLIENT_STATES], required=False)
    position = serializers.FloatField(required=False, help_text="Seconds into the media.")
    active = serializers.FloatField(
        required=False,
        min_value=0,
        help_text="Seconds spent on the block since the event before; credited as far as the server's clock allows.",
    )
    at = serializers.DateTimeField(
        required=False, help_text="When it happened by the client's clock: it puts positions in order, nothing else."
    )
    watched = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2),
        required=False,
        help_text="Intervals that were played: [[start, end], ...] in seconds.",
    )


class BatchSerializer(serializers.Serializer[Any]):
    """A batch of events, in the order they happened."""

    events = EventSerializer(many=True, help_text=f"At most {MAX_EVENTS}.")


class EventResultSerializer(serializers.Serializer[Any]):
    """What came of one event."""

    id = serializers.UUIDField(allow_null=True)
    status = serializers.ChoiceField(choices=[(name, name) for name in EVENT_STATUSES])
    code = serializers.CharField(help_text="Why it was refused, else empty.")
    message = serializers.CharField()


class ChangedBlockSerializer(serializers.Serializer[Any]):
    """A block as it is now."""

    lesson = serializers.UUIDField()
    block = serializers.UUIDField()
    state = serializers.ChoiceField(choices=ProgressState.choices)
    position = serializers.FloatField()
    deadline_at = MomentField(allow_null=True, help_text="When a started timed block ends, by server_time.")


class BatchResultSerializer(serializers.Serializer[Any]):
    """One result an event, the blocks that changed, and the enrolment as it is now."""

    enrolment = EnrolmentStateSerializer()
    events = EventResultSerializer(many=True)
    blocks = ChangedBlockSerializer(many=True)
    is_newly_completed = serializers.BooleanField(help_text="This batch completed the course.")
    server_time = MomentField(source="now")


class ProgressView(PersonalView):
    """Progress on one of your enrolments."""

    authentication_classes = (SessionTokenAuthentication, BeaconSessionAuthentication)
    parser_classes = (JSONParser, BeaconParser)

    @extend_schema(
        operation_id="enrolments_progress",
        tags=["enrolments"],
        summary="Report progress",
        description=(
            "Safe to repeat, in any order. A bad event is refused by itself and harms no other. For sendBeacon send "
            "the same JSON as a string (text/plain) with the CSRF token in it as `csrfmiddlewaretoken`. "
            "The bare list of events is accepted as well."
        ),
        request=BatchSerializer,
        responses={200: BatchResultSerializer},
    )
    def post(self, request: Request, enrolment_id: int) -> Response:
        body = request.data
        events = body.get("events") if isinstance(body, dict) else body
        return Response(_describe(record_progress(user=request.user, enrolment_id=enrolment_id, events=events)))


def _describe(result: ProgressResult) -> dict[str, Any]:
    """``BatchResultSerializer``'s shape by hand: on this hot path the serializer costs a quarter of the request."""
    enrolment = result.enrolment
    return {
        "enrolment": {
            "id": enrolment.pk,
            "state": enrolment.state,
            "percent": enrolment.percent,
            "score": None if enrolment.score is None else float(enrolment.score),
            "required_done": enrolment.required_done,
            "seconds_spent": enrolment.seconds_spent,
            "completed_at": None if enrolment.completed_at is None else format_moment(enrolment.completed_at),
        },
        "events": [
            {"id": event.id, "status": event.status, "code": event.code, "message": str(event.message)}
            for event in result.events
        ],
        "blocks": [
            {
                "lesson": block.lesson,
                "block": block.block,
                "state": block.state,
                "position": block.position,
                "deadline_at": None if block.deadline_at is None else format_moment(block.deadline_at),
            }
            for block in result.blocks
        ],
        "is_newly_completed": result.is_newly_completed,
        "server_time": format_moment(result.now),
    }
