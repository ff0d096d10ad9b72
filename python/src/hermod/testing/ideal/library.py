"""Functions and methods of Python's own that keep parts apart; all others mix what they get."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import heapq
import inspect
import itertools
import random
import time
from collections.abc import Callable
from types import BuiltinMethodType, GeneratorType, MethodType, ModuleType
from typing import Any, NamedTuple

from hermod import concurrency
from hermod.testing.ideal.build import PENDING, CannotTrace
from hermod.testing.ideal.issue import Own
from hermod.testing.ideal.iteration import Spy, Step, Tagged
from hermod.testing.ideal.scopes import MUTATORS
from hermod.testing.ideal.shadows import ATOMS
from hermod.testing.ideal.values import Pending, Values, is_traced

#: A value and what it carries.
Given = tuple[Any, int]
Keywords = dict[str, Given]


class Found(NamedTuple):
    """A method, and what it and its object carry."""

    base: Any
    tags: int
    name: str
    function: Any
    self_tags: int


class Library(Values):
    """Calls."""

    def hermod_call(self, name: str, /, **arguments: Any) -> Any:
        """Called by code of others, which mixes what it gets."""
        return self.issue(name, arguments, self.ambient)

    def call(self, function: Any, tags: int, arguments: tuple[Any, ...], line: int) -> Any:
        given, keywords = self._given(arguments)
        self.line = line
        return self.invoke(function, tags, given, keywords)

    def find(self, base: Any, tags: int, name: str) -> Found:
        """A method, looked up before its arguments are evaluated."""
        function = self.attribute(base, tags, name)
        return Found(base, tags, name, function, self.t)

    def method(self, found: Found, arguments: tuple[Any, ...], line: int) -> Any:
        base, tags, name, function, self_tags = found
        given, keywords = self._given(arguments)
        self.line = line
        if isinstance(base, (list, dict)) and type(base).__module__ in {"builtins", "collections"}:
            kind = "list" if isinstance(base, list) else "dict"
            special = getattr(self, f"_{kind}_{name}", None)
            if special:
                return special(base, tags, given, keywords)
        if name == "create_task" and not is_traced(getattr(function, "__func__", None)):
            return self.apart(*given[0])
        if isinstance(base, ModuleType):
            return self.invoke(function, 0, given, keywords)
        if name == "result" and id(base) in self._done:
            value = self.invoke(function, self_tags, given, keywords)
            self.t |= self._done[id(base)][1]
            return value
        if isinstance(function, MethodType) and function.__self__ is base:
            return self.invoke(function, self_tags, given, keywords)
        if isinstance(base, ATOMS) or is_traced(function):
            return self.invoke(function, self_tags, given, keywords)
        return self._unknown_method(found, given, keywords)

    def _unknown_method(self, found: Found, given: list[Given], keywords: Keywords) -> Any:
        """It may look at all of the object; and change it, if it gives nothing back."""
        base = found.base
        into = self._mixed(given, keywords)
        tags = found.self_tags | self.shadows.deep(base)
        collected, self.collected = self.collected, 0
        try:
            value = self.invoke(found.function, tags, given, keywords)
        finally:
            into, self.collected = into | self.collected, collected | self.collected
        if found.name in MUTATORS or value is None:
            self.shadows.spoil(base, into | self.c)
        return value

    def _given(self, arguments: tuple[Any, ...]) -> tuple[list[Given], Keywords]:
        given: list[Given] = []
        keywords: Keywords = {}
        for name, value, tags in arguments:
            if name is None:
                given.append((value, tags))
            elif name == "*":
                given += [(item, own) for item, own, _ in self.walk(value, tags)]
            elif name == "**":
                for key in value:
                    keywords[key] = value[key], tags | self.shadows.part(value, key)
            else:
                keywords[name] = value, tags
        return given, keywords

    def invoke(self, function: Any, tags: int, given: list[Given], keywords: Keywords) -> Any:
        """Calls it, in one of four ways."""
        if isinstance(function, functools.partial):
            given = [*((value, tags) for value in function.args), *given]
            more = {name: (value, tags) for name, value in function.keywords.items()}
            return self.invoke(function.func, tags, given, {**more, **keywords})
        if function == self.hermod_call:
            return self._issue(given, keywords)
        special = self._special(function)
        if special:
            return special(given, keywords)
        if is_traced(function):
            return self._traced(function, tags, [], given, keywords)
        inner = getattr(function, "__func__", None)
        if is_traced(inner):
            return self._traced(function, tags, [tags], given, keywords)
        if isinstance(function, BuiltinMethodType):  # `scores.get`, handed to others
            tags |= self.shadows.deep(function.__self__)
        if isinstance(function, type):
            return self._construct(function, tags, given, keywords)
        if is_traced(inspect.getattr_static(type(function), "__call__", None)):
            return self._traced(function, tags, [tags], given, keywords)
        return self.native(function, tags, given, keywords)

    def _issue(self, given: list[Given], keywords: Keywords) -> Any:
        (name, tags), *_ = given
        values = {key: value for key, (value, _) in keywords.items()}
        return self.issue(name, values, tags | self._mixed([], keywords))

    def _mixed(self, given: list[Given], keywords: Keywords) -> int:
        joined = 0
        for value, tags in (*given, *keywords.values()):
            joined |= self.whole(value, tags)
        return joined

    def _traced(
        self, function: Any, tags: int, own: list[int], given: list[Given], keywords: Keywords
    ) -> Any:
        pending = Pending([*own, *(t for _, t in given)], {k: t for k, (_, t) in keywords.items()})
        values = {name: value for name, (value, _) in keywords.items()}
        self.t = 0
        made = function(*(value for value, _ in given), **values, **{PENDING: pending})
        if not isinstance(made, GeneratorType) and not hasattr(made, "cr_code"):
            self.t |= tags
        else:
            self.t = tags
        return made

    def _construct(self, kind: type, tags: int, given: list[Given], keywords: Keywords) -> Any:
        if is_traced(kind.__init__):  # type: ignore[misc]
            made = self._traced(kind, tags, [0], given, keywords)
            self.t = tags
            return made
        made = self.native(kind, tags, given, keywords)
        if isinstance(made, tuple) and hasattr(kind, "_fields"):
            names = list(kind._fields)
            carried = [t for _, t in given]
            carried += [keywords.get(name, (None, 0))[1] for name in names[len(given) :]]
            self.shadows.set_items(made, carried)
            self.t = tags
        elif dataclasses.is_dataclass(kind):
            names = [one.name for one in dataclasses.fields(kind) if one.init]
            parts = {**dict(zip(names, (t for _, t in given), strict=False)),
                     **{name: t for name, (_, t) in keywords.items()}}  # fmt: skip
            for name, own in parts.items():
                self.shadows.set_part(made, name, own, 0)
            self.t = tags
        return made

    def native(self, function: Any, tags: int, given: list[Given], keywords: Keywords) -> Any:
        """Code of others: its result carries all that it got, and all that came out of ours."""
        mixed = self._mixed(given, keywords)
        ambient, collected = self.ambient, self.collected
        frame, control, depth = self.frame, self.c, len(self.stack)
        self.ambient, self.collected = mixed, 0
        values = [self._spied(value) for value, _ in given]
        named = {name: self._spied(value) for name, (value, _) in keywords.items()}
        try:
            made = function(*values, **named)
        except Exception as error:
            self.note(error, tags | mixed | self.collected | control)
            raise
        finally:
            own, self.ambient, self.collected = self.collected, ambient, collected | self.collected
            self.frame, self.c = frame, control | self.raises
            del self.stack[depth:]
            self.risk |= mixed | tags
        self.t = tags | mixed | own
        return made

    def _spied(self, value: Any) -> Any:
        return Spy(self, value) if isinstance(value, GeneratorType) else value

    # Functions.

    def _special(self, function: Any) -> Callable[[list[Given], Keywords], Any] | None:
        try:
            name = SPECIAL.get(function)
        except TypeError:  # not hashable
            return None
        return getattr(self, name) if name else None

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

        def steps() -> Any:
            at, at_tags = first
            for value, own, length in self.walk(*given[0]):
                item = self.shadows.set_items((at, value), [at_tags, own])
                yield item, length, length
                at += 1

        iter(given[0][0])
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

    # asyncio.

    def _sleep(self, given: list[Given], keywords: Keywords) -> Any:
        seconds, tags = given[0] if given else keywords["delay"]
        result = given[1][0] if len(given) > 1 else keywords.get("result", (None, 0))[0]
        self.t = 0
        line = self.line

        def run() -> Any:
            self.line = line
            return self.sleep(seconds, result, tags)

        return Own(run)

    def _gather(self, given: list[Given], keywords: Keywords) -> Any:
        keep, _ = keywords.get("return_exceptions", (False, 0))
        self.t = 0
        works = [(self._started(*one), one[1]) for one in given]
        return Own(lambda: self.together(works, keep_errors=bool(keep)))

    def _create_task(self, given: list[Given], _: Keywords) -> Any:
        return self.apart(*given[0])

    def _same_work(self, given: list[Given], _: Keywords) -> Any:
        work, tags = given[0]
        self.t = 0
        return Own(lambda: self._waiting(work, tags))

    def _wait_for(self, given: list[Given], _: Keywords) -> Any:
        self.t = 0
        return Own(lambda: self.in_place(*given[0]))

    def _to_thread(self, given: list[Given], keywords: Keywords) -> Any:
        async def run() -> Any:
            return self.invoke(*given[0], given[1:], keywords)

        self.t = 0
        return Own(run)

    def _run(self, given: list[Given], _: Keywords) -> Any:
        """`asyncio.run`, patched by whoever traces."""
        return asyncio.run(given[0][0])

    def _cannot(self, _given: list[Given], _: Keywords) -> Any:
        raise CannotTrace(self.line, "who is first hangs on latencies (O4)")

    # Lists and dictionaries.

    def _list_append(self, base: list[Any], tags: int, given: list[Given], _: Keywords) -> None:
        ((value, own),) = given
        control = self.c | tags
        if own or control or self.shadows.find(base):
            self.shadows.items_of(base).append(own | self.c)
            base.append(value)
            self.shadows.spoil(base, 0)
            self.shadows.of(base).shape |= control
        else:
            base.append(value)
        self.t = 0

    def _list_extend(self, base: list[Any], tags: int, given: list[Given], _: Keywords) -> None:
        steps, length = self._used_up(given[0])
        carried = self.shadows.items_of(base)
        base.extend(value for value, _, _ in steps)
        carried += [own | self.c for _, own, _ in steps]
        self.shadows.spoil(base, 0)
        self.shadows.of(base).shape |= length | self.c | tags
        self.t = 0

    def _list_insert(self, base: list[Any], tags: int, given: list[Given], _: Keywords) -> None:
        (place, place_tags), (value, own) = given
        self.shadows.items_of(base).insert(place, own | self.c)
        base.insert(place, value)
        self.shadows.spoil(base, 0)
        self.shadows.of(base).shape |= place_tags | self.c | tags
        self.t = 0

    def _list_pop(self, base: list[Any], tags: int, given: list[Given], _: Keywords) -> Any:
        place, place_tags = given[0] if given else (-1, 0)
        carried = self.shadows.items_of(base)
        length = self.shadows.length(base) | tags | place_tags
        try:
            value = base.pop(place)
        except Exception as error:
            self.note(error, length | self.c)
            raise
        self.t = carried.pop(place) | length
        if self.c | place_tags | tags:
            self.shadows.of(base).shape |= self.c | place_tags | tags
        return value

    def _list_sort(self, base: list[Any], tags: int, _: list[Given], keywords: Keywords) -> None:
        steps = self.all_steps(base, tags)
        ordered, chosen_by = self._ordered(steps, keywords)
        base[:] = [value for value, _, _ in ordered]
        self.shadows.items_of(base)[:] = [own for _, own, _ in ordered]
        self.shadows.spoil(base, chosen_by | self.c)
        self.t = 0

    def _list_reverse(self, base: list[Any], tags: int, _: list[Given], __: Keywords) -> None:
        base.reverse()
        self.shadows.items_of(base).reverse()
        self.shadows.spoil(base, self.c | tags)
        self.t = 0

    def _list_copy(self, base: list[Any], tags: int, _: list[Given], __: Keywords) -> Any:
        return self._copied([(base, tags)], list)

    def _dict_get(self, base: dict[Any, Any], tags: int, given: list[Given], _: Keywords) -> Any:
        (key, key_tags), *default = given
        self.t = tags | key_tags | self.shadows.part(base, key)
        if key in base:
            self.shadows.choose(base, base[key], key_tags)
            return base[key]
        if not default:
            return None
        self.t |= default[0][1]
        return default[0][0]

    def _dict_items(self, base: dict[Any, Any], tags: int, _: list[Given], __: Keywords) -> Any:
        self.t = tags
        return self.shadows.view(base.items(), base)

    def _dict_values(self, base: dict[Any, Any], tags: int, _: list[Given], __: Keywords) -> Any:
        self.t = tags
        return self.shadows.view(base.values(), base)

    def _dict_keys(self, base: dict[Any, Any], tags: int, _: list[Given], __: Keywords) -> Any:
        self.t = tags
        return self.shadows.view(base.keys(), base)

    def _dict_setdefault(
        self, base: dict[Any, Any], tags: int, given: list[Given], _: Keywords
    ) -> Any:
        (key, key_tags), *default = given
        value, own = default[0] if default else (None, 0)
        if key not in base:
            self.set_item(base, tags, key, key_tags, value, own)
        self.shadows.choose(base, base[key], key_tags)
        self.t = tags | key_tags | self.shadows.part(base, key)
        return base[key]

    def _dict_pop(self, base: dict[Any, Any], tags: int, given: list[Given], _: Keywords) -> Any:
        (key, key_tags), *default = given
        own = tags | key_tags | self.shadows.part(base, key) | self.shadows.length(base)
        try:
            value = base.pop(key, *(v for v, _ in default))
        except Exception as error:
            self.note(error, own | self.c)
            raise
        self.shadows.spoil(base, key_tags | tags | self.c)
        self.t = own
        return value

    def _dict_update(
        self, base: dict[Any, Any], tags: int, given: list[Given], keywords: Keywords
    ) -> None:
        other = self._dict(given, keywords)
        own = {key: self.shadows.part(other, key) for key in other}
        for key, value in other.items():
            self.set_item(base, 0, key, 0, value, own[key])
        self.shadows.spoil(base, self.shadows.length(other) | tags)
        self.t = 0

    def _dict_copy(self, base: dict[Any, Any], tags: int, _: list[Given], __: Keywords) -> Any:
        return self._dict([(base, tags)], {}) if type(base) is dict else self.native(
            base.copy, self.whole(base, tags), [], {})  # fmt: skip


SPECIAL: dict[Any, str] = {
    len: "_len", bool: "_bool", isinstance: "_isinstance", print: "_print", list: "_list",
    tuple: "_tuple", dict: "_dict", enumerate: "_enumerate", zip: "_zip", iter: "_iter",
    reversed: "_reversed", map: "_map", filter: "_filter", next: "_next", sorted: "_sorted",
    min: "_least", max: "_most", any: "_any", all: "_all", setattr: "_setattr",
    getattr: "_getattr", functools.partial: "_partial", itertools.chain: "_chain",
    heapq.heappush: "_heappush", random.shuffle: "_shuffle",
    asyncio.sleep: "_sleep", asyncio.gather: "_gather", concurrency.gather: "_gather",
    asyncio.create_task: "_create_task", asyncio.ensure_future: "_create_task",
    asyncio.shield: "_same_work", asyncio.wait_for: "_wait_for",
    asyncio.to_thread: "_to_thread", asyncio.as_completed: "_cannot", asyncio.wait: "_cannot",
    concurrency.ahead: "_cannot", time.sleep: "_cannot",
}  # fmt: skip
