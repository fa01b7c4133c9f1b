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
from api.locales import LOCALE, read_locale
from api.refusals import refuse
from api.v1.references import find_state
from api.views import PersonalView
from courses.editions.concealing import conceal_unstarted, has_timed_blocks
from courses.editions.delivery import deliver_lesson
from courses.editions.documents import LessonDocument
from courses.editions.models import CourseState
from courses.editions.queries import find_state_of_lesson, get_lesson_document, get_outline, get_versions
from learners.enrolments.access import lesson_access
from learners.enrolments.models import Enrolment
from learners.enrolments.queries import get_enrolment
from learners.enums import ProgressState
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
            "it. An enrolment that is not completed is read in the language it is studied in, whatever `locale` says: "
            "see its `language`. Addresses of files are signed and expire after half a day: ask again rather than keep "
            "them."
        ),
        parameters=[
            OpenApiParameter(
                "course",
                OpenApiTypes.STR,
                description="Slug or id of the course. Saves a search; decides where a lesson is in several courses.",
            ),
            LOCALE,
        ],
        responses={200: ref("LessonDocument"), 403: ref("Problem")},
    )
    def get(self, request: Request, lesson_id: UUID) -> Response:
        named, locale = request.query_params.get("course", ""), read_locale(request.query_params)
        state = find_state(named, locale) if named else find_state_of_lesson(str(lesson_id), locale)
        if state is None:
            raise NotFound(NO_LESSON)
        document, language = _open_lesson(request.user, state, str(lesson_id), locale)
        told = make_absolute(deliver_lesson(document), origin_of(request))
        return Response(told, headers={"Content-Language": language})


def _choose_version(enrolment: Enrolment | None, state: CourseState, locale: str) -> CourseState:
    """An unfinished enrolment is read in the language it is studied in; anything else as it was asked for, and what is
    completed in the language it was completed in unless another is asked for."""
    if enrolment is None or enrolment.edition.language == state.language:
        return state
    if locale and enrolment.state == ProgressState.COMPLETED:
        return state
    return get_versions([enrolment.edition]).get(enrolment.edition.version, state)


def _open_lesson(user: Any, state: CourseState, lesson_id: str, locale: str) -> tuple[LessonDocument, str]:
    """The same steps as the site's lesson page; the document and what it is written in. Raises the API's errors."""
    enrolment = get_enrolment(user, state.course_key)
    state = _choose_version(enrolment, state, locale)
    is_own = enrolment is not None and enrolment.edition.language == state.language
    if enrolment is not None and is_own:
        enrolment = follow_current_edition(enrolment, state)
    edition = enrolment.edition if enrolment is not None and is_own else state.edition
    outline = get_outline(edition.pk, edition.digest) if edition is not None else None
    access = lesson_access(user, state, outline, enrolment, lesson_id)
    if not access.is_allowed or edition is None:
        raise refuse(access)
    document = get_lesson_document(edition.pk, lesson_id)
    if document is None:
        raise NotFound(NO_LESSON)
    if enrolment is not None:
        touch_lesson(enrolment=enrolment, lesson_key=lesson_id)
    language = outline["course"]["language"] if outline is not None else edition.language
    if access.code == "staff" or not has_timed_blocks(document):
        return document, language
    return conceal_unstarted(document, list_clocks(list_block_rows(enrolment).items(), lesson_id)), language
