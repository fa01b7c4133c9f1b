"""Courses: the catalogue list, one course, and its whole outline in one read."""

import json
import logging
from dataclasses import replace
from typing import Any

from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.addresses import make_absolute, origin_of
from api.caching import is_current, make_etag, mark_public, not_modified
from api.documents import ref
from api.errors import not_found, server_error
from api.locales import LOCALE, VersionSerializer, read_locale
from api.pagination import LimitOffsetPagination
from api.v1.references import find_state
from api.views import PublicView
from courses.catalogue import ORDERINGS, CatalogueFilters, search_courses
from courses.editions.delivery import deliver_image
from courses.editions.documents import Outline
from courses.editions.models import CourseState
from courses.editions.queries import get_edition_outline, get_outline, get_outline_etag, get_outline_text, list_versions
from courses.enums import CourseAccess, Level, Progression

logger = logging.getLogger(__name__)
NO_COURSE = "There is no published course with this slug."


@extend_schema_field({"oneOf": [ref("ImageRef"), {"type": "null"}]})
class ImageField(serializers.JSONField):
    """An image as documents have it, with ``src`` and ``srcset``."""


@extend_schema_field({"type": "array", "items": ref("Term")})
class TermsField(serializers.JSONField):
    """Categories: name and slug."""


@extend_schema_field({"type": "array", "items": ref("Person")})
class PeopleField(serializers.JSONField):
    """Instructors as documents have them."""


@extend_schema_field(ref("EditionFacts"))
class EditionField(serializers.JSONField):
    """The edition in force."""


