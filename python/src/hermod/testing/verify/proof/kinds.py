"""What schemas promise about names: which expressions cannot fail, which are plain data."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hermod.testing.functions import Function

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_INTEGER: Schema = {"type": "integer"}
_LIST: Schema = {"type": "array", "items": {}}
_NUMERIC = frozenset({"integer", "number"})
_TEXT_METHODS = frozenset({"strip", "lower", "upper", "title", "lstrip", "rstrip", "capitalize"})


@dataclass
class Signatures:
    """What the program's own functions are given and give back, if it is always of one kind."""

    given: dict[str, list[Schema | None]] = field(default_factory=dict)
    returned: dict[str, Schema | None] = field(default_factory=dict)


def constants(tree: ast.Module) -> list[ast.stmt]:
    """What the module binds to names that nothing else in the program binds."""
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    bound = Counter(node.id for node in names if not isinstance(node.ctx, ast.Load))
    bound.update(node.arg for node in ast.walk(tree) if isinstance(node, ast.arg))
    return [
        node
        for node in tree.body
        if isinstance(node, ast.Assign)
        and all(isinstance(one, ast.Name) and bound[one.id] == 1 for one in node.targets)
    ]


def signatures(tree: ast.Module, functions: dict[str, Function]) -> Signatures:
    """From the text of all of them, and of all that call them."""
    found = Signatures()
    fixed = constants(tree)
    own = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for _ in range(3):
        given: dict[str, list[list[Schema | None]]] = {}
        for function in own:
            kinds = Kinds([function, *function.body, *fixed], functions, found)
            returns = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
            found.returned[function.name] = _like(
                [kinds.kind(value) if value else None for value in returns]
            )
            for node in ast.walk(function):
                match node:
                    case ast.Call(func=ast.Name(id=name), args=args):
                        given.setdefault(name, []).append([kinds.kind(one) for one in args])
                    case ast.Name(id=name, ctx=ast.Load()):
                        given.setdefault(name, [])
        found.given = {
            name: [_like(list(place)) for place in zip(*calls, strict=False)]
            for name, calls in given.items()
            if len(calls) == _uses(tree, name)
        }
    return found


def _uses(tree: ast.Module, name: str) -> int:
    """How often it is named: more often than it is called, if somebody else may call it."""
    return sum(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree))


