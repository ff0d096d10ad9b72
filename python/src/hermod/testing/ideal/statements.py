"""Rewrites statements: variables get a variable beside them for what they carry, tests a scope."""

from __future__ import annotations

import ast

from hermod.testing.ideal.branches import Branches
from hermod.testing.ideal.build import (
    Pair,
    assign,
    call,
    constant,
    load,
    register,
    several,
    statement,
    store,
    tags_name,
    thunk,
)
from hermod.testing.ideal.expressions import (
    names_of,
)
from hermod.testing.ideal.scopes import (
    bound_names,
    every_bound_name,
    exits,
    may_raise_call_errors,
    raising_lines,
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


class Statements(Branches):
    """Of one program: failures and contexts, functions and classes."""

    def __init__(self, module: ast.Module, bound: set[str]) -> None:
        super().__init__(module, bound)
        #: What is raised may be taken for a call's failure.
        self._mistakable = may_raise_call_errors(module)

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
