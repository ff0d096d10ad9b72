"""Small pieces of syntax for the rewritten program."""

from __future__ import annotations

import ast
from typing import NamedTuple

RUNTIME = "_R"
PENDING = "_t"


class CannotTrace(Exception):
    """A construct whose dependences cannot be told exactly."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"line {line}: {why}")
        self.line, self.why = line, why


class Pair(NamedTuple):
    """Two expressions, to be evaluated one right after the other: a value, and what it carries."""

    value: ast.expr
    tags: ast.expr


def tags_name(name: str) -> str:
    """The variable that stands beside a variable."""
    return f"_t_{name}"


def load(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def store(name: str) -> ast.Name:
    return ast.Name(name, ast.Store())


def constant(value: object) -> ast.expr:
    return ast.Constant(value)  # type: ignore[arg-type]


def runtime(name: str) -> ast.expr:
    """`_R.name`"""
    return ast.Attribute(load(RUNTIME), name, ast.Load())


def call(name: str, *arguments: ast.expr) -> ast.expr:
    """`_R.name(…)`"""
    return ast.Call(runtime(name), list(arguments), [])


def several(*parts: ast.expr) -> ast.expr:
    return ast.Tuple(list(parts), ast.Load())


def register() -> ast.expr:
    """What the expression just evaluated carries."""
    return runtime("t")


def with_control(tags: ast.expr) -> ast.expr:
    """… and the tests around it."""
    return ast.BinOp(tags, ast.BitOr(), runtime("c"))


def assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([store(name)], value)


def statement(value: ast.expr) -> ast.stmt:
    return ast.Expr(value)


def thunk(value: ast.expr, *names: str) -> ast.expr:
    """`lambda names: value`"""
    arguments = ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])
    return ast.Lambda(arguments, value)


def let(names: list[str], values: list[ast.expr], body: ast.expr) -> ast.expr:
    """`(lambda names: body)(values)`: binds where no walrus may stand."""
    return ast.Call(thunk(body, *names), values, [])


def join_into(name: str, tags: ast.expr) -> ast.stmt:
    """`_t_name |= tags`"""
    return ast.AugAssign(store(tags_name(name)), ast.BitOr(), tags)
