"""The OpenAPI document: the committed copy is current, it is valid 3.1, and says what typed clients need."""

import io
import json
from pathlib import Path
from typing import Any, get_args

import pytest
from django.conf import settings
from django.core.management import call_command
from drf_spectacular.validation import validate_schema
from rest_framework.test import APIClient

from api.documents import document_components
from courses.editions import documents
from courses.quizzes.definition import QUESTION_TYPES

SNAPSHOT = Path(settings.BASE_DIR) / "docs" / "api" / "openapi.json"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """Made by the command that ``make schema`` runs; any warning fails it."""
    written = io.StringIO()
    call_command("spectacular", format="openapi-json", fail_on_warn=True, stdout=written)
    made: dict[str, Any] = json.loads(written.getvalue())
    return made


def test_committed_document_is_current(schema: dict[str, Any]) -> None:
    committed = json.loads(SNAPSHOT.read_text())
    assert schema == committed, "The API changed. Look at the difference, then refresh the copy with: make schema"


def test_served_document_is_the_committed_one(api: APIClient, db: None) -> None:
    assert json.loads(api.get("/api/v1/openapi.json").content) == json.loads(SNAPSHOT.read_text())


def test_document_is_valid_openapi_3_1(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.1")
    validate_schema(schema)


def test_only_our_api_is_published(schema: dict[str, Any]) -> None:
    assert [path for path in schema["paths"] if not path.startswith("/api/v1/")] == []


def test_every_operation_is_named_once_and_tells_its_errors(schema: dict[str, Any]) -> None:
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert {json.dumps(operation["responses"]["default"]["content"]) for operation in operations} == {
        json.dumps(problem)
    }
    assert [operation["operationId"] for operation in operations if not operation.get("summary")] == []


def test_blocks_are_a_union_on_type(schema: dict[str, Any]) -> None:
    union = schema["components"]["schemas"]["LessonBlock"]
    assert union["discriminator"]["propertyName"] == "type"
    assert union["discriminator"]["mapping"] == {
        "text": "#/components/schemas/TextBlock",
        "markdown": "#/components/schemas/MarkdownBlock",
        "image": "#/components/schemas/ImageBlock",
        "video": "#/components/schemas/VideoBlock",
        "audio": "#/components/schemas/AudioBlock",
        "quiz": "#/components/schemas/QuizBlock",
        "file": "#/components/schemas/DownloadBlock",
        "embed": "#/components/schemas/EmbedBlock",
        "code": "#/components/schemas/CodeBlock",
        "table": "#/components/schemas/TableBlock",
        "callout": "#/components/schemas/CalloutBlock",
    }
    assert [member["$ref"] for member in union["oneOf"]] == list(union["discriminator"]["mapping"].values())


def test_questions_are_a_union_on_type(schema: dict[str, Any]) -> None:
    union = schema["components"]["schemas"]["PaperQuestion"]
    assert tuple(union["discriminator"]["mapping"]) == QUESTION_TYPES
    assert union["discriminator"]["mapping"]["matching"] == "#/components/schemas/MatchingQuestion"


def test_every_block_has_its_type_as_a_constant() -> None:
    components = document_components()
    for block in get_args(documents.Block):
        properties = components[block.__name__]["properties"]
        assert sorted(properties["type"]) == ["const", "type"]
        assert {"id", "is_required", "time_limit", "type"} <= set(components[block.__name__]["required"])


def test_what_is_added_on_delivery_is_optional() -> None:
    image = document_components()["ImageRef"]
    assert image["required"] == ["alt", "height", "id", "width"]
    assert sorted(image["properties"]) == ["alt", "height", "id", "src", "srcset", "width"]


def test_no_component_knows_a_key(schema: dict[str, Any]) -> None:
    """Only the result of a submitted attempt has names for what is right."""
    telling = {"is_correct", "correct_choices", "accepted", "explanation", "feedback", "right_pairs", "right_order"}
    tellers = [
        name
        for name, component in schema["components"]["schemas"].items()
        if telling & set(component.get("properties", {}))
    ]
    assert tellers == ["QuestionResult"]
