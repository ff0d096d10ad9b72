"""What statements do beside computing: conservative, and independent of `crates/parallelize`."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass, field

from hermod.testing.functions import Function
from hermod.testing.verify.proof.aliases import together
from hermod.testing.verify.proof.exceptions import EXCEPTIONS, Exceptions, raised_by
from hermod.testing.verify.proof.names import (
    PURE_BUILTINS,
    PURE_METHODS,
    Nodes,
    base,
    loaded,
    names,
    stored,
)
from hermod.testing.verify.proof.owned import FRESH_CALLS, forgetful_functions, owned, parameters

PURE_MODULES = frozenset(
    {"math", "json", "contextlib", "statistics", "Image", "textwrap", "string"}
)


@dataclass
class Effects:
    """Of some statements, and of the functions that they call."""

    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    #: Functions whose equal calls are not made once (E5).
    made_again: set[str] = field(default_factory=set)
    #: Why they must run in place, once, in serial order; the first reason found.
    in_place: str | None = None
    #: Why what comes after them hangs on them (E3).
    leaves: str | None = None
    #: Kinds of exceptions that a statement of theirs raises and none catches, `*` for any.
    raised: set[str] = field(default_factory=set)
    #: What comes after them in an iteration hangs on them.
    skips: bool = False
    #: Names that are changed in place, or bound in another scope.
    mutated: set[str] = field(default_factory=set)
    #: Names of which a part is changed, as in `x[0].append(1)`: it may be a part of others too.
    within: set[str] = field(default_factory=set)
    #: Names of the module that called functions look at.
    looked_at: set[str] = field(default_factory=set)

    def keep(self, reason: str) -> None:
        """They must run in place."""
        self.in_place = self.in_place or reason

    def decides(self) -> str | None:
        """The statement that what comes after them hangs on."""
        raised = {"`assert`" if name == "AssertionError" else "`raise`" for name in self.raised}
        return self.leaves or min(raised, default=None)

    def add(self, other: Effects) -> None:
        """Those of more statements."""
        for name in ("reads", "writes", "made_again", "raised", "mutated", "within", "looked_at"):
            setattr(self, name, getattr(self, name) | getattr(other, name))
        self.in_place = self.in_place or other.in_place
        self.leaves = self.leaves or other.leaves
        self.skips = self.skips or other.skips


class Program:
    """The functions of a program, and those that it calls."""

    def __init__(self, tree: ast.Module, functions: dict[str, Function]) -> None:
        self._catalog = functions
        self.functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        self.records: set[str] = set()
        #: Those whose objects do nothing themselves.
        self.plain_records: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self.functions[node.name] = node
            elif isinstance(node, ast.ClassDef) and _is_record(node):
                self.records.add(node.name)
                if all(isinstance(one, ast.AnnAssign | ast.Expr | ast.Pass) for one in node.body):
                    self.plain_records.add(node.name)
        self._summaries: dict[str, Effects | None] = {}
        self._returns = True
        self._modules = imported(tree)
        self._loggers = _loggers(tree)
        self._forgetful = forgetful_functions(tree)
        self._exceptions = Exceptions(tree)

    def owned(self, body: list[ast.stmt], excluded: set[str]) -> frozenset[str]:
        """See `owned`; the program's functions that keep nothing may be given everything."""
        return owned(body, excluded, self._forgetful)

    def effects(
        self, nodes: Nodes, own: frozenset[str] = frozenset(), *, returns: bool = True
    ) -> Effects:
        """`own`: names whose values nothing else refers to, which may be changed in place;
        `returns`: a `return` leaves what is looked at."""
        found = Effects()
        self._returns = returns
        for node in nodes:
            self._look_at(node, found, own, in_loop=False)
        return found

    def summary(self, name: str) -> Effects:
        """Of a call of a function of the program; recursion may do anything."""
        if name not in self._summaries:
            self._summaries[name] = None
            body = self.functions[name].body
            before = self._returns
            own = self.owned(body, parameters(self.functions[name]))
            made = self.effects(body, own, returns=False)
            self._returns = before
            local = stored(body) | parameters(self.functions[name])
            parts = together(body, made.within)
            if made.mutated & local or parts & parameters(self.functions[name]):
                made.keep(f"`{name}` changes what it is given")
            made.mutated |= parts
            made.within = set()
            made.mutated -= local
            made.looked_at |= loaded(body) - local
            self._summaries[name] = made
        return self._summaries[name] or Effects(
            in_place=f"`{name}` calls itself", leaves="recursion"
        )

    def _look_at(  # noqa: PLR0912 (one flat table)
        self, node: ast.AST, found: Effects, own: frozenset[str], *, in_loop: bool
    ) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.keep(f"`{node.name}` is defined")
                return
            case ast.Return() if not self._returns:
                pass
            case ast.Return():
                found.leaves = found.leaves or "`return`"
            case ast.Raise():
                found.raised.add(raised_by(node))
            case ast.Assert():
                found.raised.add("AssertionError")
            case ast.Break() if not in_loop:
                found.leaves = found.leaves or "`break`"
            case ast.Continue() if not in_loop:
                found.skips = True
            case ast.Try():
                self._attempt(node, found, own, in_loop=in_loop)
                return
            case ast.With(items=items) if all(map(_is_suppress, items)):
                pass
            case ast.While() | ast.With() | ast.AsyncWith() | ast.AsyncFor():
                found.keep(f"`{type(node).__name__.lower()}` stays in order")
            case ast.Global() | ast.Nonlocal() | ast.Delete() | ast.Import() | ast.ImportFrom():
                found.keep("names of other scopes")
            case ast.Yield() | ast.YieldFrom():
                found.keep("a generator")
            case (
                ast.ExceptHandler(type=None) | ast.ExceptHandler(type=ast.Name(id="BaseException"))
            ):
                found.keep("a handler of everything")
            case ast.AugAssign(target=ast.Name(id=name)):
                found.mutated |= {name} - own
            case (
                ast.Subscript(ctx=ast.Store() | ast.Del())
                | ast.Attribute(ctx=ast.Store() | ast.Del())
            ):
                self._change(node.value, found, own)
            case ast.Call():
                self._call(node, found, own)
        inner = in_loop or isinstance(node, ast.For | ast.While)
        for child in ast.iter_child_nodes(node):
            self._look_at(child, found, own, in_loop=inner)

    def _attempt(
        self, node: ast.Try, found: Effects, own: frozenset[str], *, in_loop: bool
    ) -> None:
        tried = Effects()
        for one in node.body:
            self._look_at(one, tried, own, in_loop=in_loop)
        tried.raised -= self._exceptions.caught(node.handlers, tried.raised)
        found.add(tried)
        for other in (*node.handlers, *node.orelse, *node.finalbody):
            self._look_at(other, found, own, in_loop=in_loop)

    def _change(self, what: ast.expr, found: Effects, own: frozenset[str]) -> None:
        name = base(what)
        if name is None:
            found.keep("something without a name is changed")
            return
        if name not in own:
            found.mutated.add(name)
        if not isinstance(what, ast.Name):
            found.within.add(name)

    def _call(  # noqa: PLR0912 (one flat table)
        self, node: ast.Call, found: Effects, own: frozenset[str]
    ) -> None:
        match node.func:
            case ast.Attribute(value=ast.Name(id="hermod"), attr="call") | ast.Name(id="call"):
                self._remote(node, found)
            case ast.Name(id="print") | ast.Attribute(value=ast.Name(id="logging" | "sys" | "os")):
                found.keep("prints")
                if isinstance(node.func, ast.Attribute) and node.func.attr == "exit":
                    found.leaves = found.leaves or "`sys.exit`"
            case ast.Attribute(value=ast.Name(id=name)) if name in self._loggers:
                found.keep("logs")
            case ast.Name(id="exit" | "quit"):
                found.leaves = found.leaves or "`exit`"
            case ast.Attribute(value=ast.Name(id="asyncio"), attr="sleep"):
                found.keep("sleeps")
                found.writes.add("*")
            case ast.Name(id=name) if name in self.functions:
                self._own_function(name, found)
            case ast.Name(id=name) if (
                name in PURE_BUILTINS | self.records | FRESH_CALLS | EXCEPTIONS
            ):
                pass
            case ast.Attribute(value=ast.Name(id=module)) if module in PURE_MODULES:
                pass
            case ast.Attribute(value=ast.Name(id="asyncio" | "hermod"), attr="gather"):
                pass  # side by side, as in the serial program (O4)
            case ast.Attribute(attr=name) if name in PURE_METHODS:
                pass
            case ast.Attribute(value=receiver) if (base(receiver) or "") not in self._modules:
                self._change(receiver, found, own)
            case _:
                found.keep(f"nothing is known about `{ast.unparse(node.func)}`")
                given = loaded(node.args) | loaded(node.keywords)
                found.mutated |= given - set(self.functions)
                for name in sorted(given & set(self.functions)):  # which it may call
                    self._own_function(name, found)

    def _own_function(self, name: str, found: Effects) -> None:
        summary = self.summary(name)
        found.add(summary)
        found.within |= summary.mutated

    def _remote(self, node: ast.Call, found: Effects) -> None:
        match node.args:
            case [ast.Constant(value=str() as name)] if name in self._catalog:
                function = self._catalog[name]
                if function.effect != "pure":
                    found.made_again.add(name)
                if function.effect == "write":
                    found.writes.add(function.state)
                    found.keep(f"`{name}` writes")
                elif function.effect == "read":
                    found.reads.add(function.state)
            case _:
                found.keep("a call of an unknown function")
                found.writes.add("*")


def imported(tree: ast.Module) -> frozenset[str]:
    """Names that imports bind."""
    return frozenset(
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    )


def _loggers(tree: ast.Module) -> frozenset[str]:
    """Names of the module that are bound once, to what logs."""
    bound = Counter(name.id for name in names([tree]) if isinstance(name.ctx, ast.Store))
    return frozenset(
        name
        for node in tree.body
        for name in stored([node])
        if isinstance(node, ast.Assign) and bound[name] == 1
        and ast.unparse(node.value).startswith("logging.getLogger(")
    )  # fmt: skip


def _is_suppress(item: ast.withitem) -> bool:
    match item:
        case ast.withitem(ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress"))):
            return True
    return False


def _is_record(node: ast.ClassDef) -> bool:
    """A dataclass or the like: making one only stores what it is given."""
    methods = (one for one in node.body if isinstance(one, ast.FunctionDef))
    special = {"__init__", "__new__", "__post_init__", "__setattr__"}
    return not any(method.name in special for method in methods) and all(
        isinstance(one, ast.Name) and one.id in EXCEPTIONS for one in node.bases
    )
