"""What must hold for two programs to be equal, and how far that is proved without running them.

The distributed program is rewritten back, function by function. Where that gives the serial text,
what remains to be shown is that each loop and call may be moved; where not, it is left to the runs.
"""

from __future__ import annotations

import ast
import copy
from typing import Any, cast

from hermod.testing.functions import Function, functions_of
from hermod.testing.verify.proof.claims import Claims, Doubt
from hermod.testing.verify.proof.effects import Program, imported
from hermod.testing.verify.proof.kinds import Kinds, constants, signatures
from hermod.testing.verify.proof.names import stored
from hermod.testing.verify.proof.undo import undone
from hermod.testing.verify.proof.undo.forms import CannotUndo, Undone

Obligation = dict[str, Any]
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def prove(question: dict[str, Any]) -> list[Obligation]:
    """`{"serial", "distributed", "functions"}`: obligations, each proved, tested or assumed."""
    functions = functions_of(question["functions"])
    serial, distributed = ast.parse(question["serial"]), ast.parse(question["distributed"])
    found = [*_Proof(serial, distributed, functions).obligations(),
             *_assumed(distributed, functions)]  # fmt: skip
    return sorted(found, key=lambda one: one["line"])


class _Proof:
    def __init__(self, serial: ast.Module, distributed: ast.Module,
                 functions: dict[str, Function]) -> None:  # fmt: skip
        self._serial, self._distributed = serial, distributed
        self._functions = functions
        self._known = {node.name for node in ast.walk(serial) if isinstance(node, _FUNCTIONS)}
        self._program = Program(serial, functions)
        self._signatures = signatures(serial, functions)
        self._module = (
            frozenset(stored(serial.body))
            | {node.name for node in serial.body if isinstance(node, (*_FUNCTIONS, ast.ClassDef))}
            | imported(serial)
        )

    def obligations(self) -> list[Obligation]:
        """All but those about the functions that are called."""
        if _text(self._serial.body) == _text(self._distributed.body):
            return [_made(0, "text", "O1", "both programs are the same", None)]
        before, after = _functions_of(self._serial), _functions_of(self._distributed)
        found = []
        if list(before) != list(after) or _frame(self._serial) != _frame(self._distributed):
            doubt = Doubt("A1", "it is not, or other functions are defined")
            found.append(_made(0, "text", "A1", "what is outside functions is the same", doubt))
        for name, function in after.items():
            found += self._function(before.get(name), function)
        return found

    def _function(self, before: Any, after: Any) -> list[Obligation]:
        if before is not None and _text([before]) == _text([after]):
            return []
        line = after.lineno
        what = f"rewritten back, `{after.name}` is the serial program's"
        try:
            result = undone(after.body, self._known)
        except CannotUndo as why:
            return [_made(line, "text", "A1", what, Doubt("A1", str(why))),
                    *_untouched(after, str(why))]  # fmt: skip
        if before is None or _head(before) != _head(after):
            doubt: Doubt | None = Doubt("A1", "its parameters differ, or there is none")
        else:
            doubt = _first_difference(before.body, result.body)
        found = [_made(line, "text", "A1", what, doubt)]
        return found + self._claims(after, result, doubt)

    def _claims(self, function: Any, result: Undone, doubt: Doubt | None) -> list[Obligation]:
        kinds = Kinds([_header(function), *result.body, *constants(self._serial)],
                      self._functions, self._signatures)  # fmt: skip
        claims = Claims(self._program, function, result.body, kinds, self._module)
        found = [
            _made(loop.line, "loop", "A1", "iterations run ahead of the loop",
                  doubt or claims.loop(loop))
            for loop in result.loops
        ]  # fmt: skip
        found += [
            _made(loop.line, "loop", "A1", "elements are computed ahead",
                  doubt or claims.comprehension(loop))
            for loop in result.comprehensions
        ]  # fmt: skip
        found += [
            _made(moved.line, "call", "A1", f"`{_name(moved.call)}` is started before its place",
                  doubt or claims.moved(moved))
            for moved in result.moved
        ]  # fmt: skip
        for one in result.prefetches:
            found.append(_made(one.line, "call", "A3", "what is fetched ahead is dropped",
                               doubt or claims.prefetch(one)))  # fmt: skip
            if one.is_guess:
                what, why = "what is guessed is declared pure", claims.guess(one)
            else:
                what = "nothing is fetched that is not asked for"
                why = Doubt("E3", "its tests are repeated ahead")
            found.append(_made(one.line, "call", "E3", what, doubt or why))
        return found


