"""Enrolments: enrolling, the list of one's own, and one with its progress."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.pagination import LimitOffsetPagination
from api.v1.references import find_state
from api.views import PersonalView
from courses.editions.models import Edition
from courses.editions.queries import get_outline
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import get_own_enrolment, list_enrolments
from learners.enrolments.services import enrol
from learners.enums import ProgressState
from learners.progress.arithmetic import find_resume_lesson
from learners.progress.queries import get_course_map, lesson_states, list_block_rows, standing_of

NO_ENROLMENT = "You have no such enrolment."


class EnrolledCourseSerializer(serializers.Serializer[Edition]):
    """The course as the edition that is studied names it."""

    id = serializers.UUIDField(source="course_key")
    slug = serializers.CharField()
    title = serializers.CharField()
    path = serializers.SerializerMethodField()

    def get_path(self, edition: Edition) -> str:
        return f"/courses/{edition.slug}/"


class EditionSerializer(serializers.Serializer[Edition]):
    """The edition that is studied."""

    number = serializers.IntegerField()
    digest = serializers.CharField()


class EnrolmentSerializer(serializers.Serializer[Enrolment]):
    """An enrolment in a list."""

    id = serializers.IntegerField()
    course = EnrolledCourseSerializer(source="edition")
    edition = EditionSerializer()
    cycle = serializers.IntegerField(help_text="2 and above: certified again.")
    state = serializers.ChoiceField(choices=ProgressState.choices)
    percent = serializers.IntegerField(help_text="Required blocks completed, 0-100.")
    score = serializers.FloatField(allow_null=True, help_text="Weighted result of the quizzes, 0-100.")
    required_done = serializers.IntegerField()
    seconds_spent = serializers.IntegerField()
    enrolled_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    last_accessed_at = serializers.DateTimeField(allow_null=True)


class BlockProgressSerializer(serializers.Serializer[Any]):
    """What is known of one block; a block that is not listed was not started."""

    state = serializers.ChoiceField(choices=ProgressState.choices)
    position = serializers.FloatField(help_text="Seconds into the media.")
    score = serializers.FloatField(allow_null=True, help_text="Best result of a quiz, 0-100.")


class LessonProgressSerializer(serializers.Serializer[Any]):
    """State of one lesson."""

    state = serializers.ChoiceField(choices=ProgressState.choices)
    required_left = serializers.IntegerField()
    blocks = serializers.DictField(child=BlockProgressSerializer(), help_text="By block id.")


class NextStepSerializer(serializers.Serializer[Any]):
    """Where "Continue" leads: the lesson, and in it the block and the second, if one was begun."""

    lesson = serializers.UUIDField()
    title = serializers.CharField()
    path = serializers.CharField()
    block = serializers.UUIDField(allow_null=True)
    position = serializers.FloatField()


class ProgressSerializer(serializers.Serializer[Any]):
    """Progress to join with the outline: every lesson by its id."""

    percent = serializers.IntegerField()
    score = serializers.FloatField(allow_null=True)
    state = serializers.ChoiceField(choices=ProgressState.choices)
    required_done = serializers.IntegerField()
    required_total = serializers.IntegerField()
    lessons = serializers.DictField(child=LessonProgressSerializer(), help_text="By lesson id.")
    next = NextStepSerializer(allow_null=True)


class EnrolmentDetailSerializer(EnrolmentSerializer):
    """An enrolment with its progress."""

    progress = serializers.SerializerMethodField()

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, enrolment: Enrolment) -> dict[str, Any]:
        return dict(ProgressSerializer(read_progress(enrolment)).data)


class EnrolSerializer(serializers.Serializer[Any]):
    """Which course."""

    course = serializers.CharField(max_length=255, help_text="Slug or id of the course.")


class EnrolmentListView(PersonalView):
    """Your enrolments."""

    pagination_class = LimitOffsetPagination

    @extend_schema(
        operation_id="enrolments_list",
        tags=["enrolments"],
        summary="Your enrolments, last studied first",
        responses={200: EnrolmentSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        paginator = LimitOffsetPagination()
        page = paginator.paginate_queryset(list_enrolments(request.user), request, view=self)
        return paginator.get_paginated_response(EnrolmentSerializer(page, many=True).data)

    @extend_schema(
        operation_id="enrolments_create",
        tags=["enrolments"],
        summary="Enrol",
        description="Enrolling again returns the same enrolment with 200.",
        request=EnrolSerializer,
        responses={201: EnrolmentSerializer, 200: EnrolmentSerializer},
    )
    def post(self, request: Request) -> Response:
        body = EnrolSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        state = find_state(body.validated_data["course"])
        if state is None:
            raise NotFound("There is no such course.")
        enrolment, is_new = enrol(user=request.user, state=state)
        return Response(EnrolmentSerializer(enrolment).data, status=201 if is_new else 200)


class EnrolmentDetailView(PersonalView):
    """One of your enrolments."""

    @extend_schema(
        operation_id="enrolments_detail",
        tags=["enrolments"],
        summary="One enrolment with its progress",
        responses={200: EnrolmentDetailSerializer},
    )
    def get(self, request: Request, enrolment_id: int) -> Response:
        enrolment = get_own_enrolment(request.user, enrolment_id)
        if enrolment is None:
            raise NotFound(NO_ENROLMENT)
        return Response(EnrolmentDetailSerializer(enrolment).data)


def read_progress(enrolment: Enrolment) -> dict[str, Any]:
    """Progress of one enrolment on every lesson of its edition. One query beside the cached outline."""
    edition = enrolment.edition
    outline = get_outline(edition.pk, edition.digest)
    course = get_course_map(edition.pk, edition.digest)
    rows = list_block_rows(enrolment)
    standing = standing_of(rows)
    lessons: dict[str, Any] = {
        lesson_id: {"state": state.state, "required_left": state.required_left, "blocks": {}}
        for lesson_id, state in lesson_states(enrolment, outline, standing=standing).items()
    }
    for (lesson_id, block_id), row in rows.items():
        if (lesson_id, block_id) in course.blocks:
            lessons[lesson_id]["blocks"][block_id] = row
    last = str(enrolment.last_lesson_key) if enrolment.last_lesson_key else None
    resume = find_resume_lesson(
        course, standing.completed, last_lesson_id=last, is_completed=enrolment.state == ProgressState.COMPLETED
    )
    return {
        "percent": enrolment.percent,
        "score": enrolment.score,
        "state": enrolment.state,
        "required_done": enrolment.required_done,
        "required_total": len(course.required),
        "lessons": lessons,
        "next": _next_step(enrolment, course.lessons[resume], rows) if resume else None,
    }


def _next_step(enrolment: Enrolment, lesson: Any, rows: Any) -> dict[str, Any]:
    is_last = str(enrolment.last_lesson_key) == lesson["id"]
    block = str(enrolment.last_block_id) if is_last and enrolment.last_block_id else None
    row = rows.get((lesson["id"], block))
    return {
        "lesson": lesson["id"],
        "title": lesson["title"],
        "path": lesson["path"],
        "block": block,
        "position": row.position if row else 0.0,
    }
