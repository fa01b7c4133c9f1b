"""Attempts at quizzes: opened, saved and handed in by the server's clock. No key leaves before that."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.documents import ref
from api.fields import MomentField
from api.pagination import LimitOffsetPagination, read_number
from api.v1.enrolments import NO_ENROLMENT
from api.views import PersonalView
from learners.enrolments.queries import get_own_enrolment
from learners.exams.answers import MAX_BLANK, MAX_ESSAY, MAX_NUMBER, MAX_SEQ, MAX_TEXT
from learners.exams.models import Attempt, AttemptState
from learners.exams.queries import get_attempt, list_own_attempts
from learners.exams.review import is_key_shown, results_by_question
from learners.exams.services import close_if_over, open_attempt, save_answers, submit_attempt
from learners.progress.queries import get_course_map

MAX_ANSWERS = 1000


@extend_schema_field({"type": ["string", "number"]})
class NumberField(serializers.Field):
    """A number as it was typed ("1,5" counts) or as JSON has it."""

    default_error_messages = {"invalid": "Not a number."}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, str | int | float) or len(str(data)) > MAX_NUMBER:
            self.fail("invalid")
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class AnswerSerializer(serializers.Serializer[Any]):
    """The answer to one question: choices, text, number, pairs, order or blanks, as its type asks for."""

    question = serializers.CharField(max_length=64)
    choices = serializers.ListField(child=serializers.CharField(max_length=64), required=False, max_length=200)
    text = serializers.CharField(
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        max_length=MAX_ESSAY,
        help_text=f"Short texts have at most {MAX_TEXT} characters, essays {MAX_ESSAY}.",
    )
    number = NumberField(required=False)
    pairs = serializers.DictField(
        child=serializers.CharField(max_length=64, allow_blank=True),
        required=False,
        help_text="Id of a right side by id of the left one.",
    )
    order = serializers.ListField(
        child=serializers.CharField(max_length=64), required=False, max_length=200, help_text="Ids of all items."
    )
    blanks = serializers.DictField(
        child=serializers.CharField(max_length=MAX_BLANK, allow_blank=True, trim_whitespace=False),
        required=False,
        help_text="A text by id of the blank.",
    )
    seq = serializers.IntegerField(
        required=False, min_value=0, max_value=MAX_SEQ, help_text="Counts up in the client; an older one is ignored."
    )


class AnswersSerializer(serializers.Serializer[Any]):
    """Answers to any of the questions; the others keep theirs."""

    answers = AnswerSerializer(many=True, max_length=MAX_ANSWERS)


class SubmitSerializer(serializers.Serializer[Any]):
    """Last answers to save before grading, if any."""

    answers = AnswerSerializer(many=True, required=False, max_length=MAX_ANSWERS)


class OpenSerializer(serializers.Serializer[Any]):
    """Which quiz to sit."""

    enrolment = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    block = serializers.UUIDField(help_text="Id of the quiz block.")
    lesson = serializers.UUIDField(required=False, help_text="Only needed where several lessons share the block.")


class SavedAnswerSerializer(AnswerSerializer):
    """An answer as it is saved."""

    saved_at = MomentField()


class MarkedCriterionSerializer(serializers.Serializer[Any]):
    """One line of the rubric an essay was marked by."""

    title = serializers.CharField()
    points = serializers.FloatField()
    max_points = serializers.IntegerField()


class QuestionResultSerializer(serializers.Serializer[Any]):
    """How one question was graded, with what may be known after handing in."""

    question = serializers.CharField()
    points = serializers.FloatField()
    max_points = serializers.IntegerField()
    is_correct = serializers.BooleanField()
    chosen = serializers.ListField(child=serializers.CharField())
    feedback = serializers.DictField(child=serializers.CharField(), help_text="By id of the chosen choice.")
    correct_choices = serializers.ListField(child=serializers.CharField())
    accepted = serializers.ListField(child=serializers.CharField())
    right_parts = serializers.ListField(
        child=serializers.CharField(), help_text="The left sides, blanks or items that earned their part."
    )
    right_pairs = serializers.DictField(child=serializers.CharField(), help_text="Right side by left side.")
    right_order = serializers.ListField(child=serializers.CharField())
    right_blanks = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text="Accepted texts by blank."
    )
    explanation = serializers.CharField()
    is_pending = serializers.BooleanField(help_text="An essay that waits for a person to mark it.")
    comment = serializers.CharField(help_text="By whoever marked it.")
    criteria = MarkedCriterionSerializer(many=True)


class GivenSerializer(serializers.Serializer[Any]):
    """The accommodation an attempt runs under."""

    time_factor = serializers.FloatField(help_text="1.5: half as much time again.")
    extra_attempts = serializers.IntegerField()
    is_untimed = serializers.BooleanField()


class AttemptSummarySerializer(serializers.Serializer[Attempt]):
    """A sitting without its questions. Count down with deadline_at - server_time, not with the client's clock."""

    id = serializers.UUIDField()
    enrolment = serializers.IntegerField(source="enrolment_id")
    lesson = serializers.UUIDField(source="lesson_key")
    block = serializers.UUIDField(source="block_id")
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=AttemptState.choices)
    opened_at = MomentField()
    deadline_at = MomentField(allow_null=True)
    submitted_at = MomentField(allow_null=True)
    base_time_limit = serializers.IntegerField(allow_null=True, help_text="Seconds everybody has; null for no limit.")
    time_limit = serializers.IntegerField(allow_null=True, help_text="Seconds this learner has; null for no limit.")
    accommodation = serializers.SerializerMethodField()
    is_graded = serializers.BooleanField(help_text="False while it is open or an essay waits to be marked.")
    score = serializers.FloatField(allow_null=True, help_text="0-100; null until it is graded.")
    passed = serializers.BooleanField(allow_null=True, help_text="Null until it is graded.")
    server_time = serializers.SerializerMethodField()

    @extend_schema_field(MomentField)
    def get_server_time(self, attempt: Attempt) -> Any:
        return MomentField().to_representation(timezone.now())

    @extend_schema_field(GivenSerializer(allow_null=True))
    def get_accommodation(self, attempt: Attempt) -> Any:
        return GivenSerializer(attempt.accommodation).data if attempt.accommodation else None


