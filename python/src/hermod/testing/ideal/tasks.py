"""Sleeping, and concurrency of the input (O4)."""

from __future__ import annotations

import asyncio
from typing import Any

from hermod.testing.ideal.build import CannotTrace
from hermod.testing.ideal.builtin import Builtins
from hermod.testing.ideal.calls import Given, Keywords
from hermod.testing.ideal.issue import Own


class Tasks(Builtins):
    """Of `asyncio`."""

    def _sleep(self, given: list[Given], keywords: Keywords) -> Any:
        seconds, tags = given[0] if given else keywords["delay"]
        result = given[1][0] if len(given) > 1 else keywords.get("result", (None, 0))[0]
        self.t = 0
        line = self.line

        def run() -> Any:
            self.line = line
            return self.sleep(seconds, result, tags)

        return Own(run)

    def _gather(self, given: list[Given], keywords: Keywords) -> Any:
        keep, _ = keywords.get("return_exceptions", (False, 0))
        self.t = 0
        works = [(self._started(*one), one[1]) for one in given]
        return Own(lambda: self.together(works, keep_errors=bool(keep)))

    def _create_task(self, given: list[Given], _: Keywords) -> Any:
        return self.apart(*given[0])

    def _same_work(self, given: list[Given], _: Keywords) -> Any:
        work, tags = given[0]
        self.t = 0
        return Own(lambda: self._waiting(work, tags))

    def _wait_for(self, given: list[Given], _: Keywords) -> Any:
        self.t = 0
        return Own(lambda: self.in_place(*given[0]))

    def _to_thread(self, given: list[Given], keywords: Keywords) -> Any:
        async def run() -> Any:
            return self.invoke(*given[0], given[1:], keywords)

        self.t = 0
        return Own(run)

    def _run(self, given: list[Given], _: Keywords) -> Any:
        """`asyncio.run`, patched by whoever traces."""
        return asyncio.run(given[0][0])

    def _cannot(self, _given: list[Given], _: Keywords) -> Any:
        raise CannotTrace(self.line, "who is first hangs on latencies (O4)")
