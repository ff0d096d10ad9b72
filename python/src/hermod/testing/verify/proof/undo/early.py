"""Loops that are started before their place: where each is started, what stands in between.

While a program is rewritten back, a mark stands where such a loop is started, and the loop itself
carries the mark's number. Once all of it is serial, marks are looked up and taken out.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

Block = list[ast.stmt]
Wanted = Callable[[ast.AST], bool]


def marked(node: ast.stmt, number: int) -> ast.stmt:
    """This statement, with a number that copies of it keep."""
    setattr(node, "number", number)  # noqa: B010 (syntax trees have no such field)
    return node


def number_of(node: ast.AST) -> int | None:
    """The number of a mark, or of a loop that belongs to one."""
    number: int | None = getattr(node, "number", None)
    return number


def marks(body: Block) -> Iterator[int]:
    """Numbers of the marks in there."""
    for one in body:
        for node in ast.walk(one):
            number = number_of(node)
            if isinstance(node, ast.Pass) and number is not None:
                yield number


class Marks(ast.NodeTransformer):
    """Puts statements where marks are; none at all for those that it does not know."""

    def __init__(self, instead: dict[int, ast.stmt]) -> None:
        self._instead = instead

    def visit_Pass(self, node: ast.Pass) -> ast.stmt | None:
        """A mark, or a statement of the program."""
        number = number_of(node)
        return node if number is None else self._instead.get(number)


class Awaited(ast.NodeTransformer):
    """Of loops that are started elsewhere, what is done in their place: their own bodies."""

    def __init__(self, bodies: dict[int, tuple[ast.expr, Block]]) -> None:
        self._bodies = bodies

    def visit_For(self, node: ast.For) -> ast.stmt:
        """Its own iterations left out."""
        known = self._bodies.get(number_of(node) or 0)
        if known is not None:
            target, body = known
            node = ast.For(target, ast.Tuple([], ast.Load()), body, node.orelse, None,
                           lineno=node.lineno, col_offset=0)  # fmt: skip
        self.generic_visit(node)
        return node


def changed(body: Block, transformer: ast.NodeTransformer) -> Block:
    """A copy of it."""
    found: Block = []
    for one in copy.deepcopy(body):
        made = transformer.visit(one)
        if made is not None:
            found.append(made)
    return found


def blocks_within(body: Block) -> list[Block]:
    """The block, and those inside its statements; nested functions have their own."""
    found = [body]
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(statement, name, None)
            if isinstance(inner, list) and inner:
                found += blocks_within(inner)
        for other in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            found += blocks_within(other.body)
    return found


def way_to(block: Block, start: int, wanted: Wanted) -> tuple[Block, bool, Block, int] | None:
    """The statements before it, whether it hangs on a test, and the block and the place in it
    of the innermost statement that holds what is wanted."""
    between: Block = []
    on_branch = False
    while True:
        position = next((i for i in range(start, len(block)) if _holds([block[i]], wanted)), None)
        if position is None:
            return None
        between += block[start:position]
        statement = block[position]
        inner = [one for one in blocks_within([statement])[1:] if _holds(one, wanted)]
        if not inner or isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            return between, on_branch, block, position
        is_try_body = isinstance(statement, ast.Try) and _holds(statement.body, wanted)
        on_branch |= not is_try_body
        block, start = inner[0], 0


def _holds(body: Block, wanted: Wanted) -> bool:
    return any(wanted(node) for one in body for node in ast.walk(one))


def loop_of(body: Block, number: int) -> ast.For | None:
    """The loop with this number, if it is there exactly once."""
    places = [node for one in body for node in ast.walk(one)
              if isinstance(node, ast.For) and number_of(node) == number]  # fmt: skip
    return places[0] if len(places) == 1 else None


def way_from_mark(body: Block, number: int) -> tuple[Block, bool] | None:
    """What stands between a mark and its loop, and whether that hangs on a test."""

    place = loop_of(body, number)
    found = [
        (block, index)
        for block in blocks_within(body)
        for index, one in enumerate(block)
        if isinstance(one, ast.Pass) and number_of(one) == number
    ]
    if len(found) != 1 or place is None:
        return None
    (block, index) = found[0]
    way = way_to(block, index + 1, lambda node: node is place)
    return None if way is None else way[:2]
