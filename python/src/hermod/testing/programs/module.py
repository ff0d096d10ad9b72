"""Whole programs: constants, helpers, `main`."""

from __future__ import annotations

import random

from hermod.testing.programs.scope import Helper, Scope
from hermod.testing.programs.statements import Statements

IMPORTS = {
    "hermod.": "import hermod",
    "h.": "import hermod as h",
    "": "import hermod\nfrom hermod import call",
}


def generate(seed: int) -> str:
    """The program of this seed."""
    dice = random.Random(seed)  # noqa: S311 - a seed is the point
    while not _is_python(text := _program(dice)):
        pass  # a walrus where none may be, and the like
    return text


def _is_python(text: str) -> bool:
    try:
        compile(text, "program.py", "exec")
    except SyntaxError:
        return False
    return True


def _program(dice: random.Random) -> str:
    package = dice.choices(list(IMPORTS), [12, 1, 1])[0]
    lines = ["import asyncio", "import contextlib", "import sys", "", IMPORTS[package], "", ""]
    lines += ['LANGUAGES = ["de", "fr"]', "STATE = {}", "counter = 0", "", ""]
    helpers: list[Helper] = []
    for number in range(dice.choice([0, 0, 1, 1, 2, 3])):
        helper, text = _helper(dice, package, helpers, number)
        helpers.append(helper)
        lines += [*text, "", ""]
    lines += _main(dice, package, helpers)
    lines += ["", "", dice.choice(["asyncio.run(main())", "print(asyncio.run(main()))"])]
    return "\n".join(lines) + "\n"


def _helper(
    dice: random.Random, package: str, known: list[Helper], number: int
) -> tuple[Helper, list[str]]:
    kinds = dice.choices(["text", "number", "texts", "counts", "record"], [4, 2, 3, 1, 1],
                         k=dice.choice([1, 1, 2, 3]))  # fmt: skip
    is_async = dice.random() < 0.65
    name = f"{dice.choice(['ask', 'look_at', 'describe', 'check'])}_{number}"
    scope = Scope(dice, helpers=list(known), package=package, is_async=is_async,
                  budget=dice.choice([1, 2, 3, 5]))  # fmt: skip
    statements = Statements(scope)
    parameters = [(scope.fresh(kind), kind) for kind in kinds]
    for parameter, kind in parameters:
        scope.bind(parameter, kind)
    names = [parameter for parameter, _ in parameters]
    if len(set(names)) < len(names):
        return _helper(dice, package, known, number)
    annotated = [f"{n}: list" if k == "texts" and dice.random() < 0.6 else n for n, k in parameters]
    optional = int(kinds[-1] in {"text", "number"} and dice.random() < 0.3)
    if optional:
        annotated[-1] += " = " + ('"maple"' if kinds[-1] == "text" else "3")
    result = dice.choices(["text", "number", "texts", "record"], [4, 3, 1, 1])[0]
    head = f"{'async ' if is_async else ''}def {name}({', '.join(annotated)}):"
    body = statements.body(result)
    return Helper(name, tuple(kinds), result, is_async, optional), [head, *body]


def _main(dice: random.Random, package: str, helpers: list[Helper]) -> list[str]:
    scope = Scope(dice, helpers=list(helpers), package=package, budget=dice.randint(4, 16))
    statements = Statements(scope)
    return ["async def main():", *statements.body("text" if dice.random() < 0.3 else None)]
