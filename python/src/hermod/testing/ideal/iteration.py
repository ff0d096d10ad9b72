"""Walks along iterables, each item with what flowed into it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from types import GeneratorType
from typing import Any

from hermod.testing.ideal.control import Control, Loop
from hermod.testing.ideal.state import Comprehension

#: An item, what flowed into it, and what the iterable's length hangs on.
Step = tuple[Any, int, int]
VIEWS = {type({}.keys()): "keys", type({}.values()): "values", type({}.items()): "items"}
WHOLE = (str, bytes, range, set, frozenset)


class Tagged:
    """An iterator whose items carry what flowed into them, whoever asks for them."""

    def __init__(self, runtime: Iteration, steps: Iterator[Step]) -> None:
        self._runtime, self.steps = runtime, steps

    def __iter__(self) -> Tagged:
        return self

    def __next__(self) -> Any:
        value, tags, length = next(self.steps)
        self._runtime.t = tags
        self._runtime.collected |= tags | length
        return value


class Spy:
    """A generator of the program in the hands of others: they get items, we see what they carry."""

    def __init__(self, runtime: Iteration, inner: Iterator[Any]) -> None:
        self._runtime, self._inner = runtime, inner

    def __iter__(self) -> Spy:
        return self

    def __next__(self) -> Any:
        runtime = self._runtime
        frame, control, depth = runtime.frame, runtime.c, len(runtime.stack)
        runtime.t = 0
        try:
            value = next(self._inner)
        finally:
            runtime.frame, runtime.c = frame, control
            del runtime.stack[depth:]
        runtime.collected |= runtime.t
        return value


class Iteration(Control):
    """`for`, comprehensions, unpacking."""

    def walk(self, items: Any, tags: int) -> Iterator[Step]:
        """Item by item, as the program would."""
        if isinstance(items, Tagged):
            return ((value, own | tags, length | tags) for value, own, length in items.steps)
        if isinstance(items, (list, tuple)) and type(items).__iter__ in _BY_POSITION:
            return self._walk_list(items, tags)
        if isinstance(items, dict) and type(items).__iter__ is dict.__iter__:
            return self._walk_view(iter(items), items, "keys", tags)
        if type(items) in VIEWS:
            mapping = self.shadows.viewed(items)
            return self._walk_view(iter(items), mapping, VIEWS[type(items)], tags)
        if isinstance(items, WHOLE):
            whole = tags | self.shadows.length(items)
            return ((value, whole, whole) for value in items)
        return self._walk_unknown(iter(items), tags | self.shadows.length(items))

    def _walk_list(self, items: Any, tags: int) -> Iterator[Step]:
        shadows, at = self.shadows, 0
        while at < len(items):  # it may grow meanwhile
            length = tags | shadows.length(items)
            own = shadows.items_of(items)[at] if shadows.find(items) else 0
            yield items[at], own | length, length
            at += 1

    def _walk_view(
        self, items: Iterator[Any], mapping: Any, kind: str, tags: int
    ) -> Iterator[Step]:
        shadows = self.shadows
        for item in items:
            length = tags | shadows.length(mapping)
            if kind == "items":
                value_tags = shadows.part(mapping, item[0])
                shadows.set_items(item, [length, length | value_tags])
                yield item, length, length
            elif kind == "values":
                yield item, length | self._value_tags(mapping, item), length
            else:
                yield item, length, length

    def _value_tags(self, mapping: Any, item: Any) -> int:
        """By identity: a view does not say under which key it is."""
        if mapping is None or self.shadows.find(mapping) is None:
            return 0
        joined = 0
        for key, value in mapping.items():
            if value is item:
                joined |= self.shadows.part(mapping, key)
        return joined

    def _walk_unknown(self, inner: Iterator[Any], tags: int) -> Iterator[Step]:
        length = tags
        while True:
            collected, self.collected = self.collected, 0
            frame, control, depth = self.frame, self.c, len(self.stack)
            self.t = 0
            try:
                value = next(inner)
            except StopIteration:
                return
            finally:
                self.frame, self.c = frame, control
                del self.stack[depth:]
                own, self.collected = self.collected, collected
            mine = self.t if isinstance(inner, GeneratorType) else 0
            length |= own
            yield value, mine | length, length

    def pairs(self, items: Any, tags: int, shape: Any, loop: Loop | None) -> Iterator[Any]:
        """For a `for`: each item, and in nested pairs what its parts carry."""
        base = self.c
        length = tags | self.shadows.length(items)
        if loop and isinstance(items, (list, tuple, *VIEWS)):
            loop.items = items
        for value, own, length in self.walk(items, tags):
            self._stepped(base, length, loop)
            if loop:
                loop.reached += 1
            yield self.paired(value, own, shape)
        self._stepped(base, length, loop)

    def _stepped(self, base: int, length: int, loop: Loop | None) -> None:
        if loop is not None:
            loop.tags |= length
            self.step(loop)
            return
        self.c = base | length
        top = self.stack[-1] if self.stack else None
        if isinstance(top, Comprehension):
            top.shape |= length
        else:
            self.collected |= length

    async def pairs_async(
        self, items: Any, tags: int, shape: Any, loop: Loop | None
    ) -> AsyncIterator[Any]:
        base, length = self.c, tags
        inner = aiter(items)
        while True:
            collected, self.collected = self.collected, 0
            frame, depth = self.frame, len(self.stack)
            self.t = 0
            try:
                value = await anext(inner)
            except StopAsyncIteration:
                break
            finally:
                self.frame = frame
                del self.stack[depth:]
                own, self.collected = self.collected, collected
            length |= own
            mine = self.t | length
            self._stepped(base, length, loop)
            yield self.paired(value, mine, shape)

    def split(self, value: Any, tags: int, shape: Any) -> Any:
        """Unpacks a value into nested pairs."""
        return self.paired(value, tags, shape)

    def paired(self, value: Any, tags: int, shape: Any) -> Any:
        if shape is None or shape == "*":
            return value, tags | self.c
        try:
            iter(value)
        except TypeError as error:
            message = f"cannot unpack non-iterable {type(value).__name__} object"
            made = TypeError(message)
            self.note(made, tags)
            raise made from error
        parts = [(part, own) for part, own, _ in self._at_most(value, tags, shape)]
        return self._match(parts, shape, tags)

    def _at_most(self, value: Any, tags: int, shape: Any) -> Iterable[Step]:
        for count, step in enumerate(self.walk(value, tags)):
            yield step
            if count >= len(shape) and "*" not in shape:
                return

    def _match(self, parts: list[tuple[Any, int]], shape: Any, tags: int) -> Any:
        self.risk |= tags
        wanted = len(shape)
        if "*" not in shape:
            if len(parts) > wanted:
                raise self._unpacked(f"too many values to unpack (expected {wanted})", tags)
            if len(parts) < wanted:
                message = f"not enough values to unpack (expected {wanted}, got {len(parts)})"
                raise self._unpacked(message, tags)
            return tuple(self.paired(*part, one) for part, one in zip(parts, shape, strict=True))
        star = shape.index("*")
        after = wanted - star - 1
        if len(parts) < wanted - 1:
            message = (
                f"not enough values to unpack (expected at least {wanted - 1}, got {len(parts)})"
            )
            raise self._unpacked(message, tags)
        middle = parts[star : len(parts) - after]
        rest = self.shadows.set_items([v for v, _ in middle], [own for _, own in middle])
        ends = [*parts[:star], (rest, tags), *parts[len(parts) - after :]]
        return tuple(self.paired(*part, one) for part, one in zip(ends, shape, strict=True))

    def _unpacked(self, message: str, tags: int) -> ValueError:
        error = ValueError(message)
        self.note(error, tags)
        return error

    # Comprehensions.

    def open_comprehension(self) -> None:
        self.stack.append(Comprehension(self.c))

    def keep(self, value: Any, tags: int) -> Any:
        """A filter: what comes out hangs on it, and so does how much."""
        tags = self.truth(value, tags)
        self.c |= tags
        top = self.stack[-1] if self.stack else None
        if isinstance(top, Comprehension):
            top.shape |= tags
        else:
            self.collected |= tags
        return value

    def put(self, value: Any, tags: int) -> Any:
        top = self.stack[-1]
        assert isinstance(top, Comprehension)
        top.items.append(tags | self.c)
        return value

    def put_key(self, value: Any, tags: int) -> Any:
        top = self.stack[-1]
        assert isinstance(top, Comprehension)
        top.keys.append((value, tags))
        return value

    def comprehended(self, _: None, value: Any) -> Any:
        top = self.stack.pop()
        assert isinstance(top, Comprehension)
        self.recompute(top.control)
        if isinstance(value, list):
            self.shadows.set_items(value, top.items, top.shape)
        elif isinstance(value, dict):
            for (key, chosen_by), own in zip(top.keys, top.items, strict=True):
                self.shadows.set_part(value, key, own, chosen_by)
            self.shadows.spoil(value, 0)
            if top.shape:
                self.shadows.of(value).shape |= top.shape
        else:
            joined = top.shape
            for own in top.items:
                joined |= own
            self.shadows.spoil(value, joined)
        self.t = 0
        return value

    def element(self, value: Any, tags: int) -> Any:
        """Of a generator expression."""
        self.t = tags | self.c
        return value

    def generator(self, value: Any) -> Any:
        self.t = 0
        return value

    def tagged(self, steps: Iterator[Step]) -> Tagged:
        """An iterator of the program's that is ours."""
        return Tagged(self, steps)

    def all_steps(self, items: Any, tags: int) -> list[Step]:
        """Used up at once."""
        return list(self.walk(items, tags))


_BY_POSITION: tuple[Callable[..., Any], ...] = (list.__iter__, tuple.__iter__)
