"""Which names are bound for certain, where, and which are read before they are bound."""

from __future__ import annotations

import ast

from hermod.testing.verify.proof.names import loaded, stored

Block = list[ast.stmt]
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def bound_after(body: Block, bound: frozenset[str]) -> frozenset[str]:
    """What is bound for certain when the statements have run to their end."""
    for statement in body:
        bound = _after(statement, bound)
    return bound


def _after(statement: ast.stmt, bound: frozenset[str]) -> frozenset[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return bound | {name}
        case ast.If(body=body, orelse=orelse):
            return bound_after(body, bound) & bound_after(orelse, bound)
        case ast.Match(cases=[*_, ast.match_case(pattern=ast.MatchAs(pattern=None), guard=None)]):
            branches = [bound_after(case_.body, bound) for case_ in statement.cases]
            return frozenset.intersection(*branches)
        case ast.For() | ast.AsyncFor() | ast.While() | ast.Match():
            return bound
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
            ends = bound_after([*body, *orelse], bound)
            for handler in handlers:
                ends &= bound_after(handler.body, bound)
            return bound_after(final, ends)
        case ast.With(body=body) | ast.AsyncWith(body=body):
            return bound
        case ast.Delete():
            return bound - {name.id for name in ast.walk(statement) if isinstance(name, ast.Name)}
    return bound | stored([statement])


def bound_at(body: Block, place: ast.stmt, bound: frozenset[str]) -> frozenset[str] | None:
    """What is bound for certain right before `place`, which is somewhere in there."""
    for statement in body:
        if statement is place:
            return bound
        inside = bound
        if isinstance(statement, ast.For | ast.AsyncFor):
            inside = bound | stored([statement.target])
        for block in blocks_of(statement):
            found = bound_at(block, place, inside)
            if found is not None:
                return found
        bound = _after(statement, bound)
    return None


def blocks_of(statement: ast.stmt) -> list[Block]:
    """The blocks inside a statement, those of nested functions left out."""
    if isinstance(statement, _SCOPES):
        return []
    found = [getattr(statement, name, None) for name in ("body", "orelse", "finalbody")]
    others = (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ()))
    blocks = [block for block in found if isinstance(block, list)]
    return blocks + [other.body for other in others]


def read_too_early(body: Block, bound: frozenset[str]) -> set[str]:
    """Names that the block binds and may read before it has bound them: of the iteration before."""
    own = stored(body)
    found: set[str] = set()
    for statement in body:
        inside = bound
        if isinstance(statement, ast.For):
            found |= (loaded([statement.iter]) & own) - bound
            inside = bound | stored([statement.target])
        blocks = blocks_of(statement)
        if blocks:
            heads = [one for one in ast.iter_child_nodes(statement) if isinstance(one, ast.expr)]
            if not isinstance(statement, ast.For):
                found |= (loaded(heads) & own) - bound
            for block, patterns in _cases(statement, blocks):
                own_here = inside | stored(patterns)
                found |= read_too_early(block, own_here)
                found |= (loaded(block) & own) - own_here - stored(block)
        else:
            found |= (loaded([statement]) & own) - bound - _bound_inside(statement)
        bound = _after(statement, bound)
    return found


def _bound_inside(statement: ast.stmt) -> set[str]:
    """Variables of comprehensions."""
    return {
        name
        for node in ast.walk(statement)
        if isinstance(node, ast.comprehension)
        for name in stored([node.target])
    }


def _cases(statement: ast.stmt, blocks: list[Block]) -> list[tuple[Block, list[ast.AST]]]:
    """Each block with the patterns that bind names for it alone."""
    if isinstance(statement, ast.Match):
        return [(case_.body, [case_.pattern]) for case_ in statement.cases]
    return [(block, []) for block in blocks]


def first_use(name: str, body: Block) -> str | None:
    """`load` or `store`, whichever may come first; None: neither."""
    for statement in body:
        if isinstance(statement, ast.For):
            if name in loaded([statement.iter]):
                return "load"
            if name in stored([statement.target]):
                return "store" if name not in loaded(statement.orelse) else "load"
        if name in loaded([statement]) - _bound_inside(statement):
            return "load"
        if name in stored([statement]) and not blocks_of(statement):
            return "store"
    return None
