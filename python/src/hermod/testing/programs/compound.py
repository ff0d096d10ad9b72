"""Statements with blocks: branches, loops, `try`, `with`, functions in functions, `match`."""

from __future__ import annotations

import re

from hermod.testing.programs.simple import UNIT, Simple

#: What may make a list longer, if only in a function that is called.
GROWS = re.compile(r"append|insert|extend|update|setdefault|remember|\+=|\] =|_\d\(|inner_")


class Compound(Simple):
    """Writes statements that hold others."""

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
            lines[0] = re.sub(r"(in |enumerate\()([\w.]+)(\)?:)$", r"\1list(\2)\3", lines[0])
        if not scope.roll(0.15):
            scope.names = before
        if scope.roll(0.05):
            lines += ["else:", *self.block(depth, 1)]
        return lines

    def repeat(self, depth: int) -> list[str]:
        """`while`, a few times."""
        name = f"{self.scope.fresh('number')}_left{self.scope.loops or ''}"
        self.scope.loops += 1
        body = self.block(depth, 3)
        self.scope.loops -= 1
        return [f"{name} = 2", f"while {name} > 0:", f"{UNIT}{name} -= 1", *body]

    def attempt(self, depth: int) -> list[str]:
        """`try`, and what catches."""
        scope = self.scope
        lines = ["try:", *self.block(depth, 3)]
        lines += self.handler(depth)
        if scope.roll(0.15):
            lines += self.handler(depth)
        if scope.roll(0.15):
            lines += ["else:", *self.block(depth, 1)]
        if scope.roll(0.2):
            lines += ["finally:", *[UNIT + line for line in self.prints()]]
        return lines

    def handler(self, depth: int) -> list[str]:
        """`except`"""
        scope = self.scope
        caught = scope.pick([
            "hermod.CallError", "hermod.CallError", "Exception", "(KeyError, IndexError)",
            "ValueError", "LookupError",
        ])  # fmt: skip
        if scope.package == "h.":
            caught = caught.replace("hermod", "h")
        if scope.roll(0.5):
            return [f"except {caught}:", *self.block(depth, 2), *self.raises("")]
        shows = [UNIT + "print(error)"], [UNIT + "print('failed', error)"], self.block(depth, 2)
        return [f"except {caught} as error:", *scope.pick(shows), *self.raises(" from error")]

    def raises(self, cause: str) -> list[str]:
        """Sometimes a handler raises, again or anew."""
        if not self.scope.roll(self.scope.risk(0.25)):
            return []
        again = f"raise RuntimeError({self.write.of('text', 0)}){cause}"
        return [UNIT + self.scope.pick(["raise", again])]

    def suppressed(self, depth: int) -> list[str]:
        """`with`"""
        scope = self.scope
        if scope.roll(0.5):
            return ["with contextlib.suppress(Exception):", *self.block(depth, 2)]
        manager = scope.pick([f"span({self.write.of('text', 1)})", "Span()"])
        if scope.roll(0.5):
            return [f"with {manager}:", *self.block(depth, 2)]
        name = scope.fresh("text")
        scope.bind(name, "text")
        return [f"with {manager} as {name}:", *self.block(depth, 3)]

    def nested(self, depth: int) -> list[str]:
        """A function within the function, called once or twice."""
        scope = self.scope
        name, parameter = f"inner_{scope.budget}", scope.fresh("text")
        before = scope.copy_names()
        scope.bind(parameter, "text")
        loops, scope.loops = scope.loops, 0
        changed = scope.names["number"] if scope.roll(0.4) else []
        outer = [name for name in changed if name.isidentifier()]
        body = self.block(depth, 2)
        if outer:
            body = [f"{UNIT}nonlocal {outer[0]}", f"{UNIT}{outer[0]} += 1", *body]
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
        kind = self.scope.pick(["text", "texts", "record"])
        subject = self.write.of(kind)
        patterns = {
            "text": [self.write.literal(), f"{self.write.literal()} | {self.write.literal()}"],
            "texts": ["[]", f"[{captured}]", f"[{captured}, *_]"],
            "record": [f'{{"text": {captured}}}', f'{{"id": 3, "customer": {captured}}}'],
        }[kind]
        pattern = self.scope.pick(patterns)
        before = self.scope.copy_names()
        if captured in pattern:
            self.scope.bind(captured, "text")
        guard = f" if {self.write.test(1)}" if self.scope.roll(0.2) else ""
        cases = [f"case {pattern}{guard}:", *self.block(depth, 2)]
        self.scope.names = before
        cases += ["case _:", *self.block(depth, 1)]
        return [f"match {subject}:", *[UNIT + line for line in cases]]
