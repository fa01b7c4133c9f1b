"""Enrolments: enrolling, the list of one's own, and one with its progress."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from api.documents import ref
from api.fields import MomentField
from api.locales import read_locale
from api.pagination import LimitOffsetPagination
from api.v1.references import find_state
from api.views import PersonalView
from courses.editions.documents import OutlineLesson
from courses.editions.models import CourseState, Edition
from courses.editions.queries import Version, find_path, get_versions
from learners.accounts.models import User
from learners.enrolments.locks import Access, LessonLocks
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import get_own_enrolment, list_enrolments
from learners.enrolments.reasons import describe_open_dues
from learners.enrolments.renewing import read_renewals, renew
from learners.enrolments.services import enrol
from learners.enums import ProgressState
from learners.progress.arithmetic import Unit
from learners.progress.queries import BlockRow, get_course_map, lesson_states, list_block_rows, standing_of
from learners.progress.resuming import NextLesson, find_next_lesson
from learners.progress.services import follow_current_edition

LOCK_CODES = ("locked_in_order", "prerequisite_lesson", "not_released_yet")
NO_ENROLMENT = "You have no such enrolment."


class EnrolledCourseSerializer(serializers.Serializer[Any]):
    """The course: its title as the edition has it, its address as it is now."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    title = serializers.CharField(help_text="In the language that is studied.")
    path = serializers.CharField()


class EditionSerializer(serializers.Serializer[Edition]):
    """The edition that is studied."""

    number = serializers.IntegerField()
    digest = serializers.CharField()
    language = serializers.CharField(help_text="Of the version it is an edition of: what `?locale=` takes.")


class DeadlineReasonSerializer(serializers.Serializer[Any]):
    """One date and where it comes from."""

    code = serializers.CharField(
        help_text="extension, company_rule, recertification, invitation, course_deadline or course_days."
    )
    due_at = MomentField()
    time_zone = serializers.CharField(help_text="Where that day ends.")
    text = serializers.CharField(help_text="The reason in words, the same on every page.")


class DeadlineSerializer(serializers.Serializer[Any]):
    """When it is due, in whose day, and every reason, the one that counts first."""

    due_at = MomentField()
    time_zone = serializers.CharField(help_text="The learner's.")
    closes_at = MomentField(allow_null=True, help_text="When it closes if it stays unfinished.")
    reasons = DeadlineReasonSerializer(many=True)


class RenewalSerializer(serializers.Serializer[Any]):
    """From when the next cycle may begin, and when what was completed runs out."""

    opens_at = MomentField()
    runs_out_at = MomentField()
    is_open = serializers.BooleanField()


