"""wagtail-localize's queue: trees become rows that are worked on page by page, everything else is done at once."""

from collections.abc import Callable
from typing import Any

from wagtail_localize.tasks import BaseJobBackend


class TaskBackend(BaseJobBackend):
    """Imported while wagtail-localize loads, so what needs its models is imported when it is used."""

    def enqueue(self, func: Callable[..., Any], args: Any, kwargs: Any) -> None:
        from wagtail_localize.operations import translate_page_subtree

        from courses.translating import request_translation

        if func is not translate_page_subtree:
            func(*args, **kwargs)
            return
        page_id, locales, _components, user = args
        request_translation(page_id=page_id, locales=locales, user_id=user.pk if user else None)
