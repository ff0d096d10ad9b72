"""`@hermod.function`: declares a function or class as callable by name. Imports nothing heavy.

The decorated object stays what it is, so that plain Python can call and test it; the declaration is
kept beside it, for `describe` and the worker.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args

Effect = Literal["pure", "read", "write"]
Origin = Literal["real", "simulated"]
Numerics = Literal["exact"]

Target = TypeVar("Target", bound=Callable[..., Any])


@dataclass(frozen=True)
class Failure:
    """What a batch form returns for an item that failed, where others did not (RUNTIME J8)."""

    message: str


@dataclass(frozen=True)
class Declaration:
    """What an author said of a function. Schemas are made from `signature` when asked for."""

    target: Callable[..., Any]
    name: str
    documentation: str
    effect: Effect
    state: str | None
    idempotent: bool
    gpu_memory_bytes: int
    max_batch_size: int
    concurrency: int
    origin: Origin
    numerics: Numerics | None
    batched: bool
    example: Mapping[str, Any]

    @property
    def is_class(self) -> bool:
        """`__init__` loads the model, `__call__` serves the calls."""
        return isinstance(self.target, type)

    @property
    def implementation(self) -> Callable[..., Any]:
        """What a call runs; its signature and types are the function's."""
        implementation: Callable[..., Any] = (
            vars(self.target)["__call__"] if self.is_class else self.target
        )
        return implementation

    def parameters(self) -> list[inspect.Parameter]:
        """Without `self`."""
        parameters = list(inspect.signature(self.implementation).parameters.values())
        return parameters[1:] if self.is_class else parameters


_declared: list[Declaration] = []


def declared_in(module: str) -> list[Declaration]:
    """The functions that a module declares itself, in the order of its text."""
    return [one for one in _declared if one.target.__module__ == module]


def function(
    *undecorated: Any,
    effect: Effect | None = None,
    state: str | None = None,
    idempotent: bool = False,
    gpu_memory: str | int = "2Gi",
    max_batch_size: int = 1,
    concurrency: int = 1,
    batched: bool = False,
    origin: Origin = "real",
    name: str | None = None,
    numerics: Numerics | None = None,
    example: Mapping[str, Any] | None = None,
) -> Callable[[Target], Target]:
    """Offers a function, or a class with `__call__`, to programs.

    `effect` (required) says what a call may do: `"pure"` (same arguments, same result), `"read"`
    (reads the world) or `"write"` (changes it; `idempotent=True` if it honours
    `hermod.context().idempotency_key`). `state` names what is read or written. `gpu_memory` is the
    device memory that one worker holds, as bytes or `"2Gi"`. `max_batch_size` calls are granted at
    once; with `batched=True` the parameters are lists with an item per call, and so is the result.
    `example` has arguments of a usual call, by name, for `dice profile`.
    """
    if undecorated:
        raise TypeError('write @hermod.function(effect="pure"), with its effect, not bare')
    if effect is None or effect not in get_args(Effect):
        raise TypeError(
            "hermod.function needs effect=: "
            '"pure" (same arguments, same result), "read" (reads the world) or '
            f'"write" (changes the world); not {effect!r}'
        )

    def declare(target: Target) -> Target:
        declaration = Declaration(
            target=target,
            name=name or _default_name(target),
            documentation=_documentation(target),
            effect=effect,
            state=state,
            idempotent=idempotent,
            gpu_memory_bytes=parse_memory(gpu_memory),
            max_batch_size=max_batch_size,
            concurrency=concurrency,
            origin=origin,
            numerics=numerics,
            batched=batched,
            example=dict(example or {}),
        )
        _check(declaration)
        _declared.append(declaration)
        return target

    return declare


_UNITS = {
    "": 1,
    "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12,
    "Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40,
}  # fmt: skip


def parse_memory(text: str | int) -> int:
    """Bytes of `"2Gi"`, `"500M"`, `"1.5Gi"` or a plain number."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]i?)?", str(text))
    if match is None:
        raise ValueError(f'gpu_memory={text!r}: expected bytes or a size like "2Gi" or "500M"')
    return round(float(match[1]) * _UNITS[match[2] or ""])


def _default_name(target: Callable[..., Any]) -> str:
    if not isinstance(target, type):
        return target.__name__
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", target.__name__).lower()


def _documentation(target: Callable[..., Any]) -> str:
    text = vars(target).get("__doc__") if isinstance(target, type) else target.__doc__
    if not text and isinstance(target, type):
        text = getattr(vars(target).get("__call__"), "__doc__", None)
    return inspect.cleandoc(text or "")


def _check(declaration: Declaration) -> None:
    """Refuses what cannot be meant, where it was written."""
    complaint = _complaint(declaration)
    if complaint is not None:
        raise TypeError(f"hermod.function {declaration.name!r}: {complaint}")


def _complaint(declaration: Declaration) -> str | None:
    one = declaration
    if one.is_class and not callable(vars(one.target).get("__call__")):
        return "a class needs a __call__ of its own"
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", one.name) is None:
        return "a name is letters, digits, '_', '-' and '.'"
    if one.state is not None and one.effect == "pure":
        return "a pure function has no state="
    if one.idempotent and one.effect != "write":
        return "idempotent= is about writes; pure and read calls are retried anyway"
    if one.effect == "write" and (one.batched or one.max_batch_size > 1):
        return "writes are never batched (RUNTIME J6)"
    if one.max_batch_size < 1 or one.concurrency < 1:
        return "max_batch_size and concurrency are at least 1"
    if one.origin not in get_args(Origin):
        return f"origin={one.origin!r}: expected one of {get_args(Origin)}"
    if one.numerics not in (None, *get_args(Numerics)):
        return f'numerics={one.numerics!r}: expected None or "exact"'
    if unknown := one.example.keys() - {parameter.name for parameter in one.parameters()}:
        return f"example= names {', '.join(sorted(unknown))}, which is no parameter"
    return _parameter_complaint(one)


def _parameter_complaint(declaration: Declaration) -> str | None:
    for parameter in declaration.parameters():
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            return f"parameter {parameter.name}: calls pass every argument by its name"
        if parameter.annotation is parameter.empty:
            return f"parameter {parameter.name} has no type; schemas are made from types"
        if declaration.batched and parameter.default is not parameter.empty:
            return (
                f"parameter {parameter.name}: a batch form has no defaults, each item has a value"
            )
    if inspect.signature(declaration.implementation).return_annotation is inspect.Signature.empty:
        return "the result has no type; schemas are made from types"
    if declaration.is_class:
        return _constructor_complaint(declaration.target)
    return None


def _constructor_complaint(target: Callable[..., Any]) -> str | None:
    needed = [
        parameter.name
        for parameter in inspect.signature(target).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    ]
    return (
        f"__init__ is called without arguments, but needs {', '.join(needed)}" if needed else None
    )
