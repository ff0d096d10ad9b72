"""What stands above `main`: a class with methods, helpers of all kinds."""

from __future__ import annotations

import random
from collections.abc import Callable

from hermod.testing.programs.scope import Helper, Scope
from hermod.testing.programs.simple import UNIT
from hermod.testing.programs.statements import Statements

#: Definitions that are written where something in the program uses them.
LIBRARY = {
    "span(": [
        "@contextlib.contextmanager",
        "def span(name):",
        '    print("into", name)',
        "    try:",
        "        yield name.title()",
        "    finally:",
        '        print("out of", name)',
    ],
    "Span(": [
        "class Span:",
        "    def __enter__(self):",
        '        return "span"',
        "",
        "    def __exit__(self, kind, error, trace):",
        "        return kind is KeyError",
    ],
    "inquire(": [
        "async def inquire(text):",
        '    return await hermod.call("summarize", text=text)',
    ],
    "answers(": [
        "async def answers(texts):",
        "    for text in texts:",
        '        yield await hermod.call("classify", text=text)',
    ],
}

CLASS = [
    "@dataclass",
    "class Case:",
    "    name: str",
    "    score: int = 0",
    "    notes: list = field(default_factory=list)",
    "",
    "    def remember(self, note):",
    "        self.notes.append(note)",
    "        return self",
]


