"""Rewrites tests and loops: they get a scope, and what hangs on them carries them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from hermod.testing.ideal.build import (
    assign,
    call,
    constant,
    join_into,
    load,
    statement,
    store,
    tags_name,
    thunk,
)
from hermod.testing.ideal.expressions import (
    pattern,
    shape_of,
)
from hermod.testing.ideal.reach import Reach
from hermod.testing.ideal.scopes import (
    Exits,
    bound_names,
    changed,
    exits,
    root,
    within,
)
from hermod.testing.ideal.simple import Named, Simple


class Branches(Simple):
    """`if`, `match`, `for`, `while`."""

    def __init__(self, module: ast.Module, bound: set[str]) -> None:
        super().__init__(bound)
        self._reach = Reach(module)
        #: Bodies around the statement: of functions, and of loops.
        self._functions: list[list[ast.stmt]] = [module.body]
        self._loops: list[list[ast.stmt]] = []
        #: Of these functions, where they may raise.
        self._raising: list[list[int]] = [[]]

    def _do_if(self, node: ast.If) -> list[ast.stmt]:
        name = self.fresh("i")
        leaves = exits([*node.body, *node.orelse])
        if leaves & Exits.RETURN and any(line > node.lineno for line in self._raising[-1]):
            leaves |= Exits.RAISE  # not to return is, perhaps, to raise: the caller hangs on it
        test = call("branch", *self.pair(node.test), constant(int(leaves)))
        taken = ast.Attribute(load(name), "taken", ast.Load())
        inner = ast.If(taken, self.block(node.body), self.block(node.orelse))
        sides = [*node.body, *node.orelse]
        undecided = self._undecided(name, [*sides, *self._left_out(node, leaves)])
        join = statement(call("join", load(name)))
        return [assign(name, test), *undecided, inner, join, *self._after(name, sides)]

    def _left_out(self, node: ast.If, leaves: int) -> list[ast.stmt]:
        """Other statements that are not reached if a side of the test leaves."""
        around: list[ast.stmt] = self._loops[-1] if self._loops else []
        left_out = [*around] if leaves & (Exits.RETURN | Exits.BREAK) else []  # once more
        if leaves & (Exits.RETURN | Exits.CONTINUE):
            body = self._functions[-1] if leaves & Exits.RETURN else around
            end = node.end_lineno or node.lineno
            later = within(body)
            left_out += [one for one in later if isinstance(one, ast.stmt) and one.lineno > end]
        return left_out

    def _undecided(self, name: str, nodes: Sequence[ast.AST]) -> list[ast.stmt]:
        """Calls that one side makes and the other does not: their state waits for the test."""
        called = self._reach.of(nodes)
        if not called:
            return []
        tags = ast.Attribute(load(name), "tags", ast.Load())
        return [statement(call("undecided", tags, constant(called)))]

    def _after(self, name: str, nodes: Sequence[ast.AST]) -> list[ast.stmt]:
        """Names and containers that either side would have changed carry the test."""
        tags = ast.Attribute(load(name), "tags", ast.Load())
        made = [join_into(one, tags) for one in sorted(bound_names(nodes) & self.bound)]
        for base, key in changed(nodes):
            made.append(statement(call("touch", tags, thunk(base), constant(key))))
        return made

    def _do_match(self, node: ast.Match) -> list[ast.stmt]:
        name = self.fresh("i")
        bodies = [one for case in node.cases for one in case.body]
        subject = call("subject", *self.pair(node.subject), constant(int(exits(bodies))))
        cases = [self._case(case, name) for case in node.cases]
        value = ast.Attribute(load(name), "value", ast.Load())
        undecided = self._undecided(name, bodies)
        made: list[ast.stmt] = [assign(name, subject), *undecided, ast.Match(value, cases)]
        return [*made, statement(call("join", load(name))), *self._after(name, bodies)]

    def _case(self, case: ast.match_case, name: str) -> ast.match_case:
        captured = sorted(bound_names([case.pattern]))
        tags = ast.Attribute(load(name), "tags", ast.Load())
        guard = None
        if case.guard:
            carried = [ast.NamedExpr(store(tags_name(one)), tags) for one in captured]
            guard = call("guard", load(name), *carried, *self.pair(case.guard))
        first = [assign(tags_name(one), tags) for one in captured]
        return ast.match_case(case.pattern, guard, [*first, *self.block(case.body)])

    def _do_for(self, node: ast.For | ast.AsyncFor) -> list[ast.stmt]:
        name = self.fresh("l")
        made: list[ast.stmt] = [assign(name, call("open_loop", constant(int(exits(node.body)))))]
        later: list[ast.stmt] = []
        target = Named(self, later).visit(node.target)
        is_async = isinstance(node, ast.AsyncFor)
        walk = "pairs_async" if is_async else "pairs"
        items = call(walk, *self.pair(node.iter), shape_of(target), load(name))
        kind = ast.AsyncFor if is_async else ast.For
        body = [*later, *self._repeated(node)]
        made.append(kind(pattern(target), items, body, self._else(node, name)))
        made += self._close(name, [node.target, *node.body])
        return [*made, *self._not_reached(node, name)]

    _do_asyncfor = _do_for

    def _repeated(self, node: ast.For | ast.AsyncFor | ast.While) -> list[ast.stmt]:
        self._loops.append(node.body)
        made = self.block(node.body)
        self._loops.pop()
        return made

    def _not_reached(self, node: ast.For | ast.AsyncFor, name: str) -> list[ast.stmt]:
        """Items that the loop would have changed, had it not been left, carry the tests."""
        if not isinstance(node.target, ast.Name) or not exits(node.body):
            return []
        item = node.target.id
        return [
            statement(call("touch_rest", load(name), thunk(base, item), constant(key)))
            for base, key in changed(node.body)
            if root(base) == item
        ]

    def _do_while(self, node: ast.While) -> list[ast.stmt]:
        name = self.fresh("l")
        made: list[ast.stmt] = [assign(name, call("open_loop", constant(int(exits(node.body)))))]
        test = call("again", call("step", load(name)), *self.pair(node.test))
        made.append(ast.While(test, self._repeated(node), self._else(node, name)))
        return [*made, *self._close(name, [*node.body, node.test])]

    def _else(self, node: ast.For | ast.AsyncFor | ast.While, name: str) -> list[ast.stmt]:
        if not node.orelse:
            return []
        return [statement(call("loop_else", load(name))), *self.block(node.orelse)]

    def _close(self, name: str, nodes: Sequence[ast.AST]) -> list[ast.stmt]:
        closed = [statement(call("close_loop", load(name))), *self._undecided(name, nodes)]
        return [*closed, *self._after(name, nodes)]
