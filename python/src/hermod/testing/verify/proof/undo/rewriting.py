"""The statements of a function without what runs ahead of them."""

from __future__ import annotations

import ast
import copy

from hermod.testing.verify.proof.undo.early import Block, marked, number_of
from hermod.testing.verify.proof.undo.elements import Elements
from hermod.testing.verify.proof.undo.forms import (
    CannotUndo,
    Loop,
    Piece,
    Prefetch,
    Repeated,
    Undone,
)
from hermod.testing.verify.proof.undo.repeated import leading_awaits
from hermod.testing.verify.proof.undo.results import bind
from hermod.testing.verify.proof.undo.scopes import (
    Scopes,
    each_of,
    guesses,
    is_ahead,
    waited_for,
    work_of,
)


class Rewriting:
    """Of one function; all that was found in it is in `result`."""

    def __init__(self, known: set[str]) -> None:
        self._known = known
        #: Coroutines that the rewriting introduced, undone themselves.
        self.pieces: dict[str, Piece] = {}
        self.result = Undone([])
        #: Loops that are started before their place, by the name of what they give.
        self._started: dict[str, tuple[int, tuple[ast.expr, ast.expr]]] = {}
        #: Those that have been met in their place, by number.
        self.early: dict[int, Loop] = {}
        self._numbers = 0
        #: The coroutine that is looked at; those whose values are dropped, and not.
        self._inside: str | None = None
        self._dropped: set[str] = set()
        self._kept: set[str] = set()

    def block(self, body: Block, scopes: Scopes) -> Block:
        """The statements without what runs ahead of them."""
        made: Block = []
        loops: list[tuple[Loop, int]] = []
        for statement in body:
            before = len(self.result.loops)
            made += self._statement(statement, scopes)
            loops += [(loop, len(made)) for loop in self.result.loops[before:]]
        for loop, end in loops:
            loop.after = loop.after + made[end:]
        return made

    def _statement(self, node: ast.stmt, scopes: Scopes) -> Block:
        match node:
            case ast.AsyncFunctionDef(name=name) if name not in self._known:
                around, self._inside = self._inside, name
                node.body = self.block(node.body, scopes)
                self._inside = around
                parameters = [one.arg for one in node.args.args]
                self.pieces[name] = Piece(name, parameters, node.body)
                return []
            case ast.AsyncWith(items=[ast.withitem(call, ast.Name(id=early))]) if is_ahead(call):
                return self.block(node.body, {**scopes, early: guesses(call)})
            case ast.AsyncFor(iter=call) if (each := each_of(call, scopes)) is not None:
                return [self._loop(node, *each, scopes)]
            case ast.Assign(targets=[ast.Name(id=name)], value=call) if (
                each := each_of(call, scopes)
            ) is not None:
                self._numbers += 1
                self._started[name] = self._numbers, each
                return [marked(ast.copy_location(ast.Pass(), node), self._numbers)]
            case ast.AsyncFor(iter=ast.Name(id=name)) if name in self._started:
                number, each = self._started.pop(name)
                made = marked(self._loop(node, *each, scopes), number)
                self.early[number] = self._of(node)
                return [made]
        match node:
            case ast.Expr(value=call) if (work := work_of(call, scopes)) is not None:
                return self._prefetch(node, work, is_guess=_is_in_one_of(call, scopes))
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(node, name, None)
            if isinstance(inner, list) and not isinstance(node, ast.Lambda):
                setattr(node, name, self.block(inner, scopes))
        for handler in getattr(node, "handlers", ()):
            handler.body = self.block(handler.body, scopes)
        for case_ in getattr(node, "cases", ()):
            case_.body = self.block(case_.body, scopes)
        return [Elements(self.iteration, self.result.comprehensions, scopes).visit(node)]

    def _prefetch(self, node: ast.stmt, work: ast.expr, *, is_guess: bool) -> Block:
        if not isinstance(work, ast.Call):
            raise CannotUndo("something is started that is no call")
        piece = self._piece(work.func)
        body: Block = piece.body if piece else [ast.Expr(ast.Await(work))]
        given = [*work.args, *(keyword.value for keyword in work.keywords)]
        if piece is not None:
            self._dropped.add(piece.name)
        name = piece.name if piece else None
        is_guess = is_guess and piece is not None  # a call is made here, by whoever starts it
        made = Prefetch(node.lineno, body, given, self._inside, name, is_guess=is_guess)
        self.result.prefetches.append(made)
        return []

    def inner_prefetches(self) -> None:
        """Says of each whether it is only ever started by others, and by guesses alone."""
        found = self.result.prefetches
        for one in found:
            one.is_inner = one.starter in self._dropped - self._kept
        decided = {one.piece for one in found if not one.is_guess and not one.is_inner}
        while True:
            more = {one.piece for one in found if one.starter in decided} - decided
            if not more:
                break
            decided |= more
        for one in found:
            one.is_guess = one.is_guess or (one.is_inner and one.starter not in decided)

    def _of(self, node: ast.AsyncFor) -> Loop:
        """The loop that was made of it; those in its body are found before it."""
        return next(loop for loop in reversed(self.result.loops) if loop.line == node.lineno)

    def _items(self, items: ast.expr) -> tuple[ast.expr, list[Repeated]]:
        """What a loop walks along, and what the work that finds it awaits."""
        work = work_of(items, None)
        if work is None:
            return items, []
        piece = self._piece(work.func) if isinstance(work, ast.Call) and not work.args else None
        repeated, rest = leading_awaits(piece.body) if piece else ([], [])
        match rest:
            case [ast.Return(value=ast.expr() as value)]:
                return copy.deepcopy(value), repeated
        raise CannotUndo("items that take several statements")

    def _piece(self, function: ast.expr) -> Piece | None:
        """One of those that the rewriting introduced."""
        return self.pieces.get(function.id) if isinstance(function, ast.Name) else None

    def _loop(
        self, node: ast.AsyncFor, function: ast.expr, items: ast.expr, scopes: Scopes
    ) -> ast.stmt:
        target, prefix, returned = self.iteration(function)
        items_later = work_of(items, None) is not None
        items, repeated = self._items(items)
        body = self.block(node.body, scopes)
        bound = bind(node.target, returned)
        given = {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
        whole = [*prefix, *bound, *([] if _is_empty(body) and prefix else body)]
        self.result.loops.append(
            Loop(node.lineno, items, target, waited_for([*prefix, *bound]), copy.deepcopy(body),
                 given, items_later=items_later, repeated=repeated)
        )  # fmt: skip
        orelse = self.block(node.orelse, scopes)
        made = ast.For(target=target, iter=items, body=whole, orelse=orelse, type_comment=None)
        return ast.copy_location(made, node)

    def iteration(self, function: ast.expr) -> tuple[ast.expr, Block, ast.expr | None]:
        """Of a coroutine: the loop's variables, its statements, and what it gives back."""
        piece = self._piece(function)
        if piece is not None:
            self._kept.add(piece.name)
        if piece is None:
            raise CannotUndo("what runs per item is no coroutine of the program's own")
        if len(piece.parameters) != 1:
            raise CannotUndo("an iteration takes one item")
        (parameter,), body = piece.parameters, copy.deepcopy(piece.body)
        target: ast.expr = ast.Name(id=parameter, ctx=ast.Store())
        match body:
            case [ast.Assign(targets=[ast.Tuple() as names], value=ast.Name(id=name)), *rest]:
                if name == parameter and not _uses(rest, parameter):
                    target, body = names, rest
        returned = None
        if body and isinstance(body[-1], ast.Return):
            returned = body[-1].value
            body = body[:-1]
        return target, body, returned


def _uses(body: Block, name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name for one in body for node in ast.walk(one)
    )


def _is_empty(body: Block) -> bool:
    """Nothing is left to do in place: that takes a statement of its own."""
    return len(body) == 1 and isinstance(body[0], ast.Pass) and number_of(body[0]) is None


def _is_in_one_of(started: ast.expr, scopes: Scopes) -> bool:
    """Is it started in a scope whose calls are guesses?"""
    match started:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=scope))):
            return scopes.get(scope, False)
    return False
