"""Functions of Python's own that look at lengths or order, and few that change what they get."""

from __future__ import annotations

import functools
import heapq
import random
from collections.abc import Callable
from typing import Any

from hermod.testing.ideal.calls import Given, Keywords
from hermod.testing.ideal.iteration import Step
from hermod.testing.ideal.iterators import Iterators


class Builtins(Iterators):
    """`len`, `sorted`, `max`, `any` and their like."""

    def _len(self, given: list[Given], _: Keywords) -> Any:
        value, tags = given[0]
        made = self.native(len, tags, given, {})
        self.t = self.truth(value, tags)
        return made

    def _bool(self, given: list[Given], _: Keywords) -> Any:
        value, tags = given[0] if given else (False, 0)
        self.t = self.truth(value, tags)
        return bool(value)

    def _isinstance(self, given: list[Given], _: Keywords) -> Any:
        self.t = given[0][1]
        return isinstance(given[0][0], given[1][0])

    def _print(self, given: list[Given], keywords: Keywords) -> Any:
        self.native(print, 0, given, keywords)
        self.t = 0

    def _sorted(self, given: list[Given], keywords: Keywords) -> Any:
        steps, length = self._used_up(given[0])
        ordered, chosen_by = self._ordered(steps, keywords)
        self.t = 0
        values = [value for value, _, _ in ordered]
        carried = [own | chosen_by for _, own, _ in ordered]
        return self.shadows.set_items(values, carried, length | chosen_by)

    def _ordered(self, steps: list[Step], keywords: Keywords) -> tuple[list[Step], int]:
        """The steps in order, and what the order hangs on."""
        key, tags = keywords.get("key", (None, 0))
        reverse, chosen_by = keywords.get("reverse", (False, 0))
        keys = []
        for value, own, _ in steps:
            if key is None:
                keys.append(value)
                chosen_by |= self.whole(value, own)
            else:
                keys.append(self.invoke(key, tags, [(value, own)], {}))
                chosen_by |= self.whole(keys[-1], self.t)
        try:
            places = sorted(range(len(steps)), key=keys.__getitem__, reverse=bool(reverse))
        except Exception as error:
            self.note(error, chosen_by | self.c)
            raise
        return [steps[place] for place in places], chosen_by if len(steps) > 1 else 0

    def _least(self, given: list[Given], keywords: Keywords) -> Any:
        return self._extreme(min, given, keywords)

    def _most(self, given: list[Given], keywords: Keywords) -> Any:
        return self._extreme(max, given, keywords)

    def _extreme(self, function: Any, given: list[Given], keywords: Keywords) -> Any:
        if len(given) > 1:
            steps, length = [(value, own, 0) for value, own in given], 0
        else:
            steps, length = self._used_up(given[0])
        if not steps and "default" not in keywords:
            self.note(
                error := ValueError(f"{function.__name__}() arg is an empty sequence"), length
            )
            raise error
        if not steps:
            value, tags = keywords["default"]
            self.t = tags | length
            return value
        key, key_tags = keywords.get("key", (None, 0))
        _, chosen_by = self._ordered(steps, {"key": (key, key_tags)})
        places = range(len(steps))
        keys = [v if key is None else self.invoke(key, key_tags, [(v, own)], {})
                for v, own, _ in steps]  # fmt: skip
        place = function(places, key=keys.__getitem__)
        self.t = steps[place][1] | chosen_by | length
        return steps[place][0]

    def _any(self, given: list[Given], _: Keywords) -> Any:
        return self._until(given[0], wanted=True)

    def _all(self, given: list[Given], _: Keywords) -> Any:
        return self._until(given[0], wanted=False)

    def _until(self, given: Given, *, wanted: bool) -> bool:
        joined = given[1]
        result = not wanted
        for value, own, length in self.walk(*given):
            joined |= self.truth(value, own) | length
            if bool(value) is wanted:
                result = wanted
                break
        self.t = joined | self.shadows.length(given[0])
        return result

    def _partial(self, given: list[Given], keywords: Keywords) -> Any:
        made = functools.partial(given[0][0], *(v for v, _ in given[1:]),
                                 **{name: v for name, (v, _) in keywords.items()})  # fmt: skip
        self.t = self._mixed(given, keywords)
        return made

    def _changes_first(self, function: Any) -> Callable[[list[Given], Keywords], Any]:
        def run(given: list[Given], keywords: Keywords) -> Any:
            made = self.native(function, 0, given, keywords)
            self.shadows.spoil(given[0][0], self._mixed(given, keywords) | self.c)
            return made

        return run

    def _heappush(self, given: list[Given], keywords: Keywords) -> Any:
        return self._changes_first(heapq.heappush)(given, keywords)

    def _shuffle(self, given: list[Given], keywords: Keywords) -> Any:
        return self._changes_first(random.shuffle)(given, keywords)

    def _setattr(self, given: list[Given], _: Keywords) -> Any:
        (base, base_tags), (name, name_tags), (value, tags) = given
        self.set_attribute(base, base_tags | name_tags, name, value, tags)
        self.t = 0

    def _getattr(self, given: list[Given], _: Keywords) -> Any:
        (base, tags), (name, name_tags), *default = given
        if default and not hasattr(base, name):
            self.t = tags | name_tags | default[0][1]
            return default[0][0]
        return self.attribute(base, tags | name_tags, name)
