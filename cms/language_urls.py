"""Addresses that begin with a language, such as /de/courses/: for every language but the main one."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import register_converter
from django.utils import translation
from wagtail.models import Page
from wagtail.views import serve

from courses.languages import list_content_languages, main_language


class LanguageConverter:
    """Only languages that pages are written in; anything else is somebody else's address."""

    regex = "[a-z]{2,3}(?:-[a-z]{2,8})?"

    def to_python(self, value: str) -> str:
        if value == main_language() or value not in list_content_languages():
            raise ValueError
        return value

    def to_url(self, value: str) -> str:
        return value.lower()


register_converter(LanguageConverter, "language")


def show_page(request: HttpRequest, language: str, path: str = "") -> HttpResponseBase:
    """A page of the tree in that language. Only the tree is chosen by it: the site's own words stay as they are."""
    with translation.override(language):
        Page.route_for_request(request, path)  # kept on the request, where ``serve`` finds it
    response: HttpResponseBase = serve(request, path)
    return response
