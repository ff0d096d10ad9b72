"""Made-up functions: effects and schemas from a catalog, outcomes and latencies by call key."""

from __future__ import annotations

import asyncio
import copy
import json
import sys
from collections.abc import Coroutine, Generator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hermod.concurrency import ahead, guessing
from hermod.errors import BadArguments, CallError, FunctionRaised
from hermod.guesses import Guess, Guesses
from hermod.testing.values import PLAIN, Taste, made_up, number


class TooManyCalls(BaseException):
    """The program does not seem to end. It cannot catch this."""


#: The file name that programs are compiled under.
PROGRAM = "program.py"

#: Of one run: more than any program that is run here for a test needs.
MOST_CALLS = 20_000


@dataclass(frozen=True)
class Function:
    """As far as order and results go."""

    name: str
    #: `pure` (declared), `assumed` (pure, but nobody declared it: E1), `read` or `write`.
    effect: str
    state: str
    result: dict[str, Any]
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def value(self) -> dict[str, Any]:
        """The schema of what `await` gives: unwrapped once."""
        schema: dict[str, Any] = self.result.get("properties", {}).get("result", self.result)
        return schema

    def filled(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """With defaults; refuses what is missing or unknown. Without a schema everything goes."""
        known = self.parameters.get("properties", {})
        for name in self.parameters.get("required", ()):
            if name not in arguments:
                raise BadArguments(self.name, f"{name} is missing")
        for name in arguments:
            if known and name not in known and not self.parameters.get("additionalProperties"):
                raise BadArguments(self.name, f"{name} is not a parameter")
        defaults = {name: one["default"] for name, one in known.items() if "default" in one}
        return {**defaults, **arguments}


@dataclass(frozen=True)
class Plan:
    """What happens in one run: which keys fail, and how long each takes."""

    seed: int = 0
    failing: frozenset[str] = frozenset()
    latencies: dict[str, float] = field(default_factory=dict)
    empty_lists: bool = False
    taste: Taste = PLAIN
    #: Results by key, in place of made-up ones.
    results: dict[str, Any] = field(default_factory=dict)
    #: Seconds that every call takes which `latencies` does not name; drawn if there are none.
    otherwise: float | None = None
    most_calls: int = MOST_CALLS
    #: Texts of inputs that are no images, by name.
    inputs: dict[str, str] = field(default_factory=dict)
    #: Seconds that every call of a function takes which `latencies` does not name.
    usual: dict[str, float] = field(default_factory=dict)
    #: What a call costs, for guesses that have a budget (E3).
    micro_usd: int = 10_000

    def latency(self, key: str) -> float:
        """Virtual seconds that a call with this key takes."""
        if key in self.latencies:
            return self.latencies[key]
        name = key.partition("(")[0]
        if name in self.usual:
            return self.usual[name]
        if self.otherwise is not None:
            return self.otherwise
        return 1.0 + number(self.seed, "latency", key) % 9000 / 1000


@dataclass
class Call:
    """One call as it went."""

    key: str
    function: str
    issued: float
    latency: float
    failed: bool
    #: Where the program's text makes it; 0: nowhere.
    line: int = 0
    #: What it gave, if it gave something.
    result: Any = None
    #: Made before it was decided (E3).
    guess: bool = False
    #: The program made it, too.
    wanted: bool = True


@dataclass(frozen=True)
class _Asked:
    """How the program asked for a call."""

    #: The same of equal calls.
    sameness: str
    line: int
    guess: bool = False


class _State:
    """Order within one state (H3)."""

    def __init__(self) -> None:
        self.epoch = 0
        self.reads: list[asyncio.Future[None]] = []
        self.write: asyncio.Future[None] | None = None

    def before(self, effect: str) -> list[asyncio.Future[None]]:
        writes = [self.write] if self.write else []
        return writes if effect == "read" else [*self.reads, *writes]

    def enter(self, effect: str, ended: asyncio.Future[None]) -> None:
        if effect == "read":
            self.reads.append(ended)
        else:
            self.reads, self.write = [], ended


class Functions:
    """The functions of one run."""

    def __init__(self, catalog: dict[str, Function], plan: Plan) -> None:
        self._catalog, self._plan = catalog, plan
        self._states: dict[str, _State] = {}
        self._shared: dict[str, _Shared] = {}
        self._issued = 0
        self.calls: list[Call] = []
        self.writes: list[list[Any]] = []
        #: What the program has asked for itself, whatever came of it; and what it has not.
        self._asked: set[str] = set()
        self._guesses = Guesses(self._asked)
        self._guessed: dict[str, list[Call]] = {}
        self._ventured: set[str] = set()

    def call(self, name: str, /, **arguments: Any) -> FakeCall:
        """Issues the call: it is under way when this returns (H1)."""
        self._issued += 1  # equal calls too, which may be made once (E5)
        if self._issued > self._plan.most_calls:
            raise TooManyCalls
        given = copy.deepcopy(arguments)
        asked = _Asked(f"{name}({digest_text(given)})", _line_of_program())
        scope = guessing.get()
        if scope is not None and scope.speculate:
            return FakeCall(self._guess(scope, name, given, asked))
        self._asked.add(asked.sameness)
        self._guesses.came_true(asked.sameness)
        self._ventured.discard(asked.sameness)
        for call in self._guessed.pop(asked.sameness, ()):
            call.wanted = True
        return FakeCall(self._run(name, given, asked))

    def _guess(
        self, scope: ahead, name: str, given: dict[str, Any], asked: _Asked
    ) -> Coroutine[Any, Any, Any]:
        """The call as soon as there is room for it, if there is the money for it."""
        turn: asyncio.Future[Guess | None] = asyncio.get_running_loop().create_future()

        def go(guess: Guess | None) -> None:
            if not turn.done():
                turn.set_result(guess)

        async def wait() -> Any:
            guess = await turn
            if guess is not None and not self._venture(guess, asked.sameness):
                await asyncio.get_running_loop().create_future()  # until it is withdrawn
            return await self._run(name, given, replace(asked, guess=guess is not None))

        self._guesses.guess(scope, asked.sameness, go)

        return wait()

    def _venture(self, guess: Guess, sameness: str) -> bool:
        """Is there the money for one more that may be in vain?"""
        if sameness in self._asked:
            return True
        self._ventured.add(sameness)
        budget = guess.budget_micro_usd
        return budget is None or len(self._ventured) * self._plan.micro_usd <= budget

    async def _run(self, name: str, given: dict[str, Any], asked: _Asked) -> Any:
        function = self._catalog.get(name)
        if function is None:
            raise BadArguments(name, "unknown function")
        arguments = function.filled(given)
        if function.effect == "pure":
            return await self._once(function, arguments, asked)
        if function.effect == "assumed":
            return await self._execute(function, arguments, 0, asked)
        state = self._states.setdefault(function.state, _State())
        earlier = state.before(function.effect)
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        state.enter(function.effect, ended)
        try:
            for one in earlier:
                await asyncio.shield(one)
            if function.effect == "write":
                state.epoch += 1
                self.writes.append([name, json.loads(digest_text(arguments))])
            return await self._execute(function, arguments, state.epoch, asked)
        finally:
            if not ended.done():
                ended.set_result(None)

    async def _once(self, function: Function, arguments: dict[str, Any], asked: _Asked) -> Any:
        """Equal calls that succeed are made once; who joined one that failed is made anew (E5)."""
        key = call_key(function, arguments, 0)
        while (shared := self._shared.get(key)) and not shared.has_failed():
            try:
                return await shared.join()
            except CallError:
                continue
        self._shared[key] = shared = _Shared(self._execute(function, arguments, 0, asked))
        return await shared.join()

    async def _execute(
        self, function: Function, arguments: dict[str, Any], epoch: int, asked: _Asked
    ) -> Any:
        key = call_key(function, arguments, epoch)
        plan, now = self._plan, asyncio.get_running_loop().time()
        call = Call(key, function.name, now, plan.latency(key), key in plan.failing, asked.line)
        call.guess = asked.guess
        call.wanted = not asked.guess or asked.sameness in self._asked
        self.calls.append(call)
        if not call.wanted:
            self._guessed.setdefault(asked.sameness, []).append(call)
        await asyncio.sleep(call.latency)
        if call.failed:
            raise failure_of(function, key)
        call.result = self.result(function, arguments, key)
        return call.result

    def result(self, function: Function, _arguments: dict[str, Any], key: str) -> Any:
        """What this call gives; where functions are not made up, another class says so."""
        return result_of(function, key, self._plan)


def _line_of_program() -> int:
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code.co_filename == PROGRAM:
            return frame.f_lineno
    return 0


class _Shared:
    """An execution that lasts as long as somebody waits for it."""

    def __init__(self, work: Coroutine[Any, Any, Any]) -> None:
        self._task: asyncio.Task[Any] = asyncio.get_running_loop().create_task(work)
        self._waiting = 0
        self._withdrawn = False

    def has_failed(self) -> bool:
        task = self._task
        return self._withdrawn or (task.done() and task.exception() is not None)

    async def join(self) -> Any:
        """Its result; abandoned by the last who waits, it is withdrawn (A2)."""
        self._waiting += 1
        try:
            return await asyncio.shield(self._task)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._withdrawn = self._task.cancel() or self._withdrawn


class FakeCall:
    """Under way from the start; awaited any number of times; silent when nobody does (H1)."""

    def __init__(self, work: Any) -> None:
        self._task: asyncio.Task[Any] = asyncio.get_running_loop().create_task(work)
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())

    def __await__(self) -> Generator[Any, None, Any]:
        value = yield from asyncio.shield(self._task).__await__()
        return copy.deepcopy(value)

    def __del__(self) -> None:
        """Nobody can await it any more: it is withdrawn (A2)."""
        task = getattr(self, "_task", None)  # there is none in what a failed copy leaves behind
        if task is not None and not task.get_loop().is_closed():
            task.cancel()


