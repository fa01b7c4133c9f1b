"""Lessons: the document of one lesson, for those whom the access function lets in."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api.addresses import make_absolute, origin_of
from api.documents import ref
from api.refusals import refuse
from api.v1.references import find_state
from api.views import PersonalView
from courses.editions.concealing import conceal_unstarted, has_timed_blocks
from courses.editions.delivery import deliver_lesson
from courses.editions.documents import LessonDocument
from courses.editions.models import CourseState
from courses.editions.queries import find_state_of_lesson, get_lesson_document, get_outline
from learners.enrolments.access import lesson_access
from learners.enrolments.queries import get_enrolment
from learners.progress.queries import list_block_rows, list_clocks
from learners.progress.services import follow_current_edition, touch_lesson

NO_LESSON = "There is no such lesson."


class LessonView(PersonalView):
    """Reading a lesson as an enrolled learner counts as opening it: "continue" and measured time start from there."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="lessons_detail",
        tags=["lessons"],
        summary="One lesson with its blocks",
        description=(
            "Open courses are readable without signing in; anything else needs an enrolment, and 403 says what unlocks "
            "it. Addresses of files are signed and expire after half a day: ask again rather than keep them."
        ),
        parameters=[
            OpenApiParameter(
                "course",
                OpenApiTypes.STR,
                description="Slug or id of the course. Saves a search; decides where a lesson is in several courses.",
            )
        ],
        responses={200: ref("LessonDocument"), 403: ref("Problem")},
    )
    def get(self, request: Request, lesson_id: UUID) -> Response:
        named = request.query_params.get("course", "")
        state = find_state(named) if named else find_state_of_lesson(str(lesson_id))
        if state is None:
            raise NotFound(NO_LESSON)
        document = _open_lesson(request.user, state, str(lesson_id))
        return Response(make_absolute(deliver_lesson(document), origin_of(request)))


def _open_lesson(user: Any, state: CourseState, lesson_id: str) -> LessonDocument:
    """The same steps as the site's lesson page. Raises the API's errors."""
    enrolment = get_enrolment(user, state.course_key)
    if enrolment is not None:
        enrolment = follow_current_edition(enrolment, state)
    edition = enrolment.edition if enrolment is not None else state.edition
    outline = get_outline(edition.pk, edition.digest) if edition is not None else None
    access = lesson_access(user, state, outline, enrolment, lesson_id)
    if not access.is_allowed or edition is None:
        raise refuse(access)
    document = get_lesson_document(edition.pk, lesson_id)
    if document is None:
        raise NotFound(NO_LESSON)
    if enrolment is not None:
        touch_lesson(enrolment=enrolment, lesson_key=lesson_id)
    if access.code == "staff" or not has_timed_blocks(document):
        return document
    return conceal_unstarted(document, list_clocks(list_block_rows(enrolment).items(), lesson_id))
