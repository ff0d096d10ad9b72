"""Operators, parts, literals: what an expression's value carries."""

from __future__ import annotations

import operator
from typing import Any

from hermod.testing.ideal.issue import Issue
from hermod.testing.ideal.shadows import ATOMS

OPERATORS: dict[str, Any] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
    "//": operator.floordiv, "%": operator.mod, "**": operator.pow, "<<": operator.lshift,
    ">>": operator.rshift, "|": operator.or_, "^": operator.xor, "&": operator.and_,
    "@": operator.matmul, "+=": operator.iadd, "-=": operator.isub, "*=": operator.imul,
    "/=": operator.itruediv, "//=": operator.ifloordiv, "%=": operator.imod,
    "**=": operator.ipow, "<<=": operator.ilshift, ">>=": operator.irshift,
    "|=": operator.ior, "^=": operator.ixor, "&=": operator.iand, "@=": operator.imatmul,
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge, "is": operator.is_, "is not": operator.is_not,
    "in": lambda one, other: one in other, "not in": lambda one, other: one not in other,
    "u+": operator.pos, "u-": operator.neg, "~": operator.invert, "not": operator.not_,
}  # fmt: skip
CONVERSIONS: dict[int, Any] = {-1: lambda value: value, 115: str, 114: repr, 97: ascii}


