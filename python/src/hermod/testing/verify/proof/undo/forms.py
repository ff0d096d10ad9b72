"""What is found in a distributed program while it is rewritten back."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from hermod.testing.verify.proof.undo.early import Block


class CannotUndo(Exception):
    """A form that is not understood."""


@dataclass
class Repeated:
    """A result that is awaited ahead, and in the body."""

    handle: str
    target: ast.expr


@dataclass
class Piece:
    """A coroutine that the rewriting introduced, undone itself."""

    name: str
    parameters: list[str]
    body: Block
    #: Statements of the body whose results it has awaited, too.
    after: list[ast.Assign] = field(default_factory=list)


@dataclass
class Loop:
    """Iterations that run ahead: what of each does, and what stays in the body."""

    line: int
    items: ast.expr
    target: ast.expr
    prefix: Block
    body: Block
    #: Names that the iteration gives back to the body.
    given: set[str]
    #: What follows the loop, where it stands.
    after: Block = field(default_factory=list)
    #: What an iteration does in all, with the loops that it starts.
    runs: Block = field(default_factory=list)
    #: The body without what runs ahead of it in loops that the iteration has started.
    awaits: Block = field(default_factory=list)
    #: It is started before its place: `between` is what stands before that, in serial order.
    is_early: bool = False
    between: Block = field(default_factory=list)
    #: Its place is on a branch, or beyond one.
    on_branch: bool = False
    #: Its items come from work that is started with it: what that raises is raised in its place.
    items_later: bool = False
    #: What its items are made of, if the body awaits that between its start and its place.
    repeated: list[Repeated] = field(default_factory=list)


@dataclass
class Moved:
    """A call, or a coroutine, that is started before its place."""

    line: int
    call: ast.Call
    #: Statements from where it is started to where it is awaited, in serial order.
    between: Block
    #: It is awaited on a branch, or beyond one, or repeats a test.
    on_branch: bool


@dataclass
class Prefetch:
    """Work whose values are dropped: the program is the same without it."""

    line: int
    body: Block
    #: What is computed when it is started.
    given: list[ast.expr]
    #: The coroutine that starts it, if it is one that the rewriting introduced.
    starter: str | None
    #: The coroutine that does it, if it is one of those.
    piece: str | None
    #: It is started by other work whose values are dropped, so that its failures are too.
    is_inner: bool = False
    #: Its calls are guesses (E3).
    is_guess: bool = False


@dataclass
class Undone:
    """One function, as serial as it could be made."""

    body: Block
    loops: list[Loop] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    prefetches: list[Prefetch] = field(default_factory=list)
    #: Comprehensions whose elements are computed ahead.
    comprehensions: list[Loop] = field(default_factory=list)
