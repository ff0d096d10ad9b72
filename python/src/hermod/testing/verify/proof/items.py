"""What loops walk along (A6): items that nothing changes, and lists that are nobody else's."""

from __future__ import annotations

import ast

from hermod.testing.verify.proof.kinds import Kinds

#: Functions that take all items of what they are given when they are called.
_TAKING = frozenset({"sorted", "combinations", "permutations", "product"})


def is_fixed(items: ast.expr, kinds: Kinds) -> bool:
    """Are these items, in this order, whatever happens in the loop?"""
    match items:
        case ast.List() | ast.Tuple() | ast.Set() | ast.Dict() | ast.Constant() | ast.ListComp():
            return True
        case ast.Call(func=ast.Name(id="range")):
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _TAKING:
            return True
        case ast.Call(
            func=ast.Name(id="enumerate" | "zip" | "reversed" | "list" | "set" | "tuple"),
            args=args,
        ):
            return all(is_fixed(one, kinds) for one in args)
        case ast.Call(func=ast.Attribute(value=inner, attr="items" | "keys" | "values")):
            return kinds.is_plain(inner)
        case ast.Call(func=ast.Attribute(attr="split" | "splitlines")):
            return True
        case ast.Subscript(value=inner, slice=ast.Slice()):
            return is_fixed(inner, kinds)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return is_fixed(left, kinds) and is_fixed(right, kinds)
    return kinds.is_plain(items)


def is_taken(items: ast.expr) -> bool:
    """Are they in a list of their own, whatever becomes of the one that they come from?"""
    match items:
        case ast.Call(func=ast.Name(id="sorted" | "list" | "set" | "tuple")):
            return True
        case ast.Subscript(slice=ast.Slice()) | ast.ListComp():
            return True
    return False
