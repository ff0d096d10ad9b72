"""Proofs: most of what `parallelize` makes, and nothing that is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from hermod.testing.functions import load_catalog
from hermod.testing.verify.proof import prove

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "tests" / "programs"
SNAPSHOTS = ROOT / "crates" / "parallelize" / "tests" / "snapshots"
FUNCTIONS = [asdict(function) for function in load_catalog(PROGRAMS / "catalog.yaml").values()]
WRONG = sorted((PROGRAMS / "wrong").glob("*.py"))


def ask(serial: str, distributed: str) -> list[dict[str, Any]]:
    return prove({"serial": serial, "distributed": distributed, "functions": FUNCTIONS})


def made(name: str) -> str | None:
    """What `parallelize` makes of a program; None: the same."""
    text = (SNAPSHOTS / f"{name}.snap").read_text().split("\n=====\n", 1)[1]
    return None if text.startswith("(unchanged)") else text


def test_most_loops_are_proved() -> None:
    """The goal is nine of ten."""
    found: Counter[str] = Counter()
    for path in PROGRAMS.glob("*.py"):
        distributed = made(path.stem)
        if distributed:
            obligations = ask(path.read_text(), distributed)
            found.update(one["status"] for one in obligations if one["kind"] == "loop")
    assert found["proved"] >= 0.9 * found.total() > 50, found


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_nothing_wrong_is_proved(path: Path) -> None:
    text = path.read_text()
    name = text.splitlines()[0].removeprefix("# serial: ")
    statuses = {one["status"] for one in ask((PROGRAMS / f"{name}.py").read_text(), text)}
    assert "tested" in statuses


HEAD = "import asyncio\nimport hermod\n\n"
LOOP = """
async def main():
    total = []
    async def ask_about_text(text):
        {prefix}
        answer = await hermod.call("classify", text=text)
        return {given}
    async with hermod.ahead() as early:
        async for {given} in early.each(ask_about_text, {items}):
            {body}
    {after}
"""
SERIAL = """
async def main():
    total = []
    for text in {items}:
        {prefix}
        answer = await hermod.call("classify", text=text)
        {body}
    {after}
"""


def check_loop(
    doubt: str | None,
    prefix: str = "pass",
    given: str = "answer",
    items: str = '["a", "b"]',
    body: str = "print(answer)",
    after: str = "print()",
) -> None:
    parts = {"prefix": prefix, "given": given, "items": items, "body": body, "after": after}
    obligations = ask(HEAD + SERIAL.format(**parts), HEAD + LOOP.format(**parts))
    (loop,) = [one for one in obligations if one["kind"] == "loop"]
    if doubt is None:
        assert loop["status"] == "proved", loop
    else:
        assert f"{loop['rule']} {loop['why']}".startswith(doubt), loop


def test_loops_that_may_run_ahead() -> None:
    check_loop(None)
    check_loop(None, body="total.append(answer)")
    check_loop(None, body="continue")
    check_loop(None, given="text, answer", body="print(text)", after="print(text)")
    check_loop(None, prefix="words = text.split()")
    check_loop(None, items="sorted(['a'])")
    check_loop(None, items="sorted(total)", body="total.append(answer)")
    check_loop(None, items="total[:2]", body="total.append(answer)")


def test_loops_that_may_not() -> None:
    check_loop("E3 later iterations hang on `break`", body="break")
    check_loop("E3", body="assert answer")
    check_loop("A3 prints", prefix="print()")
    check_loop("A3 it changes `total`", prefix="total.append(text)")
    check_loop("A3 the body changes `total`", prefix="n = len(total)", body="total.append(answer)")
    check_loop("A5 `text` is not given back", body="print(text)")
    check_loop("A5 `text` is looked at after the loop", after="print(text)")
    check_loop("A6", items="iter(['a'])")
    check_loop("A3 the body changes `total`", items="total", body="total.append(answer)")
    check_loop("A3 the body changes `total`", items="[*total]", prefix="n = len(total)",
               body="total.append(answer)")  # fmt: skip
    check_loop("A5 `n` may be of the iteration before", prefix="n = n + 1")
    check_loop("A3 nothing is known about `later`", prefix="later()")


EARLY = """
async def main():
    total = []
    {first}
    async with hermod.ahead() as early:
        async def ask_about_text(text):
            answer = await hermod.call({call})
            return answer
        answers_ahead = early.each(ask_about_text, {items})
        {between}
        async for answer in answers_ahead:
            {body}
    print(total)
"""
EARLY_SERIAL = """
async def main():
    total = []
    {first}
    {between}
    for text in {items}:
        answer = await hermod.call({call})
        {body}
    print(total)
