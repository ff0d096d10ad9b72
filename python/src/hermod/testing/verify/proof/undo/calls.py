"""Calls that are started before their place, put there."""

from __future__ import annotations

import ast
import copy
from collections import Counter

from hermod.testing.verify.proof.undo.early import Block, blocks_within, way_to
from hermod.testing.verify.proof.undo.forms import CannotUndo, Moved, Piece, Undone
from hermod.testing.verify.proof.undo.loops import guarded_call
from hermod.testing.verify.proof.undo.results import Replace, bind
from hermod.testing.verify.proof.undo.scopes import is_hermod_call, work_of


def put_calls_in_place(result: Undone, pieces: dict[str, Piece]) -> None:
    """`x_call = hermod.call(…)` … `await x_call` to `await hermod.call(…)`, last ones first."""
    while True:
        handle = _last_handle(result.body)
        if handle is None:
            return
        block, index, name, work = handle
        statement = block[index]
        place = _place_of_await(block, index + 1, name)
        if place is None:
            raise CannotUndo(f"`{name}` is not awaited exactly once, after it is started")
        between, on_branch, owner, position = place
        piece = pieces.get(work.func.id) if isinstance(work.func, ast.Name) else None
        on_branch |= piece is not None and isinstance(piece.body[0], ast.If)
        result.moved.append(
            Moved(statement.lineno, copy.deepcopy(work), copy.deepcopy(between), on_branch)
        )
        if piece is None:
            _InPlace(name, work).visit(owner[position])
        else:
            _check_after(piece, between)
            owner[position : position + 1] = _inlined(owner[position], name, piece, work)
        block.remove(statement)


def _check_after(piece: Piece, between: Block) -> None:
    """What it has awaited is in the body before its place, and it is started before that."""
    for place in piece.after:
        if not any(place is statement for statement in between):
            raise CannotUndo(f"`{ast.unparse(place)}` is not between a start and its place")


def _last_handle(body: Block) -> tuple[Block, int, str, ast.Call] | None:
    found = None
    for block in blocks_within(body):
        for index, statement in enumerate(block):
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                    work = call if is_hermod_call(call) else work_of(call, None)
                    if isinstance(work, ast.Call):
                        at = statement.lineno
                        if found is None or at >= found[0]:
                            found = at, (block, index, name, work)
    return found[1] if found else None


def _place_of_await(block: Block, start: int, name: str) -> tuple[Block, bool, Block, int] | None:
    """The statements before it, whether it hangs on a test, and where the awaiting statement is."""
    uses = Counter(
        isinstance(node, ast.Await) and isinstance(node.value, ast.Name) and node.value.id == name
        for statement in block[start:]
        for node in ast.walk(statement)
        if (isinstance(node, ast.Await) or (isinstance(node, ast.Name) and node.id == name))
    )
    awaits = uses[True]
    names = sum(
        isinstance(node, ast.Name) and node.id == name
        for statement in block[start:]
        for node in ast.walk(statement)
    )
    if awaits != 1 or names != 1:
        return None
    return way_to(block, start, lambda node: isinstance(node, ast.Name) and node.id == name)


class _InPlace(ast.NodeTransformer):
    def __init__(self, name: str, work: ast.expr) -> None:
        self._name, self._work = name, work

    def visit_Await(self, node: ast.Await) -> ast.Await:
        if isinstance(node.value, ast.Name) and node.value.id == self._name:
            node.value = self._work
            return node
        self.generic_visit(node)
        return node


def _inlined(statement: ast.stmt, name: str, piece: Piece, work: ast.Call) -> Block:
    """A piece of the body that was cut out as a coroutine, back where it is awaited."""
    body = copy.deepcopy(piece.body)
    if len(piece.parameters) != len(work.args) or work.keywords:
        raise CannotUndo(f"`{name}` is started with other arguments than it takes")
    values = dict(zip(piece.parameters, work.args, strict=True))
    if any(not isinstance(value, ast.Name) or value.id != one for one, value in values.items()):
        replacing = Replace(values)
        body = [replacing.visit(one) for one in body]
    if (guarded := guarded_call(body)) is not None:
        _InPlace(name, guarded[1]).visit(statement)
        return [statement]
    returned = None
    if body and isinstance(body[-1], ast.Return):
        returned, body = body[-1].value, body[:-1]
    match statement:
        case ast.Expr(value=ast.Await(value=ast.Name())):
            return body
        case ast.Assign(targets=[target], value=ast.Await(value=ast.Name())) if returned:
            return [*body, *bind(target, returned)]
    if body or returned is None:
        raise CannotUndo(f"`{name}` is awaited inside an expression")
    match returned:
        case ast.Await(value=ast.Call() as call):
            _InPlace(name, call).visit(statement)
            return [statement]
    raise CannotUndo(f"`{name}` is awaited inside an expression")
