"""Which made-up functions a piece of text may call, itself or by functions of the program."""

from __future__ import annotations

import ast
from collections.abc import Iterable


class Reach:
    """By name, as a superset: methods of one name are not told apart."""

    def __init__(self, module: ast.Module) -> None:
        self._bodies: dict[str, list[ast.AST]] = {}
        for node in ast.walk(module):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._bodies.setdefault(node.name, []).extend(node.body)

    def of(self, nodes: Iterable[ast.AST]) -> tuple[str, ...]:
        """First arguments that could be names of functions in a catalog."""
        found: set[str] = set()
        entered: set[str] = set()
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.Call) and node.args:
                match node.args[0]:
                    case ast.Constant(value=str(name)) if name.isidentifier():
                        found.add(name)
            name = _loaded(node)
            if name in self._bodies and name not in entered:
                entered.add(name)
                waiting += self._bodies[name]
            waiting += ast.iter_child_nodes(node)
        return tuple(sorted(found))


def _loaded(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name, ctx=ast.Load()):
            return name
        case _:
            return ""
