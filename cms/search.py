"""The admin's search: the database's own, with SQLite's made safe for what people type."""

from typing import Any

from django.db import connection
from modelsearch.backends import database
from modelsearch.query import Phrase, PlainText

# A word that no text holds, for searches that consist of quotes only.
NOTHING = "-"


class SafeQueryMixin:
    """SQLite's full-text syntax is made of double quotes, and Wagtail passes on the reader's: one alone is an error.

    Phrases are put in quotes here, which Wagtail forgets.
    """

    def build_search_query_content(self, query: Any, config: Any = None) -> Any:
        from modelsearch.backends.database.sqlite.query import Lexeme, SearchQueryExpression

        if isinstance(query, Phrase):
            return SearchQueryExpression(Lexeme(_without_quotes(query)), config=config)
        if isinstance(query, PlainText):
            query = PlainText(_without_quotes(query), operator=query.operator, boost=query.boost)
        return super().build_search_query_content(query, config=config)  # type: ignore[misc]


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 -- the name Wagtail looks for
    """The backend of the database in use."""
    backend = database.SearchBackend(params)
    if connection.vendor == "sqlite":
        for name in ("query_compiler_class", "autocomplete_query_compiler_class"):
            compiler = getattr(backend, name)
            setattr(backend, name, type(compiler.__name__, (SafeQueryMixin, compiler), {}))
    return backend


def _without_quotes(query: Any) -> str:
    return str(query.query_string).replace('"', " ").strip() or NOTHING
