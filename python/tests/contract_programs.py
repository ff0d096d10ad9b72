"""A tiny program, what the paralleliser makes of it, and that the two agree."""

from __future__ import annotations

import re
from collections import Counter
from textwrap import dedent, indent

from coverage_programs import CATALOG, parallelize
from hermod.testing import Plan, Report, run
from hermod.testing.compare import differences, plans

HEAD = "import asyncio\n\nimport hermod\n\n\n"
TAIL = "\n\nasyncio.run(main())\n"
A, B, C = (f'classify({{"text": "{name}"}})@0' for name in "abc")
P = 'price({"item": "p"})@0'


class Made:
    """A program, what the paralleliser made of it, and that the two agree."""

    def __init__(self, body: str, before: str = "", *, changed: bool = True) -> None:
        body = dedent(body).strip()
        before = dedent(before).strip() + "\n\n\n" if before else ""
        self.serial = f"{HEAD}{before}async def main():\n{indent(body, '    ')}\n{TAIL}"
        (made,) = parallelize([self.serial])
        self.text: str = made["source"]
        self.decisions: str = "\n".join(made["decisions"])
        assert made["changed"] is changed, self.decisions
        for plan in plans(self.serial, CATALOG, range(3), 40):
            found = differences(self.serial, self.text, CATALOG, plan)
            assert not found, "\n".join([self.text, *map(str, found)])

    def run(self, **latencies: float) -> Report:
        """The distributed form under these latencies, by the names of this module."""
        return run(self.text, CATALOG, self.plan((), latencies))

    def fail(self, *failing: str, **latencies: float) -> Report:
        return run(self.text, CATALOG, self.plan(failing, latencies))

    @staticmethod
    def plan(failing: tuple[str, ...], latencies: dict[str, float]) -> Plan:
        keys = {"A": A, "B": B, "C": C, "P": P}
        chosen = {keys[name]: seconds for name, seconds in latencies.items()}
        return Plan(failing=frozenset(failing), latencies=chosen)

    def kept(self, rule: str) -> list[str]:
        return re.findall(rf"^line .*: kept \[{rule}\]: .*$", self.decisions, re.MULTILINE)


def called(report: Report) -> Counter[str]:
    return Counter(call.function for call in report.calls)


TWO = """
    print(await hermod.call("classify", text="a"))
    print(await hermod.call("classify", text="b"))
"""
LOOP = """
    for text in ["a", "b", "c"]:
        category = await hermod.call("classify", text=text)
        print(text, category)
"""
