"""A distributed program rewritten back to a serial one: translation validation.

Knows the forms of SEMANTICS and nothing of who emits them: what it is compared with decides.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator

from hermod.testing.verify.early import Block, blocks_within, marked, way_to
from hermod.testing.verify.forms import CannotUndo, Loop, Moved, Prefetch, Undone
from hermod.testing.verify.places import guarded_call, put_loops_in_place


def undone(body: Block, known: set[str]) -> Undone:
    """Of a function's body. `known`: the functions that the serial program has, nested ones too."""
    undoing = _Undo(known)
    result = Undone([])
    undoing.result = result
    _check_scopes(body)
    result.body = undoing.block(copy.deepcopy(body), _scopes(body))
    undoing.inner_prefetches()
    _put_calls_in_place(result, undoing.pieces)
    put_loops_in_place(result, undoing.early, undoing.pieces)
    return result


def _check_scopes(body: Block) -> None:
    """What is started in a scope ends with it, and is of no use to anybody after it."""
    whole = ast.Module(body, [])
    ahead = [node for node in ast.walk(whole) if isinstance(node, ast.AsyncWith)
             and any(_is_ahead(item.context_expr) for item in node.items)]  # fmt: skip
    for scope in ahead:
        handles = {
            target.id
            for node in _own_nodes(scope)
            if isinstance(node, ast.Assign)
            if _each(node.value, None) or _started(node.value, None)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        inside = {id(node) for node in ast.walk(scope)}
        for node in _own_nodes(whole):
            if isinstance(node, ast.Name) and node.id in handles and id(node) not in inside:
                raise CannotUndo(f"`{node.id}` is looked at where its scope has ended")
    inside = {id(node) for scope in ahead for node in ast.walk(scope)}
    for node in _own_nodes(whole):
        if (_each(node, None) or _started(node, None)) and id(node) not in inside:
            raise CannotUndo("work is started where its scope has ended")


def _own_nodes(whole: ast.AST) -> Iterator[ast.AST]:
    """Without those of nested functions."""
    for child in ast.iter_child_nodes(whole):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from _own_nodes(child)


def _scopes(body: Block) -> dict[str, int]:
    """Names of `async with hermod.ahead() as early`, which coroutines above may use too."""
    return {
        item.optional_vars.id: node.lineno
        for one in body
        for node in ast.walk(one)
        if isinstance(node, ast.AsyncWith)
        for item in node.items
        if isinstance(item.optional_vars, ast.Name) and _is_ahead(item.context_expr)
    }


class _Undo:
    def __init__(self, known: set[str]) -> None:
        self._known = known
        #: Coroutines that the rewriting introduced, undone themselves.
        self.pieces: dict[str, ast.AsyncFunctionDef] = {}
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

    def block(self, body: Block, scopes: dict[str, int]) -> Block:
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

    def _statement(self, node: ast.stmt, scopes: dict[str, int]) -> Block:
        match node:
            case ast.AsyncFunctionDef(name=name) if name not in self._known:
                around, self._inside = self._inside, name
                node.body = self.block(node.body, scopes)
                self._inside = around
                self.pieces[name] = node
                return []
            case ast.AsyncWith(items=[ast.withitem(call, ast.Name(id=early))]) if _is_ahead(call):
                return self.block(node.body, {**scopes, early: node.lineno})
            case ast.AsyncFor(iter=call) if (each := _each(call, scopes)) is not None:
                return [self._loop(node, *each, scopes)]
            case ast.Assign(targets=[ast.Name(id=name)], value=call) if (
                each := _each(call, scopes)
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
            case ast.Expr(value=call) if (work := _started(call, scopes)) is not None:
                return self._prefetch(node, work)
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(node, name, None)
            if isinstance(inner, list) and not isinstance(node, ast.Lambda):
                setattr(node, name, self.block(inner, scopes))
        for handler in getattr(node, "handlers", ()):
            handler.body = self.block(handler.body, scopes)
        for case_ in getattr(node, "cases", ()):
            case_.body = self.block(case_.body, scopes)
        return [_Comprehensions(self, scopes).visit(node)]

    def _prefetch(self, node: ast.stmt, work: ast.expr) -> Block:
        if not isinstance(work, ast.Call):
            raise CannotUndo("something is started that is no call")
        piece = self._piece(work.func)
        body: Block = piece.body if piece else [ast.Expr(ast.Await(work))]
        given = [*work.args, *(keyword.value for keyword in work.keywords)]
        if piece is not None:
            self._dropped.add(piece.name)
        self.result.prefetches.append(Prefetch(node.lineno, body, given, self._inside))
        return []

    def inner_prefetches(self) -> None:
        """Says of each whether it is only ever started by others."""
        for one in self.result.prefetches:
            one.is_inner = one.starter in self._dropped - self._kept

    def _of(self, node: ast.AsyncFor) -> Loop:
        """The loop that was made of it; those in its body are found before it."""
        return next(loop for loop in reversed(self.result.loops) if loop.line == node.lineno)

    def _items(self, items: ast.expr) -> tuple[ast.expr, bool]:
        """What a loop walks along, and whether that is found by work of its own."""
        work = _started(items, None)
        if work is None:
            return items, False
        piece = self._piece(work.func) if isinstance(work, ast.Call) and not work.args else None
        match piece:
            case ast.AsyncFunctionDef(body=[ast.Return(value=ast.expr() as value)]):
                return copy.deepcopy(value), True
        raise CannotUndo("items that take several statements")

    def _piece(self, function: ast.expr) -> ast.AsyncFunctionDef | None:
        """One of those that the rewriting introduced."""
        return self.pieces.get(function.id) if isinstance(function, ast.Name) else None

    def _loop(
        self, node: ast.AsyncFor, function: ast.expr, items: ast.expr, scopes: dict[str, int]
    ) -> ast.stmt:
        target, prefix, returned = self.iteration(function)
        items, items_later = self._items(items)
        body = self.block(node.body, scopes)
        bound = _bind(node.target, returned)
        given = {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
        whole = [*prefix, *bound, *body]
        self.result.loops.append(
            Loop(node.lineno, items, target, _waited_for([*prefix, *bound]), copy.deepcopy(body),
                 given, items_later=items_later)
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
        if len(piece.args.args) != 1:
            raise CannotUndo("an iteration takes one item")
        parameter, body = piece.args.args[0].arg, copy.deepcopy(piece.body)
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


class _Comprehensions(ast.NodeTransformer):
    """`[x async for x in early.each(f, items)]` to `[… for … in items]`."""

    def __init__(self, undo: _Undo, scopes: dict[str, int]) -> None:
        self._undo, self._scopes = undo, scopes

    def generic_visit(self, node: ast.AST) -> ast.AST:
        node = super().generic_visit(node)
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            for generator in node.generators:
                each = _each(generator.iter, self._scopes) if generator.is_async else None
                if each is not None:
                    if len(node.generators) != 1:
                        raise CannotUndo("a comprehension over several things")
                    return self._undone(node, generator, *each)
        return node

    def _undone(
        self, node: ast.AST, generator: ast.comprehension, function: ast.expr, items: ast.expr
    ) -> ast.AST:
        target, body, returned = self._undo.iteration(function)
        tests: list[ast.expr] = []
        match body:
            case [ast.If(test=ast.UnaryOp(op=ast.Not(), operand=test), body=[ast.Return()])]:
                tests, body = [test], []
        if body or returned is None:
            raise CannotUndo("elements of a comprehension that take several statements")
        pattern, wanted = generator.target, generator.ifs
        if tests:
            match pattern, wanted, returned:
                case (
                    ast.Tuple(elts=[ast.Name(id=flag), inner]),
                    [ast.Name(id=test_of)],
                    ast.Tuple(elts=[ast.Constant(value=True), value]),
                ) if flag == test_of:
                    pattern, wanted, returned = inner, [], value
                case _:
                    raise CannotUndo("a filter of a comprehension")
        values = dict(_pairs(pattern, returned))
        self._undo.result.comprehensions.append(
            Loop(generator.iter.lineno, items, target,
                 [ast.Expr(one) for one in (*tests, *values.values())],
                 [], set(values))
        )  # fmt: skip
        made = copy.copy(node)
        replacing = _Replace(values)
        for name in ("elt", "key", "value"):
            if hasattr(made, name):
                setattr(made, name, replacing.visit(copy.deepcopy(getattr(made, name))))
        tests += [replacing.visit(copy.deepcopy(test)) for test in wanted]
        new = ast.comprehension(target=target, iter=items, ifs=tests, is_async=0)
        made.generators = [new]  # type: ignore[attr-defined]
        return made


class _Replace(ast.NodeTransformer):
    """Names to expressions."""

    def __init__(self, values: dict[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copy.deepcopy(self._values.get(node.id, node))


def _is_ahead(call: ast.expr) -> bool:
    match call:
        case ast.Call(func=ast.Attribute(attr="ahead") | ast.Name(id="ahead")):
            return True
    return False


def _each(call: ast.AST, scopes: dict[str, int] | None) -> tuple[ast.expr, ast.expr] | None:
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=early), attr="each"), args=[function, items]
        ) if scopes is None or early in scopes:
            return function, items
    return None


def _started(call: ast.AST, scopes: dict[str, int] | None) -> ast.expr | None:
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=early), attr="start"), args=[work]):
            return work if scopes is None or early in scopes else None
    return None


