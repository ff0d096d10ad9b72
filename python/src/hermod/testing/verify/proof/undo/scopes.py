"""Scopes of `hermod.ahead`: where they are, and what is started in them."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from hermod.testing.verify.proof.undo.early import Block
from hermod.testing.verify.proof.undo.forms import CannotUndo

#: Names of scopes; whether what they make are guesses (E3).
Scopes = dict[str, bool]


def check_scopes(body: Block) -> None:
    """What is started in a scope ends with it, and is of no use to anybody after it."""
    whole = ast.Module(body, [])
    ahead = [node for node in ast.walk(whole) if isinstance(node, ast.AsyncWith)
             and any(is_ahead(item.context_expr) for item in node.items)]  # fmt: skip
    for scope in ahead:
        handles = {
            target.id
            for node in own_nodes(scope)
            if isinstance(node, ast.Assign)
            if each_of(node.value, None) or work_of(node.value, None)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        inside = {id(node) for node in ast.walk(scope)}
        for node in own_nodes(whole):
            if isinstance(node, ast.Name) and node.id in handles and id(node) not in inside:
                raise CannotUndo(f"`{node.id}` is looked at where its scope has ended")
    inside = {id(node) for scope in ahead for node in ast.walk(scope)}
    for node in own_nodes(whole):
        if (each_of(node, None) or work_of(node, None)) and id(node) not in inside:
            raise CannotUndo("work is started where its scope has ended")


def own_nodes(whole: ast.AST) -> Iterator[ast.AST]:
    """All in there, without those of nested functions."""
    for child in ast.iter_child_nodes(whole):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from own_nodes(child)


def scopes_in(body: Block) -> Scopes:
    """Names of `async with hermod.ahead() as early`, which coroutines above may use too."""
    return {
        item.optional_vars.id: guesses(item.context_expr)
        for one in body
        for node in ast.walk(one)
        if isinstance(node, ast.AsyncWith)
        for item in node.items
        if isinstance(item.optional_vars, ast.Name) and is_ahead(item.context_expr)
    }


def is_ahead(call: ast.expr) -> bool:
    """`hermod.ahead(…)`."""
    match call:
        case ast.Call(func=ast.Attribute(attr="ahead") | ast.Name(id="ahead")):
            return True
    return False


def guesses(ahead: ast.expr) -> bool:
    """Are calls that are made in this scope guesses? Only if it says so plainly (E3)."""
    match ahead:
        case ast.Call(args=[], keywords=[ast.keyword("speculate", ast.Constant(value=allowance))]):
            return bool(allowance)
    return False


def each_of(call: ast.AST, scopes: Scopes | None) -> tuple[ast.expr, ast.expr] | None:
    """What `early.each(function, items)` is given; in any scope, if none are named."""
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=early), attr="each"), args=[function, items]
        ) if scopes is None or early in scopes:
            return function, items
    return None


def work_of(call: ast.AST, scopes: Scopes | None) -> ast.expr | None:
    """What `early.start(work)` is given."""
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=early), attr="start"), args=[work]):
            return work if scopes is None or early in scopes else None
    return None


def is_hermod_call(call: ast.Call) -> bool:
    """`hermod.call(…)`."""
    match call.func:
        case ast.Attribute(value=ast.Name(id="hermod"), attr="call") | ast.Name(id="call"):
            return True
    return False


class _WaitedFor(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        return work_of(node, None) or node


def waited_for(body: Block) -> Block:
    """What is started counts as if it were done there."""
    return [_WaitedFor().visit(copy.deepcopy(one)) for one in body]
