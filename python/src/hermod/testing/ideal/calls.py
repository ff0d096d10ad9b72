"""Calls: an argument's tags go with it into functions of the program; others mix what they get."""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from types import BuiltinMethodType, GeneratorType, MethodType, ModuleType
from typing import Any, NamedTuple

from hermod.testing.ideal.activations import Activations, Pending, is_traced
from hermod.testing.ideal.build import PENDING
from hermod.testing.ideal.iteration import Spy
from hermod.testing.ideal.scopes import MUTATORS
from hermod.testing.ideal.shadows import ATOMS

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


class Calls(Activations):
    """Of the program's own functions, of classes, of code of others."""

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
        own = function.__func__ if isinstance(function, MethodType) else function
        if isinstance(base, ATOMS) or is_traced(own):
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

    def _special(self, function: Any) -> Callable[[list[Given], Keywords], Any] | None:
        """Ours in its place, if its parts are told apart."""
        raise NotImplementedError