class AttemptSerializer(AttemptSummarySerializer):
    """A sitting with its paper, the saved answers and, when it is graded, the results."""

    questions = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    late = serializers.SerializerMethodField(
        help_text="Ids of questions whose answers came after the end: kept as evidence, never scored."
    )
    is_key_shown = serializers.SerializerMethodField(
        help_text="The quiz's review_policy says when right answers, feedback and explanations are shown."
    )
    results = serializers.SerializerMethodField(help_text="Empty until it is handed in.")

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_late(self, attempt: Attempt) -> Any:
        # In the order of the paper: PostgreSQL does not keep the order of JSON keys.
        return [question["id"] for question in attempt.paper["questions"] if question["id"] in attempt.late_answers]

    @extend_schema_field({"type": "array", "items": ref("PaperQuestion")})
    def get_questions(self, attempt: Attempt) -> Any:
        return [{"unit": "", **question} for question in attempt.paper["questions"]]

    @extend_schema_field(SavedAnswerSerializer(many=True))
    def get_answers(self, attempt: Attempt) -> Any:
        saved = [{"question": question} | answer for question, answer in attempt.answers.items()]
        return SavedAnswerSerializer(saved, many=True).data

    def get_is_key_shown(self, attempt: Attempt) -> bool:
        return is_key_shown(attempt)

    @extend_schema_field(QuestionResultSerializer(many=True))
    def get_results(self, attempt: Attempt) -> Any:
        return QuestionResultSerializer(list(results_by_question(attempt).values()), many=True).data


class SavedSerializer(serializers.Serializer[Any]):
    """Which answers were taken over; one that is left out was late, or does not answer its question."""

    saved = serializers.ListField(child=serializers.CharField(), help_text="Ids of questions.")
    saved_at = MomentField()
    deadline_at = MomentField(source="attempt.deadline_at", allow_null=True)
    server_time = MomentField(source="saved_at")


