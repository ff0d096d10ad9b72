"""Values that calls take and give (RUNTIME V1), to and from what msgpack packs.

An image is `{"$image": handle}`; a key that begins with `$` has it doubled; tuples become lists.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hermod.constants import MAX_DEPTH

if TYPE_CHECKING:
    from PIL.Image import Image

    from hermod.images import Handle

INT64_MIN, INT64_MAX = -(1 << 63), (1 << 63) - 1


class NotAValueError(ValueError):
    """Something that does not travel; the message says what and where."""


def encode(
    value: Any,
    encode_image: Callable[[Image], Handle],
    otherwise: Callable[[Any], Any] | None = None,
) -> Any:
    """Returns a fresh tree that msgpack packs and `dice_model::Value` reads.

    `otherwise` may turn what is not a value into one (a worker's dataclasses); without it, and for
    what it returns unchanged, [`NotAValueError`] is raised.
    """
    return _Encoder(encode_image, otherwise).encode(value, "", 0)


def decode(packed: Any, decode_image: Callable[[Handle], Any]) -> Any:
    """The inverse of [`encode`] for what came over the wire; always a fresh tree (E6)."""
    if isinstance(packed, list):
        return [decode(item, decode_image) for item in packed]
    if isinstance(packed, dict):
        if "$image" in packed:
            return decode_image(packed["$image"])
        return {key.removeprefix("$"): decode(item, decode_image) for key, item in packed.items()}
    return packed


class _Encoder:
    def __init__(
        self,
        encode_image: Callable[[Image], Handle],
        otherwise: Callable[[Any], Any] | None,
    ) -> None:
        self.encode_image = encode_image
        self.otherwise = otherwise

    def encode(self, value: Any, where: str, depth: int) -> Any:
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return _text(value, where)
        if isinstance(value, int):
            if not INT64_MIN <= value <= INT64_MAX:
                raise _wrong(where, f"{value} does not fit in 64 signed bits")
            return int(value)
        if isinstance(value, float):
            if not math.isfinite(value):
                raise _wrong(where, f"{value} is not finite")
            return float(value)
        if isinstance(value, bytes | bytearray | memoryview):
            return bytes(value)
        if depth >= MAX_DEPTH:
            raise _wrong(where, f"nested more than {MAX_DEPTH} deep")
        if isinstance(value, dict):
            return {
                _key(key, where): self.encode(item, _inside(where, key), depth + 1)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [
                self.encode(item, f"{where}[{index}]", depth + 1)
                for index, item in enumerate(value)
            ]
        if _is_image(value):
            return {"$image": self.encode_image(value)}
        return self.encode_other(value, where, depth)

    def encode_other(self, value: Any, where: str, depth: int) -> Any:
        if self.otherwise is not None:
            turned = self.otherwise(value)
            if turned is not value:
                return self.encode(turned, where, depth + 1)
        raise _wrong(
            where,
            f"{_type_name(value)} is not a value: only None, bool, int, float, "
            "str, bytes, list, tuple, dict and images travel",
        )


def _text(text: str, where: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise _wrong(where, f"text with half a surrogate pair at {error.start}") from None
    return str(text)


def _key(key: Any, where: str) -> str:
    if not isinstance(key, str):
        raise _wrong(where, f"the key {key!r} is not text")
    return _text(f"${key}" if key.startswith("$") else key, where)


def _inside(where: str, key: str) -> str:
    return f"{where}.{key}" if where else str(key)


def _is_image(value: Any) -> bool:
    # Whoever has an image has imported PIL; whoever has not should not pay for it.
    module = sys.modules.get("PIL.Image")
    return module is not None and isinstance(value, module.Image)


def _type_name(value: Any) -> str:
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _wrong(where: str, what: str) -> NotAValueError:
    return NotAValueError(f"{where}: {what}" if where else what)
