"""Functions of the program: their parameters carry what their arguments do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hermod.testing.ideal.build import PENDING
from hermod.testing.ideal.shadows import union
from hermod.testing.ideal.state import Frame
from hermod.testing.ideal.values import Values


@dataclass(slots=True)
class Pending:
    """What the arguments of a call of one of the program's functions carry."""

    positional: list[int] = field(default_factory=list)
    keywords: dict[str, int] = field(default_factory=dict)


class Activations(Values):
    """What their entries, returns and yields call."""

    def enter(self, pending: Pending | None, spec: Any) -> Frame:
        """A function begins: its parameters carry what its arguments do."""
        frame = Frame(self.frame, self.c, len(self.stack), native=pending is None)
        positional, keyword, star, stars = spec
        count = len(positional) + len(keyword) + star + stars
        if pending is None:
            frame.tags = [self.ambient] * count
        else:
            given = pending.positional
            named = pending.keywords
            frame.tags = [
                given[place] if place < len(given) else named.get(name, 0)
                for place, name in enumerate(positional)
            ]
            frame.tags += [named.get(name, 0) for name in keyword]
            if star:
                frame.tags.append(union(given[len(positional) :]))
            if stars:
                others = set(named) - {*positional, *keyword}
                frame.tags.append(union(named[name] for name in others))
        self.frame = frame
        return frame

    def argument(self, frame: Frame, place: int) -> int:
        return frame.tags[place]

    def returned(self, value: Any, tags: int) -> Any:
        self.t = tags | self.c
        if self.frame.native:
            self.collected |= self.whole(value, self.t)
        self.left_attempts(0)
        return value

    def leave(self, frame: Frame) -> None:
        """By any way: raising, too, decides about what follows."""
        for tags in frame.prevented.values():
            self.unsafe &= ~tags
        del self.stack[frame.depth :]
        if frame.previous:
            self.frame = frame.previous
        self.c = frame.control | self.raises

    def leave_with(self, frame: Frame, *parts: Any) -> Any:
        """A lambda ends."""
        value = self.returned(*parts[-2:])
        self.leave(frame)
        return value

    def yielded(self, frame: Frame, value: Any, tags: int) -> Any:
        frame.control, kept = self.c, frame.control
        self.t = tags | self.c
        if frame.previous:
            self.frame = frame.previous
        self.c = kept | self.raises
        return value

    def resumed(self, frame: Frame, value: Any) -> Any:
        """A generator goes on where it was."""
        frame.previous = self.frame
        self.frame = frame
        frame.control, self.c = self.c, frame.control | self.c
        self.t = 0
        return value

    def delegate(self, _: Frame, value: Any, tags: int) -> Any:
        """`yield from`"""
        return self.tagged(self.walk(value, tags))


def is_traced(function: Any) -> bool:
    """Whether it is one of the program's own, and takes what its arguments carry."""
    defaults = getattr(function, "__kwdefaults__", None)
    return isinstance(defaults, dict) and PENDING in defaults
