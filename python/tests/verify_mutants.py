"""Ways to break a distributed program: text to text, `None` where there is no place for it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

Way = Callable[[ast.Module], bool]
Block = list[ast.stmt]


def blocks(tree: ast.AST) -> Iterator[Block]:
    """Every list of statements, outermost first."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                yield block


def _pieces(tree: ast.Module) -> Iterator[ast.AsyncFunctionDef]:
    """Coroutines that iterations run in."""
    run = {node.args[0].id for node in ast.walk(tree)
           if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
           and node.func.attr == "each" and isinstance(node.args[0], ast.Name)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncFunctionDef) and node.name in run:
            yield node


def _waiting(tree: ast.Module) -> Iterator[ast.AsyncFunctionDef]:
    """Those among them that await something: where they may fail, or be abandoned."""
    for piece in _pieces(tree):
        if any(isinstance(node, ast.Await) for node in ast.walk(piece)):
            yield piece


def _each(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="each")):
                yield node


def _is_print(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
            return True
    return False


def _does_something(statement: ast.stmt) -> bool:
    return not isinstance(statement, ast.Import | ast.FunctionDef | ast.AsyncFunctionDef)


def _is_awaited_call(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(value=ast.Await(value=ast.Name(id=name))):
            return "_call" in name
    return False


def _neighbours(tree: ast.Module, first: Callable[[ast.stmt], bool],
                second: Callable[[ast.stmt], bool]) -> Iterator[tuple[Block, int]]:  # fmt: skip
    for block in blocks(tree):
        for index in range(len(block) - 1):
            pair = block[index], block[index + 1]
            if first(pair[0]) and second(pair[1]) and ast.dump(pair[0]) != ast.dump(pair[1]):
                yield block, index


def _swap(found: Iterator[tuple[Block, int]]) -> bool:
    for block, index in found:
        block[index], block[index + 1] = block[index + 1], block[index]
        return True
    return False


def _items(change: str) -> Way:
    """Walks along something else than the loop's items."""

    def way(tree: ast.Module) -> bool:
        for call in _each(tree):
            call.args[1] = ast.parse(change.format(ast.unparse(call.args[1])), mode="eval").body
            return True
        return False

    return way


def _around_iteration(text: str) -> Way:
    """`text` with the coroutine's body in place of `pass`."""

    def way(tree: ast.Module) -> bool:
        for piece in _waiting(tree):
            (outer,) = ast.parse(text).body
            assert isinstance(outer, ast.Try)
            outer.body, piece.body = piece.body, [outer]
            return True
        return False

    return way


def an_await_is_dropped(tree: ast.Module) -> bool:
    for block in blocks(tree):
        for statement in block:
            if _is_awaited_call(statement):
                statement.value = statement.value.value  # type: ignore[attr-defined]
                return True
    return False


def prints_change_places(tree: ast.Module) -> bool:
    return _swap(_neighbours(tree, _is_print, _is_print))


def a_print_comes_before_what_is_above_it(tree: ast.Module) -> bool:
    return _swap(_neighbours(tree, _does_something, _is_print))


def an_await_comes_before_the_print_above_it(tree: ast.Module) -> bool:
    return _swap(_neighbours(tree, _is_print, _is_awaited_call))


def awaits_change_places(tree: ast.Module) -> bool:
    return _swap(_neighbours(tree, _is_awaited_call, _is_awaited_call))


def failures_come_in_time_order(tree: ast.Module) -> bool:
    for block, index in _neighbours(tree, _is_awaited_call, _is_awaited_call):
        first, second = block[index : index + 2]
        names = [ast.unparse(one.targets[0]) for one in (first, second)]  # type: ignore[attr-defined]
        calls = [ast.unparse(one.value.value) for one in (first, second)]  # type: ignore[attr-defined]
        block[index : index + 2] = ast.parse(
            f"{', '.join(names)} = await asyncio.gather({', '.join(calls)})"
        ).body
        return True
    return False


def a_failure_is_swallowed(tree: ast.Module) -> bool:
    for block in blocks(tree):
        for index, statement in enumerate(block):
            if _is_awaited_call(statement):
                name = ast.unparse(statement.targets[0])  # type: ignore[attr-defined]
                text = f"try:\n    pass\nexcept Exception:\n    {name} = None"
                (outer,) = ast.parse(text).body
                outer.body = [statement]  # type: ignore[attr-defined]
                block[index] = outer
                return True
    return False


def a_continue_or_break_is_lost(tree: ast.Module) -> bool:
    for block in blocks(tree):
        for index, statement in enumerate(block):
            if isinstance(statement, ast.Continue | ast.Break):
                block[index] = ast.Pass()
                return True
    return False


def a_print_moves_into_the_coroutine(tree: ast.Module) -> bool:
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.AsyncFor)]
    for loop, piece in zip(loops, _pieces(tree), strict=False):
        for statement in loop.body:
            if _is_print(statement):
                loop.body[loop.body.index(statement)] = ast.Pass()
                end = len(piece.body) - isinstance(piece.body[-1], ast.Return)
                text = "print('looking')"
                piece.body[end:end] = ast.parse(text).body
                return True
    return False


