"""Comprehensions over what runs ahead."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable

from hermod.testing.verify.proof.undo.early import Block
from hermod.testing.verify.proof.undo.forms import CannotUndo, Loop
from hermod.testing.verify.proof.undo.results import Replace, pairs
from hermod.testing.verify.proof.undo.scopes import Scopes, each_of

#: Of what runs per item: the variables, the statements, and what is given back.
Iteration = Callable[[ast.expr], tuple[ast.expr, Block, ast.expr | None]]


class Elements(ast.NodeTransformer):
    """`[x async for x in early.each(f, items)]` to `[… for … in items]`."""

    def __init__(self, iteration: Iteration, found: list[Loop], scopes: Scopes) -> None:
        self._iteration, self._found, self._scopes = iteration, found, scopes

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Comprehensions, those inside first."""
        node = super().generic_visit(node)
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            for generator in node.generators:
                each = each_of(generator.iter, self._scopes) if generator.is_async else None
                if each is not None:
                    if len(node.generators) != 1:
                        raise CannotUndo("a comprehension over several things")
                    return self._undone(node, generator, *each)
        return node

    def _undone(
        self, node: ast.AST, generator: ast.comprehension, function: ast.expr, items: ast.expr
    ) -> ast.AST:
        target, body, returned = self._iteration(function)
        tests: list[ast.expr] = []
        match body:
            case [ast.If(test=ast.UnaryOp(op=ast.Not(), operand=test), body=[ast.Return()])]:
                tests, body = [test], []
        if body or returned is None:
            raise CannotUndo("elements of a comprehension that take several statements")
        pattern, wanted = generator.target, generator.ifs
        if tests:
            match pattern, wanted, returned:
                case (
                    ast.Tuple(elts=[ast.Name(id=flag), inner]),
                    [ast.Name(id=test_of)],
                    ast.Tuple(elts=[ast.Constant(value=True), value]),
                ) if flag == test_of:
                    pattern, wanted, returned = inner, [], value
                case _:
                    raise CannotUndo("a filter of a comprehension")
        values = dict(pairs(pattern, returned))
        self._found.append(
            Loop(generator.iter.lineno, items, target,
                 [ast.Expr(one) for one in (*tests, *values.values())],
                 [], set(values))
        )  # fmt: skip
        made = copy.copy(node)
        replacing = Replace(values)
        for name in ("elt", "key", "value"):
            if hasattr(made, name):
                setattr(made, name, replacing.visit(copy.deepcopy(getattr(made, name))))
        tests += [replacing.visit(copy.deepcopy(test)) for test in wanted]
        new = ast.comprehension(target=target, iter=items, ifs=tests, is_async=0)
        made.generators = [new]  # type: ignore[attr-defined]
        return made
