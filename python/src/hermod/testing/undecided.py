"""Calls of a distributed program that the serial one did not make (E3)."""

from __future__ import annotations

from collections import Counter

from hermod.testing.functions import Function
from hermod.testing.run import Report


def undecided(serial: Report, distributed: Report) -> Counter[str]:
    """Keys of calls that no test had asked for, and that are no guesses. None where an exception
    kept the serial program from them."""
    if serial.exceptions:
        return Counter()
    wanted, made = (Counter(call.key for call in one.calls) for one in (serial, distributed))
    return made - wanted - Counter(call.key for call in distributed.calls if call.guess)


def careless(distributed: Report, functions: dict[str, Function]) -> list[str]:
    """Functions that were called on a guess, and do not declare themselves pure."""
    guessed = {call.function for call in distributed.calls if call.guess}
    return sorted(name for name in guessed if functions[name].effect != "pure")
