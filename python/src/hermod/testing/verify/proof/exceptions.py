"""What statements raise by saying so, and which handlers catch it."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable

from hermod.testing.verify.proof.names import names, stored

#: Classes of exceptions: making one does nothing but keep what it is given.
EXCEPTIONS = frozenset(
    name for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, Exception)
)  # fmt: skip


def raised_by(node: ast.Raise) -> str:
    """The class that it names; `*`: whatever a value is, or what is being handled."""
    match node.exc:
        case ast.Call(func=ast.Name(id=name)) | ast.Name(id=name) if name[0].isupper():
            return name
    return "*"


class Exceptions:
    """Those of a program: Python's, and classes of its own."""

    def __init__(self, tree: ast.Module) -> None:
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        self._known = set(EXCEPTIONS - stored([tree]) - {node.name for node in classes})
        for node in classes:  # in the order of their definitions
            bases = {ast.unparse(base) for base in node.bases}
            if bases and bases <= self._known:
                self._known.add(node.name)

    def caught(self, handlers: Iterable[ast.ExceptHandler], raised: set[str]) -> set[str]:
        """Those of these that surely end in a handler."""
        named = {name.id for one in handlers if one.type for name in names([one.type])}
        ordinary = raised & self._known
        return ordinary if "Exception" in named & self._known else ordinary & named
