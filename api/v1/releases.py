"""Releases of a course: what has been released, for everybody, and for its editors what a release would do."""

from datetime import timedelta
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.caching import is_current, make_etag, mark_public, not_modified
from api.fields import MomentField
from api.locales import LOCALE, read_locale
from api.pagination import LimitOffsetPagination
from api.v1.courses import IF_NONE_MATCH, NO_COURSE, UNCHANGED
from api.views import PersonalView, PublicView
from courses.editions.queries import find_state
from courses.enums import ChangeClass, ReleasePolicy
from courses.releases.queries import list_releases
from learners.reporting.previews import SOURCES, Preview, preview_impact


class ReleaseSerializer(serializers.Serializer[Any]):
    """What anybody may know of a release."""

    number = serializers.IntegerField(source="edition.number", help_text="Of the edition it put in force.")
    released_at = MomentField()
    note = serializers.CharField(help_text="What its editors say about it.")
    change_class = serializers.ChoiceField(
        choices=[*ChangeClass.choices, ("", "First release")], help_text="Empty for the first release."
    )


class LearnerCountsSerializer(serializers.Serializer[Any]):
    """Enrolments as they are now; of those who have completed the course, people."""

    not_started = serializers.IntegerField()
    in_progress = serializers.IntegerField()
    completed = serializers.IntegerField()
    expired = serializers.IntegerField()


class ToDoImpactSerializer(serializers.Serializer[Any]):
    """Who would have more to do."""

    learners = serializers.IntegerField()
    blocks = serializers.IntegerField(help_text="Required blocks, for somebody who has to do all of them.")
    seconds = serializers.IntegerField(help_text="How long these take, in whole minutes.")


class AttemptImpactSerializer(serializers.Serializer[Any]):
    """Attempts at quizzes whose key, points or pass mark change. Nothing is graded again unless somebody decides so."""

    open = serializers.IntegerField(help_text="Running; they keep their paper and its key.")
    to_pass = serializers.IntegerField(help_text="Failed, and would pass with the new key.")
    to_fail = serializers.IntegerField(help_text="Passed, and would fail with the new key.")


class DeadlineImpactSerializer(serializers.Serializer[Any]):
    """Due dates that move. Shifts are seconds, negative for earlier; null where no date becomes another date."""

    moved = serializers.IntegerField()
    appearing = serializers.IntegerField(help_text="Had none before.")
    vanishing = serializers.IntegerField(help_text="Have none any more.")
    earliest_shift = serializers.IntegerField(allow_null=True)
    latest_shift = serializers.IntegerField(allow_null=True)


class ImpactSerializer(serializers.Serializer[Any]):
    """What releasing now would do, once everybody has been carried over."""

    source = serializers.ChoiceField(choices=SOURCES)  # type: ignore[assignment]
    policy = serializers.ChoiceField(choices=ReleasePolicy.choices)
    digest = serializers.CharField(help_text="Of what would be released: SHA-256, as editions have it.")
    is_news = serializers.BooleanField(help_text="False: it is what is in force already.")
    change_class = serializers.ChoiceField(choices=ChangeClass.choices)
    learners = LearnerCountsSerializer()
    moving = serializers.IntegerField(help_text="Enrolments that move to the new edition.")
    completing = serializers.IntegerField(help_text="Those of them that are complete with it.")
    certificates = serializers.IntegerField(help_text="Certificates that are issued with that.")
    to_do = ToDoImpactSerializer()
    attempts = AttemptImpactSerializer()
    deadlines = DeadlineImpactSerializer()


class ReleaseListView(PublicView):
    """The releases of one published course."""

    pagination_class = LimitOffsetPagination

    @extend_schema(
        operation_id="courses_releases",
        tags=["courses"],
        summary="What has been released, newest first",
        parameters=[LOCALE, IF_NONE_MATCH],
        responses={200: ReleaseSerializer(many=True), 304: UNCHANGED},
    )
    def get(self, request: Request, slug: str) -> Any:
        state = find_state(slug, read_locale(request.query_params))
        if state is None or not state.is_published:
            raise NotFound(NO_COURSE)
        paginator = LimitOffsetPagination()
        releases = paginator.paginate_queryset(list_releases(state.course_key, state.language), request, view=self)
        page = paginator.get_paginated_response(ReleaseSerializer(releases, many=True).data)
        etag = make_etag(page.data)
        if is_current(request.headers.get("If-None-Match", ""), etag):
            return not_modified(etag)
        return mark_public(page, etag)


class ImpactView(PersonalView):
    """What a release would do, for those who may edit the course."""

    @extend_schema(
        operation_id="courses_impact",
        tags=["courses"],
        summary="What a release would do",
        description="For those who may edit the course. Nothing is changed, and no answer key is told.",
        parameters=[
            LOCALE,
            OpenApiParameter(
                "source",
                OpenApiTypes.STR,
                enum=list(SOURCES),
                description="What is published (default), or with the drafts of all pending pages.",
            ),
            OpenApiParameter(
                "policy",
                OpenApiTypes.STR,
                enum=list(ReleasePolicy.values),
                description="Who of those with an unfinished enrolment moves; the course's own unless given.",
            ),
        ],
        responses={200: ImpactSerializer},
    )
    def get(self, request: Request, slug: str) -> Response:
        source = _read_choice(request, "source", SOURCES) or "published"
        policy = _read_choice(request, "policy", ReleasePolicy.values)
        preview = preview_impact(
            user=request.user,
            slug=slug,
            language=read_locale(request.query_params),
            source=source,
            policy=policy,
        )
        return Response(ImpactSerializer(_describe(preview)).data)


def _read_choice(request: Request, name: str, known: Any) -> Any:
    value = request.query_params.get(name, "")
    if value and value not in known:
        raise ValidationError({f"?{name}": [f"“{name}” is one of {', '.join(known)}."]})
    return value


def _describe(preview: Preview) -> dict[str, Any]:
    impact, candidate = preview.impact, preview.candidate
    shifts = impact.deadlines
    return {
        "source": preview.source,
        "policy": preview.policy,
        "digest": candidate.digest,
        "is_news": candidate.is_news,
        "change_class": candidate.diff.change_class,
        "learners": impact.learners,
        "moving": impact.moving,
        "completing": len(impact.completing),
        "certificates": impact.certificates,
        "to_do": {
            "learners": len(impact.gaining),
            "blocks": impact.todo_blocks,
            "seconds": impact.todo_minutes * 60,
        },
        "attempts": impact.attempts,
        "deadlines": {
            "moved": shifts.moved,
            "appearing": shifts.appearing,
            "vanishing": shifts.vanishing,
            "earliest_shift": _seconds(shifts.earliest_shift),
            "latest_shift": _seconds(shifts.latest_shift),
        },
    }


def _seconds(shift: timedelta | None) -> int | None:
    return None if shift is None else round(shift.total_seconds())
