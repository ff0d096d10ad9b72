"""What flowed into the parts of containers and objects: kept beside them, by identity.

A set of calls is an `int`, bit by bit: joining two costs next to nothing."""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

ATOMS = (str, int, float, bool, bytes, type(None), complex, type, range, ModuleType,
         FunctionType, BuiltinFunctionType)  # fmt: skip


class Shadow:
    """Of one object: its parts, its length or order, and what cannot be told apart."""

    __slots__ = ("items", "kept", "rest", "shape")

    def __init__(self, kept: Any) -> None:
        self.kept = kept  # alive, so that its id stays its own
        self.items: dict[Any, int] = {}
        self.shape = 0
        self.rest = 0


class Shadows:
    """Of all objects of one run."""

    def __init__(self) -> None:
        self._by_id: dict[int, Shadow] = {}
        self._lists: dict[int, list[int]] = {}
        self._chosen: dict[int, list[tuple[Any, int]]] = {}
        self._views: dict[int, tuple[Any, Any]] = {}

    def find(self, value: Any) -> Shadow | None:
        """The object's shadow, if anything flowed into it."""
        return self._by_id.get(id(value))

    def of(self, value: Any) -> Shadow:
        """The object's shadow."""
        shadow = self._by_id.get(id(value))
        if shadow is None:
            shadow = self._by_id[id(value)] = Shadow(value)
        return shadow

    def items_of(self, value: list[Any] | tuple[Any, ...]) -> list[int]:
        """What flowed into each item, to read or to change."""
        self.of(value)
        tags = self._lists.setdefault(id(value), [0] * len(value))
        if len(tags) != len(value):  # changed by code that is not the program's
            joined = union(tags)
            tags[:] = [joined] * len(value)
        return tags

    def set_items(self, value: Any, tags: list[int], shape: int = 0) -> Any:
        """Gives a fresh list or tuple its shadow, if there is anything to say."""
        if shape or any(tags):
            self.of(value).shape |= shape
            self._lists[id(value)] = tags
        return value

    def view(self, view: Any, mapping: Any) -> Any:
        """Remembers of which dictionary this is the view."""
        self._views[id(view)] = view, mapping
        return view

    def viewed(self, view: Any) -> Any:
        """The dictionary, if the program made the view."""
        return self._views.get(id(view), (None, None))[1]

    def length(self, value: Any) -> int:
        """What a container's length hangs on."""
        shadow = self.find(self.viewed(value) if id(value) in self._views else value)
        return shadow.shape | shadow.rest if shadow else 0

    def part(self, value: Any, key: Any) -> int:
        """What flowed into the part that is read by this key, position or name."""
        shadow = self.find(value)
        if shadow is None:
            return 0
        if isinstance(value, (list, tuple)) and not isinstance(key, str):
            return shadow.shape | shadow.rest | self._position(value, key)
        try:
            return shadow.rest | shadow.items.get(key, 0)
        except TypeError:  # not a key
            return shadow.rest

    def _position(self, value: Any, key: Any) -> int:
        tags = self.items_of(value)
        try:
            return union(tags[key]) if isinstance(key, slice) else union([tags[key]])
        except (IndexError, TypeError):
            return 0

    def set_part(self, value: Any, key: Any, tags: int, chosen_by: int) -> None:
        """Something flows into a part; which one may itself hang on calls."""
        if isinstance(value, list) and isinstance(key, int):
            if tags or chosen_by or self.find(value):
                self.items_of(value)[key] = tags
        elif tags or self.find(value):
            try:
                self.of(value).items[key] = tags
            except TypeError:
                self.of(value).rest |= tags
        if chosen_by:
            self.spoil(value, chosen_by)

    def spoil(self, value: Any, tags: int) -> None:
        """Something flows into parts that cannot be told apart, or into the length."""
        if tags and not isinstance(value, ATOMS):
            shadow = self.of(value)
            shadow.shape |= tags
            shadow.rest |= tags
        for container, choice in self._chosen.get(id(value), ()):
            self.of(container).rest |= choice
            self.of(container).shape |= choice

    def choose(self, container: Any, value: Any, tags: int) -> None:
        """Which object was picked hangs on calls; to change it is to change some part or other."""
        if tags and not isinstance(value, ATOMS):
            self.of(value)
            self._chosen.setdefault(id(value), []).append((container, tags))

    def deep(self, value: Any, seen: set[int] | None = None) -> int:
        """Everything that flowed into the object and what it holds."""
        if isinstance(value, ATOMS):
            return 0
        if id(value) in self._views:
            value = self.viewed(value)
        seen = set() if seen is None else seen
        if id(value) in seen:
            return 0
        seen.add(id(value))
        shadow = self.find(value)
        tags = 0
        if shadow:
            tags = shadow.shape | shadow.rest | union(shadow.items.values())
            tags |= union(self._lists.get(id(value), ()))
        for part in parts(value):
            tags |= self.deep(part, seen)
        return tags


def parts(value: Any) -> list[Any]:
    """What an object holds, as far as a program could look."""
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, (list, tuple, set, frozenset)):
        return list(value)
    inside = getattr(value, "__dict__", None)
    return list(inside.values()) if isinstance(inside, dict) else []


def union(tags: Any) -> int:
    """All of them."""
    joined = 0
    for one in tags:
        joined |= one
    return joined