class Kinds:
    """Of the names of one function. A name that is bound in several ways is of no kind."""

    def __init__(
        self, body: Sequence[ast.AST], functions: dict[str, Function], own: Signatures
    ) -> None:
        self._functions, self._own = functions, own
        self._names: dict[str, Schema | None] = {}
        for _ in range(3):  # kinds of names hang on those of others
            found: dict[str, list[Schema | None]] = {}
            for one in body:
                for node in ast.walk(one):
                    self._learn(node, found)
            self._names = {name: _one(kinds) for name, kinds in found.items()}

    def is_certain(self, node: ast.expr) -> bool:
        """Can evaluating it not fail, given that its names are bound?"""
        match node:
            case ast.Constant() | ast.Name():
                return True
            case ast.JoinedStr(values=values):
                return all(map(self.is_certain, values))
            case ast.FormattedValue(value=value, format_spec=None):
                return self.is_certain(value)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return all(map(self.is_certain, items))
            case ast.Dict(keys=keys, values=values):
                constant = all(isinstance(key, ast.Constant) for key in keys)
                return constant and all(map(self.is_certain, values))
            case ast.Subscript(value=value) | ast.Call(func=ast.Attribute(value=value)):
                return self.is_certain(value) and self.kind(node) is not None
            case ast.BinOp(left=left, right=right):
                sides = self.is_certain(left) and self.is_certain(right)
                return sides and self.kind(node) is not None
            case ast.Call(func=ast.Name(id="str" | "len"), args=[argument], keywords=[]):
                return self.is_certain(argument) and self.kind(node) is not None
        return False

    def is_certain_items(self, node: ast.expr) -> bool:
        """Can these not fail, nor walking along them?"""
        match node:
            case ast.Call(func=ast.Name(id="range"), args=args, keywords=[]):
                return len(args) < 3 and all(self.kind(one) == _INTEGER and self.is_certain(one)
                                             for one in args)  # fmt: skip
            case ast.Call(
                func=ast.Name(id="zip" | "enumerate" | "list" | "reversed"),
                args=[*args],
                keywords=[],
            ):
                return all(map(self.is_certain_items, args))
        return self.is_certain(node) and self.is_plain(node)

    def is_plain(self, node: ast.expr) -> bool:
        """Is it a list, a text or a dictionary, and no iterator?"""
        kind = self.kind(node)
        return kind is not None and kind.get("type") in {"array", "object", "string"}

    def kind(self, node: ast.expr) -> Schema | None:  # noqa: PLR0912 (one flat table)
        """The schema that its value fits; None: not known."""
        match node:
            case ast.Constant(value=str()) | ast.JoinedStr():
                return _TEXT
            case ast.Constant(value=bool()):
                return {"type": "boolean"}
            case ast.Constant(value=int()):
                return _INTEGER
            case ast.Constant(value=float()):
                return {"type": "number"}
            case ast.Name(id=name):
                return self._names.get(name)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return {"type": "array", "items": _one([self.kind(item) for item in items]) or {}}
            case ast.Dict() | ast.DictComp():
                return {"type": "object"}
            case ast.ListComp():
                return _LIST
            case ast.Subscript(value=value, slice=ast.Constant(value=str() as name)):
                return self._field(self.kind(value), name)
            case ast.Subscript(value=value, slice=ast.Slice()):
                return self.kind(value)
            case ast.Await(
                value=ast.Call(
                    func=ast.Attribute(attr="call") | ast.Name(id="call"),
                    args=[ast.Constant(value=str() as name)],
                ) as call
            ):
                return self._result(call, name)
            case ast.Await(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id="asyncio" | "hermod"), attr="gather")
                )
            ):
                return _LIST
            case ast.BinOp(left=left, op=op, right=right):
                return _sum(self.kind(left), op, self.kind(right))
            case ast.Call(func=ast.Name(id="str"), args=[_]):
                return _TEXT
            case ast.Call(func=ast.Name(id="len"), args=[argument]):
                return _INTEGER if self.is_plain(argument) else None
            case ast.Call(func=ast.Name(id="sorted" | "list")):
                return _LIST
            case (
                ast.Call(func=ast.Name(id=name)) | ast.Await(value=ast.Call(func=ast.Name(id=name)))
            ):
                return self._own.returned.get(name)
            case ast.Call(func=ast.Attribute(value=value, attr=method)):
                return self._of_method(value, method, node)
        return None

    def _of_method(self, value: ast.expr, method: str, node: ast.Call) -> Schema | None:
        if method in _TEXT_METHODS and self.kind(value) == _TEXT and not node.args:
            return _TEXT
        return {"type": "array", "items": _TEXT} if method in {"split", "splitlines"} else None

    def _result(self, call: ast.Call, name: str) -> Schema | None:
        match call.func:
            case ast.Attribute(value=ast.Name(id="hermod"), attr="call") | ast.Name(id="call"):
                function = self._functions.get(name)
                if function is not None:
                    return self._resolved(function.value, function.result)
        return None

    @staticmethod
    def _resolved(schema: Schema, root: Schema) -> Schema:
        if "$ref" in schema:
            schema = root["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
        return {**schema, "$defs": root.get("$defs", {})}

    def _field(self, schema: Schema | None, name: str) -> Schema | None:
        if schema is None or name not in schema.get("required", ()):
            return None
        return self._resolved(schema["properties"][name], schema)

    def _learn(self, node: ast.AST, found: dict[str, list[Schema | None]]) -> None:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.setdefault(name, []).append(self.kind(value))
            case ast.For(target=target, iter=items) | ast.comprehension(target=target, iter=items):
                self._learn_items(target, items, found)
            case ast.FunctionDef(name=name, args=args) | ast.AsyncFunctionDef(name=name, args=args):
                given = self._own.given.get(name, [])
                for index, one in enumerate(args.args):
                    kind = given[index] if index < len(given) and not args.defaults else None
                    found.setdefault(one.arg, []).append(_annotated(one.annotation) or kind)
                if args.vararg is not None:
                    found.setdefault(args.vararg.arg, []).append(_LIST)
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
                found.setdefault(name, []).append(_sum(self._names.get(name), op, self.kind(value)))
            case ast.Assign() | ast.AnnAssign() | ast.With() | ast.NamedExpr():
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                        found.setdefault(inner.id, []).append(None)
            case ast.ExceptHandler(name=str() as name):
                found.setdefault(name, []).append(None)

    def _learn_items(
        self, target: ast.expr, items: ast.expr, found: dict[str, list[Schema | None]]
    ) -> None:
        match target, items:
            case (
                ast.Tuple(elts=[ast.Name(id=number), inner]),
                ast.Call(func=ast.Name(id="enumerate"), args=[over, *_]),
            ):
                found.setdefault(number, []).append(_INTEGER)
                self._learn_items(inner, over, found)
            case ast.Name(id=name), ast.Call(func=ast.Name(id="range")):
                found.setdefault(name, []).append(_INTEGER)
            case ast.Name(id=name), _:
                kind = self.kind(items)
                inner_kind = None
                if kind is not None and kind.get("type") == "array" and kind.get("items"):
                    inner_kind = self._resolved(kind["items"], kind)
                found.setdefault(name, []).append(inner_kind)
            case _:
                for one in ast.walk(target):
                    if isinstance(one, ast.Name):
                        found.setdefault(one.id, []).append(None)


def _annotated(note: ast.expr | None) -> Schema | None:
    match note:
        case ast.Name(id="str"):
            return _TEXT
        case ast.Name(id="int"):
            return _INTEGER
        case ast.Name(id="list") | ast.Subscript(value=ast.Name(id="list")):
            return _LIST
        case ast.Name(id="dict") | ast.Subscript(value=ast.Name(id="dict")):
            return {"type": "object"}
    return None


def _one(kinds: list[Schema | None]) -> Schema | None:
    """The kind that all of them are."""
    if not kinds or kinds[0] is None:
        return None
    return kinds[0] if all(kind == kinds[0] for kind in kinds) else None


def _like(kinds: list[Schema | None]) -> Schema | None:
    """The kind of all of them, or at least their type."""
    exact = _one(kinds)
    if exact is not None or not kinds or any(kind is None for kind in kinds):
        return exact
    types = {kind.get("type") for kind in kinds if kind is not None}
    return {"type": types.pop()} if len(types) == 1 else None


def _sum(left: Schema | None, op: ast.operator, right: Schema | None) -> Schema | None:
    if left is None or right is None:
        return None
    kinds = {left.get("type"), right.get("type")}
    if kinds == {"string"} and isinstance(op, ast.Add):
        return _TEXT
    if kinds <= _NUMERIC and isinstance(op, ast.Add | ast.Sub | ast.Mult):
        return {"type": "integer" if kinds == {"integer"} else "number"}
    return None
