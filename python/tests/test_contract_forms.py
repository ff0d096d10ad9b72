"""The output forms of the contract, in their order of preference, and what is never emitted."""

from __future__ import annotations

import re
from textwrap import dedent, indent

import pytest

from contract_programs import LOOP, Made
from coverage_programs import PROGRAMS, distributed


def test_form_1_a_call_goes_up_and_its_await_stays() -> None:
    body = """
        color = await hermod.call("classify", text="a")
        print(color)
        size = await hermod.call("classify", text="b")
        print(size)
    """
    expected = """
        color_call = hermod.call("classify", text="a")
        size_call = hermod.call("classify", text="b")
        color = await color_call
        print(color)
        size = await size_call
        print(size)
    """
    assert indent(dedent(expected), "    ") in Made(body).text


def test_form_2_a_loop_is_a_coroutine_for_an_item_and_prints_stay_in_its_body() -> None:
    text = Made(LOOP).text
    head, _, loop = text.partition("    async with hermod.ahead() as early:\n")
    assert re.search(r"^    async def [a-z]+_[a-z_]+\(text\):$", head, re.MULTILINE)
    assert "print(" not in head
    assert re.match(
        r"        async for .* in early\.each\([a-z_]+, \[\"a\", \"b\", \"c\"\]\):\n", loop
    )
    assert "print(text, category)" in loop


def test_form_3_a_chain_is_a_named_coroutine_that_is_started() -> None:
    before = """
        async def read_plate(text):
            return await hermod.call("summarize", text=await hermod.call("classify", text=text))
    """
    body = """
        first = await read_plate("a")
        second = await read_plate("b")
        print(first, second)
    """
    text = Made(body, before).text
    assert re.search(r"\w+ = \w+\.start\(read_plate\(\"a\"\)\)", text)
    assert re.search(r"first = await \w+$", text, re.MULTILINE)


def test_form_4_without_its_slice_the_body_is_the_serial_one() -> None:
    body = """
        for text in ["a", "b", "c"]:
            kind = await hermod.call("classify", text=text)
            print(kind)
            if kind == "end":
                break
            print(await hermod.call("summarize", text=text))
    """
    text = Made(body).text
    head, opened, rest = text.partition("    async with hermod.ahead() as early:\n")
    assert opened
    assert "print(" not in head
    started, _, loop = rest.partition("\n")
    assert started == "        early.start(look_ahead())"
    serial = indent(dedent(body).strip("\n"), "        ")
    assert loop.startswith(serial)


#: What no output holds, unless the input does.
NEVER = {
    "asyncio.gather": r"\bgather\(",
    "create_task": r"\bcreate_task\(",
    "TaskGroup": r"\bTaskGroup\b",
    "lambda": r"\blambda\b",
    "nonlocal": r"\bnonlocal\b",
    "a captured stream": r"redirect_std|StringIO",
    "names like _t3": r"\b_[a-z]?\d+\b",
    "results by index": r"\bresults?\[\w+\] = ",
    "default arguments of its own": r"async def \w+\([^)]*\b\w+=\w+[,)]",
    "flags that emulate break": r"\b(stopped|broken|done|should_break) = (True|False)\b",
}


@pytest.mark.parametrize("what", NEVER)
def test_never_emitted(what: str) -> None:
    for name, made in distributed().items():
        found, wanted = (len(re.findall(NEVER[what], text)) for text in
                         (made["source"], PROGRAMS[name].text))  # fmt: skip
        assert found <= wanted, made["source"]
