"""What a program's text says about the values that matter to it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_TEXT_TESTS = frozenset({"startswith", "endswith", "count", "find", "index", "removeprefix"})
_CONCURRENT = frozenset({
    "gather", "create_task", "ensure_future", "TaskGroup", "as_completed", "wait", "wait_for",
    "timeout", "ahead", "run_in_executor", "to_thread",
})  # fmt: skip
#: Longer ones are what a program says, not what it compares with.
_LONGEST_TEXT = 60


@dataclass(frozen=True)
class Hints:
    """Texts and numbers that occur in tests; each number with its neighbours."""

    texts: tuple[str, ...]
    numbers: tuple[float, ...]
    #: It runs calls side by side itself: its behaviours under all latencies are allowed (O4).
    concurrent: bool


def hints(source: str) -> Hints:
    """Of a program that can be parsed."""
    tree = ast.parse(source)
    found = [constant for node in ast.walk(tree) for constant in _tested(node)]
    texts = dict.fromkeys(one for one in found if isinstance(one, str))
    numbers = [one for one in found if isinstance(one, int | float) and not isinstance(one, bool)]
    short = tuple(one for one in texts if len(one) <= _LONGEST_TEXT)
    around = [near for one in numbers for near in (one, one - 1, one + 1) if near >= min(one, 0)]
    return Hints(short, tuple(dict.fromkeys(around)), _is_concurrent(tree))


def _tested(node: ast.AST) -> Iterator[object]:
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            is_order = any(isinstance(one, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for one in ops)
            for side in (left, *others):
                for value in _constants(side):
                    yield value
                    if is_order and isinstance(value, str):
                        yield f"{value}z"  # one beyond it
        case ast.Call(func=ast.Attribute(attr=name), args=arguments) if name in _TEXT_TESTS:
            for argument in arguments:
                yield from _constants(argument)
        case ast.MatchValue(value=value):
            yield from _constants(value)
        case ast.Dict(keys=keys):  # a table that results are looked up in
            for key in keys:
                if key is not None:
                    yield from _constants(key)


def _constants(node: ast.expr) -> Iterator[object]:
    match node:
        case ast.Constant(value=value):
            yield value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            yield -value
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            for item in items:
                yield from _constants(item)


def _is_concurrent(tree: ast.AST) -> bool:
    awaited = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Await)}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) | ast.Name(id=name) if name in _CONCURRENT:
                return True
            case ast.Call(func=ast.Attribute(value=ast.Name(id="hermod"), attr="call")):
                if id(node) not in awaited:
                    return True
    return False
