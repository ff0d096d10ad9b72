"""Whole programs: constants, a class, helpers, `main`."""

from __future__ import annotations

import random

from hermod.testing.programs.definitions import Definitions
from hermod.testing.programs.objects import Objects
from hermod.testing.programs.scope import Scope
from hermod.testing.programs.statements import Statements

#: Programs of these seeds are written around an object.
OBJECTS_FROM = 1_000_000_000
PACKAGES = {
    "hermod.": "import hermod",
    "h.": "import hermod as h",
    "": "import hermod\nfrom hermod import call",
}
IMPORTS = [
    "import asyncio",
    "import contextlib",
    "import sys",
    "from collections import Counter, defaultdict, deque",
    "from dataclasses import dataclass, field",
    "",
    "from PIL import Image",
    "",
]


def generate(seed: int) -> str:
    """The program of this seed."""
    dice = random.Random(seed)  # noqa: S311 - a seed is the point
    if seed >= OBJECTS_FROM:
        return Objects(dice).program()
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
    package = dice.choices(list(PACKAGES), [12, 1, 1])[0]
    is_mean = dice.random() < 0.25
    lines = [*IMPORTS, PACKAGES[package], "", ""]
    lines += ['LANGUAGES = ["de", "fr"]', "STATE = {}", "counter = 0", "", ""]
    definitions = Definitions(dice, package, is_mean)
    lines += definitions.write()
    scope = Scope(dice, helpers=definitions.helpers, package=package, budget=dice.randint(4, 14),
                  is_mean=is_mean, has_class=definitions.has_class)  # fmt: skip
    body = Statements(scope).body("text" if dice.random() < 0.3 else None)
    lines += definitions.what_is_used_of_the_library("\n".join(body))
    lines += ["async def main():", *body, "", ""]
    lines += dice.choices([["asyncio.run(main())"], ["print(asyncio.run(main()))"],
                           ['if __name__ == "__main__":', "    asyncio.run(main())"]],
                          [3, 3, 1])[0]  # fmt: skip
    return "\n".join(lines) + "\n"
