"""Rewrites statements that run through: what they bind gets a variable beside it."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from hermod.testing.ideal.build import (
    CannotTrace,
    Pair,
    assign,
    call,
    constant,
    load,
    register,
    statement,
    store,
    tags_name,
    with_control,
)
from hermod.testing.ideal.expressions import (
    OPERATORS,
    Expressions,
    pattern,
    shape_of,
)
from hermod.testing.ideal.scopes import (
    bound_names,
)


class Simple(Expressions):
    """Assignments, returns, imports and their like."""

    def __init__(self, bound: set[str]) -> None:
        super().__init__(bound)
        self._count = 0

    def block(self, nodes: Sequence[ast.stmt]) -> list[ast.stmt]:
        """One after the other."""
        made: list[ast.stmt] = []
        for node in nodes:
            made += [ast.copy_location(one, node) for one in self.statement(node)]
        return made

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        """What stands in its place."""
        method = getattr(self, f"_do_{type(node).__name__.lower()}", None)
        if method is None:
            raise CannotTrace(node.lineno, f"{type(node).__name__} is not traced")
        made: list[ast.stmt] = method(node)
        return made

    def fresh(self, word: str) -> str:
        """A name that nobody has."""
        self._count += 1
        return f"_{word}{self._count}"

    def _same(self, node: ast.stmt) -> list[ast.stmt]:
        return [node]

    _do_pass = _do_break = _do_continue = _same

    def _do_global(self, node: ast.Global) -> list[ast.stmt]:
        return [ast.Global([*node.names, *map(tags_name, node.names)])]

    def _do_nonlocal(self, node: ast.Nonlocal) -> list[ast.stmt]:
        return [ast.Nonlocal([*node.names, *map(tags_name, node.names)])]

    def _do_import(self, node: ast.Import | ast.ImportFrom) -> list[ast.stmt]:
        names = sorted(bound_names([node]) - {"*"})
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            return [node]
        return [node, *(assign(tags_name(name), constant(0)) for name in names)]

    _do_importfrom = _do_import

    def _do_expr(self, node: ast.Expr) -> list[ast.stmt]:
        return [statement(self.value(node.value))]

    def _do_return(self, node: ast.Return) -> list[ast.stmt]:
        return [ast.Return(call("returned", *self.pair(node.value or constant(None))))]

    def _do_raise(self, node: ast.Raise) -> list[ast.stmt]:
        if node.exc is None:
            return [statement(call("raise_again")), node]
        cause = self.value(node.cause) if node.cause else None
        return [ast.Raise(call("raised", *self.pair(node.exc)), cause)]

    def _do_assert(self, node: ast.Assert) -> list[ast.stmt]:
        test = call("asserted", *self.pair(node.test))
        message = call("plain", *self.pair(node.msg)) if node.msg else None
        return [ast.Assert(test, message)]

    def _do_delete(self, node: ast.Delete) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                base, key = self.pair(target.value), self.pair(target.slice)
                made.append(statement(call("delete_item", *base, *key)))
            else:
                made.append(ast.Delete([target]))
        return made

    def _do_assign(self, node: ast.Assign) -> list[ast.stmt]:
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            tags = with_control(register())
            return [assign(name, self.value(node.value)), assign(tags_name(name), tags)]
        made, value = self._kept(node.value)
        for target in node.targets:
            made += self.bind(target, value)
        return made

    def _do_annassign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        if node.value is None:
            return [ast.Pass()]
        made, value = self._kept(node.value)
        return made + self.bind(node.target, value)

    def _kept(self, node: ast.expr) -> tuple[list[ast.stmt], Pair]:
        """The value and what it carries, in two names."""
        name = self.fresh("v")
        made = [assign(name, self.value(node)), assign(f"{name}_t", register())]
        return made, Pair(load(name), load(f"{name}_t"))

    def bind(self, target: ast.expr, value: Pair) -> list[ast.stmt]:
        """`target = value`"""
        match target:
            case ast.Name(id=name):
                return [
                    assign(name, value.value),
                    assign(tags_name(name), with_control(value.tags)),
                ]
            case ast.Attribute(value=base, attr=attribute):
                where = self.pair(base)
                name_ = constant(self.mangled(attribute))
                return [statement(call("set_attribute", *where, name_, *value))]
            case ast.Subscript(value=base, slice=key):
                return [statement(call("set_item", *self.pair(base), *self.pair(key), *value))]
            case _:
                return self._unpack(target, value)

    def _unpack(self, target: ast.expr, value: Pair) -> list[ast.stmt]:
        """Names at once; other targets by way of a name each."""
        later: list[ast.stmt] = []
        named = Named(self, later)
        names = named.visit(target)
        split = call("split", *value, shape_of(target))
        return [ast.Assign([pattern(names)], split), *later]

    def _do_augassign(self, node: ast.AugAssign) -> list[ast.stmt]:
        operator = constant(f"{OPERATORS[type(node.op)]}=")
        match node.target:
            case ast.Name(id=name):
                old = Pair(load(name), load(tags_name(name)))
                new = call("operate", operator, *old, *self.pair(node.value))
                return [assign(name, new), assign(tags_name(name), with_control(register()))]
            case ast.Attribute(value=base, attr=attribute):
                made, kept = self._kept(base)
                key = Pair(constant(self.mangled(attribute)), constant(0))
                read, write = call("attribute", *kept, key.value), "set_attribute"
                where = [*kept, key.value]
            case ast.Subscript(value=base, slice=index):
                made, kept = self._kept(base)
                more, key = self._kept(index)
                made += more
                read, write = call("subscript", *kept, *key), "set_item"
                where = [*kept, *key]
        new = call("operate", operator, read, register(), *self.pair(node.value))
        return [*made, statement(call(write, *where, new, register()))]


class Named(ast.NodeTransformer):
    """Puts a name in the place of each attribute and item of a target, to be assigned from it."""

    def __init__(self, statements: Simple, later: list[ast.stmt]) -> None:
        self._statements, self._later = statements, later

    def _by_name(self, node: ast.expr) -> ast.expr:
        name = self._statements.fresh("u")
        self._later += self._statements.bind(node, Pair(load(name), load(tags_name(name))))
        return ast.copy_location(store(name), node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._by_name(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return self._by_name(node)
