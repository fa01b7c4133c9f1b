"""The languages courses are written in, from the environment; the words of the site itself stay in English."""

from django.conf.global_settings import LANGUAGES as KNOWN_LANGUAGES
from django.core.exceptions import ImproperlyConfigured

from cms.settings.env import env

LANGUAGE_CODE = "en"
_BUILT_IN = [("en", "English"), ("de", "German"), ("fr", "French"), ("es", "Spanish"), ("vi", "Vietnamese")]


def read_languages(codes: list[str]) -> list[tuple[str, str]]:
    """Code and name of each, the main language first. Raises ``ImproperlyConfigured`` for codes nobody knows."""
    names = {code: str(name) for code, name in KNOWN_LANGUAGES}
    wanted = list(dict.fromkeys([LANGUAGE_CODE, *(code.strip().lower() for code in codes if code.strip())]))
    unknown = [code for code in wanted if code not in names]
    if unknown:
        raise ImproperlyConfigured(
            f"CONTENT_LANGUAGES: unknown language {', '.join(unknown)}. Give codes such as CONTENT_LANGUAGES=en,de,ar."
        )
    return [(code, names[code]) for code in wanted]


WAGTAIL_CONTENT_LANGUAGES = read_languages(env.list("CONTENT_LANGUAGES", default=[LANGUAGE_CODE]))
WAGTAIL_I18N_ENABLED = len(WAGTAIL_CONTENT_LANGUAGES) > 1
LANGUAGES = [*_BUILT_IN, *(pair for pair in WAGTAIL_CONTENT_LANGUAGES if pair[0] not in dict(_BUILT_IN))]
# A translation begins as a draft: learners see it when somebody publishes it.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAILLOCALIZE_JOBS = {"BACKEND": "courses.translation_jobs.TaskBackend"}
