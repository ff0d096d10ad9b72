"""Statements without a block of their own, in places where rewriting them goes wrong."""

from __future__ import annotations

from abc import ABC, abstractmethod

from hermod.testing.programs.expressions import WRITES, Expressions
from hermod.testing.programs.scope import Scope

UNIT = "    "
KNOWN = ("text", "number", "texts", "counts", "record", "records", "words", "picture", "case")


class Simple(ABC):
    """Writes statements in one line, mostly."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.write = Expressions(scope)

    @abstractmethod
    def block(self, depth: int, most: int = 3) -> list[str]:
        """Some statements, one level in."""

    def kind(self) -> str:
        """A kind for a new value."""
        objects = 0.7 if self.scope.has_class else 0
        return self.scope.dice.choices(KNOWN, [6, 4, 3, 2, 1, 1, 1, 0.7, objects])[0]

    def call(self) -> list[str]:
        """`name = await call(…)`, or what is like it."""
        kind = self.scope.dice.choices(["text", "number", "texts", "record", "records"],
                                       [6, 3, 1, 1, 1])[0]  # fmt: skip
        call = self.write.call_for(kind)
        if self.scope.roll(0.1):
            return [f"await {call}"]
        name = self.scope.fresh(kind)
        self.scope.bind(name, kind)
        if self.scope.roll(0.1) and call.endswith(")") and call.count('"') == 2:
            return [f"{name} = await {call[:-1]},", ")"]
        return [f"{name} = await {call}"]

    def assign(self) -> list[str]:
        """`name = expression`"""
        kind = self.kind()
        value = self.write.of(kind)
        name = self.scope.fresh(kind)
        self.scope.bind(name, kind)
        return [f"{name} = {value}"]

    def alias(self) -> list[str]:
        """Two names for one object."""
        kind = self.scope.pick(["texts", "counts", "record", "records", "words"])
        if not self.scope.names[kind]:
            return self.assign()
        old, name = self.scope.pick(self.scope.names[kind]), self.scope.fresh(kind)
        self.scope.bind(name, kind)
        return [f"{name} = {old}"]

    def prints(self) -> list[str]:
        """Something that can be seen."""
        write = self.write
        values = [write.of(write.anything()) for _ in range(self.scope.dice.randint(1, 2))]
        shown = ", ".join(f"sorted({v})" if v in self.scope.names["words"] else v for v in values)
        return self.scope.weighted([
            (6, lambda: [f"print({shown})"]),
            (1, lambda: [f'print({shown}, end=" ")']),
            (1, lambda: [f"print({shown}, file=sys.stderr)"]),
            (0.5, lambda: [f'sys.stdout.write({write.of("text")} + "\\n")']),
        ])  # fmt: skip

    def accumulate(self) -> list[str]:
        """Adds to something that is already there."""
        scope, of = self.scope, self.write.of
        kind = scope.pick(["text", "number", "texts", "texts", "counts", "counts", "words",
                           "record", "picture", "case"])  # fmt: skip
        if not scope.names[kind]:
            return self.assign()
        name = scope.pick(scope.names[kind])
        if kind == "counts":
            key = of("text")
            return scope.pick([
                [f"{name}[{key}] = {of('number')}"],
                [f"{name}[{key}] = {name}.get({key}, 0) + 1"],
                [f"{name}[{key}] {'+=' if scope.is_mean else '='} {of('number')}"],
                [f"{name}.update({of('counts')})"],
                [f"{name}.setdefault({key}, {of('number')})"],
            ])  # fmt: skip
        if kind == "texts":
            return scope.pick([
                [f"{name}.append({of('text')})"], [f"{name}.append({of('text')})"],
                [f"{name}.extend({of('texts')})"], [f"{name} += {of('texts')}"],
                [f"{name}.insert(0, {of('text')})"], [f"{name}.sort()"], [f"{name}.clear()"],
                [f"{name}[:1] = [{of('text')}]"], [f"{name}.reverse()"],
            ])  # fmt: skip
        if kind == "record":
            return [f'{name}["{scope.pick(["text", "note"])}"] = {of("text")}']
        if kind == "picture":
            return [f"{name}.paste({of('picture', 0)}, ({of('number', 0)}, 2))"]
        if kind == "case":
            return scope.pick([
                [f"{name}.notes.append({of('text')})"], [f"{name}.score += {of('number')}"],
                [f"{name}.name = {of('text')}"], [f"{name}.remember({of('text')})"],
            ])  # fmt: skip
        if kind == "words":
            return [f"{name}.add({of('text')})"]
        return [f"{name} {'*=' if kind == 'number' and scope.roll(0.2) else '+='} {of(kind)}"]

    def unpack(self) -> list[str]:
        """Several names at once."""
        scope, of = self.scope, self.write.of
        kinds = [scope.pick(["text", "number"]) for _ in range(2)]
        values = [of(kind) for kind in kinds]
        if scope.is_async and scope.roll(0.5):
            values = [f"await {self.write.call_for(kind)}" for kind in kinds]
        if scope.roll(scope.risk(0.2)):
            names = [scope.fresh("text"), scope.fresh("texts")]
            line = f"{names[0]}, *{names[1]} = {of('texts')}"
            kinds = ["text", "texts"]
        elif scope.roll(0.2) and len(scope.names["text"]) > 1:
            one, other = scope.dice.sample(scope.names["text"], 2)
            return [f"{one}, {other} = {other}, {one}"]
        else:
            names = [scope.fresh(kind) for kind in kinds]
            line = f"{names[0]}, {names[1]} = {values[0]}, {values[1]}"
        for name, kind in zip(names, kinds, strict=True):
            scope.bind(name, kind)
        return [line]

    def writes(self) -> list[str]:
        """Changes the world."""
        name, parameters = self.scope.pick(WRITES)
        call = f"await {self.write.remote(name, parameters, 1)}"
        return self.scope.pick([[call], [f"print({call})"]])

    def decides(self) -> list[str]:
        """Leaves, or goes on."""
        scope = self.scope
        choices = [f"return {self.write.of('text')}"]
        if scope.roll(scope.risk(0.5)):
            choices.append(f"raise ValueError({self.write.of('text')})")
        if scope.loops:
            choices = ["break", "continue", "continue", "continue", *choices]
        test = self.write.test()
        if scope.roll(0.1):
            return [f"assert {test}, {self.write.of('text')}"]
        return [f"if {test}:", UNIT + scope.pick(choices)]

    def rare(self) -> list[str]:
        """What is seldom written."""
        scope = self.scope
        names = scope.names["text"] + scope.names["number"] + scope.names["texts"]
        choices = [
            ["pass"],
            [f'STATE["{scope.pick("ab")}"] = {self.write.of("text")}'],
            [f'print(STATE.get("{scope.pick("ab")}"), LANGUAGES)'],
        ]
        if scope.is_async:
            choices.append([f"await asyncio.sleep({scope.pick([0, 1, 3])})"])
        if scope.names["counts"]:
            choices.append([f"print(*{scope.pick(scope.names['counts'])}.values(), sep='/')"])
        if names and scope.roll(scope.risk(1)):
            choices.append([f"del {scope.pick(names)}"])
        return scope.pick(choices)

    def iterator(self) -> list[str]:
        """Something that is used up by walking along it."""
        name = self.scope.fresh("iterator")
        made = self.scope.pick(["iter({})", "reversed({})", "(word.upper() for word in {})"])
        line = f"{name} = {made.format(self.write.of('texts'))}"
        self.scope.bind(name, "iterator")
        return [line]

    def comprehension(self) -> list[str]:
        """One that waits, mostly, with a filter, sometimes."""
        scope, write = self.scope, self.write
        items = write.of("texts")
        target = scope.fresh("text")
        before = scope.copy_names()
        scope.bind(target, "text")
        kind = scope.pick(["text", "number", "text"])
        element = write.of(kind, 1)
        if scope.is_async and scope.roll(0.8):
            element = f"await {write.call_for(kind, 0)}"
        test = f" if {write.test(1)}" if scope.roll(0.4) else ""
        scope.names = before
        tail = f"for {target} in {items}{test}"
        if kind == "number":
            name = scope.fresh("counts")
            scope.bind(name, "counts")
            return [f"{name} = {{{target}: {element} {tail}}}"]
        name = scope.fresh("texts")
        made = f"sorted({{{element} {tail}}})" if scope.roll(0.2) else f"[{element} {tail}]"
        if scope.roll(0.15):
            return [f"print({made})"]
        scope.bind(name, "texts")
        return [f"{name} = {made}"]
