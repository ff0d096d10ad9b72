"""Tests and loops: what the statements of a rewritten program call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hermod.testing.ideal.failures import Failures
from hermod.testing.ideal.scopes import Exits
from hermod.testing.ideal.shadows import ATOMS
from hermod.testing.ideal.state import Test


@dataclass(slots=True, eq=False)
class Branch:
    """An `if` or `match` on its way."""

    control: int
    tags: int
    taken: bool = False
    value: Any = None
    exits: int = 0


@dataclass(slots=True, eq=False)
class Loop:
    """A `for` or `while` on its way."""

    control: int
    left: dict[Exits, int]
    prevented: dict[Exits, int]
    attempts: int
    tags: int = 0
    #: What it walks along, if that can be looked at again, and how far it came.
    items: Any = ()
    reached: int = 0


class Control(Failures):
    """E3: what hangs on which test."""

    def truth(self, value: Any, tags: int) -> int:
        """What a test of the value hangs on: of a container, its length."""
        return tags if isinstance(value, ATOMS) else tags | self.shadows.length(value)

    # Branches.

    def branch(self, value: Any, tags: int, exits: int) -> Branch:
        made = Branch(self.c, self.truth(value, tags), bool(value))
        self.leak(exits, made.tags)
        self.c |= made.tags
        return made

    def subject(self, value: Any, tags: int, exits: int) -> Branch:
        made = Branch(self.c, tags | self.shadows.deep(value), True, value, exits)
        self.leak(exits, made.tags)
        self.c |= made.tags
        return made

    def guard(self, branch: Branch, *parts: Any) -> Any:
        value, tags = parts[-2:]
        branch.tags |= self.truth(value, tags)
        self.leak(branch.exits, branch.tags)
        self.c |= branch.tags
        return value

    def join(self, branch: Branch) -> None:
        self.recompute(branch.control)

    def touch(self, tags: int, find: Callable[[], Any], key: Any) -> None:
        """A container that a side of a test would have changed."""
        if not tags:
            return
        try:
            container = find()
        except Exception:  # not bound on this side
            return
        if isinstance(container, ATOMS):
            return
        if key is None or isinstance(container, list):
            self.shadows.spoil(container, tags)
            return
        old = self.shadows.part(container, key)
        self.shadows.set_part(container, key, old | tags, 0)
        if isinstance(container, dict):
            self.shadows.of(container).shape |= tags

    def touch_rest(self, loop: Loop, find: Callable[[Any], Any], key: Any) -> None:
        """Items after the one at which a loop was left."""
        for item in list(loop.items)[loop.reached :]:
            self.touch(loop.tags, lambda item=item: find(item), key)  # type: ignore[misc]

    # Tests within expressions.

    def open_test(self) -> None:
        self.stack.append(Test(self.c))

    def operand(self, value: Any, tags: int) -> Any:
        top = self.stack[-1]
        assert isinstance(top, Test)
        top.tags |= self.truth(value, tags)
        self.c |= top.tags
        return value

    decide = operand

    def last_operand(self, value: Any, tags: int) -> Any:
        top = self.stack[-1]
        assert isinstance(top, Test)
        top.tags |= tags
        return value

    def joined(self, _: None, value: Any) -> Any:
        top = self.stack.pop()
        assert isinstance(top, Test)
        self.t = top.tags
        self.recompute(top.control)
        return value

    def asserted(self, value: Any, tags: int) -> Any:
        self.leak(Exits.RAISE, self.truth(value, tags))
        return value

    # Loops.

    def open_loop(self, _exits: int) -> Loop:
        frame = self.frame
        made = Loop(self.c, frame.left, frame.prevented, len(frame.attempts))
        keep: dict[Exits, int] = {
            way: tags for way, tags in frame.left.items() if way is Exits.RETURN
        }
        frame.left, frame.prevented = keep, dict(frame.prevented)
        return made

    def step(self, loop: Loop) -> Loop:
        """The next iteration hangs on how the earlier ones did not leave."""
        frame = self.frame
        self.left_attempts(loop.attempts)
        frame.left.pop(Exits.CONTINUE, None)
        self.unsafe &= ~frame.prevented.pop(Exits.CONTINUE, 0)
        self.recompute(loop.control | loop.tags)
        return loop

    def again(self, loop: Loop, value: Any, tags: int) -> Any:
        loop.tags |= self.truth(value, tags)
        self.c |= loop.tags
        return value

    def loop_else(self, loop: Loop) -> None:
        self.step(loop)

    def close_loop(self, loop: Loop) -> None:
        frame = self.frame
        self.left_attempts(loop.attempts)
        loop.tags |= frame.left.get(Exits.BREAK, 0)
        self.unsafe &= ~frame.prevented.get(Exits.CONTINUE, 0)
        self.unsafe &= ~frame.prevented.get(Exits.BREAK, 0)
        returns = frame.left.get(Exits.RETURN, 0)
        prevented = frame.prevented.get(Exits.RETURN, 0)
        frame.left, frame.prevented = dict(loop.left), dict(loop.prevented)
        if returns:
            frame.left[Exits.RETURN] = returns
        if prevented:
            frame.prevented[Exits.RETURN] = prevented
        loop.tags |= returns
        self.recompute(loop.control)
