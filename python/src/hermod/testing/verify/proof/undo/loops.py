"""Loops that are started before their place, put there, with all that their iterations start."""

from __future__ import annotations

import ast
import copy

from hermod.testing.verify.proof.undo.early import (
    Awaited,
    Block,
    Marks,
    changed,
    marks,
    way_from_mark,
)
from hermod.testing.verify.proof.undo.forms import CannotUndo, Loop, Piece, Undone


def put_loops_in_place(result: Undone, early: dict[int, Loop], pieces: dict[str, Piece]) -> None:
    """Says of each loop what it crosses, and takes the marks out."""
    if set(marks(result.body)) != set(early):
        raise CannotUndo("a loop is started that is not walked along exactly once")
    for number, loop in early.items():
        way = way_from_mark(result.body, number)
        if way is None:
            raise CannotUndo("a loop that is started before its place is elsewhere")
        loop.between = changed(way[0], Marks({}))
        loop.on_branch = way[1]
        loop.is_early = loop.on_branch or bool(loop.between)
    bodies = {number: (_names_of(loop), loop.body) for number, loop in early.items()}
    for loop in (*result.loops, *result.comprehensions):
        loop.runs = _with_pieces(_with_started(loop.prefix, early), pieces)
        started = set(marks(loop.prefix))
        reduced = {number: one for number, one in bodies.items() if number in started}
        loop.awaits = changed(loop.body, Awaited(reduced))
    for prefetch in result.prefetches:
        prefetch.body = _with_started(prefetch.body, early)
    result.body = changed(result.body, Marks({}))


def _with_started(body: Block, early: dict[int, Loop]) -> Block:
    """The loops that it starts where it starts them."""
    instead: dict[int, ast.stmt] = {}
    for number in marks(body):
        loop = early[number]
        inner = _with_started(loop.prefix, early) or [ast.Pass()]
        made = ast.For(loop.target, loop.items, inner, [], None)
        instead[number] = ast.copy_location(made, inner[0])
    return changed(body, Marks(instead))


def _names_of(loop: Loop) -> ast.expr:
    names: list[ast.expr] = [ast.Name(name, ast.Store()) for name in sorted(loop.given)]
    return ast.Tuple(names, ast.Store())


def _with_pieces(body: Block, pieces: dict[str, Piece]) -> Block:
    """With what the coroutines do that it starts, where their names are nobody else's."""
    calling = _Pieces(pieces, {name.id for one in body for name in ast.walk(one)
                               if isinstance(name, ast.Name)})  # fmt: skip
    made = changed(body, calling)
    return [*made, *calling.found]


class _Pieces(ast.NodeTransformer):
    def __init__(self, pieces: dict[str, Piece], taken: set[str]) -> None:
        self._pieces, self._taken = pieces, taken
        self.found: Block = []

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        piece = self._pieces.get(node.func.id) if isinstance(node.func, ast.Name) else None
        body = None if piece is None or node.keywords else self._body(piece, node.args)
        if body is None:
            return node
        self.found += body
        return ast.copy_location(ast.Tuple(node.args, ast.Load()), node)

    def _body(self, piece: Piece, given: list[ast.expr]) -> Block | None:
        same = [isinstance(value, ast.Name) and value.id == one
                for value, one in zip(given, piece.parameters, strict=False)]  # fmt: skip
        whole = copy.deepcopy(piece.body)
        if (guarded := guarded_call(whole)) is not None:
            tests, call = guarded
            whole = [*map(ast.Expr, tests), ast.Expr(ast.Await(call))]
        *rest, last = whole
        own = {node.id for one in rest for node in ast.walk(one)
               if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}  # fmt: skip
        returns = any(isinstance(node, ast.Return) for one in rest for node in ast.walk(one))
        if not all(same) or len(same) != len(piece.parameters) or returns or own & self._taken:
            return None
        if isinstance(last, ast.Return):
            last = ast.copy_location(ast.Expr(last.value or ast.Constant(None)), last)
        self._taken |= own
        return [*rest, last]


def guarded_call(body: Block) -> tuple[list[ast.expr], ast.Call] | None:
    """The tests of a coroutine that makes one call if they say so, and the call."""
    match body:
        case [ast.Return(value=ast.Await(value=ast.Call() as call))]:
            return [], call
        case [ast.If(test=test, body=[ast.Return(value=None)], orelse=[]), *rest]:
            inner = guarded_call(rest)
        case [ast.If(test=test, body=[ast.Pass()], orelse=rest)]:
            inner = guarded_call(rest)
        case [ast.If(test=test, body=rest, orelse=[])]:
            inner = guarded_call(rest)
        case _:
            return None
    return None if inner is None else ([test, *inner[0]], inner[1])
