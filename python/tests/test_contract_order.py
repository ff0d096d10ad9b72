"""Issue early, await in place: rules A1 to A7 of the contract, each on a tiny program."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest

from contract_programs import LOOP, TWO, A, B, Made
from coverage_programs import CATALOG
from hermod.testing import Plan, run


def test_a1_the_first_failure_in_serial_order_is_raised_after_every_print_before_it() -> None:
    made = Made('print("begin")' + TWO.replace("\n    ", "\n"))
    assert made.run(A=4.0, B=4.0).makespan == 4.0
    late = made.fail(A, B, A=50.0, B=0.5)
    assert late.stdout == "begin\n"
    assert late.end == run(made.serial, CATALOG, Plan(failing=frozenset([A]))).end


def test_a2_a_failure_does_not_wait_for_what_was_started_ahead() -> None:
    failed = Made(LOOP).fail(A, A=1.0, B=50.0, C=50.0)
    assert failed.end[:2] == ["raised", "FunctionRaised"]
    assert failed.makespan == 1.0
    assert failed.stdout == ""
    assert failed.stderr == ""
    assert failed.complaints == []


def test_a3_what_computing_ahead_raises_is_raised_in_its_place() -> None:
    body = """
        for row in [{"text": "a"}, {"text": "b"}, {}]:
            category = await hermod.call("classify", text=row["text"])
            print(row["text"], category)
    """
    made = Made(body)
    ended = made.run(A=5.0, B=5.0)
    assert ended.end == ["raised", "KeyError", "'text'"]
    assert [line.split()[0] for line in ended.stdout.splitlines()] == ["a", "b"]
    assert ended.makespan == 5.0


@pytest.mark.parametrize(
    "exit_",
    ["finally:\n        print('left')", "except:\n        print('caught')"],
)
def test_a4_what_runs_ahead_holds_no_finally_and_no_bare_except(exit_: str) -> None:
    body = f"""
price = await hermod.call("price", item="p")
for text in ["a", "b"]:
    try:
        print(await hermod.call("classify", text=text))
    {exit_}
print(price, await hermod.call("embed", text="x"))
"""
    text = Made(body).text
    ahead = re.findall(r"( +)async def .*\n((?:\1 +.*\n)+)", text.partition("async def main")[2])
    assert not [body for _, body in ahead if "finally:" in body or "except:" in body]


def test_a4_a_handler_that_picks_a_default_runs_ahead() -> None:
    body = """
        for text in ["a", "b", "c"]:
            try:
                category = await hermod.call("classify", text=text)
            except hermod.CallError:
                category = "none"
            print(text, category)
    """
    made = Made(body)
    assert made.run(A=5.0, B=5.0, C=5.0).makespan == 5.0
    assert "b none\n" in made.fail(B).stdout


def test_a5_sums_are_taken_in_order_and_the_loops_variables_stay() -> None:
    body = """
        total = 0.1
        for item in ["p", "q", "r"]:
            price = await hermod.call("price", item=item)
            total += price * 0.1
        print(repr(total), item, price)
    """
    made = Made(body)
    assert made.text.count("total += ") == 1
    assert made.run(P=50.0).stdout == run(made.serial, CATALOG, Plan()).stdout


def test_a5_the_first_line_is_there_before_the_last_call_ends() -> None:
    made = Made(LOOP)
    timed = made.text.replace("print(", "print(asyncio.get_running_loop().time(), ")
    printed = run(timed, CATALOG, made.plan((), {"A": 1.0, "B": 2.0, "C": 50.0})).stdout
    assert [line.split()[0] for line in printed.splitlines()] == ["1.0", "2.0", "50.0"]


def test_a6_a_generator_and_a_list_that_grows_stay_in_order() -> None:
    before = """
        def texts():
            for text in "ab":
                print("next is", text)
                yield text
    """
    body = """
        for text in texts():
            print(await hermod.call("classify", text=text))
        price = await hermod.call("price", item="p")
        print(price)
        names = ["a"]
        for name in names:
            category = await hermod.call("classify", text=name)
            if len(names) < 3:
                names.append(name + category)
    """
    assert len(Made(body, before).kept("A6")) == 2


@pytest.mark.parametrize("looking", ["locals()", "eval('1')"])
def test_a7_functions_that_look_at_themselves_stay_serial(looking: str) -> None:
    made = Made(f"{dedent(TWO)}print(len(str({looking})))", changed=False)
    assert made.kept("A7")
