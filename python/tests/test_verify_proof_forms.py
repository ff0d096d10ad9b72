"""Proofs of loops that walk along results still to come, that raise and catch, and that skip."""

from __future__ import annotations

import pytest

from test_verify_proof import HEAD, ask


def check(doubt: str | None, serial: str, distributed: str, kind: str = "loop") -> None:
    """Of the one loop, or call, of the distributed program."""
    (one,) = [one for one in ask(HEAD + serial, HEAD + distributed) if one["kind"] == kind]
    if doubt is None:
        assert one["status"] == "proved", one
    else:
        assert f"{one['rule']} {one['why']}".startswith(doubt), one


RAISING = """
class Bad(Exception):
    pass
async def check(text):
    category = await hermod.call("classify", text=text)
    if category > "t":
        raise {raised}
    return category
async def main():
"""
CAUGHT = """
    for text in ["a", "b"]:
        try:
            print(await check(text))
        except {caught}:
            {handler}
"""
CAUGHT_AHEAD = """
    async def ask_about_text(text):
        return early.start(check(text))
    async with hermod.ahead() as early:
        async for check_call in early.each(ask_about_text, ["a", "b"]):
            try:
                print(await check_call)
            except {caught}:
                {handler}
"""


@pytest.mark.parametrize(
    ("doubt", "raised", "caught", "handler"),
    [
        (None, "Bad(text)", "Bad", "pass"),
        (None, "Bad(text)", "(KeyError, Bad)", "continue"),
        (None, "Bad(text)", "Exception as error", "print(error)"),
        (None, "KeyError", "Exception", "pass"),
        ("E3 later iterations hang on `raise`", "Bad(text)", "ValueError", "pass"),
        ("E3 later iterations hang on `raise`", "KeyError", "LookupError", "pass"),
        ("E3 later iterations hang on `raise`", "Bad(text)", "Bad", "raise"),
        ("E3 later iterations hang on `raise`", "SystemExit", "Exception", "pass"),
        ("E3 later iterations hang on `break`", "Bad(text)", "Bad", "break"),
    ],
)
def test_what_a_turn_raises_and_catches(
    doubt: str | None, raised: str, caught: str, handler: str
) -> None:
    parts = {"raised": raised, "caught": caught, "handler": handler}
    check(doubt, (RAISING + CAUGHT).format(**parts), (RAISING + CAUGHT_AHEAD).format(**parts))


LATER = """
async def main():
    {first}
    tickets_call = hermod.call("list_tickets", queue="open")
    async with hermod.ahead() as early:
        async def look_at_ticket(ticket):
            category = await hermod.call("classify", text=ticket["text"])
            return category
        async def list_tickets():
            {again} = await tickets_call
            return {items}
        tickets_ahead = early.each(look_at_ticket, {work})
        {before}
        tickets = await tickets_call
        {between}
        async for category in tickets_ahead:
            print(category)
"""
SERIAL_LATER = """
async def main():
    {first}
    {before}
    tickets = await hermod.call("list_tickets", queue="open")
    {between}
    for ticket in {items}:
        category = await hermod.call("classify", text=ticket["text"])
        print(category)
"""


OTHERS = 'tickets = await hermod.call("list_tickets", queue="closed")'


@pytest.mark.parametrize("work", ["tickets_call", "early.start(list_tickets())"])
@pytest.mark.parametrize(
    ("doubt", "parts"),
    [
        (None, {}),
        (None, {"between": "print(len(tickets))"}),
        ("A3 `tickets` is changed", {"between": "tickets.append(1)"}),
        ("A3 `tickets` is changed", {"between": OTHERS}),
        ("A3 `tickets` is changed", {"before": OTHERS}),
        ("E3 it hangs on `return`", {"between": "if not tickets: return"}),
        ("E3 it hangs on `assert`", {"between": "assert tickets"}),
        ("A1 `tickets_call` is not awaited between", {"again": "others", "items": "others"}),
    ],
)
def test_loops_along_results_that_the_body_awaits_too(
    doubt: str | None, parts: dict[str, str], work: str
) -> None:
    if "again" in parts and work == "tickets_call":
        return
    usual = {"first": "pass", "before": "print()", "between": "print()", "again": "tickets",
             "items": "tickets", "work": work}  # fmt: skip
    all_parts = {**usual, **parts}
    check(doubt, SERIAL_LATER.format(**all_parts), LATER.format(**all_parts))


def test_items_that_are_awaited_after_the_loop_are_not_those_of_the_loop() -> None:
    serial = """
async def main():
    tickets = []
    print()
    for ticket in tickets:
        print(await hermod.call("classify", text=ticket["text"]))
    tickets = await hermod.call("list_tickets", queue="open")
"""
    distributed = """
async def main():
    tickets = []
    tickets_call = hermod.call("list_tickets", queue="open")
    async with hermod.ahead() as early:
        async def look_at_ticket(ticket):
            return hermod.call("classify", text=ticket["text"])
        tickets_ahead = early.each(look_at_ticket, tickets_call)
        print()
        async for classify_call in tickets_ahead:
            print(await classify_call)
        tickets = await tickets_call
"""
    check("A1 `tickets_call` is not awaited between", serial, distributed)


SKIPPED = """
async def main():
    for text in ["a", "b"]:
        {call}b = await hermod.call("classify", text=text)
        if b:
            continue
        print(await {awaited})
"""


def test_a_call_that_a_continue_may_skip_hangs_on_it() -> None:
    call = 'hermod.call("classify", text="c")'
    check("E3 it hangs on `continue`", SKIPPED.format(call="", awaited=call),
          SKIPPED.format(call=f"c_call = {call}\n        ", awaited="c_call"), "call")  # fmt: skip


BINDING = """
async def main():
    {before}
    async def look_at_text(text):
        await hermod.call("classify", text=text)
    async with hermod.ahead() as early:
        async for {variable} in early.each(look_at_text, ["a", "b"]):
            pass
    {after}
"""
SERIAL_BINDING = """
async def main():
    {before}
    for text in ["a", "b"]:
        await hermod.call("classify", text=text)
    {after}
"""


@pytest.mark.parametrize(
    ("doubt", "before", "after"),
    [
        (None, "pass", "print()"),
        ("A5 `_` is bound by the loop", "_ = 1", "print(_)"),
        ("A5 `_` is bound by the loop", "pass", "_('a text')"),
    ],
)
def test_a_variable_that_only_the_distributed_loop_has(
    doubt: str | None, before: str, after: str
) -> None:
    parts = {"before": before, "variable": "_", "after": after}
    check(doubt, SERIAL_BINDING.format(**parts), BINDING.format(**parts))


PARTS = """
async def look(*parts):
    {rest}
"""


def test_all_that_a_function_is_given_is_a_list() -> None:
    serial = "for part in parts:\n        print(await hermod.call('classify', text=part))"
    distributed = """async def ask_about_part(part):
        return hermod.call('classify', text=part)
    async with hermod.ahead() as early:
        async for classify_call in early.each(ask_about_part, parts):
            print(await classify_call)"""
    check(None, PARTS.format(rest=serial), PARTS.format(rest=distributed))
