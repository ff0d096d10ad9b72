"""The smallest program that shows what a large one shows: statements are left out while it does."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

#: Programs that are tried for it.
PATIENCE = 600


def smallest(program: str, shows: Callable[[str], bool], patience: int = PATIENCE) -> str:
    """Leaves out statements, largest first, and unwraps blocks, as long as it still shows it."""
    again = True
    while again:
        again = False
        for candidate in _smaller(program):
            patience -= 1
            if patience < 0:
                return program
            if shows(candidate):
                program, again = candidate, True
                break
    return program


def _smaller(program: str) -> Iterator[str]:
    tree = ast.parse(program)
    lines = program.splitlines(keepends=True)
    blocks = [block for node in ast.walk(tree) for block in _blocks(node)]
    places = [(statement, len(block)) for block in blocks for statement in block]
    places.sort(key=lambda place: place[0].lineno - (place[0].end_lineno or 0))
    for statement, together in places:
        first, last = _first_line(statement) - 1, statement.end_lineno or 0
        indentation = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
        if isinstance(statement, ast.Pass) and together == 1:
            continue
        kept = [f"{indentation}pass\n"] if together == 1 else []
        yield from _valid([*lines[:first], *kept, *lines[last:]])
        for block in _blocks(statement):
            start, end = _first_line(block[0]) - 1, block[-1].end_lineno or 0
            inner = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
            body = [line.replace(inner, indentation, 1) for line in lines[start:end]]
            yield from _valid([*lines[:first], *body, *lines[last:]])


def _blocks(node: ast.AST) -> list[list[ast.stmt]]:
    """Of statements, right in it."""
    names = ("body", "orelse", "finalbody")
    found = [getattr(node, name, None) for name in names]
    found += [handler.body for handler in getattr(node, "handlers", ())]
    return [block for block in found if isinstance(block, list) and block]


def _first_line(statement: ast.stmt) -> int:
    """With its decorators."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(one.lineno for one in decorators)])


def _valid(lines: list[str]) -> Iterator[str]:
    text = "".join(lines)
    try:
        compile(text, "program.py", "exec")
    except (SyntaxError, ValueError):
        return
    yield text
