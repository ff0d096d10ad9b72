"""The decorator: what it keeps, and what it refuses where it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import hermod
from hermod.function import Declaration, declared_in, parse_memory


def declared(target: Any) -> Declaration:
    (found,) = [one for one in declared_in(__name__) if one.target is target]
    return found


def test_the_function_stays_plain_python() -> None:
    @hermod.function(effect="pure", gpu_memory="1.5Gi", max_batch_size=8, name="glip-2")
    def glip(object_name: str) -> str:
        """Finds things.

        In images.
        """
        return object_name.upper()

    assert glip("car") == "CAR"
    declaration = declared(glip)
    assert declaration.name == "glip-2"
    assert declaration.documentation == "Finds things.\n\nIn images."
    assert declaration.gpu_memory_bytes == 3 << 29
    assert (declaration.effect, declaration.state, declaration.origin) == ("pure", None, "real")
    assert (declaration.max_batch_size, declaration.concurrency) == (8, 1)


def test_a_class_is_described_by_its_call() -> None:
    @hermod.function(effect="read", state="tickets")
    class TicketReader:
        def __init__(self, path: str = "db") -> None:
            raise AssertionError("declaring makes no instances")

        def __call__(self, number: int) -> str:
            """Reads a ticket."""
            return ""

    declaration = declared(TicketReader)
    assert declaration.name == "ticket_reader"
    assert declaration.documentation == "Reads a ticket."
    assert [parameter.name for parameter in declaration.parameters()] == ["number"]


def bare(n: int) -> int:
    return n


class NoCall:
    pass


class NeedsPath:
    def __init__(self, path: str) -> None: ...

    def __call__(self) -> None: ...


def untyped(n) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001
    return 1


def unreturned(n: int):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return n


def starred(*numbers: int) -> int:
    return 1


def positional(n: int, /) -> int:
    return n


def with_default(n: list[int], m: list[int] | None = None) -> list[int]:
    return n


@pytest.mark.parametrize(
    ("target", "given", "message"),
    [
        (bare, {}, 'needs effect=: "pure" (same arguments, same result)'),
        (bare, {"effect": "maybe"}, "not 'maybe'"),
        (bare, {"effect": "pure", "state": "x"}, "'bare': a pure function has no state="),
        (bare, {"effect": "read", "idempotent": True}, "idempotent= is about writes"),
        (bare, {"effect": "write", "max_batch_size": 2}, "writes are never batched"),
        (bare, {"effect": "pure", "concurrency": 0}, "at least 1"),
        (bare, {"effect": "pure", "origin": "made up"}, "origin='made up'"),
        (bare, {"effect": "pure", "numerics": "roughly"}, "numerics='roughly'"),
        (bare, {"effect": "pure", "name": "a b"}, "a name is letters"),
        (NoCall, {"effect": "pure"}, "a class needs a __call__ of its own"),
        (NeedsPath, {"effect": "pure"}, "__init__ is called without arguments, but needs path"),
        (untyped, {"effect": "pure"}, "parameter n has no type"),
        (unreturned, {"effect": "pure"}, "the result has no type"),
        (
            starred,
            {"effect": "pure"},
            "parameter numbers: calls pass every argument by its name",
        ),
        (positional, {"effect": "pure"}, "calls pass every argument by its name"),
        (with_default, {"effect": "pure", "batched": True}, "a batch form has no defaults"),
        (
            with_default,
            {"effect": "pure", "example": {"nmuber": 1}},
            "example= names nmuber, which is no parameter",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(
    target: Callable[..., Any], given: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError) as caught:
        hermod.function(**given)(target)
    assert message in str(caught.value)


def test_the_bare_decorator_says_what_is_missing() -> None:
    with pytest.raises(TypeError, match=r'write @hermod.function\(effect="pure"\)'):
        hermod.function(bare)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        (12, 12),
        ("500M", 500_000_000),
        ("2Gi", 2 << 30),
        ("0.5Ki", 512),
        ("1 Ti", 1 << 40),
    ],
)
def test_sizes_are_kubernetes_quantities(text: str | int, size: int) -> None:
    assert parse_memory(text) == size


@pytest.mark.parametrize("text", ["", "2GB", "-1", "Gi", "2gi"])
def test_other_sizes_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected bytes or a size like"):
        parse_memory(text)


def test_there_is_no_context_outside_a_call() -> None:
    with pytest.raises(RuntimeError, match="only while a worker executes"):
        hermod.context()
