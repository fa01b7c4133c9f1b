"""Lists: ``?limit=&offset=`` in, ``{count, next, previous, results}`` out, nonsense refused."""

from typing import Any

from rest_framework import pagination
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

MAX_OFFSET = 1_000_000


class LimitOffsetPagination(pagination.LimitOffsetPagination):
    """20 a page unless asked otherwise; a limit above 100 gives 100. Anything that is no number is a 400."""

    default_limit = 20
    max_limit = 100

    def get_limit(self, request: Request) -> int:
        asked = read_number(request, self.limit_query_param, smallest=1)
        return self.default_limit if asked is None else min(asked, self.max_limit)

    def get_offset(self, request: Request) -> int:
        return read_number(request, self.offset_query_param, smallest=0, largest=MAX_OFFSET) or 0

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "default": self.default_limit}
        offset = {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET, "default": 0}
        return [
            _parameter(self.limit_query_param, f"How many to return; above {self.max_limit} gives that many.", limit),
            _parameter(self.offset_query_param, "How many to skip.", offset),
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {"count": {"type": "integer"}, "next": link, "previous": link, "results": schema},
        }


def read_number(request: Request, name: str, *, smallest: int, largest: int | None = None) -> int | None:
    """A whole number from the query string, or None if it is absent. Raises ``ValidationError`` for anything else."""
    text = request.query_params.get(name)
    if text is None or text == "":
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 12) or int(text) < smallest:
        raise ValidationError({f"?{name}": [f"“{name}” must be a whole number, at least {smallest}."]})
    if largest is not None and int(text) > largest:
        raise ValidationError({f"?{name}": [f"“{name}” must be at most {largest}."]})
    return int(text)


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
