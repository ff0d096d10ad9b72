"""Statements: what programs are made of, in places where rewriting them goes wrong."""

from __future__ import annotations

import re

from hermod.testing.programs.expressions import WRITES, Expressions
from hermod.testing.programs.scope import Scope

UNIT = "    "
#: What may make a list longer, if only in a function that is called.
GROWS = re.compile(r"append|extend|update|setdefault|\+=|\] =|_\d\(")
KNOWN = ("text", "number", "texts", "counts", "record", "records", "words")


class Statements:
    """Writes the body of a function."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.write = Expressions(scope)

    def body(self, result: str | None) -> list[str]:
        """All statements of a function that returns this kind of value."""
        lines: list[str] = []
        while self.scope.budget > 0:
            lines += self.statement(3)
        if result:
            lines.append(f"return {self.write.of(result)}")
        elif self.scope.roll(0.6):
            names = [name for kind in KNOWN for name in self.scope.names[kind]]
            lines.append(f"print({', '.join(names[-6:])})")
        return [UNIT + line for line in lines or ["pass"]]

    def block(self, depth: int, most: int = 3) -> list[str]:
        """Some statements, one level in. Names bound in it mostly go out of use after it."""
        before = self.scope.copy_names()
        lines: list[str] = []
        for _ in range(self.scope.dice.randint(1, most)):
            lines += self.statement(depth)
        if not self.scope.roll(0.08):
            self.scope.names = before
        return [UNIT + line for line in lines]

    def statement(self, depth: int) -> list[str]:
        """One statement, with what it holds."""
        scope = self.scope
        scope.budget -= 1
        simple = [
            (6 if scope.is_async else 0, self.call), (3, self.assign), (4, self.prints),
            (2, self.accumulate), (0.7, self.alias), (0.7, self.unpack), (0.3, self.rare),
            (0.8 if scope.is_async else 0, self.writes), (0.5, self.decides),
            (1.2 if scope.is_async else 0.2, self.comprehension), (0.2, self.iterator),
        ]  # fmt: skip
        compound = [
            (2, lambda: self.branch(depth - 1)), (4, lambda: self.loop(depth - 1)),
            (1.5, lambda: self.attempt(depth - 1)), (0.3, lambda: self.repeat(depth - 1)),
            (0.3, lambda: self.suppressed(depth - 1)), (0.3, lambda: self.nested(depth - 1)),
            (0.2, lambda: self.match(depth - 1)),
        ]  # fmt: skip
        if scope.loops > 1:
            del compound[1]  # three loops deep, what doubles in each turn fills the memory
        choices = simple + compound if depth > 0 and scope.budget > 0 else simple
        lines = scope.weighted(choices)
        return ["# as it was", *lines] if scope.roll(0.05) else lines

    # Simple statements

    def kind(self) -> str:
        """A kind for a new value."""
        return self.scope.dice.choices(KNOWN, [6, 4, 3, 2, 1, 1, 1])[0]

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
        kind = scope.pick(
            ["text", "number", "texts", "texts", "counts", "counts", "words", "record"]
        )
        if not scope.names[kind]:
            return self.assign()
        name = scope.pick(scope.names[kind])
        if kind == "counts":
            key = of("text")
            return scope.pick([
                [f"{name}[{key}] = {of('number')}"],
                [f"{name}[{key}] = {name}.get({key}, 0) + 1"],
                [f"{name}[{key}] += {of('number')}"],
                [f"{name}.update({of('counts')})"],
                [f"{name}.setdefault({key}, {of('number')})"],
            ])  # fmt: skip
        if kind == "texts":
            return scope.pick([
                [f"{name}.append({of('text')})"], [f"{name}.append({of('text')})"],
                [f"{name}.extend({of('texts')})"], [f"{name} += {of('texts')}"],
                [f"{name}.sort()"], [f"{name}[0] = {of('text')}"], [f"{name}.clear()"],
            ])  # fmt: skip
        if kind == "record":
            return [f'{name}["{scope.pick(["text", "note"])}"] = {of("text")}']
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
        if scope.roll(0.2):
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
        choices = [f"return {self.write.of('text')}", f"raise ValueError({self.write.of('text')})"]
        if scope.loops:
            choices = ["break", "continue", "continue", *choices]
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
        if names:
            name = scope.pick(names)
            choices.append([f"del {name}"])
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

    # Compound statements

    def branch(self, depth: int) -> list[str]:
        """`if`, `elif`, `else`"""
        lines = [f"if {self.write.test()}:", *self.block(depth)]
        if self.scope.roll(0.2):
            lines += [f"elif {self.write.test()}:", *self.block(depth)]
        if self.scope.roll(0.5):
            lines += ["else:", *self.block(depth)]
        return lines

    def loop(self, depth: int) -> list[str]:
        """`for`"""
        scope, of = self.scope, self.write.of
        text, number = scope.fresh("text"), scope.fresh("number")
        if text == number:
            number += "_2"
        head, bound = scope.weighted([
            (4, lambda: (f"{text} in {of('texts')}", [(text, "text")])),
            (2, lambda: (f"{number} in range({scope.dice.randint(0, 3)})", [(number, "number")])),
            (2, lambda: (f"{number}, {text} in enumerate({of('texts')})",
                         [(number, "number"), (text, "text")])),
            (1, lambda: (f"{text}, {number} in zip({of('texts')}, range(3))",
                         [(text, "text"), (number, "number")])),
            (1, lambda: (f"{text} in sorted({of('texts')})", [(text, "text")])),
            (1, lambda: (f"{text}, {number} in {of('counts')}.items()",
                         [(text, "text"), (number, "number")])),
            (1, lambda: (f"{text}_ticket in {of('records')}", [(f"{text}_ticket", "record")])),
            (0.3, lambda: (f"{text} in {(scope.names['iterator'] or [of('texts')])[-1]}",
                           [(text, "text")])),
        ])  # fmt: skip
        before = scope.copy_names()
        for name, kind in bound:
            scope.bind(name, kind)
        scope.loops += 1
        lines = [f"for {head}:", *self.block(depth, 5)]
        scope.loops -= 1
        if GROWS.search("\n".join(lines[1:])):  # or it might never end
            lines[0] = re.sub(r"(in |enumerate\()(\w+)(\)?:)$", r"\1list(\2)\3", lines[0])
        if not scope.roll(0.15):
            scope.names = before
        if scope.roll(0.05):
            lines += ["else:", *self.block(depth, 1)]
        return lines

    def repeat(self, depth: int) -> list[str]:
        """`while`, a few times."""
        name = self.scope.fresh("number") + "_left"
        self.scope.loops += 1
        body = self.block(depth, 3)
        self.scope.loops -= 1
        return [f"{name} = 2", f"while {name} > 0:", f"{UNIT}{name} -= 1", *body]

    def attempt(self, depth: int) -> list[str]:
        """`try`, and what catches."""
        scope = self.scope
        lines = ["try:", *self.block(depth, 3)]
        caught = scope.pick([
            "hermod.CallError", "hermod.CallError", "Exception", "(KeyError, IndexError)",
            "ValueError",
        ])  # fmt: skip
        if scope.package == "h.":
            caught = caught.replace("hermod", "h")
        if scope.roll(0.5):
            lines += [f"except {caught} as error:"]
            lines += scope.pick([[UNIT + "print(error)"], [UNIT + "print('failed', error)"],
                                 self.block(depth, 2)])  # fmt: skip
        else:
            lines += [f"except {caught}:", *self.block(depth, 2)]
        if scope.roll(0.15):
            lines += ["else:", *self.block(depth, 1)]
        if scope.roll(0.2):
            lines += ["finally:", *[UNIT + line for line in self.prints()]]
        return lines

    def suppressed(self, depth: int) -> list[str]:
        """`with`"""
        return ["with contextlib.suppress(Exception):", *self.block(depth, 2)]

    def nested(self, depth: int) -> list[str]:
        """A function within the function, called once or twice."""
        scope = self.scope
        name, parameter = f"inner_{scope.budget}", scope.fresh("text")
        before = scope.copy_names()
        scope.bind(parameter, "text")
        loops, scope.loops = scope.loops, 0
        body = self.block(depth, 2)
        body.append(f"{UNIT}return {self.write.of('text')}")
        scope.loops = loops
        scope.names = before
        head, wait = ("async def", "await ") if scope.is_async else ("def", "")
        result = scope.fresh("text")
        call = f"{result} = {wait}{name}({self.write.of('text')})"
        scope.bind(result, "text")
        return [f"{head} {name}({parameter}):", *body, call]

    def match(self, depth: int) -> list[str]:
        """`match`"""
        captured = self.scope.fresh("text")
        subject = self.write.of("text")
        cases = [UNIT + f"case {self.write.literal()}:", *[UNIT + x for x in self.block(depth, 1)]]
        other = [UNIT + f"case {captured}:", *[UNIT + x for x in self.block(depth, 1)]]
        return [f"match {subject}:", *cases, *other]