"""


def check_early(
    doubt: str | None,
    first: str = 'words = ["a", "b"]',
    call: str = '"classify", text=text',
    items: str = "words",
    between: str = 'print(await hermod.call("classify", text="c"))',
    body: str = "print(answer)",
) -> None:
    """A loop that is started before `between`."""
    parts = {"first": first, "call": call, "items": items, "between": between, "body": body}
    obligations = ask(HEAD + EARLY_SERIAL.format(**parts), HEAD + EARLY.format(**parts))
    (loop,) = [one for one in obligations if one["kind"] == "loop"]
    if doubt is None:
        assert loop["status"] == "proved", loop
    else:
        assert f"{loop['rule']} {loop['why']}".startswith(doubt), loop


def test_loops_that_may_be_started_before_their_place() -> None:
    check_early(None)
    check_early(None, items='["a"]')
    check_early(None, items="range(2)", call='"classify", text=f"{text}"')
    check_early(None, items="zip(words, words)", call='"classify", text=f"{text}"')
    check_early(None, between="total.append(1)")
    check_early(None, between="hits = [1]; hits[0] = 2")
    check_early(None, call='"list_tickets"', between="print()")


def test_loops_that_may_not_be_started_before_their_place() -> None:
    write = 'await hermod.call("close_ticket", ticket_id="x")'
    check_early("A3 `words` is changed", between='words.append("c")')
    check_early("A3 `words` is changed", between='words = ["c"]')
    check_early("A3 `words` is changed", first='words = ["a"]; both = [words]',
                between='both[0].append("c")')  # fmt: skip
    check_early("A3 `n` is changed", first='words = ["a"]; n = ""', call='"classify", text=n',
                between='n = await hermod.call("classify", text="c")')  # fmt: skip
    check_early(
        "A3 `other` may be", first="words = ['a']; other = words", between="other.append('c')"
    )
    check_early("E2 it reads what is written", call='"list_tickets"', between=write)
    check_early("E3 it hangs on `return`", between="if total: return")
    check_early("E3 it hangs on `assert`", between="assert total")
    check_early("A3 `words[0].split()` may fail", items="words[0].split()")
    check_early("A3 `close_ticket` writes", call='"close_ticket", ticket_id=text')


SCOPE = """
async def main():
    async with hermod.ahead() as early:
        async def ask_about_text(text):
            return await hermod.call("classify", text=text)
        answers_ahead = early.each(ask_about_text, ["a", "b"])
    async for answer in answers_ahead:
        print(answer)
"""


def test_what_is_started_ends_with_its_scope() -> None:
    serial = """
async def main():
    for text in ["a", "b"]:
        answer = await hermod.call("classify", text=text)
        print(answer)
"""
    statuses = {one["status"] for one in ask(HEAD + serial, HEAD + SCOPE)}
    assert statuses == {"tested"}


def test_what_has_several_names_is_changed_under_all_of_them() -> None:
    def check(doubt: str, first: str, between: str) -> None:
        check_early(doubt, first=first, between=between, items='["a"]',
                    call='"classify", text=str(row)')  # fmt: skip

    check("A3 `row` is changed", "row = []; rows = [row]", "rows[0].append(1)")
    check("A3 `row` is changed", "row = []; rows = {}; rows['a'] = row", "rows['a'].append(1)")
    check("A3 `row` is changed", "row = []; rows = []; rows.append(row)", "rows[0].append(1)")
    check("A3 `row` is changed", "rows = [[]]; row = rows[0]", "rows[0].append(1)")
    check("A3 `other` may be", "row = other = []", "other.append(1)")
    check("A3 `q` may be", "row = []; rows = []; add = rows.append; add(row); q = rows[0]",
          "q.append(1)")  # fmt: skip
    check("A3 `q` may be", "row = []; rows = {}; rows.update(a=row); q = rows['a']", "q.append(1)")
    check("A3 `q` may be", "row = []; f = lambda: row; q = f()", "q.append(1)")
    check("A3 `q` may be", "row = []; q = sorted([row])[0]", "q.append(1)")
    check("A3 `one` may be", "row = []; rows = [row]", "for one in rows: one.append(1)")


def test_what_a_helper_changes_is_not_changed_ahead() -> None:
    head = (
        HEAD
        + """
log = []
async def note(text):
    log.append(await hermod.call("classify", text=text))
async def main():
"""
    )
    serial = head + "    print(log)\n    await note('a')\n"
    ahead = (
        head
        + """
    async with hermod.ahead() as early:
        note_call = early.start(note('a'))
        print(log)
        await note_call
"""
    )
    (moved,) = [one for one in ask(serial, ahead) if one["kind"] == "call"]
    assert moved["why"] == "it changes `log`"


CALLS = """
async def main():
    a_call = hermod.call("classify", text={argument})
    b = await hermod.call("classify", text="b")
    {between}
    {place}
"""


def check_call(doubt: str | None, argument: str = '"a"', between: str = "print(b)",
               place: str = "print({})") -> None:  # fmt: skip
    distributed = CALLS.format(
        argument=argument, between=between, place=place.format("await a_call")
    )
    call = f'await hermod.call("classify", text={argument})'
    serial = CALLS.format(argument=argument, between=between, place=place.format(call))
    serial = "\n".join(line for line in serial.splitlines() if "a_call" not in line)
    obligations = ask(HEAD + serial, HEAD + distributed)
    (moved,) = [one for one in obligations if one["kind"] == "call"]
    if doubt is None:
        assert moved["status"] == "proved", moved
    else:
        assert f"{moved['rule']} {moved['why']}".startswith(doubt), moved


def test_calls() -> None:
    check_call(None)
    check_call("E3 whether", place="if b:\n        print({})")
    check_call("E3 it hangs on `return`", between="if b:\n        return")
    check_call("A3 `x['a']` may fail", argument="x['a']")
    check_call("A3 `b` is changed", argument="b")


def test_functions_that_declare_nothing_are_assumed_pure() -> None:
    serial = HEAD + 'async def main():\n    await hermod.call("caption", image="a")\n'
    assumed = ask(serial, serial + "\n\nasync def more():\n    pass\n")
    assert [one["rule"] for one in assumed if one["status"] == "assumed"] == ["E1"]
