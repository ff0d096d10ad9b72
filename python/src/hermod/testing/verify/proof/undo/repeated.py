"""Work that awaits what the body awaits as well: without that, where the body does it before."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable

from hermod.testing.verify.proof.names import loaded, stored
from hermod.testing.verify.proof.undo.early import (
    Block,
    blocks_within,
    loop_of,
    way_from_mark,
)
from hermod.testing.verify.proof.undo.forms import CannotUndo, Loop, Piece, Repeated, Undone
from hermod.testing.verify.proof.undo.scopes import is_hermod_call, work_of


def leading_awaits(body: Block) -> tuple[list[Repeated], Block]:
    """`name = await handle`, once or several times, and what comes then."""
    found = []
    for index, statement in enumerate(body):
        match statement:
            case ast.Assign(targets=[target], value=ast.Await(value=ast.Name(id=handle))):
                found.append(Repeated(handle, target))
            case _:
                return found, body[index:]
    return found, []


def take_out_repeated(result: Undone, early: dict[int, Loop], pieces: Iterable[Piece]) -> None:
    """From the pieces that are awaited in their places, and from the items of loops."""
    places = _places(result.body)
    for piece in pieces:
        if piece.name in _awaited(result.body):
            awaits, rest = leading_awaits(piece.body)
            if rest and all(_is_the_same(one, places.get(one.handle), rest) for one in awaits):
                piece.body = rest
                piece.after = [places[one.handle] for one in awaits]
    for number, loop in early.items():
        _items_in_place(result, number, loop, places)


def _items_in_place(result: Undone, number: int, loop: Loop, places: dict[str, ast.Assign]) -> None:
    node = loop_of(result.body, number)
    match loop.items:
        case ast.Name(id=handle) if node and handle in places:
            target = places[handle].targets[0]
            if not isinstance(target, ast.Name):
                raise CannotUndo("a loop along a result that has no name")
            loop.repeated = [Repeated(handle, target)]
            loop.items = ast.copy_location(ast.Name(target.id, ast.Load()), loop.items)
            node.iter, loop.items_later = loop.items, True
    if not loop.repeated:
        return
    way = way_from_mark(result.body, number)
    for one in loop.repeated:
        place = places.get(one.handle)
        is_between = way is not None and any(place is statement for statement in way[0])
        if not is_between or not _is_the_same(one, place, [ast.Expr(loop.items)]):
            raise CannotUndo(f"`{one.handle}` is not awaited between a loop's start and its place")


def _is_the_same(one: Repeated, place: ast.Assign | None, rest: Block) -> bool:
    """Does the body bind what the rest looks at to the same results?"""
    if place is None:
        return False
    wanted = loaded(rest)
    theirs = dict.fromkeys(stored(place.targets))
    match one.target, place.targets[0]:
        case ast.Name(id=mine), ast.Name(id=name):
            return mine == name
        case ast.Tuple(elts=ours), ast.Tuple(elts=names) if len(ours) == len(names):
            alike = [(ast.unparse(mine), ast.unparse(name))
                     for mine, name in zip(ours, names, strict=True)]  # fmt: skip
            return all(
                mine == name or (mine not in wanted and mine not in theirs) for mine, name in alike
            )
    return False


def _places(body: Block) -> dict[str, ast.Assign]:
    """Of handles that are bound once and awaited in one statement of the body."""
    bound: Counter[str] = Counter()
    awaited: dict[str, list[ast.Assign]] = {}
    for statement in (one for block in blocks_within(body) for one in block):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if (
                is_hermod_call(call) or work_of(call, None)
            ):
                bound[name] += 1
            case ast.Assign(targets=[_], value=ast.Await(value=ast.Name(id=name))):
                awaited.setdefault(name, []).append(statement)
    return {name: places[0] for name, places in awaited.items()
            if bound[name] == 1 and len(places) == 1}  # fmt: skip


def _awaited(body: Block) -> set[str]:
    """Names of the coroutines that are started under a name."""
    works = (work_of(one.value, None) for block in blocks_within(body) for one in block
             if isinstance(one, ast.Assign))  # fmt: skip
    return {work.func.id for work in works
            if isinstance(work, ast.Call) and isinstance(work.func, ast.Name)}  # fmt: skip
