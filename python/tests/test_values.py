"""What travels and how it looks on the wire (V1)."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from enum import IntEnum
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermod.images import Handle
from hermod.values import NotAValueError, decode, encode
from pictures import picture

HANDLE: Handle = {"blob": "sha256:" + "0" * 64, "operations": [["crop", 1, 2, 3, 4]], "version": 1}


class Level(IntEnum):
    HIGH = 3


def check(value: Any, packed: Any) -> None:
    encoded = encode(value, lambda _: HANDLE)
    assert encoded == packed
    assert msgpack.unpackb(msgpack.packb(encoded)) == packed


def test_python_values_on_the_wire() -> None:
    check([None, True, 1, 1.5, "é", b"\x00"], [None, True, 1, 1.5, "é", b"\x00"])
    check((1, (2, [])), [1, [2, []]])
    check(bytearray(b"ab"), b"ab")
    check(OrderedDict(b=1, a=Counter("x")), {"b": 1, "a": {"x": 1}})
    check({"image": picture("L")}, {"image": {"$image": HANDLE}})
    check({"$image": 1, "$$": {"$a": 2}}, {"$$image": 1, "$$$": {"$$a": 2}})
    check([-(2**63), 2**63 - 1, Level.HIGH], [-(2**63), 2**63 - 1, 3])
    assert type(encode(Level.HIGH, lambda _: HANDLE)) is int


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (math.nan, "nan is not finite"),
        ([1, {"a": math.inf}], "[1].a: inf is not finite"),
        ({"n": 2**63}, "n: 9223372036854775808 does not fit in 64 signed bits"),
        ({"a": {1: 2}}, "a: the key 1 is not text"),
        ({"cars": [{"seen": {1, 2}}]}, "cars[0].seen: set is not a value: only None, bool"),
        (object, "type is not a value"),
        (1j, "complex is not a value"),
        (picture, "function is not a value"),
        ("a\ud800", "text with half a surrogate pair at 1"),
        ({"\udfff": 1}, "text with half a surrogate pair at 0"),
    ],
)
def test_what_does_not_travel_says_what_and_where(value: Any, message: str) -> None:
    with pytest.raises(NotAValueError) as caught:
        encode(value, lambda _: HANDLE)
    assert str(caught.value).startswith(message)


def test_endless_values_are_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(NotAValueError, match="nested more than 100 deep"):
        encode(endless, lambda _: HANDLE)


def test_results_are_fresh_trees() -> None:
    """E6."""
    packed = {"a": [1], "$$b": {"$image": HANDLE}}
    first, second = (decode(packed, lambda handle: handle["blob"]) for _ in range(2))
    assert first == second == {"a": [1], "$b": HANDLE["blob"]}
    assert first["a"] is not second["a"]


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.binary(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=3) | st.sampled_from(["$", "$image", "$$"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(values)
def test_values_come_back(value: Any) -> None:
    packed = msgpack.packb(encode(value, lambda _: HANDLE))
    back = decode(msgpack.unpackb(packed), lambda handle: handle)
    assert back == value
    assert repr(back) == repr(value), "types and the order of keys too"