class Values(Issue):
    """One method per kind of expression; each gives the value and sets `t`."""

    def plain(self, value: Any, tags: int) -> Any:
        self.t = tags
        return value

    def first(self, value: Any, _: Any) -> Any:
        return value

    def whole(self, value: Any, tags: int) -> int:
        """What the value carries, with all that it holds."""
        return tags if isinstance(value, ATOMS) else tags | self.shadows.deep(value)

    def operate(self, name: str, left: Any, left_tags: int, right: Any, right_tags: int) -> Any:
        if isinstance(left, list) and isinstance(right, (list, tuple)) and name in {"+", "+="}:
            return self._concatenate(name, left, left_tags, right, right_tags)
        tags = self.whole(left, left_tags) | self.whole(right, right_tags)
        try:
            value = OPERATORS[name](left, right)
        except Exception as error:
            self.note(error, tags | self.c)
            raise
        if value is left and not isinstance(value, ATOMS):  # in place
            self.shadows.spoil(value, self.whole(right, right_tags) | self.c)
            tags = left_tags
        self.t = tags
        return value

    def _concatenate(
        self, name: str, left: list[Any], left_tags: int, right: Any, right_tags: int
    ) -> Any:
        own = self.shadows.items_of(left)
        more = [tags | right_tags | self.c for tags in self.shadows.items_of(right)]
        length = self.shadows.length(right) | right_tags
        if name == "+=":
            left.extend(right)
            made = left
            own += more
            self.shadows.spoil(left, length | self.c)
        else:
            made = operator.add(left, right)
            self.shadows.set_items(made, own + more, length | self.shadows.length(left))
        self.t = left_tags
        return made

    def unary(self, name: str, value: Any, tags: int) -> Any:
        made = OPERATORS[name](value)
        self.t = self.truth(value, tags) if name == "not" else self.whole(value, tags)
        return made

    def compare(self, operators: tuple[str, ...], *pairs: Any) -> Any:
        values, carried = pairs[::2], pairs[1::2]
        joined, result = 0, True
        for place, name in enumerate(operators):
            left, right = values[place], values[place + 1]
            tags = carried[place] | carried[place + 1]
            if name not in {"is", "is not"}:
                tags = self._looked_at(name, left, tags) | self._looked_at(name, right, tags)
            joined |= tags
            try:
                result = OPERATORS[name](left, right)
            except Exception as error:
                self.note(error, joined | self.c)
                raise
            if not result:
                break
        self.t = joined
        return result

    def _looked_at(self, name: str, value: Any, tags: int) -> int:
        if name in {"in", "not in"} and isinstance(value, dict):
            return tags | self.shadows.length(value)
        return self.whole(value, tags)

    # Parts.

    def attribute(self, value: Any, tags: int, name: str) -> Any:
        collected, self.collected = self.collected, 0
        ambient, self.ambient = self.ambient, tags
        try:
            found = getattr(value, name)
        except Exception as error:
            self.note(error, tags | self.c | self.collected)
            raise
        finally:
            own, self.collected, self.ambient = self.collected, collected | self.collected, ambient
        self.t = tags | own
        if not isinstance(value, ATOMS):
            self.t |= self._attribute_tags(value, name)
        return found

    def _attribute_tags(self, value: Any, name: str) -> int:
        fields = getattr(type(value), "_fields", None)
        if isinstance(value, tuple) and fields and name in fields:
            return self.shadows.part(value, fields.index(name))
        return self.shadows.part(value, name)

    def subscript(self, value: Any, tags: int, key: Any, key_tags: int) -> Any:
        joined = tags | key_tags
        self.risk |= joined
        try:
            found = value[key]
        except Exception as error:
            self.note(error, joined | self.c | self.shadows.length(value))
            raise
        part = self.shadows.part(value, key)
        if isinstance(key, slice) and isinstance(found, list):
            self.shadows.set_items(found, self.shadows.items_of(value)[key][:])
            part = self.shadows.length(value)
        self.shadows.choose(value, found, key_tags)
        self.t = joined | part
        return found

    def make_slice(self, *pairs: Any) -> Any:
        self.t = pairs[1] | pairs[3] | pairs[5]
        return slice(pairs[0], pairs[2], pairs[4])

    def set_attribute(self, base: Any, base_tags: int, name: str, value: Any, tags: int) -> None:
        setattr(base, name, value)
        self.shadows.set_part(base, name, tags | self.c, base_tags)

    def set_item(
        self, base: Any, base_tags: int, key: Any, key_tags: int, value: Any, tags: int
    ) -> None:
        fresh = isinstance(base, dict) and key not in base
        try:
            base[key] = value
        except Exception as error:
            self.note(error, base_tags | key_tags | self.c)
            raise
        if isinstance(key, slice):
            self.shadows.spoil(base, base_tags | key_tags | tags | self.c)
            return
        self.shadows.set_part(base, key, tags | self.c, base_tags | key_tags)
        if fresh and self.c:
            self.shadows.of(base).shape |= self.c

    def delete_item(self, base: Any, base_tags: int, key: Any, key_tags: int) -> None:
        del base[key]
        self.shadows.spoil(base, base_tags | key_tags | self.c)

    # Literals.

    def _elements(self, elements: tuple[Any, ...]) -> tuple[list[Any], list[int], int]:
        values: list[Any] = []
        carried: list[int] = []
        length = 0
        for star, value, tags in elements:
            if star is None:
                values.append(value)
                carried.append(tags)
                continue
            length |= tags | self.shadows.length(value)
            for item, own, more in self.walk(value, tags):
                values.append(item)
                carried.append(own)
                length |= more
        return values, carried, length

    def make_list(self, elements: tuple[Any, ...]) -> Any:
        values, carried, length = self._elements(elements)
        self.t = 0
        return self.shadows.set_items(values, carried, length)

    def make_tuple(self, elements: tuple[Any, ...]) -> Any:
        values, carried, length = self._elements(elements)
        self.t = 0
        made = tuple(values)
        return self.shadows.set_items(made, carried, length) if made else made

    def make_set(self, elements: tuple[Any, ...]) -> Any:
        values, carried, length = self._elements(elements)
        made = set(values)
        for tags in carried:
            length |= tags
        self.shadows.spoil(made, length)
        self.t = 0
        return made

    def make_dict(self, entries: tuple[Any, ...]) -> Any:
        made: dict[Any, Any] = {}
        for key, key_tags, value, tags in entries:
            if key == "**" and key_tags == 0 and isinstance(value, dict):
                self.merge(made, value, tags)
            else:
                made[key] = value
                self.shadows.set_part(made, key, tags, key_tags)
        self.t = 0
        return made

    def merge(self, into: dict[Any, Any], other: dict[Any, Any], tags: int) -> None:
        """`into.update(other)`"""
        for key, value in other.items():
            into[key] = value
            self.shadows.set_part(into, key, tags | self.shadows.part(other, key), 0)
        self.shadows.spoil(into, tags | self.shadows.length(other))

    def text(self, parts: tuple[Any, ...]) -> str:
        joined, made = 0, []
        for part in parts:
            if isinstance(part, str):
                made.append(part)
                continue
            value, tags, conversion, form, form_tags = part
            joined |= self.whole(value, tags) | form_tags
            collected, self.collected = self.collected, 0
            made.append(format(CONVERSIONS[conversion](value), form))
            joined |= self.collected
            self.collected |= collected
        self.t = joined
        return "".join(made)
