"""What names stand for: results that are given back in one shape, and taken in another."""

from __future__ import annotations

import ast
import copy

from hermod.testing.verify.proof.undo.early import Block
from hermod.testing.verify.proof.undo.forms import CannotUndo


class Replace(ast.NodeTransformer):
    """Names to expressions."""

    def __init__(self, values: dict[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Also where it is bound, which these names are not."""
        return copy.deepcopy(self._values.get(node.id, node))


def pairs(target: ast.expr, value: ast.expr) -> list[tuple[str, ast.expr]]:
    """Names, each with what it is bound to."""
    match target, value:
        case ast.Name(id=name), _:
            return [(name, value)]
        case ast.Tuple(elts=names), ast.Tuple(elts=values) if len(names) == len(values):
            return [pair for one in zip(names, values, strict=True) for pair in pairs(*one)]
    raise CannotUndo("results that are given back in another shape than they are taken")


def bind(target: ast.expr, returned: ast.expr | None) -> Block:
    """What the loop's variables get from an iteration; nothing for those that keep their name."""
    if returned is None:
        return []
    bound: Block = []
    for name, value in pairs(target, returned):
        if not (isinstance(value, ast.Name) and value.id == name):
            made = ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=value)
            bound.append(ast.copy_location(made, value))
    return bound
