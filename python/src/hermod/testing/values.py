"""Values made from a JSON Schema and a digest: the same for the same call, whenever it is made."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hermod.testing.images import FakeImage

WORDS = ("amber", "birch", "cedar", "dune", "ember", "fjord", "grove", "heath", "maple", "quartz",
         "reed", "slate", "thorn", "umber", "vale", "willow")  # fmt: skip

Schema = dict[str, Any]


@dataclass(frozen=True)
class Taste:
    """What made-up values are like."""

    seed: int = 0
    #: Texts and numbers that a program compares with: half of all values are among them.
    texts: Sequence[str] = ()
    numbers: Sequence[float] = ()
    #: Lists of any length, optional fields left out, numbers where something may overflow.
    bold: bool = False
    #: Lists of at least this many items.
    at_least: int = 0


PLAIN = Taste()


def number(*parts: object) -> int:
    """A number that depends on nothing but the parts."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def made_up(schema: Schema, definitions: Schema, key: str, taste: Taste = PLAIN) -> Any:
    """A value that fits the schema."""
    if taste.seed:
        key = f"{taste.seed} {key}"
    return _Maker(definitions, taste).value(schema, key)


@dataclass(frozen=True)
class _Maker:
    definitions: Schema
    taste: Taste
    depth: int = field(default=0)

    def value(self, schema: Schema, key: str) -> Any:
        schema = self._resolved(schema, key)
        if "enum" in schema:
            return schema["enum"][number(key) % len(schema["enum"])]
        if "const" in schema:
            return schema["const"]
        if "PIL.Image.Image" in (schema.get("python_type"), schema.get("python type")):
            return FakeImage(f"image {number(key) % 1000}")
        return self._of_type(schema, key)

    def _resolved(self, schema: Schema, key: str) -> Schema:
        """Without references and choices; a choice of one, and of bold ones any."""
        while True:
            choices = schema.get("anyOf") or schema.get("oneOf")
            kinds = schema.get("type")
            if "$ref" in schema:
                schema = self.definitions[schema["$ref"].rsplit("/", 1)[-1]]
            elif choices:
                schema = choices[number(key, "choice") % len(choices) if self.taste.bold else 0]
            elif isinstance(kinds, list):
                chosen = number(key, "choice") % len(kinds) if self.taste.bold else 0
                schema = {**schema, "type": kinds[chosen]}
            else:
                return schema

    def _of_type(self, schema: Schema, key: str) -> Any:
        match schema.get("type"):
            case "object":
                return self._object(schema, key)
            case "array":
                return self._array(schema, key)
            case "integer":
                return self._integer(schema, key)
            case "number":
                return self._float(schema, key)
            case "boolean":
                return number(key) % 2 == 0
            case "null":
                return None
            case _:
                return self._text(schema, key)

    def _object(self, schema: Schema, key: str) -> Any:
        fields = schema.get("properties", {})
        required = schema.get("required", ())
        made = {
            name: self.value(fields[name], f"{key}.{name}")
            for name in fields
            if name in required or not (self.taste.bold and number(key, name, "left out") % 3 == 0)
        }
        more = schema.get("additionalProperties")
        if isinstance(more, dict) and not fields:
            for index in range(number(key, "length") % 4 if self.taste.bold else 2):
                name = self._text({}, f"{key} name {index}")
                made[name] = self.value(more, f"{key}[{name}]")
        return made

    def _array(self, schema: Schema, key: str) -> Any:
        if "prefixItems" in schema:
            items = schema["prefixItems"]
            return [self.value(item, f"{key}[{index}]") for index, item in enumerate(items)]
        count = 2 + number(key, "length") % 3
        if self.taste.bold:
            count = (1, 0, 2, 3, 1, 2, 4)[number(key, "length") % 7]
        count = max(count, self.taste.at_least, schema.get("minItems", 0))
        count = min(count, schema.get("maxItems", count))
        inner = _Maker(self.definitions, self.taste, self.depth + 1)
        if inner.depth > 3:  # a schema may refer to itself
            return []
        items = schema.get("items", {})
        return [inner.value(items, f"{key}[{index}]") for index in range(count)]

    def _integer(self, schema: Schema, key: str) -> int:
        drawn = self._drawn(self.taste.numbers, key)
        if drawn is None and self.taste.bold and number(key, "edge") % 4 == 0:
            drawn = (0, 1, 2, 10**6)[number(key, "which edge") % 4]
        value = number(key) % 50 if drawn is None else int(drawn)
        return int(_bounded(value, schema))

    def _float(self, schema: Schema, key: str) -> float:
        drawn = self._drawn(self.taste.numbers, key)
        if drawn is None and self.taste.bold and number(key, "edge") % 4 == 0:
            drawn = (0.0, 1.0, 0.5, 1e6)[number(key, "which edge") % 4]
        value = number(key) % 1000 / 8 if drawn is None else float(drawn)
        return float(_bounded(value, schema))

    def _text(self, schema: Schema, key: str) -> str:
        if schema.get("format") in {"date", "date-time"}:
            month, day_of_month = 1 + number(key, "month") % 9, number(key, "day") % 9
            day = f"20{24 + number(key) % 3}-0{month}-1{day_of_month}"
            return day if schema["format"] == "date" else f"{day}T09:30:00Z"
        drawn = self._drawn(self.taste.texts, key)
        if drawn is not None:
            return str(drawn)
        if self.taste.bold and number(key, "edge") % 6 == 0:
            return ("", " two words ", "12", "Ünïcode", "a,b", "{x}")[number(key, "edge", 2) % 6]
        return WORDS[number(key) % len(WORDS)]

    def _drawn(self, among: Sequence[Any], key: str) -> Any:
        """One of those, half the time."""
        if not among or number(key, "drawn") % 2:
            return None
        return among[number(key, "which") % len(among)]


def _bounded(value: float, schema: Schema) -> float:
    bounds = [schema.get("minimum", schema.get("exclusiveMinimum")),
              schema.get("maximum", schema.get("exclusiveMaximum"))]  # fmt: skip
    low, high = (value if bound is None else float(bound) for bound in bounds)
    return min(max(value, low), high)