def failure_of(function: Function, key: str) -> CallError:
    """How a call with this key fails."""
    return FunctionRaised(function.name, f"no luck with {number(key) % 1000}")


def result_of(function: Function, key: str, plan: Plan) -> Any:
    """What a call with this key gives."""
    if key in plan.results:
        return copy.deepcopy(plan.results[key])
    value = made_up(function.value, function.result.get("$defs", {}), key, plan.taste)
    return [] if plan.empty_lists and isinstance(value, list) else value


def call_key(function: Function, arguments: dict[str, Any], epoch: int) -> str:
    """What is called, with which arguments, after how many writes (E4)."""
    return f"{function.name}({digest_text(arguments)})@{epoch}"


def digest_text(arguments: dict[str, Any]) -> str:
    """Arguments as text: images by what they show."""
    return json.dumps(arguments, sort_keys=True, default=str)


def functions_of(descriptions: list[dict[str, Any]]) -> dict[str, Function]:
    """From what `crates/verify` says of a catalog: an object with a function's fields, each."""
    return {description["name"]: Function(**description) for description in descriptions}


def load_catalog(path: Path) -> dict[str, Function]:
    """Reads `kind: Function` resources that have one key a line, as this project prints them."""
    functions: dict[str, Function] = {}
    for document in path.read_text().split("\n---\n"):
        fields: dict[str, str] = {}
        for line in document.splitlines():
            name, colon, value = line.strip().partition(": ")
            if colon:
                fields[name] = value.strip("'")
        effect = fields.get("effect", "assumed")
        schema = json.loads(fields["resultSchema"])
        name = fields["name"]
        functions[name] = Function(name, effect, fields.get("state", ""), schema)
    return functions
