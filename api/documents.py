"""JSON Schema of the documents of editions and of papers, made from their ``TypedDict``s, so that the API cannot drift
from them."""

import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from courses.editions import documents
from courses.quizzes.paper_shapes import PaperQuestion

Schema = dict[str, Any]

PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
UNIONS: dict[Any, tuple[str, str]] = {
    documents.Block: ("LessonBlock", "One block of a lesson. Skip a type you do not know: new ones may come."),
    PaperQuestion: ("PaperQuestion", "A question as the learner sees it, shaped as its type asks for."),
}
ROOTS = (documents.Outline, documents.LessonDocument, PaperQuestion)


def document_components() -> dict[str, Schema]:
    """Every component that an outline and a lesson document are made of, by name."""
    components: dict[str, Schema] = {}
    for root in ROOTS:
        _collect(root, components)
    return dict(sorted(components.items()))


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _collect(hint: Any, components: dict[str, Schema]) -> None:
    if (union := _find_union(hint)) is not None:
        components.setdefault(union[0], _tagged_union(hint, union[1]))
    if is_typeddict(hint):
        if hint.__name__ in components:
            return
        components[hint.__name__] = _object(hint)
        for inner in get_type_hints(hint).values():
            _collect(inner, components)
    for inner in get_args(hint):
        _collect(inner, components)


def _object(shape: Any) -> Schema:
    hints = get_type_hints(shape)
    schema: Schema = {
        "type": "object",
        "properties": {name: schema_of(hint) for name, hint in hints.items()},
        "required": sorted(shape.__required_keys__),
    }
    doc = (shape.__doc__ or "").strip()
    return {"description": doc} | schema if doc and not doc.startswith("dict(") else schema


def _find_union(hint: Any) -> tuple[str, str] | None:
    """Name and description, if this is one of the unions on ``type``."""
    return next((names for union, names in UNIONS.items() if hint == union), None)


def _tagged_union(union: Any, description: str) -> Schema:
    """One component per type and a mapping, so that a typed client can ``switch (block.type)``."""
    tags = {get_args(get_type_hints(member)["type"])[0]: member.__name__ for member in get_args(union)}
    return {
        "description": description,
        "oneOf": [ref(name) for name in tags.values()],
        "discriminator": {
            "propertyName": "type",
            "mapping": {tag: ref(name)["$ref"] for tag, name in tags.items()},
        },
    }


def schema_of(hint: Any) -> Schema:
    """The schema of one type expression of the kinds that documents use."""
    if (union := _find_union(hint)) is not None:
        return ref(union[0])
    if is_typeddict(hint):
        return ref(hint.__name__)
    if hint in PLAIN:
        return {"type": PLAIN[hint]}
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"type": "string", "const": arguments[0]} if len(arguments) == 1 else _enum(arguments)
    if origin is list:
        return {"type": "array", "items": schema_of(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(arguments[1])}
    if origin in (Union, types.UnionType):
        return _union([schema_of(argument) for argument in arguments])
    raise TypeError(f"Documents do not use {hint!r} yet: teach schema_of about it.")


def _enum(values: tuple[Any, ...]) -> Schema:
    return {"type": "string", "enum": list(values)}


def _union(schemas: list[Schema]) -> Schema:
    if all(set(schema) == {"type"} for schema in schemas):
        return {"type": [schema["type"] for schema in schemas]}
    return {"oneOf": schemas}