class _WaitedFor(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        return _started(node, None) or node


def _waited_for(body: Block) -> Block:
    """What is started counts as if it were done there."""
    return [_WaitedFor().visit(copy.deepcopy(one)) for one in body]


def _uses(body: Block, name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name for one in body for node in ast.walk(one)
    )


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[str, ast.expr]]:
    match target, value:
        case ast.Name(id=name), _:
            return [(name, value)]
        case ast.Tuple(elts=names), ast.Tuple(elts=values) if len(names) == len(values):
            return [pair for one in zip(names, values, strict=True) for pair in _pairs(*one)]
    raise CannotUndo("results that are given back in another shape than they are taken")


def _bind(target: ast.expr, returned: ast.expr | None) -> Block:
    """What the loop's variables get from an iteration; nothing for those that keep their name."""
    if returned is None:
        return []
    bound: Block = []
    for name, value in _pairs(target, returned):
        if not (isinstance(value, ast.Name) and value.id == name):
            made = ast.Assign(targets=[ast.Name(id=name, ctx=ast.Store())], value=value)
            bound.append(ast.copy_location(made, value))
    return bound


def _put_calls_in_place(result: Undone, pieces: dict[str, ast.AsyncFunctionDef]) -> None:
    """`x_call = hermod.call(…)` … `await x_call` to `await hermod.call(…)`, last ones first."""
    while True:
        handle = _last_handle(result.body)
        if handle is None:
            return
        block, index, name, work = handle
        statement = block[index]
        place = _place_of_await(block, index + 1, name)
        if place is None:
            raise CannotUndo(f"`{name}` is not awaited exactly once, after it is started")
        between, on_branch, owner, position = place
        piece = pieces.get(work.func.id) if isinstance(work.func, ast.Name) else None
        on_branch |= piece is not None and isinstance(piece.body[0], ast.If)
        result.moved.append(
            Moved(statement.lineno, copy.deepcopy(work), copy.deepcopy(between), on_branch)
        )
        if piece is None:
            _InPlace(name, work).visit(owner[position])
        else:
            owner[position : position + 1] = _inlined(owner[position], name, piece, work)
        block.remove(statement)


