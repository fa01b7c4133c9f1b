"""The learner's home in one call: where to go on, what is due, what is running, what is done."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.addresses import origin_of
from api.v1.certificates import OwnCertificateSerializer
from api.v1.enrolments import EnrolmentSerializer, NextStepSerializer, enrolment_context, next_step
from api.views import PersonalView
from certificates.queries import list_certificates
from courses.editions.queries import find_path, get_versions
from learners.accounts.queries import get_zone
from learners.enrolments.deadlines import days_until
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import list_enrolments
from learners.enums import ProgressState
from learners.progress.arithmetic import minutes_left
from learners.progress.queries import get_course_maps
from learners.progress.resuming import find_next_lesson, read_standings
from learners.views.home import SOON_DAYS

MOST = 50
MOST_CERTIFICATES = 10


class StudySerializer(EnrolmentSerializer):
    """An enrolment as the home shows it. Needs ``courses``, ``standings``, ``states`` and ``user`` in its context."""

    due_in_days = serializers.SerializerMethodField(help_text="On the learner's calendar; negative when overdue.")
    minutes_left = serializers.SerializerMethodField()
    next = serializers.SerializerMethodField()

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_due_in_days(self, enrolment: Enrolment) -> int | None:
        if enrolment.due_at is None or enrolment.state == ProgressState.COMPLETED:
            return None
        return days_until(enrolment.due_at, timezone.now(), get_zone(self.context["user"]))

    def get_minutes_left(self, enrolment: Enrolment) -> int:
        if enrolment.state == ProgressState.COMPLETED:
            return 0
        return minutes_left(
            self.context["courses"][enrolment.edition_id], self.context["standings"][enrolment.pk].completed
        )

    @extend_schema_field(NextStepSerializer(allow_null=True))
    def get_next(self, enrolment: Enrolment) -> dict[str, Any] | None:
        course = self.context["courses"][enrolment.edition_id]
        following = find_next_lesson(enrolment, course, self.context["standings"][enrolment.pk])
        if following is None:
            return None
        return next_step(enrolment, following, find_path(self.context["states"], enrolment.edition), {})


class DashboardSerializer(serializers.Serializer[Any]):
    """Ids of enrolments in the order to show them, and the enrolments themselves, each once."""

    count = serializers.IntegerField(help_text=f"Of all enrolments; the {MOST} last studied are here.")
    enrolments = StudySerializer(many=True)
    continue_with = serializers.IntegerField(
        allow_null=True, help_text="The unfinished enrolment last studied, of those with an open lesson."
    )
    due_soon = serializers.ListField(child=serializers.IntegerField(), help_text="Overdue ones included.")
    in_progress = serializers.ListField(
        child=serializers.IntegerField(), help_text="Also those closed unfinished: see `expired_at`."
    )
    completed = serializers.ListField(child=serializers.IntegerField())
    certificates = OwnCertificateSerializer(many=True, help_text=f"The newest {MOST_CERTIFICATES}.")


class DashboardView(PersonalView):
    """The learner's home."""

    @extend_schema(operation_id="me_dashboard", tags=["me"], summary="Your home", responses=DashboardSerializer)
    def get(self, request: Request) -> Response:
        everything = list_enrolments(request.user)
        enrolments = list(everything[:MOST])
        states = get_versions(enrolment.edition for enrolment in enrolments)
        context = enrolment_context(enrolments, states, request.user) | {
            "user": request.user,
            "courses": get_course_maps(enrolment.edition for enrolment in enrolments),
            "standings": read_standings([enrolment.pk for enrolment in enrolments]),
        }
        listed = StudySerializer(enrolments, many=True, context=context).data
        unfinished = [item for item in listed if item["state"] != ProgressState.COMPLETED]
        running = [item for item in unfinished if item["expired_at"] is None]
        ready = [item for item in running if item["next"] is not None and item["next"]["lock"] is None]
        certificates = list_certificates(request.user)[:MOST_CERTIFICATES]
        count = len(enrolments) if len(enrolments) < MOST else everything.count()
        return Response(
            {
                "count": count,
                "enrolments": listed,
                "continue_with": next((item["id"] for item in ready), running[0]["id"] if running else None),
                "due_soon": [item["id"] for item in running if _is_due_soon(item)],
                "in_progress": [item["id"] for item in unfinished],
                "completed": [item["id"] for item in listed if item["state"] == ProgressState.COMPLETED],
                "certificates": OwnCertificateSerializer(
                    certificates, many=True, context={"origin": origin_of(request)}
                ).data,
            }
        )


def _is_due_soon(item: dict[str, Any]) -> bool:
    return item["due_in_days"] is not None and item["due_in_days"] <= SOON_DAYS
