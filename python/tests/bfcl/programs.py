"""From a scenario's calls to the serial program that somebody would write for them."""

from __future__ import annotations

import ast
import textwrap
from collections import Counter

from bfcl.collection import Scenario
from bfcl.tools import Tools

#: What its result is called; the function's own name is for the function.
NAMES = {"ls": "listing", "cat": "content", "find": "found", "grep": "matches", "wc": "size"}


def program(scenario: Scenario, tools: Tools) -> str:
    """Each turn: what was asked, the calls, and what they gave."""
    lines = ["import asyncio", "", "import hermod", "", "", "async def main():"]
    used: Counter[str] = Counter()
    for number, (asked, calls) in enumerate(zip(scenario.asked, scenario.turns, strict=True)):
        lines += [f"    # {line}" for line in textwrap.wrap(asked.replace("\n", " "), 90)]
        lines.append(f'    print("Turn {number + 1}")')
        for call in calls:
            lines += ["    " + line for line in _statement(call, tools, used)]
    return "\n".join([*lines, "", "", "asyncio.run(main())", ""])


def _statement(call: ast.Call, tools: Tools, used: Counter[str]) -> list[str]:
    assert isinstance(call.func, ast.Name)
    name = call.func.id
    parameters = tools.parameters(name)
    given = dict(zip(parameters, call.args, strict=False))
    given |= {keyword.arg or "": keyword.value for keyword in call.keywords}
    arguments = "".join(f", {key}={ast.unparse(value)}" for key, value in given.items())
    result = NAMES.get(name, f"{name.removeprefix('get_')}_result")
    used[result] += 1
    if used[result] > 1:
        result = f"{result}_{used[result]}"
    return [f'{result} = await hermod.call("{name}"{arguments})', f'print("{name}:", {result})']
