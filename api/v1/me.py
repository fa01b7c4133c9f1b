"""The signed-in person: who they are, what they may change about it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.fields import MomentField
from api.views import PersonalView
from learners.accounts.models import User
from learners.accounts.queries import get_zone
from learners.accounts.services import ProfileRefusedError, update_profile
from learners.enrolments.feeds import feed_url, get_feed, renew_feed, switch_off_feed, webcal_url
from learners.enrolments.models import CalendarFeed

MESSAGES = {
    "required": "This must not be empty.",
    "too_long": "This is too long.",
    "unknown": "This is not a time zone such as Europe/Berlin.",
}


class MeSerializer(serializers.Serializer[User]):
    """The person behind the session."""

    id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField(help_text="As it is printed on certificates.")
    time_zone = serializers.CharField(help_text="Empty: the site's.")
    effective_time_zone = serializers.SerializerMethodField(help_text="The zone that deadlines of days end in.")
    date_joined = MomentField()

    def get_effective_time_zone(self, user: User) -> str:
        return str(get_zone(user))


class ProfileSerializer(serializers.Serializer[Any]):
    """What to change; what is left out stays."""

    name = serializers.CharField(max_length=150, required=False, help_text="As it is printed on certificates.")
    time_zone = serializers.CharField(
        max_length=64, required=False, allow_blank=True, help_text="Such as Europe/Berlin; empty for the site's."
    )


class CalendarSerializer(serializers.Serializer[Any]):
    """The secret address of your deadlines as a calendar; null while it is switched off."""

    url = serializers.URLField(allow_null=True)
    webcal_url = serializers.CharField(allow_null=True)


class MeView(PersonalView):
    """The person behind the session."""

    @extend_schema(operation_id="me_detail", tags=["me"], summary="Who is signed in", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(MeSerializer(request.user).data)

    @extend_schema(
        operation_id="me_update",
        tags=["me"],
        summary="Change name or time zone",
        request=ProfileSerializer,
        responses=MeSerializer,
    )
    def patch(self, request: Request) -> Response:
        changes = ProfileSerializer(data=request.data)
        changes.is_valid(raise_exception=True)
        return Response(MeSerializer(_update(request.user, changes.validated_data)).data)


class CalendarView(PersonalView):
    """Your deadlines as a calendar that programs subscribe to."""

    @extend_schema(
        operation_id="me_calendar", tags=["me"], summary="Your calendar address", responses=CalendarSerializer
    )
    def get(self, request: Request) -> Response:
        return Response(_describe_feed(get_feed(request.user)))

    @extend_schema(
        operation_id="me_calendar_renew",
        tags=["me"],
        summary="Make a new calendar address",
        description="Switches the calendar on. Every earlier address leads nowhere from then on.",
        request=None,
        responses={201: CalendarSerializer},
    )
    def post(self, request: Request) -> Response:
        return Response(_describe_feed(renew_feed(user=request.user)), status=201)

    @extend_schema(
        operation_id="me_calendar_off", tags=["me"], summary="Switch the calendar off", responses={204: None}
    )
    def delete(self, request: Request) -> Response:
        switch_off_feed(user=request.user)
        return Response(status=204)


def _describe_feed(feed: CalendarFeed | None) -> dict[str, Any]:
    facts = {"url": feed_url(feed), "webcal_url": webcal_url(feed)} if feed else {"url": None, "webcal_url": None}
    return dict(CalendarSerializer(facts).data)


def _update(user: Any, changes: dict[str, str]) -> User:
    try:
        return update_profile(
            user=user, name=changes.get("name", user.name), time_zone=changes.get("time_zone", user.time_zone)
        )
    except ProfileRefusedError as error:
        message = MESSAGES.get(error.code, "This is not valid.")
        raise ValidationError({error.field: [ErrorDetail(message, code=error.code)]}) from error