class Definitions:
    """Writes definitions, and remembers how to call them."""

    def __init__(self, dice: random.Random, package: str, is_mean: bool) -> None:
        self.dice, self.package, self.is_mean = dice, package, is_mean
        self.has_class = dice.random() < 0.3
        self.helpers: list[Helper] = []
        self._written: set[str] = set()

    def write(self) -> list[str]:
        """The class, if there is one, and the helpers."""
        lines: list[str] = []
        for _ in range(self.dice.choice([0, 0, 1, 1, 2, 3])):
            kinds = [(6, self._plain), (0.7, self._recursive), (0.7, self._spread),
                     (0.5, self._generator), (0.7, self._counts)]  # fmt: skip
            lines += [*self._one_of(kinds), "", ""]
        if self.has_class:
            lines += [*CLASS, *self._methods(), "", ""]
        return lines + self.what_is_used_of_the_library("\n".join(lines))

    def what_is_used_of_the_library(self, text: str) -> list[str]:
        """Definitions that this text uses; each once."""
        lines: list[str] = []
        for name in [name for name in LIBRARY if name in text and name not in self._written]:
            self._written.add(name)
            lines += [*LIBRARY[name], "", ""]
        if self.package == "h.":
            lines = [line.replace("hermod.call", "h.call") for line in lines]
        return lines

    def _one_of(self, choices: list[tuple[float, Callable[[], list[str]]]]) -> list[str]:
        [(_, make)] = self.dice.choices(choices, [weight for weight, _ in choices])
        return make()

    def _name(self, words: list[str]) -> str:
        return f"{self.dice.choice(words)}_{len(self.helpers)}"

    def _scope(self, is_async: bool) -> Scope:
        return Scope(self.dice, helpers=list(self.helpers), package=self.package,
                     is_async=is_async, budget=self.dice.choice([1, 2, 3, 5]),
                     is_mean=self.is_mean, has_class=False)  # fmt: skip

    def _plain(self) -> list[str]:
        """Any body, any parameters, some with defaults."""
        dice = self.dice
        kinds = dice.choices(["text", "number", "texts", "counts", "record", "picture"],
                             [4, 2, 3, 1, 1, 1], k=dice.choice([1, 1, 2, 3]))  # fmt: skip
        is_async = dice.random() < 0.65
        name = self._name(["ask", "look_at", "describe", "check"])
        scope = self._scope(is_async)
        parameters = [(scope.fresh(kind), kind) for kind in kinds]
        names = [parameter for parameter, _ in parameters]
        if len(set(names)) < len(names):
            return self._plain()
        for parameter, kind in parameters:
            scope.bind(parameter, kind)
        written = [f"{n}: list" if k == "texts" and dice.random() < 0.6 else n
                   for n, k in parameters]  # fmt: skip
        optional = int(kinds[-1] in {"text", "number"} and dice.random() < 0.3)
        if optional:
            written[-1] += " = " + ('"maple"' if kinds[-1] == "text" else "3")
        result = dice.choices(["text", "number", "texts", "record"], [4, 3, 1, 1])[0]
        head = f"{'async ' if is_async else ''}def {name}({', '.join(written)}):"
        body = Statements(scope).body(result)
        self.helpers.append(Helper(name, tuple(kinds), result, is_async, optional))
        return [head, *body]

    def _recursive(self) -> list[str]:
        """Calls itself, on what a call gave or before it is known."""
        name, scope = self._name(["refine", "divide"]), self._scope(is_async=True)
        scope.bind("text", "text")
        call = Statements(scope).write.call_for("text", 0)
        further = self.dice.choice(["answer", "text + '.'", "text[::-1]"])
        test = self.dice.choice(["times <= 0", 'times <= 0 or text > "t"'])
        self.helpers.append(Helper(name, ("text",), "text", is_async=True))
        return [
            f"async def {name}(text, times=2):",
            f"{UNIT}if {test}:",
            f"{UNIT * 2}return text",
            f"{UNIT}answer = await {call}",
            f"{UNIT}return answer + (await {name}({further}, times - 1))",
        ]

    def _spread(self) -> list[str]:
        """`*args`, `**kwargs`"""
        name = self._name(["join", "each"])
        kinds = ("text",) * self.dice.randint(1, 3)
        is_async = self.dice.random() < 0.6
        self.helpers.append(Helper(name, kinds, "text", is_async))
        if not is_async:
            return [f"def {name}(*parts, **options):",
                    f'{UNIT}return options.get("separator", "-").join(parts)']  # fmt: skip
        head = f"async def {name}(*parts, language='de'):"
        call = f'{self.package}call("translate", text=part, language=language)'
        return [
            head,
            f"{UNIT}lines = []",
            f"{UNIT}for part in parts:",
            f"{UNIT * 2}lines.append(await {call})",
            f'{UNIT}return " ".join(lines)',
        ]

    def _generator(self) -> list[str]:
        """Gives one thing after the other."""
        name = self._name(["walk", "pick"])
        self.helpers.append(Helper(name, ("texts",), "iterator", is_async=False))
        test = [f"{UNIT * 2}if text:"] if self.dice.random() < 0.4 else []
        return [
            f"def {name}(texts):",
            f"{UNIT}for text in texts:",
            *test,
            f"{UNIT * (3 if test else 2)}yield text.upper()",
        ]

    def _counts(self) -> list[str]:
        """Changes a name of the module."""
        name, is_async = self._name(["count", "note"]), self.dice.random() < 0.5
        self.helpers.append(Helper(name, ("text",), "number", is_async))
        ask = f'{self.package}call("embed", text=text)'
        lines = [f"def {name}(text):", f"{UNIT}global counter", f"{UNIT}counter += 1"]
        if is_async:
            return ["async " + lines[0], *lines[1:], f"{UNIT}return counter + await {ask}"]
        return [*lines, f"{UNIT}return counter"]

    def _methods(self) -> list[str]:
        """Of the class: they see and change its fields, and call each other."""
        lines: list[str] = []
        for number in range(self.dice.randint(1, 2)):
            is_async = self.dice.random() < 0.7
            scope = self._scope(is_async)
            for name, kind in (("self.name", "text"), ("self.score", "number"),
                               ("self.notes", "texts"), ("text", "text")):  # fmt: skip
                scope.bind(name, kind)
            name = f"{self.dice.choice(['ask', 'weigh'])}_{7 + number}"
            body = Statements(scope).body("text")
            lines += ["", f"{UNIT}{'async ' if is_async else ''}def {name}(self, text):"]
            lines += [UNIT + line for line in body]
            self.helpers.append(Helper(name, ("text",), "text", is_async, is_method=True))
        return lines