def _last_handle(body: Block) -> tuple[Block, int, str, ast.Call] | None:
    found = None
    for block in blocks_within(body):
        for index, statement in enumerate(block):
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                    work = call if _is_hermod_call(call) else _started(call, None)
                    if isinstance(work, ast.Call):
                        at = statement.lineno
                        if found is None or at >= found[0]:
                            found = at, (block, index, name, work)
    return found[1] if found else None


def _is_hermod_call(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id="hermod"), attr="call") | ast.Name(id="call"):
            return True
    return False


def _place_of_await(block: Block, start: int, name: str) -> tuple[Block, bool, Block, int] | None:
    """The statements before it, whether it hangs on a test, and where the awaiting statement is."""
    uses = Counter(
        isinstance(node, ast.Await) and isinstance(node.value, ast.Name) and node.value.id == name
        for statement in block[start:]
        for node in ast.walk(statement)
        if (isinstance(node, ast.Await) or (isinstance(node, ast.Name) and node.id == name))
    )
    awaits = uses[True]
    names = sum(
        isinstance(node, ast.Name) and node.id == name
        for statement in block[start:]
        for node in ast.walk(statement)
    )
    if awaits != 1 or names != 1:
        return None
    return way_to(block, start, lambda node: isinstance(node, ast.Name) and node.id == name)


class _InPlace(ast.NodeTransformer):
    def __init__(self, name: str, work: ast.expr) -> None:
        self._name, self._work = name, work

    def visit_Await(self, node: ast.Await) -> ast.Await:
        if isinstance(node.value, ast.Name) and node.value.id == self._name:
            node.value = self._work
            return node
        self.generic_visit(node)
        return node


def _inlined(statement: ast.stmt, name: str, piece: ast.AsyncFunctionDef, work: ast.Call) -> Block:
    """A piece of the body that was cut out as a coroutine, back where it is awaited."""
    body = copy.deepcopy(piece.body)
    parameters = [one.arg for one in piece.args.args]
    if len(parameters) != len(work.args) or work.keywords:
        raise CannotUndo(f"`{name}` is started with other arguments than it takes")
    values = dict(zip(parameters, work.args, strict=True))
    if any(not isinstance(value, ast.Name) or value.id != one for one, value in values.items()):
        replacing = _Replace(values)
        body = [replacing.visit(one) for one in body]
    if (guarded := guarded_call(body)) is not None:
        _InPlace(name, guarded[1]).visit(statement)
        return [statement]
    returned = None
    if body and isinstance(body[-1], ast.Return):
        returned, body = body[-1].value, body[:-1]
    match statement:
        case ast.Expr(value=ast.Await(value=ast.Name())):
            return body
        case ast.Assign(targets=[target], value=ast.Await(value=ast.Name())) if returned:
            return [*body, *_bind(target, returned)]
    if body or returned is None:
        raise CannotUndo(f"`{name}` is awaited inside an expression")
    match returned:
        case ast.Await(value=ast.Call() as call):
            _InPlace(name, call).visit(statement)
            return [statement]
    raise CannotUndo(f"`{name}` is awaited inside an expression")
