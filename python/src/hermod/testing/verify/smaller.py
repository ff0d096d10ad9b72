"""Values that are simpler than a given one and fit the same schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]


def smaller(value: Any, schema: Schema, definitions: Schema) -> Iterator[Any]:
    """The simplest ones first; none of a value that is as simple as can be."""
    schema = _resolved(schema, definitions)
    if "enum" in schema or "const" in schema:
        members = schema.get("enum", [value])
        yield from members[: members.index(value)] if value in members else ()
    elif isinstance(value, bool):
        yield from [False] if value else []
    elif isinstance(value, int | float):
        yield from _numbers(value, schema)
    elif isinstance(value, str):
        yield from _texts(value, schema)
    elif isinstance(value, list):
        yield from _lists(value, schema, definitions)
    elif isinstance(value, dict):
        yield from _objects(value, schema, definitions)


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def _numbers(value: float, schema: Schema) -> Iterator[Any]:
    kind = type(value)
    low, high = schema.get("minimum", float("-inf")), schema.get("maximum", float("inf"))
    for candidate in (0, 1, 2, int(value)):
        if low <= candidate <= high and (abs(candidate), candidate != value) < (abs(value), True):
            yield kind(candidate)


def _texts(value: str, schema: Schema) -> Iterator[str]:
    if "format" in schema or "pattern" in schema:
        return
    for candidate in ("", "a", "b"):
        if schema.get("minLength", 0) <= len(candidate) and (len(candidate), candidate) < (
            len(value),
            value,
        ):
            yield candidate


def _lists(value: list[Any], schema: Schema, definitions: Schema) -> Iterator[list[Any]]:
    if "prefixItems" not in schema and len(value) > schema.get("minItems", 0):
        for length in sorted({schema.get("minItems", 0), 1, len(value) // 2, len(value) - 1}):
            if length < len(value):
                yield value[:length]
        for index in range(len(value) - 1):
            yield value[:index] + value[index + 1 :]
    for index, item in enumerate(value):
        items = schema.get("items", {})
        if "prefixItems" in schema:
            items = schema["prefixItems"][index]
        for candidate in smaller(item, items, definitions):
            yield [*value[:index], candidate, *value[index + 1 :]]


def _objects(value: dict[str, Any], schema: Schema, definitions: Schema) -> Iterator[Any]:
    fields, required = schema.get("properties", {}), schema.get("required", ())
    for name in value:
        if name not in required:
            yield {other: value[other] for other in value if other != name}
    more = schema.get("additionalProperties")
    for name, item in value.items():
        inner = fields.get(name, more if isinstance(more, dict) else {})
        for candidate in smaller(item, inner, definitions):
            yield {**value, name: candidate}
