"""A distributed program rewritten back to a serial one: translation validation.

Knows the forms of SEMANTICS and nothing of who emits them: what it is compared with decides.
"""

from __future__ import annotations

import copy

from hermod.testing.verify.proof.undo.calls import put_calls_in_place
from hermod.testing.verify.proof.undo.early import Block
from hermod.testing.verify.proof.undo.forms import Undone
from hermod.testing.verify.proof.undo.loops import put_loops_in_place
from hermod.testing.verify.proof.undo.repeated import take_out_repeated
from hermod.testing.verify.proof.undo.rewriting import Rewriting
from hermod.testing.verify.proof.undo.scopes import check_scopes, scopes_in

__all__ = ["undone"]


def undone(body: Block, known: set[str]) -> Undone:
    """Of a function's body. `known`: the functions that the serial program has, nested ones too."""
    check_scopes(body)
    rewriting = Rewriting(known)
    result = rewriting.result
    result.body = rewriting.block(copy.deepcopy(body), scopes_in(body))
    rewriting.inner_prefetches()
    take_out_repeated(result, rewriting.early, rewriting.pieces.values())
    put_calls_in_place(result, rewriting.pieces)
    put_loops_in_place(result, rewriting.early, rewriting.pieces)
    return result
