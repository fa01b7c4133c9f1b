"""Pages in several languages: those that are not in the main language have their language in front of their address."""

from typing import Any

from django.http import HttpRequest

from courses.languages import is_multilingual, make_prefix


class LocalizedPage:
    """Put before ``Page`` among the bases."""

    locale: Any

    @property
    def content_language(self) -> str:
        """The language of its tree; "" on a site with one language. One query unless ``locale`` was read."""
        return str(self.locale.language_code) if is_multilingual() else ""

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        parts: tuple[int, str, str] | None = super().get_url_parts(request)  # type: ignore[misc]
        if not parts or not parts[2]:
            return parts
        site_id, root_url, path = parts
        return site_id, root_url, f"{make_prefix(self.content_language)}{path}"
