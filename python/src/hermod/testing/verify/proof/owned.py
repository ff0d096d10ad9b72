"""Names whose values no other name shares: what is changed through them, they alone see."""

from __future__ import annotations

import ast
from collections import Counter

from hermod.testing.verify.proof.names import PURE_BUILTINS, PURE_METHODS, loaded, stored

#: Values that nothing else refers to.
FRESH_CALLS = frozenset({"list", "dict", "set", "sorted", "Counter", "defaultdict", "deque", "str",
                          "int", "float", "len", "sum", "round"})  # fmt: skip
#: Values that cannot be changed, whoever else has them.
_FIXED = (ast.Constant, ast.JoinedStr, ast.Compare)
#: Stands for what another name holds too.
_SHARED = ast.Name("_", ast.Load())


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """All kinds of them."""
    given = function.args
    return {one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs,
                                *filter(None, (given.vararg, given.kwarg)))}  # fmt: skip


def owned(
    body: list[ast.stmt], excluded: set[str], forgetful: frozenset[str] = frozenset()
) -> frozenset[str]:
    """Names that are only ever bound to new values, and never given away: no other name shares
    what is changed through them."""
    values: dict[str, list[ast.expr]] = {}
    for one in body:
        for node in ast.walk(one):
            match node:
                case ast.Assign(targets=targets, value=value):
                    alone = len(targets) == 1 or isinstance(value, _FIXED)
                    for target in targets:
                        _note(target, value if alone else _SHARED, values)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    _note(target, value, values)
    single = stored(body) - excluded
    fresh = {name for name in single if name in values and all(map(is_fresh, values[name]))}
    fixed = {name for name in fresh if all(isinstance(one, _FIXED) for one in values[name])}
    return frozenset(fresh - (_given_away(body, forgetful) - fixed))


def _note(target: ast.expr, value: ast.expr, values: dict[str, list[ast.expr]]) -> None:
    match target, value:
        case ast.Name(id=name), _:
            values.setdefault(name, []).append(value)
        case ast.Tuple(elts=ones), ast.Tuple(elts=others) if len(ones) == len(others):
            for one, other in zip(ones, others, strict=True):
                _note(one, other, values)
        case ast.Tuple(elts=ones), _:
            parts = value if isinstance(value, ast.Await) else _SHARED
            for one in ones:
                _note(one, parts, values)


def is_fresh(value: ast.expr) -> bool:
    """Does nothing else refer to it, or can it not be changed?"""
    match value:
        case (
            ast.Constant()
            | ast.JoinedStr()
            | ast.List()
            | ast.Dict()
            | ast.Set()
            | ast.ListComp()
            | ast.DictComp()
            | ast.SetComp()
            | ast.BinOp()
            | ast.Compare()
        ):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in FRESH_CALLS
        case ast.Await(value=ast.Call(func=ast.Attribute(attr="call") | ast.Name(id="call"))):
            return True
    return False


def _given_away(body: list[ast.stmt], forgetful: frozenset[str] = frozenset()) -> set[str]:
    """Names whose values are stored elsewhere, or handed to somebody who may keep them."""
    found: set[str] = set()
    for one in body:
        for node in ast.walk(one):
            match node:
                case (
                    ast.Assign(value=value)
                    | ast.AnnAssign(value=ast.expr() as value)
                    | ast.AugAssign(value=value)
                    | ast.NamedExpr(value=value)
                ):
                    found |= _shared(value)
                case ast.For(iter=items) | ast.comprehension(iter=items):
                    found |= _shared(items) - loaded([items] if isinstance(items, ast.Name) else [])
                case ast.Call(func=ast.Attribute(attr=name)):
                    if name not in PURE_METHODS and name != "call":
                        found |= _shared_arguments(node)
                case ast.Call(func=ast.Name(id=name)):
                    if name not in PURE_BUILTINS | forgetful | {"print"}:
                        found |= _shared_arguments(node)
                case ast.Lambda() | ast.FunctionDef() | ast.AsyncFunctionDef():
                    found |= loaded([node])
    return found


def _shared_arguments(call: ast.Call) -> set[str]:
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    return {shared for one in arguments for shared in _shared(one)}


def _shared(value: ast.expr) -> set[str]:
    """Names that a value is, or holds."""
    match value:
        case ast.Name(id=name):
            return {name}
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return {name for item in items for name in _shared(item)}
        case ast.Dict(values=items):
            return {name for item in items for name in _shared(item)}
        case ast.IfExp(body=one, orelse=other):
            return _shared(one) | _shared(other)
        case ast.BoolOp(values=items):
            return {name for item in items for name in _shared(item)}
        case ast.NamedExpr(value=inner) | ast.Starred(value=inner):
            return _shared(inner)
    return set()


def forgetful_functions(tree: ast.Module) -> frozenset[str]:
    """Functions that neither keep what they are given nor give it back."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    functions = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    defined = Counter(node.name for node in functions)
    bound = stored([tree])
    return frozenset(
        node.name
        for node in functions
        if isinstance(node, ast.FunctionDef)
        and defined[node.name] == 1
        and node.name not in bound
        and not parameters(node) & _outlives(node)
    )


def _outlives(function: ast.FunctionDef) -> set[str]:
    """Names whose values may be held by others when the function has returned."""
    found = _given_away(function.body)
    for node in ast.walk(function):
        match node:
            case ast.Return(value=ast.expr() as value):
                found |= _shared(value)
            case ast.Yield() | ast.YieldFrom() | ast.Global() | ast.Nonlocal():
                found |= parameters(function)
    return found