class EnrolmentStateSerializer(serializers.Serializer[Enrolment]):
    """How far an enrolment is."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ProgressState.choices)
    percent = serializers.IntegerField(help_text="Required blocks completed, 0-100.")
    score = serializers.FloatField(allow_null=True, help_text="Weighted result of the quizzes, 0-100.")
    required_done = serializers.IntegerField()
    seconds_spent = serializers.IntegerField()
    completed_at = MomentField(allow_null=True)


class EnrolmentSerializer(EnrolmentStateSerializer):
    """An enrolment in a list. Needs the context of ``enrolment_context``."""

    course = serializers.SerializerMethodField()
    edition = EditionSerializer()
    cycle = serializers.IntegerField(help_text="2 and above: certified again.")
    enrolled_at = MomentField()
    due_at = MomentField(allow_null=True)
    overdue_at = MomentField(allow_null=True, help_text="When it was found overdue.")
    expired_at = MomentField(allow_null=True, help_text="When it was closed unfinished.")
    deadline = serializers.SerializerMethodField(help_text="Null where nothing is due, and once completed.")
    renewal = serializers.SerializerMethodField(help_text="Null where there is nothing to renew.")
    started_at = MomentField(allow_null=True)
    last_accessed_at = MomentField(allow_null=True)

    @extend_schema_field(DeadlineSerializer(allow_null=True))
    def get_deadline(self, enrolment: Enrolment) -> dict[str, Any] | None:
        due = self.context["dues"].get(enrolment.pk)
        return dict(DeadlineSerializer(due).data) if due else None

    @extend_schema_field(RenewalSerializer(allow_null=True))
    def get_renewal(self, enrolment: Enrolment) -> dict[str, Any] | None:
        renewal = self.context["renewals"].get(enrolment.pk)
        return dict(RenewalSerializer(renewal).data) if renewal else None

    @extend_schema_field(EnrolledCourseSerializer)
    def get_course(self, enrolment: Enrolment) -> dict[str, str]:
        states, edition = self.context["states"], enrolment.edition
        state = states.get(edition.version)
        return {
            "id": str(enrolment.course_key),
            "slug": state.slug if state else edition.slug,
            "title": edition.title,
            "path": find_path(states, edition),
        }


class BlockProgressSerializer(serializers.Serializer[Any]):
    """What is known of one block; a block that is not listed was not started."""

    state = serializers.ChoiceField(choices=ProgressState.choices)
    position = serializers.FloatField(help_text="Seconds into the media.")
    score = serializers.FloatField(allow_null=True, help_text="Best result of a quiz, 0-100.")


class LockSerializer(serializers.Serializer[Any]):
    """Why a lesson is still shut, and what opens it."""

    code = serializers.ChoiceField(choices=[(code, code) for code in LOCK_CODES])
    message = serializers.CharField(help_text="Why.")
    unlock = serializers.CharField(help_text="What to do about it.")
    unlock_lesson = serializers.UUIDField(allow_null=True, help_text="The lesson to complete first.")
    opens_at = MomentField(allow_null=True, help_text="Not before this moment.")


class LessonProgressSerializer(serializers.Serializer[Any]):
    """State of one lesson."""

    state = serializers.ChoiceField(choices=ProgressState.choices)
    required_left = serializers.IntegerField()
    lock = LockSerializer(allow_null=True, help_text="null: the lesson is open.")
    blocks = serializers.DictField(child=BlockProgressSerializer(), help_text="By block id.")


class NextStepSerializer(serializers.Serializer[Any]):
    """Where "Continue" leads: the lesson, and in it the block and the second, if one was begun."""

    lesson = serializers.UUIDField()
    title = serializers.CharField()
    path = serializers.CharField()
    block = serializers.UUIDField(allow_null=True)
    position = serializers.FloatField()
    lock = LockSerializer(allow_null=True, help_text="Why it is still shut: then nothing unfinished is open.")


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
        path = find_path(self.context["states"], enrolment.edition)
        return dict(ProgressSerializer(read_progress(enrolment, path)).data)


class EnrolSerializer(serializers.Serializer[Any]):
    """Which course."""

    course = serializers.CharField(max_length=255, help_text="Slug or id of the course.")
    locale = serializers.CharField(
        max_length=12, required=False, default="", allow_blank=True, help_text="In which language, as in `?locale=`."
    )


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
        page: list[Enrolment] = paginator.paginate_queryset(list_enrolments(request.user), request, view=self) or []
        states = get_versions(enrolment.edition for enrolment in page)
        listed = EnrolmentSerializer(page, many=True, context=enrolment_context(page, states, request.user))
        return paginator.get_paginated_response(listed.data)

    @extend_schema(
        operation_id="enrolments_create",
        tags=["enrolments"],
        summary="Enrol",
        description="Enrolling again, in whatever language, returns the same enrolment with 200.",
        request=EnrolSerializer,
        responses={201: EnrolmentSerializer, 200: EnrolmentSerializer},
    )
    def post(self, request: Request) -> Response:
        body = EnrolSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        state = find_state(body.validated_data["course"], read_locale(body.validated_data))
        if state is None:
            raise NotFound("There is no such course.")
        enrolment, is_new = enrol(user=request.user, state=state)
        context = enrolment_context([enrolment], get_versions([enrolment.edition]), request.user)
        made = EnrolmentSerializer(enrolment, context=context)
        return Response(made.data, status=201 if is_new else 200)


class EnrolmentDetailView(PersonalView):
    """One of your enrolments."""

    @extend_schema(
        operation_id="enrolments_detail",
        tags=["enrolments"],
        summary="One enrolment with its progress",
        description=(
            "An unfinished enrolment moves to the edition in force, so progress joins with the course's outline; "
            "a completed one stays with the edition that was studied (see its own outline)."
        ),
        responses={200: EnrolmentDetailSerializer},
    )
    def get(self, request: Request, enrolment_id: int) -> Response:
        enrolment, states = _find_own(request, enrolment_id)
        context = enrolment_context([enrolment], states, request.user)
        return Response(EnrolmentDetailSerializer(enrolment, context=context).data)


class EnrolmentOutlineView(PersonalView):
    """The outline of the edition you study."""

    @extend_schema(
        operation_id="enrolments_outline",
        tags=["enrolments"],
        summary="The outline of the edition that is studied",
        responses={200: ref("Outline")},
    )
    def get(self, request: Request, enrolment_id: int) -> Response:
        enrolment, _states = _find_own(request, enrolment_id)
        return Response(get_course_map(enrolment.edition.pk, enrolment.edition.digest).outline)


class RenewView(PersonalView):
    """The next cycle of a completed course whose certificate runs out."""

    @extend_schema(
        operation_id="enrolments_renew",
        tags=["enrolments"],
        summary="Begin the next cycle",
        description=(
            "Possible from `renewal.opens_at` on. Renewing again returns the same enrolment with 200. The old cycle, "
            "its results and its certificate stay as they are."
        ),
        request=None,
        responses={201: EnrolmentSerializer, 200: EnrolmentSerializer},
    )
    def post(self, request: Request, enrolment_id: int) -> Response:
        enrolment = get_own_enrolment(request.user, enrolment_id)
        if enrolment is None:
            raise NotFound(NO_ENROLMENT)
        renewed, is_new = renew(enrolment=enrolment, by=request.user)
        context = enrolment_context([renewed], get_versions([renewed.edition]), request.user)
        return Response(EnrolmentSerializer(renewed, context=context).data, status=201 if is_new else 200)


def enrolment_context(
    enrolments: Sequence[Enrolment], states: Mapping[Version, CourseState], learner: User
) -> dict[str, Any]:
    """What the serializers of enrolments need to know besides the rows; a fixed number of queries."""
    return {
        "states": states,
        "dues": describe_open_dues(enrolments, learner=learner),
        "renewals": read_renewals(enrolments, states),
    }


def _find_own(request: Request, enrolment_id: int) -> tuple[Enrolment, dict[Version, CourseState]]:
    """The caller's enrolment, on the edition it is studied in from now on, and its course."""
    enrolment = get_own_enrolment(request.user, enrolment_id)
    if enrolment is None:
        raise NotFound(NO_ENROLMENT)
    states = get_versions([enrolment.edition])
    state = states.get(enrolment.edition.version)
    return (follow_current_edition(enrolment, state) if state else enrolment), states


