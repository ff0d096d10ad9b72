"""Which names may hold the same things, or parts of them: conservative, whatever the order."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hermod.testing.verify.proof.names import (
    PURE_BUILTINS,
    PURE_METHODS,
    Nodes,
    base,
    loaded,
    stored,
)

#: Their results hold nothing of what they are given.
_PLAIN = frozenset({"str", "len", "int", "float", "round", "repr", "bool", "format", "isinstance"})


def together(body: Nodes, changed: set[str]) -> set[str]:
    """These names, and all that may hold a part of what one of them holds."""
    links = [link for link in _links(body) if len(link) > 1]
    found = set(changed)
    while True:
        grown = found.union(*(link for link in links if link & found))
        if grown == found:
            return found
        found = grown


def _links(body: Nodes) -> Iterator[set[str]]:
    for one in body:
        for node in ast.walk(one):
            yield _link(node)


def _link(node: ast.AST) -> set[str]:
    """The names that one node puts together."""
    match node:
        case ast.Assign(targets=targets, value=value):
            return _bases(targets) | held(value)
        case (
            ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.AugAssign(target=target, value=value)
            | ast.NamedExpr(target=target, value=value)
            | ast.For(target=target, iter=value)
            | ast.AsyncFor(target=target, iter=value)
            | ast.comprehension(target=target, iter=value)
            | ast.withitem(context_expr=value, optional_vars=ast.expr() as target)
        ):
            return _bases([target]) | held(value)
        case ast.Match(subject=subject, cases=cases):
            return stored([case_.pattern for case_ in cases]) | held(subject)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return {name} | loaded([node])
        case ast.Call(func=ast.Attribute(attr="call")):
            return set()  # what is sent is copied
        case ast.Call(func=ast.Attribute(value=receiver, attr=name)) if name not in PURE_METHODS:
            root = base(receiver)
            return _given(node) | ({root} if root else set())
        case ast.Call(func=ast.Name(id=name)) if name not in PURE_BUILTINS | {"print"}:
            return _given(node) | {name}  # a method, perhaps, that puts them somewhere
        case ast.Call(func=ast.Subscript() | ast.Call() as called):
            return _given(node) | held(called)
    return set()


def _bases(targets: list[ast.expr]) -> set[str]:
    roots = {base(node) for one in targets for node in ast.walk(one)
             if isinstance(node, ast.Subscript | ast.Attribute)}  # fmt: skip
    return stored(targets) | {root for root in roots if root}


def _given(call: ast.Call) -> set[str]:
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    return {name for one in arguments for name in held(one)}


def held(value: ast.AST) -> set[str]:
    """Names of which the value may hold something."""
    match value:
        case ast.Name(id=name):
            return {name}
        case ast.Constant() | ast.JoinedStr() | ast.Compare():
            return set()
        case ast.Await(value=ast.Call(func=ast.Attribute(attr="call"))):
            return set()
        case ast.Call(func=ast.Name(id=name)) if name in _PLAIN:
            return set()
        case ast.Call(func=ast.Name(id=name)) if name in PURE_BUILTINS:
            return _given(value)
    return {name for child in ast.iter_child_nodes(value) for name in held(child)}