def the_loop_s_variable_is_bound_late(tree: ast.Module) -> bool:
    for call, piece in zip(_each(tree), _pieces(tree), strict=False):
        name, items = piece.args.args[0].arg, ast.unparse(call.args[1])
        piece.body[:0] = ast.parse(f"{name} = [*{items}][-1]").body
        return True
    return False


def results_are_given_back_in_another_order(tree: ast.Module) -> bool:
    for piece in _pieces(tree):
        match piece.body[-1]:
            case ast.Return(value=ast.Tuple(elts=[_, _, *_] as elements)):
                elements.reverse()
                return True
    return False


def an_argument_is_another(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="call"), keywords=[*_, last]):
                last.value = ast.parse(f"str({ast.unparse(last.value)}) + '!'", mode="eval").body
                return True
    return False


def a_statement_is_lost(tree: ast.Module) -> bool:
    for loop in ast.walk(tree):
        if isinstance(loop, ast.AsyncFor):
            for index, statement in enumerate(loop.body):
                if isinstance(statement, ast.Expr | ast.AugAssign):
                    loop.body[index] = ast.Pass()
                    return True
    return False


def a_statement_is_run_twice(tree: ast.Module) -> bool:
    for loop in ast.walk(tree):
        if isinstance(loop, ast.AsyncFor):
            for index, statement in enumerate(loop.body):
                if isinstance(statement, ast.Expr | ast.AugAssign):
                    loop.body.insert(index, statement)
                    return True
    return False


#: Those that can be seen only if a call fails.
UNDER_FAILURES: dict[str, Way] = {
    "awaits change places": awaits_change_places,
    "failures come in time order": failures_come_in_time_order,
    "a failure is swallowed": a_failure_is_swallowed,
    "an await comes before the print above it": an_await_comes_before_the_print_above_it,
    "a failure becomes another": _around_iteration(
        "try:\n    pass\nexcept hermod.CallError as error:\n    raise RuntimeError(str(error))"
    ),
    "what is abandoned prints": _around_iteration(
        "try:\n    pass\nexcept asyncio.CancelledError:\n    print('abandoned')\n    raise"
    ),
}
WAYS: dict[str, Way] = {
    **UNDER_FAILURES,
    "an await is dropped": an_await_is_dropped,
    "prints change places": prints_change_places,
    "a print comes before what is above it": a_print_comes_before_what_is_above_it,
    "a continue or break is lost": a_continue_or_break_is_lost,
    "a print moves into the coroutine": a_print_moves_into_the_coroutine,
    "the loop's variable is bound late": the_loop_s_variable_is_bound_late,
    "results are given back in another order": results_are_given_back_in_another_order,
    "an argument is another": an_argument_is_another,
    "a statement is lost": a_statement_is_lost,
    "a statement is run twice": a_statement_is_run_twice,
    "the last item is lost": _items("list({})[:-1]"),
    "the first item is taken before": _items("list({})[1:]"),
    "items come in reverse": _items("list({})[::-1]"),
    "each item comes twice": _items("[one for one in {} for _ in range(2)]"),
    "a finally prints": _around_iteration("try:\n    pass\nfinally:\n    print('done')"),
}


def broken(source: str, way: Way) -> str | None:
    """The program with the bug built in, once."""
    tree = ast.parse(source)
    return ast.unparse(ast.fix_missing_locations(tree)) if way(tree) else None
