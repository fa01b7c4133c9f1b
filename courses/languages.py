"""The languages courses are written in, and what follows from one: its addresses, its direction, its name."""

from django.conf import settings
from django.db.models import Case, IntegerField, When
from django.utils.translation import get_language_info
from wagtail.coreutils import get_content_languages


def main_language() -> str:
    """The language of the pages without a prefix in their address."""
    return str(settings.LANGUAGE_CODE)


def is_multilingual() -> bool:
    return bool(settings.WAGTAIL_I18N_ENABLED)


def list_content_languages() -> list[str]:
    """The codes of all languages pages are written in, the main one first."""
    main = main_language()
    return [main, *(code for code in get_content_languages() if code != main)] if is_multilingual() else [main]


def make_prefix(language: str) -> str:
    """What addresses in this language begin with: nothing for the main language, else ``/de``."""
    return f"/{language.lower()}" if is_multilingual() and language and language != main_language() else ""


def make_course_path(language: str, slug: str, *more: str) -> str:
    """``/courses/<slug>/``, or ``/de/courses/<slug>/`` for a version that is not in the main language."""
    return "/".join([f"{make_prefix(language)}/courses", slug, *more, ""])


def language_first(language: str) -> Case:
    """To sort rows with a ``language`` by: this one, then the main one, then the others."""
    first = [When(language=language, then=0)] if language else []
    return Case(*first, When(language=main_language(), then=1), default=2, output_field=IntegerField())


def label_language(code: str) -> str:
    """The language's own name, such as "Deutsch"; the code itself where Django does not know it."""
    try:
        name = str(get_language_info(code)["name_local"])
    except KeyError:
        return code
    return name[:1].upper() + name[1:]


def text_direction(code: str) -> str:
    """The value of HTML's ``dir``."""
    try:
        return "rtl" if get_language_info(code)["bidi"] else "ltr"
    except KeyError:
        return "ltr"
