"""Rewrites statements: variables get a variable beside them for what they carry, tests a scope."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from hermod.testing.ideal.build import (
    RUNTIME,
    CannotTrace,
    Pair,
    assign,
    call,
    constant,
    join_into,
    load,
    register,
    runtime,
    several,
    statement,
    store,
    tags_name,
    thunk,
    with_control,
)
from hermod.testing.ideal.expressions import (
    OPERATORS,
    Expressions,
    names_of,
    pattern,
    shape_of,
)
from hermod.testing.ideal.reach import Reach
from hermod.testing.ideal.scopes import (
    Exits,
    bound_names,
    changed,
    every_bound_name,
    exits,
    may_raise_call_errors,
    raising_lines,
    root,
    within,
)


def rewrite(module: ast.Module) -> tuple[ast.Module, set[str]]:
    """The program that traces itself, and the names that it binds."""
    bound = every_bound_name(module)
    made = Statements(module, bound).block(module.body)
    # `from __future__` must stay on top.
    futures = [
        one for one in made if isinstance(one, ast.ImportFrom) and one.module == "__future__"
    ]
    others = [one for one in made if one not in futures]
    whole = ast.Module([*futures, *others], [])
    return ast.fix_missing_locations(whole), bound


class Statements(Expressions):
    """Of one program."""

    def __init__(self, module: ast.Module, bound: set[str]) -> None:
        super().__init__(bound)
        #: What is raised may be taken for a call's failure.
        self._mistakable = may_raise_call_errors(module)
        self._reach = Reach(module)
        #: Bodies around the statement: of functions, and of loops.
        self._functions: list[list[ast.stmt]] = [module.body]
        self._loops: list[list[ast.stmt]] = []
        self._count = 0
        self._raising: list[list[int]] = [[]]

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

    # Plain statements.

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

    # Assignments.

    def _do_assign(self, node: ast.Assign) -> list[ast.stmt]:
        made, value = self._kept(node.value)
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            tags = with_control(register())
            return [assign(name, self.value(node.value)), assign(tags_name(name), tags)]
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
        named = _Named(self, later)
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

    # Tests.

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

    # Loops.

    def _do_for(self, node: ast.For | ast.AsyncFor) -> list[ast.stmt]:
        name = self.fresh("l")
        made: list[ast.stmt] = [assign(name, call("open_loop", constant(int(exits(node.body)))))]
        later: list[ast.stmt] = []
        target = _Named(self, later).visit(node.target)
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

    # Failures and contexts.

    def _do_try(self, node: ast.Try) -> list[ast.stmt]:
        name = self.fresh("y")
        types = [handler.type or load("BaseException") for handler in node.handlers]
        leaves = constant(tuple(int(exits([handler])) for handler in node.handlers))
        enter = call("open_try", thunk(several(*types)), leaves, constant(self._mistakable))
        inner = ast.Try(
            self.block(node.body),
            [self._handler(handler, name) for handler in node.handlers],
            self.block(node.orelse) or [],
            [],
        )
        last = [statement(call("last", load(name))), *self.block(node.finalbody)]
        inner.finalbody = last if node.finalbody else []
        made: list[ast.stmt] = [
            assign(name, enter),
            inner,
            statement(call("close_try", load(name))),
        ]
        made += self._undecided(name, node.handlers)
        return [*made, *self._after(name, [*node.handlers])]

    def _handler(self, node: ast.ExceptHandler, name: str) -> ast.ExceptHandler:
        caught = node.name or self.fresh("e")
        first: list[ast.stmt] = [statement(call("caught", load(name), load(caught)))]
        if node.name:
            first.append(assign(tags_name(node.name), register()))
        return ast.ExceptHandler(node.type or load("BaseException"), caught,
                                 [*first, *self.block(node.body)])  # fmt: skip

    def _do_with(self, node: ast.With | ast.AsyncWith) -> list[ast.stmt]:
        item, *others = node.items
        body: list[ast.stmt] = node.body
        if others:
            body = [ast.copy_location(type(node)(others, node.body), node)]
        name = self.fresh("w")
        entered = call("open_with", *self.pair(item.context_expr))
        target = load(name)
        bind: list[ast.stmt] = []
        if item.optional_vars:
            value = Pair(load(f"{name}_v"), ast.Attribute(target, "given", ast.Load()))
            bind = self.bind(item.optional_vars, value)
        items = [ast.withitem(ast.Attribute(target, "value", ast.Load()), store(f"{name}_v"))]
        entered_ = statement(call("entered", target))
        inner = type(node)(items, [entered_, *bind, *self.block(body)])
        return [assign(name, entered), inner, statement(call("close_try", target))]

    _do_asyncwith = _do_with

    # Functions and classes.

    def _do_functiondef(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, *, in_class: bool = False
    ) -> list[ast.stmt]:
        names, arguments = self.signature(node.args)
        self.first_parameter.append(names[0] if names else "")
        self._raising.append(raising_lines(node.body))
        self._functions.append(node.body)
        loops, self._loops = self._loops, []
        inside = within(node.body)
        declared = {name for one in inside if isinstance(one, (ast.Global, ast.Nonlocal))
                    for name in one.names}  # fmt: skip
        own = sorted(bound_names(node.body) - declared - set(names))
        entry: list[ast.stmt] = [
            one for one in node.body if isinstance(one, ast.Nonlocal | ast.Global)
        ]
        body = [one for one in node.body if one not in entry]
        made: list[ast.stmt] = [copy for one in entry for copy in self.statement(one)]
        made.append(assign("_f", call("enter", load("_t"), names_of(node.args))))
        for place, name in enumerate(names):
            made.append(assign(tags_name(name), call("argument", load("_f"), constant(place))))
        made += [assign(tags_name(name), constant(0)) for name in own]
        end = ast.Return(call("returned", constant(None), constant(0)))
        leave = statement(call("leave", load("_f")))
        rest = [*self.block(body), *([] if _is_async_generator(node) else [end])]
        made.append(ast.Try(rest or [ast.Pass()], [], [], [leave]))
        self.first_parameter.pop()
        self._raising.pop()
        self._functions.pop()
        self._loops = loops
        function = type(node)(node.name, arguments, made, node.decorator_list, None)
        return [function] if in_class else [function, assign(tags_name(node.name), constant(0))]

    _do_asyncfunctiondef = _do_functiondef

    def _do_classdef(self, node: ast.ClassDef) -> list[ast.stmt]:
        """Only its methods are rewritten: what stands beside them runs once, and calls nothing."""
        self.classes.append(node.name)
        body: list[ast.stmt] = []
        for one in node.body:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                body += self._do_functiondef(one, in_class=True)
            else:
                body.append(one)
        self.classes.pop()
        made = ast.ClassDef(node.name, node.bases, node.keywords, body, node.decorator_list)
        return [made, assign(tags_name(node.name), constant(0))]


def _is_async_generator(node: ast.AST) -> bool:
    yields = (ast.Yield, ast.YieldFrom)
    inside = any(isinstance(one, yields) for one in within(getattr(node, "body", [])))
    return inside and isinstance(node, ast.AsyncFunctionDef)


class _Named(ast.NodeTransformer):
    """Puts a name in the place of each attribute and item of a target, to be assigned from it."""

    def __init__(self, statements: Statements, later: list[ast.stmt]) -> None:
        self._statements, self._later = statements, later

    def _by_name(self, node: ast.expr) -> ast.expr:
        name = self._statements.fresh("u")
        self._later += self._statements.bind(node, Pair(load(name), load(tags_name(name))))
        return ast.copy_location(store(name), node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._by_name(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return self._by_name(node)


__all__ = ["RUNTIME", "Exits", "Statements", "rewrite", "runtime"]
