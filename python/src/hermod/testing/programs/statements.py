"""What programs are made of."""

from __future__ import annotations

from hermod.testing.programs.shapes import Shapes
from hermod.testing.programs.simple import KNOWN, UNIT


class Statements(Shapes):
    """Writes the body of a function."""

    def body(self, result: str | None) -> list[str]:
        """All statements of a function that returns this kind of value."""
        lines: list[str] = []
        while self.scope.budget > 0:
            lines += self.statement(3)
        if result:
            lines.append(f"return {self.write.of(result)}")
        elif self.scope.roll(0.6):
            shown = [kind for kind in KNOWN if kind != "picture"]
            names = [name for kind in shown for name in self.scope.names[kind]]
            lines.append(f"print({', '.join(names[-6:])})")
        return [UNIT + line for line in lines or ["pass"]]

    def block(self, depth: int, most: int = 3) -> list[str]:
        """Some statements, one level in. Names bound in it mostly go out of use after it."""
        before = self.scope.copy_names()
        lines: list[str] = []
        for _ in range(self.scope.dice.randint(1, most)):
            lines += self.statement(depth)
        if not self.scope.roll(0.05):
            self.scope.names = before
        return [UNIT + line for line in lines]

    def statement(self, depth: int) -> list[str]:
        """One statement, with what it holds."""
        scope = self.scope
        scope.budget -= 1
        waits = scope.is_async
        simple = [
            (8 if waits else 0, self.call), (2, self.assign), (4, self.prints),
            (2, self.accumulate), (0.6, self.alias), (0.7, self.unpack), (0.3, self.rare),
            (0.6 if waits else 0, self.writes), (0.4, self.decides),
            (1.4 if waits else 0.2, self.comprehension), (0.2, self.iterator),
        ]  # fmt: skip
        compound = [
            (1.5, lambda: self.branch(depth - 1)), (4, lambda: self.loop(depth - 1)),
            (1.2, lambda: self.attempt(depth - 1)), (0.3, lambda: self.repeat(depth - 1)),
            (0.4, lambda: self.suppressed(depth - 1)), (0.3, lambda: self.nested(depth - 1)),
            (0.3, lambda: self.match(depth - 1)),
            (4 if waits else 0, lambda: self.shape(depth - 1)),
        ]  # fmt: skip
        if scope.loops > 1:
            del compound[1]  # three loops deep, what doubles in each turn fills the memory
            compound.pop()
        choices = simple + compound if depth > 0 and scope.budget > 0 else simple
        lines = scope.weighted(choices)
        return ["# as it was", *lines] if scope.roll(0.05) else lines
