"""Copies and iterators of Python's own: each item keeps what flowed into it."""

from __future__ import annotations

from types import GeneratorType
from typing import Any

from hermod.testing.ideal.calls import Calls, Given, Keywords
from hermod.testing.ideal.iteration import Step, Tagged


class Iterators(Calls):
    """`list`, `dict`, `zip`, `map` and their like."""

    def _list(self, given: list[Given], _: Keywords) -> Any:
        return self._copied(given, list)

    def _tuple(self, given: list[Given], _: Keywords) -> Any:
        return self._copied(given, tuple)

    def _copied(self, given: list[Given], kind: Any) -> Any:
        steps, length = self._used_up(given[0]) if given else ([], 0)
        made = kind(value for value, _, _ in steps)
        self.t = 0
        return self.shadows.set_items(made, [own for _, own, _ in steps], length) if made else made

    def _used_up(self, given: Given) -> tuple[list[Step], int]:
        items, tags = given
        try:
            steps = self.all_steps(items, tags)
        except Exception as error:
            self.note(error, self.whole(items, tags) | self.c)
            raise
        length = tags | self.shadows.length(items)
        for _, _, more in steps:
            length |= more
        return steps, length | (self.collected if isinstance(items, (GeneratorType, Tagged)) else 0)

    def _dict(self, given: list[Given], keywords: Keywords) -> Any:
        made: dict[Any, Any] = {}
        if given and isinstance(given[0][0], dict):
            self.merge(made, *given[0])
        elif given:
            for item, own, length in self._used_up(given[0])[0]:
                key, value = item
                self.shadows.spoil(made, length)
                key_tags, value_tags = own | self.shadows.part(item, 0), self.shadows.part(item, 1)
                made[key] = value
                self.shadows.set_part(made, key, own | value_tags, key_tags)
        for name, (value, tags) in keywords.items():
            made[name] = value
            self.shadows.set_part(made, name, tags, 0)
        self.t = 0
        return made

    def _enumerate(self, given: list[Given], keywords: Keywords) -> Any:
        first = given[1] if len(given) > 1 else keywords.get("start", (0, 0))
        iter(given[0][0])
        walk = self.walk(*given[0])

        def steps() -> Any:
            at, at_tags = first
            for value, own, length in walk:
                item = self.shadows.set_items((at, value), [at_tags, own])
                yield item, length, length
                at += 1

        return self._iterator(steps())

    def _zip(self, given: list[Given], _: Keywords) -> Any:
        walks = [self.walk(*one) for one in given]

        def steps() -> Any:
            while walks:
                row = []
                for walk in walks:
                    try:
                        row.append(next(walk))
                    except StopIteration:
                        return
                length = 0
                for _, _, more in row:
                    length |= more
                item = tuple(value for value, _, _ in row)
                yield self.shadows.set_items(item, [own for _, own, _ in row]), length, length

        return self._iterator(steps())

    def _iter(self, given: list[Given], _: Keywords) -> Any:
        if len(given) > 1:
            return self.native(iter, 0, given, {})
        value, tags = given[0]
        if isinstance(value, (Tagged, GeneratorType)):
            self.t = tags
            return value
        iter(value)
        return self._iterator(self.walk(value, tags))

    def _reversed(self, given: list[Given], _: Keywords) -> Any:
        value, tags = given[0]
        if not isinstance(value, (list, tuple)):
            return self.native(reversed, 0, given, {})
        return self._iterator(iter(self.all_steps(value, tags)[::-1]))

    def _map(self, given: list[Given], _: Keywords) -> Any:
        (function, tags), *iterables = given
        walks = [self.walk(*one) for one in iterables]

        def steps() -> Any:
            for row in zip(*walks, strict=False):
                value = self.invoke(function, tags, [(v, own) for v, own, _ in row], {})
                length = 0
                for _, _, more in row:
                    length |= more
                yield value, self.t, length

        return self._iterator(steps())

    def _filter(self, given: list[Given], _: Keywords) -> Any:
        (function, tags), items = given

        def steps() -> Any:
            dropped = 0
            for value, own, length in self.walk(*items):
                kept = (
                    value if function is None else self.invoke(function, tags, [(value, own)], {})
                )
                dropped |= self.truth(kept, own if function is None else self.t)
                if kept:
                    yield value, own | dropped, length | dropped
            self.collected |= dropped

        return self._iterator(steps())

    def _chain(self, given: list[Given], _: Keywords) -> Any:
        return self._iterator(step for one in given for step in self.walk(*one))

    def _iterator(self, steps: Any) -> Any:
        self.t = 0
        return self.tagged(steps)

    def _next(self, given: list[Given], _: Keywords) -> Any:
        items, tags = given[0]
        if not isinstance(items, (Tagged, GeneratorType)):
            return self.native(next, 0, given, {})
        try:
            value, own, length = next(iter(self.walk(items, tags)))
        except StopIteration as stop:
            self.t = tags | self.collected
            self.note(stop, self.t)
            if len(given) == 1:
                raise
            self.t |= given[1][1]
            return given[1][0]
        self.t = own | length
        return value
