"""Bugs to build into distributed programs, each of which a comparison must find.

Text to text; `None` where the program has no place for the bug."""

from __future__ import annotations

import re
from collections.abc import Callable

Bug = Callable[[str], str | None]


def _once(pattern: str, replacement: str) -> Bug:
    """Replaces the first match."""
    compiled = re.compile(pattern, re.MULTILINE)
    return lambda text: compiled.sub(replacement, text, count=1) if compiled.search(text) else None


def _awaits_swapped(text: str) -> str | None:
    """Two awaits in lines one after the other change places."""
    found = re.search(r"^( *)(.*await \w+_call.*\n)\1(.*await \w+_call.*\n)", text, re.MULTILINE)
    if not found:
        return None
    indentation, first, second = found.groups()
    return text[: found.start()] + indentation + second + indentation + first + text[found.end() :]


def _last_iteration_lost(text: str) -> str | None:
    """The loop walks along all but one."""
    return _once(r"(early\w*\.each\(\w+, )(.+)\):$", r"\1list(\2)[:-1]):")(text)


def _late_bound(text: str) -> str | None:
    """The coroutine looks at the loop's variable instead of its own parameter."""
    found = re.search(r"async def (look_at_\w+|ask_about_\w+|describe_\w+)\((\w+)\):\n", text)
    if not found:
        return None
    name, parameter = found.groups()
    head = f"async def {name}(_own):\n"
    return re.sub(
        rf"^( *)async for (.+) in (early\w*)\.each\({name}, (.+)\):$",
        rf"\1{parameter} = [*\4][-1] if [*\4] else None\n\1async for \2 in \3.each({name}, \4):",
        text[: found.start()] + head + text[found.end() :],
        flags=re.MULTILINE,
    )


def _results_reversed(text: str) -> str | None:
    """Items are walked along backwards."""
    return _once(r"(early\w*\.each\(\w+, )(.+)\):$", r"\1list(\2)[::-1]):")(text)


def _failure_swallowed(text: str) -> str | None:
    """A failure ahead of the loop ends in a value."""
    found = re.search(r"^( *)(\w+) = await (\w+_call)$", text, re.MULTILINE)
    if not found:
        return None
    indentation, name, call = found.groups()
    lines = [f"{indentation}try:", f"{indentation}    {name} = await {call}",
             f"{indentation}except Exception:", f"{indentation}    {name} = None"]  # fmt: skip
    return text[: found.start()] + "\n".join(lines) + text[found.end() :]


def _write_moved_up(text: str) -> str | None:
    """A write is issued before what is awaited above it."""
    writes = "index_add|close_ticket|count_up"
    found = re.search(
        rf"^( *)(.*await .*)\n\1await (hermod\.call\(\"(?:{writes})\".*\))$", text, re.MULTILINE
    )
    if not found:
        return None
    indentation, above, write = found.groups()
    moved = (
        f"{indentation}write_early = {write}\n{indentation}{above}\n{indentation}await write_early"
    )
    return text[: found.start()] + moved + text[found.end() :]


def _issued_on_no_test(text: str) -> str | None:
    """A call of a branch is issued before its test."""
    call = r"(\w*\.?call\(\".*\))"
    found = re.search(rf"^( *)if (.*):\n\1    (\w+ = )?await {call}$", text, re.MULTILINE)
    if not found:
        return None
    indentation, test, target, call = found.groups()
    lines = [f"{indentation}branch_early = {call}", f"{indentation}if {test}:",
             f"{indentation}    {target or ''}await branch_early"]  # fmt: skip
    return text[: found.start()] + "\n".join(lines) + text[found.end() :]


def _writes_swapped(text: str) -> str | None:
    """Two writes in lines one after the other change places."""
    line = r"(.*await \w*\.?call\(\"(?:index_add|close_ticket|count_up)\".*\n)"
    found = re.search(rf"^( *){line}\1{line}", text, re.MULTILINE)
    if not found:
        return None
    indentation, first, second = found.groups()
    return text[: found.start()] + indentation + second + indentation + first + text[found.end() :]


def _gathered(text: str) -> str | None:
    """All iterations at once, as everybody writes it: the first failure in time is raised."""
    found = re.search(r"^( *)async for (.+) in early\w*\.each\((\w+), (.+)\):$", text, re.MULTILINE)
    if not found:
        return None
    indentation, target, name, items = found.groups()
    loop = f"{indentation}for {target} in await asyncio.gather(*[{name}(one) for one in {items}]):"
    return text[: found.start()] + loop + text[found.end() :]


def _results_swapped(text: str) -> str | None:
    """What a coroutine gives back is taken in another order."""
    return _once(r"^( *async for )(\w+), (\w+)( in early|,)", r"\1\3, \2\4")(text)


def _before_its_try(text: str) -> str | None:
    """What a handler is for happens outside."""
    pattern = r"^( *)try:\n\1    (\w+ = await .*\))$"
    return _once(pattern, r"\1\2\n\1try:\n\1    pass")(text)


_WRITE = r"^( *)await \w*\.?call\(\"(?:index_add|close_ticket|count_up)\".*\)$"
_READ = r"^( *)(\w+_call = )(\w*\.?call\(\"(?:search|list_tickets|weather|caption)\".*\))$"
_ISSUED = r"^( *)(\w+_call)( = \w*\.?call\(.*\))$"
_EACH = r"(early\w*\.each\(\w+, )(.+)\):$"

WRONG: dict[str, Bug] = {
    "an await is dropped": _once(r"await (\w+_call)\b", r"\1"),
    "awaits change places": _awaits_swapped,
    "the last iteration is lost": _last_iteration_lost,
    "the loop's variable is bound late": _late_bound,
    "items come in reverse": _results_reversed,
    "a print comes before the await above it": _once(
        r"^( *)(\w+ = await \w+_call)\n\1(print\(.*\))$", r"\1\3\n\1\2"
    ),
    "a failure is swallowed": _failure_swallowed,
    "a write is issued early": _write_moved_up,
    "a branch is issued before its test": _issued_on_no_test,
    "results are not given back": _once(r"^( *)return (\w+), (\w+)$", r"\1return \3, \2"),
    "a write is lost": _once(_WRITE, r"\1pass"),
    "writes change places": _writes_swapped,
    "a break is lost": _once(r"^( *)break$", r"\1pass"),
    "a continue is lost": _once(r"^( *)continue$", r"\1pass"),
    "iterations are gathered": _gathered,
    "a call is made twice": _once(_READ, r"\1\2\3\n\1twice = \3"),
    "results change places": _results_swapped,
    "a handler catches too little": _once(r"except \w+\.CallError", "except KeyError"),
    "a call leaves its try": _before_its_try,
    "an item comes twice": _once(_EACH, r"\1list(\2) + list(\2)[:1]):"),
    "an accumulation is turned round": _once(r"^( *)(\w+) \+= (.+)$", r"\1\2 = (\3) + \2"),
    "a call is awaited where it is issued": _once(_ISSUED, r"\1\2\3\n\1await \2"),
}
