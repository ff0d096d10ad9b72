"""Between the wire's values and the Python objects that an author's code takes and gives."""

from __future__ import annotations

import dataclasses
import enum
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from hermod.images import Handle, Original, from_handle, handle_of, plain_handle, to_blob
from hermod.schemas import Schemas
from hermod.values import decode, encode

if TYPE_CHECKING:
    from PIL.Image import Image


_LIGHT = 1024
"""Values, and kibibytes of text, that the event loop may encode by itself."""


class ArgumentsError(ValueError):
    """Arguments that the author's types refuse; the schema could not say so."""


class Marshal:
    """Of one function."""

    def __init__(self, schemas: Schemas) -> None:
        # JSON's own types need no conversion: what comes in was checked against their schema.
        self._adapters: dict[str, TypeAdapter[Any]] = {
            name: adapter
            for name, adapter in schemas.adapters().items()
            if schemas.hints[name] not in (str, bool, int, bytes, Any)
        }

    def arguments(self, packed: dict[str, Any], originals: dict[str, Original]) -> dict[str, Any]:
        """The author's arguments; images decode when their pixels are touched."""

        def image(handle: Handle) -> Image:
            return from_handle(originals[handle["blob"]], handle)

        arguments: dict[str, Any] = decode(packed, image)
        for name, adapter in self._adapters.items():
            if name in arguments:
                try:
                    arguments[name] = adapter.validate_python(arguments[name])
                except ValidationError as error:
                    raise ArgumentsError(_shown(name, error)) from error
        return arguments


def encoded_result(result: Any) -> tuple[Any, dict[str, bytes]]:
    """The value that a result is, and the blobs of the images in it that have no history."""
    blobs: dict[str, bytes] = {}

    def image(picture: Image) -> Handle:
        handle = handle_of(picture)
        if handle is None:
            blob, data = to_blob(picture)
            blobs[blob] = data
            handle = plain_handle(blob)
        return handle

    return encode(result, image, _as_value), blobs


def is_light(results: list[Any]) -> bool:
    """Is encoding them a matter of microseconds? A picture's is not, nor a long list's."""
    waiting, seen = list(results), len(results)
    while waiting:
        value = waiting.pop()
        if isinstance(value, str | bytes):
            seen += len(value) >> 10
        elif isinstance(value, list | tuple | dict):
            inside = list(value.values()) if isinstance(value, dict) else value
            seen += len(inside)
            waiting += inside if seen <= _LIGHT else ()
        elif not isinstance(value, int | float | None):
            return False
        if seen > _LIGHT:
            return False
    return True


def blobs_of(packed: Any) -> set[str]:
    """The blobs that the images of a packed value name."""
    if isinstance(packed, dict):
        if "$image" in packed:
            return {packed["$image"]["blob"]}
        packed = packed.values()
    elif not isinstance(packed, list):
        return set()
    return set().union(*map(blobs_of, packed))


def _as_value(other: Any) -> Any:
    """What schemas describe as JSON and Python has richer types for; else `other` itself."""
    if isinstance(other, BaseModel):
        return other.model_dump(by_alias=True)
    if dataclasses.is_dataclass(other) and not isinstance(other, type):
        return {field.name: getattr(other, field.name) for field in dataclasses.fields(other)}
    if isinstance(other, enum.Enum):
        return other.value
    if isinstance(other, datetime | date | time):
        return other.isoformat()
    # A numpy scalar (and an array without dimensions).
    if getattr(other, "shape", None) == () and hasattr(other, "item"):
        return other.item()
    return other


def _shown(name: str, error: ValidationError) -> str:
    problems = [
        f"{'.'.join(map(str, (name, *problem['loc'])))}: {problem['msg']}"
        for problem in error.errors(include_url=False, include_context=False)
    ]
    return "; ".join(problems)
