"""Drafts for other front ends: what a preview link opens, in the shape of the published answer."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.addresses import make_absolute, origin_of
from api.documents import ref
from api.v1.courses import CourseDetailSerializer, describe_course
from courses.drafts import DraftError, compile_draft_outline, get_draft, get_draft_lesson
from courses.editions.delivery import deliver_lesson
from courses.editions.models import CourseState
from courses.languages import main_language
from courses.models import CoursePage, LessonPage
from courses.preview import compile_preview
from courses.preview_links import PreviewRefusedError, open_link
from courses.preview_tokens import find_token
from learners.progress.events import read_uuid
from learners.views.preview import STATUS, explain_refusal

NO_LESSON = "There is no such lesson in this preview."


PREVIEWED = {
    "oneOf": [ref("LessonDocument"), ref("CoursePreview")],
    "description": "A lesson document where the link or `lesson` names a lesson, else a course with its outline.",
}


class PreviewView(APIView):
    """For anybody with a token: nobody is asked who they are, so nothing can be recorded."""

    authentication_classes = ()
    parser_classes = (JSONParser,)
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="preview",
        tags=["preview"],
        auth=[],
        summary="The draft behind a preview link",
        description=(
            "The token comes from a link that an editor made in the admin. It opens one lesson, or a course with all "
            "its lessons, until it expires or is revoked; it may also be sent as `X-Preview-Token`. Every other "
            "address refuses requests that carry it. Never stored by caches."
        ),
        parameters=[
            OpenApiParameter("token", OpenApiTypes.STR, description="The token of a preview link."),
            OpenApiParameter("lesson", OpenApiTypes.UUID, description="A lesson of the course, by its id."),
        ],
        responses={
            200: PREVIEWED,
            403: ref("Problem"),
            404: ref("Problem"),
            409: ref("Problem"),
            410: ref("Problem"),
        },
    )
    def get(self, request: Request) -> Response:
        try:
            link = open_link(find_token(request._request))
        except PreviewRefusedError as refusal:
            raise _problem(STATUS[refusal.code], refusal.code, explain_refusal(refusal.code)) from refusal
        draft, wanted = get_draft(link), request.query_params.get("lesson", "")
        try:
            told = _describe(draft, wanted)
        except DraftError as error:
            raise _problem(409, "draft_broken", str(error)) from error
        return Response(make_absolute(told, origin_of(request)))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        finished = super().finalize_response(request, response, *args, **kwargs)
        finished.headers["Cache-Control"] = "no-store"
        finished.headers["X-Robots-Tag"] = "noindex"
        return finished


def _describe(draft: CoursePage | LessonPage, wanted: str) -> Any:
    if isinstance(draft, LessonPage):
        if wanted and wanted != str(draft.translation_key):
            raise exceptions.NotFound(NO_LESSON)
        return deliver_lesson(compile_preview(draft))
    if not wanted:
        return _describe_course(draft)
    lesson_id = read_uuid(wanted)
    if lesson_id is None:
        raise exceptions.NotFound(NO_LESSON)
    return deliver_lesson(compile_preview(get_draft_lesson(draft, lesson_id)))


def _describe_course(draft: CoursePage) -> dict[str, Any]:
    outline = compile_draft_outline(draft)
    # Never stored: what the course's state would be. Other languages are published or are drafts of their own.
    state = CourseState(
        language=draft.content_language or main_language(),
        slug=draft.slug,
        title=draft.title,
        content_language=draft.taught_in,
    )
    facts = describe_course(outline, state) | {"languages": [state]}
    return {"course": dict(CourseDetailSerializer(facts).data), "outline": outline}


def _problem(status: int, code: str, message: str) -> exceptions.APIException:
    error = exceptions.APIException(message, code=code)
    error.status_code = status
    return error
