"""Names that statements look at and bind, and those of Python whose functions only compute."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

Nodes = Iterable[ast.AST]

PURE_BUILTINS = frozenset({
    "abs", "all", "any", "bool", "bytes", "chr", "dict", "divmod", "enumerate", "filter", "float",
    "format", "frozenset", "int", "isinstance", "len", "list", "max", "min", "ord", "pow", "range",
    "repr", "reversed", "round", "set", "sorted", "str", "sum", "suppress", "tuple", "zip",
})  # fmt: skip
PURE_METHODS = frozenset({
    "capitalize", "casefold", "convert", "copy", "count", "crop", "difference", "endswith",
    "find", "format", "get", "index", "intersection", "isalnum", "isalpha", "isdigit",
    "islower", "isnumeric", "isspace", "issubset", "istitle", "isupper", "items", "join",
    "keys", "ljust", "lower", "lstrip", "most_common", "partition", "removeprefix",
    "removesuffix", "replace", "resize", "rfind", "rjust", "rotate", "rpartition", "rsplit",
    "rstrip", "split", "splitlines", "startswith", "strip", "title", "transpose", "union",
    "upper", "values", "zfill",
})  # fmt: skip


def base(node: ast.AST) -> str | None:
    """The name at the root of `name.a[b].c(…)`."""
    while True:
        match node:
            case ast.Name(id=name):
                return name
            case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Call(func=inner):
                node = inner
            case _:
                return None


def names(nodes: Nodes) -> Iterator[ast.Name]:
    """All names, in no order."""
    for one in nodes:
        for node in ast.walk(one):
            if isinstance(node, ast.Name):
                yield node


def loaded(nodes: Nodes) -> set[str]:
    """What is looked at."""
    return {name.id for name in names(nodes) if isinstance(name.ctx, ast.Load)}


def stored(nodes: Nodes) -> set[str]:
    """What is bound, handlers' names among it."""
    nodes = list(nodes)
    found = {name.id for name in names(nodes) if isinstance(name.ctx, ast.Store)}
    handlers = (node for one in nodes for node in ast.walk(one))
    for node in handlers:
        match node:
            case (
                ast.ExceptHandler(name=str() as name)
                | ast.MatchAs(name=str() as name)
                | ast.MatchStar(name=str() as name)
                | ast.MatchMapping(rest=str() as name)
            ):
                found.add(name)
    return found