class CourseSerializer(serializers.Serializer[dict[str, Any]]):
    """A course in a list."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    title = serializers.CharField()
    path = serializers.CharField(help_text="Where the course is on this site.")
    locale = serializers.CharField(help_text="Which version this is, where the course is there in several languages.")
    summary = serializers.CharField()
    cover = ImageField()
    level = serializers.ChoiceField(choices=Level.choices)
    language = serializers.CharField(help_text="What it is taught in.")
    minutes = serializers.IntegerField()
    access = serializers.ChoiceField(choices=CourseAccess.choices)
    has_certificate = serializers.BooleanField()
    categories = TermsField()
    tags = serializers.ListField(child=serializers.CharField())
    module_count = serializers.IntegerField()
    lesson_count = serializers.IntegerField()


class CourseDetailSerializer(CourseSerializer):
    """A course with everything that is public about it; its lessons are in the outline."""

    description = serializers.CharField(help_text="Sanitised HTML.")
    instructors = PeopleField()
    objectives = serializers.ListField(child=serializers.CharField())
    prerequisites = serializers.ListField(child=serializers.CharField())
    passing_percentage = serializers.IntegerField()
    time_limit = serializers.IntegerField(allow_null=True, help_text="Minutes of study.")
    completion_deadline = serializers.DateField(allow_null=True)
    completion_days = serializers.IntegerField(allow_null=True)
    expires_after_days = serializers.IntegerField(
        allow_null=True, default=None, help_text="Days after the deadline at which an unfinished enrolment closes."
    )
    progression = serializers.ChoiceField(choices=Progression.choices)
    certificate_validity_months = serializers.IntegerField(allow_null=True)
    edition = EditionField()
    languages = VersionSerializer(many=True, help_text="Every language the course is offered in, the main one first.")


def _filter_parameters() -> list[OpenApiParameter]:
    described = {
        "q": "Words that must all occur in title, summary, objectives or lesson titles.",
        "category": "Slug of a category.",
        "level": "beginner, intermediate or advanced.",
        "language": "What the course is taught in, such as en; translations count.",
        "tag": "Slug of a tag.",
        "price": "free or paid.",
    }
    parameters = [OpenApiParameter(name, OpenApiTypes.STR, description=text) for name, text in described.items()]
    orderings = [name for name in ORDERINGS if name]
    return [
        *parameters,
        LOCALE,
        OpenApiParameter("ordering", OpenApiTypes.STR, enum=orderings, description="Default: best match."),
    ]


IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag you have; answers 304 if current."
)
UNCHANGED = OpenApiResponse(description="Your copy is current.")


def _send(request: Request, data: dict[str, Any]) -> Response | HttpResponse:
    etag = make_etag(json.dumps(data, default=str))
    if is_current(request.headers.get("If-None-Match", ""), etag):
        return not_modified(etag)
    return mark_public(Response(data), etag)


def _summarise(state: CourseState, origin: str) -> dict[str, Any]:
    facts = json.loads(state.card)
    return facts | {
        "slug": state.slug,
        "locale": state.language,
        "cover": make_absolute(deliver_image(facts["cover"]), origin),
    }


class CourseListView(PublicView):
    """The catalogue."""

    pagination_class = LimitOffsetPagination

    @extend_schema(
        operation_id="courses_list",
        tags=["courses"],
        summary="Published courses",
        parameters=[*_filter_parameters(), IF_NONE_MATCH],
        responses={200: CourseSerializer(many=True), 304: UNCHANGED},
    )
    def get(self, request: Request) -> Response | HttpResponse:
        filters = replace(CatalogueFilters.from_query(request.query_params), locale=read_locale(request.query_params))
        if filters.ordering not in ORDERINGS:
            known = ", ".join(name for name in ORDERINGS if name)
            raise ValidationError({"?ordering": [f"“ordering” must be one of {known}."]})
        paginator = LimitOffsetPagination()
        states = paginator.paginate_queryset(search_courses(filters), request, view=self)
        origin = origin_of(request)
        courses = [_summarise(state, origin) for state in states or []]
        page = paginator.get_paginated_response(CourseSerializer(courses, many=True).data)
        return _send(request, page.data)


class CourseDetailView(PublicView):
    """One published course."""

    @extend_schema(
        operation_id="courses_detail",
        tags=["courses"],
        summary="One course",
        parameters=[LOCALE, IF_NONE_MATCH],
        responses={200: CourseDetailSerializer, 304: UNCHANGED},
    )
    def get(self, request: Request, slug: str) -> Response | HttpResponse:
        state = find_state(slug, read_locale(request.query_params))
        if state is None or not state.is_offered or state.edition is None:
            raise NotFound(NO_COURSE)
        outline = get_outline(state.edition.pk, state.edition.digest)
        facts = describe_course(outline, state) | {"languages": list_versions(state.course_key) or [state]}
        return _send(request, dict(CourseDetailSerializer(make_absolute(facts, origin_of(request))).data))


def describe_course(outline: Outline, state: CourseState) -> dict[str, Any]:
    """What ``CourseDetailSerializer`` reads, but for the languages."""
    modules, people = outline["modules"], outline["course"]["instructors"]
    return dict(outline["course"]) | {
        "slug": state.slug,
        "locale": state.language,
        "cover": deliver_image(outline["course"]["cover"]),
        "instructors": [person | {"photo": deliver_image(person["photo"])} for person in people],
        "edition": outline["edition"],
        "module_count": len(modules),
        "lesson_count": sum(len(module["lessons"]) for module in modules),
    }


class OutlineView(PublicView):
    """The hot path: the stored text goes out as it is, past parsing, content negotiation and authentication."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method not in ("GET", "HEAD"):
            return super().dispatch(request, *args, **kwargs)
        try:
            if "locale" in request.GET:
                return super().dispatch(request, *args, **kwargs)
            return self.get(request, **kwargs)
        except Exception:
            logger.exception("Unhandled error at %s", request.path)
            got_request_exception.send(sender=type(self), request=request)
            return server_error(request)

    @extend_schema(
        operation_id="courses_outline",
        tags=["courses"],
        summary="The whole outline of the edition in force",
        description="Modules, lessons and the ids of their blocks. Covers have no src here: the course has them.",
        parameters=[LOCALE, IF_NONE_MATCH],
        responses={200: ref("Outline"), 304: UNCHANGED},
    )
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        if "locale" in request.GET:
            return self._get_version(request, slug)
        known = request.META.get("HTTP_IF_NONE_MATCH")
        if known:
            current = get_outline_etag(slug)
            if current is not None and is_current(known, f'"{current}"'):
                return not_modified(f'"{current}"')
        found = get_outline_text(slug)
        if found is None:
            return not_found(request)
        etag, text = found
        return mark_public(HttpResponse(text, content_type="application/json"), f'"{etag}"')

    def _get_version(self, request: HttpRequest, slug: str) -> HttpResponse:
        """In the language the client asks for: found first, then sent like any other."""
        state = find_state(slug, read_locale(request.GET))
        found = get_edition_outline(state.edition_id) if state and state.is_offered and state.edition_id else None
        if found is None:
            raise NotFound(NO_COURSE)
        etag, text = found
        if is_current(request.headers.get("If-None-Match", ""), f'"{etag}"'):
            return not_modified(f'"{etag}"')
        return mark_public(HttpResponse(text, content_type="application/json"), f'"{etag}"')