class AttemptListView(PersonalView):
    """Your attempts, and opening them."""

    pagination_class = LimitOffsetPagination

    @extend_schema(
        operation_id="attempts_list",
        tags=["attempts"],
        summary="Your attempts, the last opened first",
        parameters=[OpenApiParameter("enrolment", OpenApiTypes.INT64, description="Only those of this enrolment.")],
        responses={200: AttemptSummarySerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        enrolment_id = read_number(request, "enrolment", smallest=1, largest=2**63 - 1)
        paginator = LimitOffsetPagination()
        found = list_own_attempts(request.user, enrolment_id=enrolment_id)
        page: list[Attempt] = paginator.paginate_queryset(found, request, view=self) or []
        return paginator.get_paginated_response(AttemptSummarySerializer(page, many=True).data)

    @extend_schema(
        operation_id="attempts_open",
        tags=["attempts"],
        summary="Open an attempt at a quiz",
        description="While one is open, the same one is returned with 200. 409 attempts_used_up; 409 cooling_down says "
        "in available_at when the next one opens.",
        request=OpenSerializer,
        responses={201: AttemptSerializer, 200: AttemptSerializer},
    )
    def post(self, request: Request) -> Response:
        body = OpenSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        enrolment = get_own_enrolment(request.user, body.validated_data["enrolment"])
        if enrolment is None:
            raise NotFound(NO_ENROLMENT)
        block = body.validated_data["block"]
        lesson = body.validated_data.get("lesson") or _find_lesson(enrolment.edition, str(block))
        started_at = timezone.now()
        attempt = open_attempt(user=request.user, enrolment=enrolment, lesson_key=lesson, block_id=block)
        status = 201 if attempt.opened_at >= started_at else 200
        return Response(AttemptSerializer(attempt).data, status=status)


class AttemptView(PersonalView):
    """One of your attempts."""

    @extend_schema(
        operation_id="attempts_detail",
        tags=["attempts"],
        summary="One attempt",
        description="An attempt whose time has run out is graded with what was saved.",
        responses={200: AttemptSerializer},
    )
    def get(self, request: Request, attempt_id: UUID) -> Response:
        attempt = get_attempt(request.user, attempt_id)
        if attempt is None:
            raise NotFound("You have no such attempt.")
        return Response(AttemptSerializer(close_if_over(attempt)).data)


class AnswersView(PersonalView):
    """Saving answers."""

    @extend_schema(
        operation_id="attempts_save",
        tags=["attempts"],
        summary="Save answers",
        description="Save after every change, with a seq that counts up. 409 time_is_up after the deadline: late names "
        "the answers that were kept and are not scored.",
        request=AnswersSerializer,
        responses={200: SavedSerializer},
    )
    def patch(self, request: Request, attempt_id: UUID) -> Response:
        body = AnswersSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        saved = save_answers(user=request.user, attempt_id=attempt_id, answers=body.validated_data["answers"])
        return Response(SavedSerializer(saved).data)


class SubmitView(PersonalView):
    """Handing in."""

    @extend_schema(
        operation_id="attempts_submit",
        tags=["attempts"],
        summary="Hand in and grade",
        description="Safe to repeat: a second call returns the first result. Answers that come after the deadline are "
        "named in late and not scored.",
        request=SubmitSerializer,
        responses={200: AttemptSerializer},
    )
    def post(self, request: Request, attempt_id: UUID) -> Response:
        body = SubmitSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        attempt = submit_attempt(user=request.user, attempt_id=attempt_id, answers=body.validated_data.get("answers"))
        return Response(AttemptSerializer(attempt).data)


def _find_lesson(edition: Any, block_id: str) -> str:
    """The first lesson of the edition that has the block."""
    blocks = get_course_map(edition.pk, edition.digest).blocks
    for lesson_id, known in blocks:
        if known == block_id:
            return lesson_id
    raise NotFound("Your edition of the course has no such quiz.")
