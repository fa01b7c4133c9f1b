"""OpenAPI: only ``/api/v1/``, the document shapes as components, one problem shape for every error."""

from typing import Any

from api.documents import document_components, ref

Schema = dict[str, Any]

PREFIX = "/api/v1/"

PROBLEM: Schema = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "detail", "code", "errors", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Switch on this; the texts may change."},
        "errors": {"type": "array", "items": ref("ProblemError")},
        "request_id": {"type": "string", "description": "Quote it when you ask for help."},
        "available_at": {
            "type": "string",
            "format": "date-time",
            "description": "With cooling_down: when the next attempt may be opened.",
        },
        "late": {
            "type": "array",
            "items": {"type": "string"},
            "description": "With time_is_up: the questions whose answers were kept as evidence and are not scored.",
        },
    },
}
PROBLEM_ERROR: Schema = {
    "type": "object",
    "required": ["pointer", "code", "message"],
    "properties": {
        "pointer": {
            "type": "string",
            "description": "#/a/0/b points into the body you sent (RFC 6901), ?name at a query parameter.",
        },
        "code": {"type": "string"},
        "message": {"type": "string"},
    },
}
COURSE_PREVIEW: Schema = {
    "type": "object",
    "description": "A course as its drafts have it: detail and outline as they are when published, edition number 0.",
    "required": ["course", "outline"],
    "properties": {"course": ref("CourseDetail"), "outline": ref("Outline")},
}
_EXPLAINED = {
    "400": "The request is not valid: errors[] says where.",
    "401": "Nobody is signed in.",
    "403": "Not allowed: code says why.",
    "404": "Nothing is here, or not for you.",
    "409": "The request does not fit the current state: code says why.",
    "default": "Any other error.",
}


def keep_v1_only(endpoints: list[Any], **kwargs: Any) -> list[Any]:
    """Preprocessing hook. Without it Wagtail's own APIs, the admin's included, would be published as ours."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(PREFIX)]


def complete_schema(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """Postprocessing hook: adds document and problem components and the error responses of every operation."""
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    ours = {"Problem": PROBLEM, "ProblemError": PROBLEM_ERROR, "CoursePreview": COURSE_PREVIEW} | document_components()
    clash = sorted(set(ours) & set(schemas))
    if clash:
        raise ValueError(f"Serializers and documents share component names: {', '.join(clash)}.")
    components["schemas"] = dict(sorted((schemas | ours).items()))
    for path in result["paths"].values():
        for method, operation in path.items():
            _complete_operation(method, operation)
    return result


def _complete_operation(method: str, operation: Schema) -> None:
    responses = operation["responses"]
    wanted = ["default"]
    parameters = operation.get("parameters", [])
    if "requestBody" in operation or any(parameter["in"] == "query" for parameter in parameters):
        wanted.append("400")
    if operation.get("security") and {} not in operation["security"]:
        wanted += ["401", "403"] if method != "get" else ["401"]
    if any(parameter["in"] == "path" for parameter in parameters):
        wanted.append("404")
    for status in wanted:
        responses.setdefault(status, {})
    for status, response in list(responses.items()):
        if status == "default" or status.startswith(("4", "5")):
            responses[status] = problem(response.get("description") or _EXPLAINED.get(status, "An error."))
    operation["responses"] = dict(sorted(responses.items()))


def problem(description: str) -> Schema:
    return {"description": description, "content": {"application/problem+json": {"schema": ref("Problem")}}}