def _header(function: Any) -> ast.AST:
    """Its name and parameters alone."""
    header = copy.copy(function)
    header.body = []
    return cast("ast.AST", header)


def _made(line: int, kind: str, rule: str, what: str, doubt: Doubt | None) -> Obligation:
    status = "proved" if doubt is None else "tested"
    return {"line": line, "kind": kind, "status": status, "what": what,
            "rule": rule if doubt is None else doubt.rule,
            "why": None if doubt is None else doubt.why}  # fmt: skip


def _untouched(function: ast.AST, why: str) -> list[Obligation]:
    """The loops and started calls of a function that cannot be rewritten back."""
    found = []
    for node in ast.walk(function):
        match node:
            case ast.AsyncFor():
                found.append(_made(node.lineno, "loop", "A1", "iterations run ahead of the loop",
                                   Doubt("A1", why)))  # fmt: skip
            case ast.Assign(value=ast.Call(func=ast.Attribute(attr="start" | "call"))):
                found.append(_made(node.lineno, "call", "A1", "it is started before its place",
                                   Doubt("A1", why)))  # fmt: skip
    return found


def _assumed(tree: ast.Module, functions: dict[str, Function]) -> list[Obligation]:
    """Effects that nobody has declared (E1)."""
    called = {node.value for node in ast.walk(tree)
              if isinstance(node, ast.Constant) and isinstance(node.value, str)}  # fmt: skip
    return [
        {"line": 0, "kind": "function", "status": "assumed", "rule": "E1", "why": None,
         "what": f"`{name}` is pure, though it does not say so"}
        for name, function in functions.items()
        if function.effect == "assumed" and name in called
    ]  # fmt: skip


def _first_difference(before: list[ast.stmt], after: list[ast.stmt]) -> Doubt | None:
    for one, other in zip(before, after, strict=False):
        if _text([one]) != _text([other]):
            return Doubt("A1", f"line {other.lineno} is not the serial program's line {one.lineno}")
    if len(before) != len(after):
        return Doubt("A1", "it has more statements, or fewer, than the serial one")
    return None


def _text(body: list[Any]) -> str:
    return "\n".join(ast.unparse(ast.fix_missing_locations(one)) for one in body)


def _head(function: Any) -> str:
    decorators = [ast.dump(one) for one in function.decorator_list]
    return f"{type(function).__name__} {function.name} {ast.dump(function.args)} {decorators}"


def _functions_of(tree: ast.Module) -> dict[str, Any]:
    """The module's functions and the methods of its classes, by name."""
    found: dict[str, Any] = {}
    for node in tree.body:
        if isinstance(node, _FUNCTIONS):
            found[node.name] = node
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{one.name}": one for one in node.body
                      if isinstance(one, _FUNCTIONS)}  # fmt: skip
    return found


def _frame(tree: ast.Module) -> str:
    """The module without its functions' bodies."""
    parts = []
    for node in tree.body:
        if isinstance(node, _FUNCTIONS):
            parts.append(_head(node))
        elif isinstance(node, ast.ClassDef):
            rest = [one for one in node.body if not isinstance(one, _FUNCTIONS)]
            parts += [node.name, *map(ast.dump, rest)]
        elif ast.unparse(node) != "import hermod":  # for `hermod.ahead`, if for nothing else
            parts.append(ast.dump(node))
    return "\n".join(parts)


def _name(call: ast.Call) -> str:
    match call.args:
        case [ast.Constant(value=str() as name), *_]:
            return name
    return ast.unparse(call.func)
