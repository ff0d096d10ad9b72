"""What a piece of text may do: names it binds, ways it may leave, containers it changes."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from enum import IntFlag

Scope = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
Comprehension = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
Loop = (ast.For, ast.AsyncFor, ast.While)

#: Methods of containers that change them.
MUTATORS = frozenset({
    "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "update",
    "setdefault", "popitem", "add", "discard", "appendleft", "popleft", "extendleft", "rotate",
    "difference_update", "intersection_update", "symmetric_difference_update", "subtract",
    "put_nowait", "write", "paste", "putpixel",
})  # fmt: skip


class Exits(IntFlag):
    """Ways to leave a statement other than at its end."""

    NONE = 0
    CONTINUE = 1
    BREAK = 2
    RETURN = 4
    RAISE = 8


def within(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All nodes of this scope; of nested functions and classes only themselves."""
    for node in nodes:
        yield node
        if not isinstance(node, Scope):
            yield from within(ast.iter_child_nodes(node))


def bound_names(nodes: Iterable[ast.AST]) -> set[str]:
    """Names bound by these statements, in order to carry the tests around them."""
    found: set[str] = set()
    for node in nodes:
        found |= _bound_by(node)
        if isinstance(node, Comprehension):
            found |= _walruses(node)
        elif not isinstance(node, Scope):
            found |= bound_names(ast.iter_child_nodes(node))
    return found


def _bound_by(node: ast.AST) -> set[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return {name}
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            return {name}
        case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            return {name}
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {(one.asname or one.name).split(".")[0] for one in names}
        case _:
            return set()


def _walruses(node: ast.AST) -> set[str]:
    return {one.target.id for one in within([node]) if isinstance(one, ast.NamedExpr)}


def parameters(arguments: ast.arguments) -> list[str]:
    """Names that can be given by position or by name, in order."""
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [one.arg for one in every]


def every_bound_name(module: ast.Module) -> set[str]:
    """Names that any scope of the program but a class binds."""
    found = bound_names(module.body)
    for node in ast.walk(module):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found |= bound_names(node.body)
        if isinstance(node, Comprehension):
            for generator in node.generators:
                found |= bound_names([generator.target])
        if isinstance(node, ast.arguments):
            extra = [one.arg for one in (node.vararg, node.kwarg) if one]
            found |= {*parameters(node), *extra}
    return found


def exits(nodes: Iterable[ast.AST]) -> Exits:
    """Explicit ways to leave that these statements hold; what their own handlers catch is not."""
    found = Exits.NONE
    for node in nodes:
        match node:
            case ast.Continue():
                found |= Exits.CONTINUE
            case ast.Break():
                found |= Exits.BREAK
            case ast.Return():
                found |= Exits.RETURN
            case ast.Raise() | ast.Assert():
                found |= Exits.RAISE
            case ast.Call(func=func) if ast.unparse(func) in {"sys.exit", "exit", "quit"}:
                found |= Exits.RAISE
        if isinstance(node, Scope):
            continue
        if isinstance(node, ast.Try) and node.handlers:
            found |= exits(node.body) & ~Exits.RAISE
            found |= exits([*node.handlers, *node.orelse, *node.finalbody])
            continue
        inner = exits(ast.iter_child_nodes(node))
        if isinstance(node, Loop):
            inner &= ~(Exits.CONTINUE | Exits.BREAK)
        found |= inner
    return found


def raising_lines(nodes: Iterable[ast.AST]) -> list[int]:
    """Where the function itself may raise, and nothing in it catches that."""
    lines: list[int] = []
    for node in nodes:
        if isinstance(node, (ast.Raise, ast.Assert)):
            lines.append(node.lineno)
        if isinstance(node, ast.Try) and node.handlers:
            lines += raising_lines([*node.handlers, *node.orelse, *node.finalbody])
        elif not isinstance(node, Scope):
            lines += raising_lines(ast.iter_child_nodes(node))
    return lines


def may_raise_call_errors(module: ast.Module) -> bool:
    """Whether a `raise` of the program's own could look like the failure of a call."""
    plain = {name for name, kind in vars(builtins).items() if isinstance(kind, type)}
    classes = [node for node in ast.walk(module) if isinstance(node, ast.ClassDef)]
    plain |= {one.name for one in classes if {ast.unparse(base) for base in one.bases} <= plain}
    for node in ast.walk(module):
        if isinstance(node, ast.Raise):
            kind = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if not isinstance(kind, ast.Name) or kind.id not in plain:
                return True
    return False


def changed(nodes: Iterable[ast.AST]) -> list[tuple[ast.expr, object]]:
    """Containers that these statements change, each with the constant key, or None for any."""
    found: dict[str, tuple[ast.expr, object]] = {}
    for node in within(nodes):
        for base, key in _changed_by(node):
            if root(base):
                found[f"{ast.unparse(base)}[{key!r}]"] = (base, key)
    return list(found.values())


def _changed_by(node: ast.AST) -> Iterator[tuple[ast.expr, object]]:
    match node:
        case ast.Call(func=ast.Attribute(value=base, attr=name)) if name in MUTATORS:
            yield base.value if isinstance(base, ast.Subscript) else base, None
        case ast.Subscript(value=base, slice=ast.Constant(value=key), ctx=ast.Store()):
            yield base, key
        case ast.Subscript(value=base, ctx=ast.Store() | ast.Del()):
            yield base, None
        case ast.Attribute(value=base, attr=name, ctx=ast.Store()):
            yield base, name
        case ast.AugAssign(target=ast.Name(id=name)):
            yield ast.Name(name, ast.Load()), None
        case _:
            return


def root(chain: ast.expr) -> str | None:
    """`a` of `a.b.c`; None of anything else."""
    while isinstance(chain, ast.Attribute):
        chain = chain.value
    return chain.id if isinstance(chain, ast.Name) else None
