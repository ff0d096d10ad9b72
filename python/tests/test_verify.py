"""Verdicts on pairs of programs: right ones, wrong ones, and what a counterexample looks like."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from hermod.testing.functions import Function, load_catalog
from hermod.testing.verify import verify

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases"
PROGRAMS = ROOT / "tests" / "programs"
WRONG = sorted((PROGRAMS / "wrong").glob("*.py"))
CATALOG = load_catalog(PROGRAMS / "catalog.yaml")


def ask(
    serial: str, distributed: str, catalog: dict[str, Function] = CATALOG, runs: int = 200
) -> dict[str, Any]:
    """The answer that `crates/verify` gets."""
    functions = [asdict(function) for function in catalog.values()]
    return verify({
        "serial": serial, "distributed": distributed, "functions": functions, "inputs": {},
        "seed": 0, "runs": runs,
    })  # fmt: skip


def program(body: str) -> str:
    """A program whose `main` is this."""
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return f"import asyncio\nimport hermod\n\nasync def main():\n{lines}\n\nasyncio.run(main())\n"


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_wrong_rewritings_are_caught(path: Path) -> None:
    """`# serial: NAME` in the first line says of which program it is a rewriting."""
    text = path.read_text()
    name = text.splitlines()[0].removeprefix("# serial: ")
    answer = ask((PROGRAMS / f"{name}.py").read_text(), text)
    assert answer["verdict"] != "equal"
    assert answer["counterexample"]["differences"]


def test_figure_6_is_as_good_as_figure_2_when_no_call_fails() -> None:
    """It turns failures into lines of output."""
    serial, distributed = CASES / "cars_serial.py", CASES / "cars_distributed.py"
    catalog = load_catalog(CASES / "functions.yaml")
    answer = ask(serial.read_text(), distributed.read_text(), catalog)
    assert answer["verdict"] == "equal_when_no_call_fails"
    example = answer["counterexample"]
    assert [(call["line"], call["fails"]) for call in example["calls"]] == [(11, True)]
    assert example["serial"]["end"].startswith("FunctionRaised: glip: function raised")
    assert example["distributed"]["stdout"].startswith("The picture could not be described")
    assert example["inputs"] == {"street.jpg": None}


TWO = program("""
a = await hermod.call("classify", text="a")
b = await hermod.call("classify", text="b")
print(a, b)
""")
TOGETHER = program("""
a_call = hermod.call("classify", text="a")
b_call = hermod.call("classify", text="b")
print(await a_call, await b_call)
""")


def test_equal() -> None:
    answer = ask(TWO, TOGETHER)
    assert answer["verdict"] == "equal"
    assert answer["counterexample"] is None
    assert answer["skipped"] == 0
    assert 30 < answer["runs"] <= 200


def test_a_branch_that_hangs_on_a_text_is_taken() -> None:
    body = """
a = await hermod.call("classify", text="a")
if a == "something rather special":
    print({})
"""
    answer = ask(program(body.format("a")), program(body.format("'else'")))
    assert answer["verdict"] == "different"
    assert answer["counterexample"]["calls"][0]["result"] == "something rather special"


def test_the_smallest_results_and_the_plainest_latencies() -> None:
    body = """
lines = await hermod.call("search", query="a")
for line in lines{}:
    print(line)
"""
    answer = ask(program(body.format("")), program(body.format("[:1]")))
    (call,) = answer["counterexample"]["calls"]
    assert (call["result"], call["seconds"]) == (["", ""], 1.0)


def test_a_call_on_an_undecided_test() -> None:
    early = """
b = hermod.call("classify", text="b")
a = await hermod.call("classify", text="a")
if a > "m":
    print(await b)
"""
    serial = early.replace("b = hermod", "# b = hermod").replace(
        "await b", 'await hermod.call("classify", text="b")'
    )
    answer = ask(program(serial), program(early))
    example = answer["counterexample"]
    assert [one["rule"] for one in example["differences"]] == ["E3"]
    assert [call["program"] for call in example["calls"]] == ["serial", "distributed"]


def test_programs_that_do_not_end() -> None:
    body = 'while await hermod.call("classify", text="a") != "done":\n    pass'
    answer = ask(program(body), program(body))
    assert answer["verdict"] == "equal"
    assert 0 < answer["skipped"] < answer["runs"]
    endless = 'while True:\n    await hermod.call("classify", text="a")'
    answer = ask(TWO, program(endless))
    assert answer["verdict"] == "different"
    assert answer["counterexample"]["distributed"] is None


CONCURRENT = program("""
async def show(text):
    print(await hermod.call("classify", text=text))

await asyncio.gather(show("a"), show("b"))
""")


def test_what_a_concurrent_program_may_do_its_rewriting_may_do() -> None:
    """SEMANTICS O4."""
    one = 'await show("a"), await show("b")'
    assert ask(CONCURRENT, CONCURRENT)["verdict"] == "equal"
    in_order = CONCURRENT.replace('await asyncio.gather(show("a"), show("b"))', one)
    assert ask(CONCURRENT, in_order, runs=30)["verdict"] == "equal"
    assert ask(in_order, CONCURRENT, runs=30)["verdict"] == "different"


def test_clocks_chance_and_inputs_are_the_same_for_both() -> None:
    body = """
import random, time
print(time.time(), random.random(), open("notes.txt").read(), hermod.input("rows.csv"))
hermod.answer({})
"""
    assert ask(program(body.format("1")), program(body.format("1")))["verdict"] == "equal"
    answer = ask(program(body.format("1")), program(body.format("2")))
    assert [one["rule"] for one in answer["counterexample"]["differences"]] == ["O1"]
