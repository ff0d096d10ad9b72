"""What must hold for a loop or a call to be moved, each checked by itself: `None`, or what is in
the way of a proof, with the rule that asks for it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hermod.testing.verify.proof.aliases import together
from hermod.testing.verify.proof.binding import (
    bound_after,
    bound_at,
    first_use,
    read_too_early,
)
from hermod.testing.verify.proof.effects import PURE_MODULES, Effects, Program
from hermod.testing.verify.proof.items import is_fixed, is_taken
from hermod.testing.verify.proof.kinds import Kinds
from hermod.testing.verify.proof.names import PURE_BUILTINS, base, loaded, names, stored
from hermod.testing.verify.proof.owned import FRESH_CALLS, parameters
from hermod.testing.verify.proof.undo.early import Block
from hermod.testing.verify.proof.undo.forms import Loop, Moved, Prefetch

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Doubt:
    """What is in the way of a proof."""

    rule: str
    why: str


class Claims:
    """Of one function, whose undone body this is."""

    def __init__(self, program: Program, function: Function | None, body: Block, kinds: Kinds,
                 module: frozenset[str]) -> None:  # fmt: skip
        self._program, self._body, self._kinds = program, body, kinds
        given = parameters(function) if function else set()
        self._bound = module | given
        self._local = stored(body) - given if not _binds_elsewhere(body) else set()
        self._owned = program.owned(body, given)

    def loop(self, loop: Loop) -> Doubt | None:
        """An iteration runs before the bodies of those before it."""
        return next(self._of_loop(loop), None)

    def comprehension(self, loop: Loop) -> Doubt | None:
        """An element is computed before those before it are taken."""
        return next(self._of_elements(loop), None)

    def moved(self, moved: Moved) -> Doubt | None:
        """A call is made before what stands above its place."""
        return next(self._of_moved(moved), None)

    def prefetch(self, prefetch: Prefetch) -> Doubt | None:
        """Its values are dropped: all that counts is that nobody sees it."""
        return next(self._of_prefetch(prefetch), None)

    def guess(self, prefetch: Prefetch) -> Doubt | None:
        """Calls that nobody may ask for are of functions declared pure (E3)."""
        effects = self._program.effects(prefetch.body)
        if effects.made_again:
            return Doubt("E3", f"calls of {_listed(effects.made_again)} are guessed")
        return Doubt("E3", effects.in_place) if effects.in_place else None

    def _of_prefetch(self, prefetch: Prefetch) -> Iterator[Doubt]:
        body = prefetch.body
        effects = self._program.effects(body, self._program.owned(body, set()) & stored(body))
        if effects.in_place:
            yield Doubt("A3", effects.in_place)
        if changed := effects.mutated | _beyond(body, effects.within):
            yield Doubt("A3", f"it changes {_listed(changed)}")
        if effects.made_again:
            yield Doubt("E5", f"calls of {_listed(effects.made_again)} are made again in place")
        if not prefetch.is_inner:
            yield from self._certain(prefetch.given, prefetch.line)

    def _of_iteration(self, loop: Loop) -> Iterator[Doubt]:
        prefix = loop.runs
        own = frozenset(self._program.owned(prefix, set()) & stored(prefix))
        effects = self._program.effects(prefix, own)
        if effects.in_place:
            yield Doubt("A3", effects.in_place)
        if changed := effects.mutated | _beyond(prefix, effects.within):
            yield Doubt("A3", f"it changes {_listed(changed)}")
        if not is_fixed(loop.items, self._kinds):
            yield Doubt(
                "A6", f"nobody says that the items of `{ast.unparse(loop.items)}` are fixed"
            )
        targets = frozenset(stored([loop.target]))
        early = read_too_early(prefix, targets)
        if early:
            yield Doubt("A5", f"{_listed(early)} may be of the iteration before")

    def _of_elements(self, loop: Loop) -> Iterator[Doubt]:
        yield from self._of_iteration(loop)
        yield from _decided(self._program.effects(loop.runs))

    def _of_loop(self, loop: Loop) -> Iterator[Doubt]:
        yield from self._of_iteration(loop)
        if loop.is_early:
            yield from self._of_early(loop)
        prefix, here = loop.runs, _statement_at(self._body, loop.line)
        body = here.body if isinstance(here, ast.For) else [*prefix, *loop.body]
        made = stored(prefix) | stored([loop.target])
        around = self._program.effects(body)
        inside = self._program.effects(prefix, frozenset(made))
        yield from _decided(around)
        if inside.reads & around.writes or (inside.reads and "*" in around.writes):
            yield Doubt("E2", "the body writes what iterations read")
        reads = (loaded(prefix) - made) | inside.looked_at
        if not is_taken(loop.items):
            reads |= loaded([loop.items])
        if changed := reads & (stored(body) | self._changed(around)):
            yield Doubt("A3", f"the body changes {_listed(changed)}")
        if shared := self._shared(around.mutated - stored(prefix), reads):
            yield Doubt("A3", f"{_listed(shared)} may be something that iterations look at")
        yield from self._not_given_back(loop, stored(loop.prefix) | stored([loop.target]))
        yield from self._unbound(loop, reads)

    def _not_given_back(self, loop: Loop, made: set[str]) -> Iterator[Doubt]:
        kept = made - loop.given
        here = _statement_at(self._body, loop.line)
        if here is not None and (new := (loop.given - stored([here])) & loaded(self._body)):
            yield Doubt("A5", f"{_listed(new)} is bound by the loop")
        ends = bound_after(loop.prefix, frozenset(stored([loop.target])))
        if perhaps := (loop.given & made) - ends:
            yield Doubt("A5", f"{_listed(perhaps)} may not be bound")
        inside = {id(name) for name in names([*loop.prefix, *loop.awaits])}
        if used := kept & loaded(loop.awaits):
            yield Doubt("A5", f"{_listed(used)} is not given back")
        within = {id(name) for name in names([here])} if here else inside
        elsewhere = {name.id for name in names(self._body)
                     if isinstance(name.ctx, ast.Load) and id(name) not in within}  # fmt: skip
        for name in sorted(kept & elsewhere):
            if first_use(name, loop.after) != "store":
                yield Doubt("A5", f"`{name}` is looked at after the loop and not given back")

    def _unbound(self, loop: Loop, reads: set[str]) -> Iterator[Doubt]:
        here = _statement_at(self._body, loop.line)
        bound = bound_at(self._body, here, frozenset(self._bound)) if here else None
        local = reads & stored(self._body)
        if bound is None or local - bound:
            yield Doubt("A3", f"{_listed(local - (bound or set()))} may not be bound")

    def _of_early(self, loop: Loop) -> Iterator[Doubt]:
        """Its iterations run before what stands between its start and its place."""
        whole: Block = [ast.Expr(loop.items), *loop.runs]
        own = frozenset(stored(loop.runs) | stored([loop.target]))
        itself = self._program.effects(whole, own)
        if itself.in_place or itself.writes:
            yield Doubt("A3", itself.in_place or "it writes")
        if loop.on_branch:
            yield Doubt("E3", "whether it is reached hangs on a test")
        used = (loaded(loop.runs) - own) | loaded([loop.items])
        repeated = {name for one in loop.repeated for name in stored([one.target])}
        yield from self._crosses(loop.between, itself, used, repeated)
        if not loop.items_later:
            if not self._kinds.is_certain_items(loop.items):
                yield Doubt("A3", f"`{ast.unparse(loop.items)}` may fail before its place")
            yield from self._bound_there([loop.items], loop.line)

    def _changed(self, effects: Effects) -> set[str]:
        """What is not as it was, under all of its names."""
        return effects.mutated | together(self._body, effects.within)

    def _shared(self, mutated: set[str], used: set[str]) -> set[str]:
        """Those of which these, or somebody outside of the function, may hold a part."""
        closed = self._local | self._program.plain_records | PURE_MODULES | FRESH_CALLS
        return {
            name
            for name in mutated - self._owned
            if (parts := together(self._body, {name})) & used or parts - closed
        }

    def _crosses(
        self,
        between: Block,
        itself: Effects,
        used: set[str],
        repeated: set[str] | frozenset[str] = frozenset(),
    ) -> Iterator[Doubt]:
        """What reads and looks at these things is done before these statements. `repeated`: what
        it awaits itself, so that it does not look at the names that they bind it to."""
        crossed = self._program.effects(between)
        if reason := crossed.decides() or ("`continue`" if crossed.skips else None):
            yield Doubt("E3", f"it hangs on {reason}")
        if itself.reads & crossed.writes or (itself.reads and "*" in crossed.writes):
            yield Doubt("E2", "it reads what is written before its place")
        bound = stored(between) - (repeated - _bound_again(between))
        if changed := (used | itself.looked_at) & (bound | self._changed(crossed)):
            yield Doubt("A3", f"{_listed(changed)} is changed before its place")
        if shared := self._shared(crossed.mutated, used | itself.looked_at):
            yield Doubt("A3", f"{_listed(shared)} may be something that its arguments hold")

    def _of_moved(self, moved: Moved) -> Iterator[Doubt]:
        call, between = moved.call, moved.between
        if moved.on_branch:
            yield Doubt("E3", "whether it is made hangs on a test")
        itself = self._program.effects([ast.Expr(ast.Await(call))])
        if itself.writes:
            yield Doubt("E2", "it writes, or nothing is known about it")
        if itself.in_place:
            yield Doubt("A3", itself.in_place)
        if itself.mutated:
            yield Doubt("A3", f"it changes {_listed(itself.mutated)}")
        yield from self._crosses(between, itself, loaded([call]))
        if _can_be_seen(between):
            yield from self._arguments(call)

    def _arguments(self, call: ast.Call) -> Iterator[Doubt]:
        """What they raise would be raised before what can be seen."""
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        yield from self._certain(given, call.lineno)

    def _certain(self, given: Sequence[ast.expr], line: int) -> Iterator[Doubt]:
        for argument in given:
            if not self._kinds.is_certain(argument):
                yield Doubt("A3", f"`{ast.unparse(argument)}` may fail before its place")
        yield from self._bound_there(given, line)

    def _bound_there(self, given: Sequence[ast.expr], line: int) -> Iterator[Doubt]:
        local = loaded(given) & stored(self._body)
        here = _statement_at(self._body, line)
        bound = bound_at(self._body, here, frozenset(self._bound)) if here else frozenset()
        if here is not None and (perhaps := local - (bound or frozenset())):
            yield Doubt("A3", f"{_listed(perhaps)} may not be bound")


def _decided(effects: Effects) -> Iterator[Doubt]:
    if reason := effects.decides():
        yield Doubt("E3", f"later iterations hang on {reason}")


def _bound_again(between: Block) -> set[str]:
    """Names that are bound in more than one place, or not for certain."""
    bound = Counter(name.id for name in names(between) if isinstance(name.ctx, ast.Store))
    certain = bound_after(between, frozenset())
    return {name for name, times in bound.items() if times > 1 or name not in certain}


def _binds_elsewhere(body: Block) -> bool:
    return any(
        isinstance(node, ast.Global | ast.Nonlocal) for one in body for node in ast.walk(one)
    )


def _beyond(body: Block, within: set[str]) -> set[str]:
    """Names of others that may hold a part of what is changed in there."""
    return together(body, within) - stored(body)


def _can_be_seen(between: Block) -> bool:
    """May anything happen there that a failure of an argument must not come before?"""
    quiet = PURE_BUILTINS
    for one in between:
        for node in ast.walk(one):
            if isinstance(node, ast.Await | ast.Subscript | ast.Attribute | ast.BinOp):
                return True
            if isinstance(node, ast.Call) and base(node.func) not in quiet:
                return True
    return False


def _statement_at(body: Block, line: int) -> ast.stmt | None:
    """The innermost statement that begins there."""
    found = None
    for one in body:
        for node in ast.walk(one):
            if isinstance(node, ast.stmt) and node.lineno == line:
                found = node
    return found


def _listed(found: set[str] | frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(found)) or "a name"
