"""``?locale=``: in which language a client would like to read a course that is there in several."""

from collections.abc import Mapping

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from courses.editions.models import CourseState
from courses.languages import list_content_languages, text_direction

LOCALE = OpenApiParameter(
    "locale",
    OpenApiTypes.STR,
    description=(
        "The version you would like, such as de. Where a course is not there in it you get the main language: the "
        "answer's own `locale` says which one it is."
    ),
)


def read_locale(query: Mapping[str, str]) -> str:
    """The code, "" without one. Raises ``ValidationError`` for a language the site is not written in."""
    locale = query.get("locale", "").lower()
    if locale and locale not in list_content_languages():
        known = ", ".join(list_content_languages())
        raise ValidationError({"?locale": [f"“locale” must be one of {known}."]})
    return locale


class VersionSerializer(serializers.Serializer[CourseState]):
    """One language a course is offered in."""

    code = serializers.CharField(source="language", help_text="What `?locale=` takes.")
    language = serializers.CharField(source="content_language", help_text="What it is taught in.")
    direction = serializers.SerializerMethodField(help_text="ltr or rtl.")
    title = serializers.CharField()
    path = serializers.CharField()

    def get_direction(self, state: CourseState) -> str:
        return text_direction(state.content_language)