def read_progress(enrolment: Enrolment, course_path: str) -> dict[str, Any]:
    """Progress of one enrolment on every lesson of its edition. One query beside the cached outline."""
    edition = enrolment.edition
    course = get_course_map(edition.pk, edition.digest)
    rows = list_block_rows(enrolment)
    standing = standing_of(rows)
    locks = LessonLocks(course.outline, standing, enrolled_at=enrolment.enrolled_at, now=timezone.now())
    lessons: dict[str, Any] = {
        lesson_id: {
            "state": state.state,
            "required_left": state.required_left,
            "lock": _describe_lock(locks.find(lesson_id)),
            "blocks": {},
        }
        for lesson_id, state in lesson_states(enrolment, course.outline, standing=standing).items()
    }
    for (lesson_id, block_id), row in rows.items():
        if (lesson_id, block_id) in course.blocks:
            lessons[lesson_id]["blocks"][block_id] = row
    following = find_next_lesson(enrolment, course, standing)
    return {
        "percent": enrolment.percent,
        "score": enrolment.score,
        "state": enrolment.state,
        "required_done": enrolment.required_done,
        "required_total": len(course.required),
        "lessons": lessons,
        "next": next_step(enrolment, following, course_path, rows) if following else None,
    }


def _describe_lock(lock: Access | None) -> dict[str, Any] | None:
    if lock is None:
        return None
    return {
        "code": lock.code,
        "message": lock.message,
        "unlock": lock.unlock,
        "unlock_lesson": lock.unlock_lesson_id or None,
        "opens_at": lock.opens_at,
    }


def next_step(
    enrolment: Enrolment, following: NextLesson, course_path: str, rows: Mapping[Unit, BlockRow]
) -> dict[str, Any]:
    """Where to go on; the second is only known where ``rows`` have the block."""
    lesson = following.lesson
    is_last = str(enrolment.last_lesson_key) == lesson["id"]
    block = str(enrolment.last_block_id) if is_last and enrolment.last_block_id else None
    row = rows.get((lesson["id"], block)) if block else None
    return {
        "lesson": lesson["id"],
        "title": lesson["title"],
        "path": lesson_path(course_path, lesson),
        "block": block,
        "position": row.position if row else 0.0,
        "lock": _describe_lock(following.lock),
    }


def lesson_path(course_path: str, lesson: OutlineLesson) -> str:
    """Under the course's present address: an old edition knows only the one of its time."""
    return f"{course_path}{'/'.join(lesson['path'].strip('/').split('/')[-2:])}/"
