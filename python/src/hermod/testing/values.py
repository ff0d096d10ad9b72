"""Values made from a JSON Schema and a digest: the same for the same call, whenever it is made."""

from __future__ import annotations

import hashlib
from typing import Any

WORDS = ("amber", "birch", "cedar", "dune", "ember", "fjord", "grove", "heath", "maple", "quartz",
         "reed", "slate", "thorn", "umber", "vale", "willow")  # fmt: skip


def number(*parts: object) -> int:
    """A number that depends on nothing but the parts."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def made_up(schema: dict[str, Any], definitions: dict[str, Any], key: str) -> Any:
    """A value that fits the schema."""
    if "$ref" in schema:
        return made_up(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions, key)
    if "enum" in schema:
        return schema["enum"][number(key) % len(schema["enum"])]
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {})
            return {name: made_up(fields[name], definitions, f"{key}.{name}") for name in fields}
        case "array":
            count = 2 + number(key, "length") % 3
            items = schema.get("items", {})
            return [made_up(items, definitions, f"{key}[{index}]") for index in range(count)]
        case "integer":
            return number(key) % 50
        case "number":
            return number(key) % 1000 / 8
        case "boolean":
            return number(key) % 2 == 0
        case _:
            return WORDS[number(key) % len(WORDS)]
