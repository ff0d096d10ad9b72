"""Programs around an object with attributes, which its methods read, change and share.

The shape in which agents are written, and where telling one attribute from another goes wrong.
"""

from __future__ import annotations

import random

#: Names of methods; that of another thing that is called among them.
METHODS = ["run", "load", "check", "items", "report"]
LISTS = ["words", "seen", "log"]
WORDS = ["elm", "oak", "fir", "ash"]
PLAIN_CALLS = [
    'hermod.call("summarize", text={})',
    'hermod.call("classify", text={})',
    'hermod.call("weather", city={})',
    'hermod.call("translate", text={}, language="de")',
]
LIST_CALLS = ['hermod.call("search", query={})']


class Objects:
    """One program."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.methods: list[str] = []
        #: Do methods also touch the object that they are given? It may be the same one.
        self.others = self.maybe(0.5)

    def program(self) -> str:
        """Its text."""
        names = self.dice.sample(METHODS, self.dice.randint(1, 3))
        bodies = [self.method(name) for name in names]
        annotated = ": list[str]" if self.maybe(0.6) else ""
        lines = ["import asyncio", "", "import hermod", "", "", "class Agent:"]
        if self.maybe(0.3):
            lines += ["    shared = []", ""]
            shared = "self.shared"
        else:
            shared = "[]"
        lines += [f"    def __init__(self, words{annotated}, title):", "        self.words = words"]
        lines += ["        self.title = title", "        self.seen = []", "        self.table = {}"]
        log = self.pick("self.seen", shared, "[]", "[]", "[]")
        lines += ["        self.count = 0", f"        self.log = {log}"]
        lines += ["", "    def note(self, text):", f"        {self.change('text')}", ""]
        lines += ["    def told(self):", f"        return {self.text([])}", ""]
        lines += ["\n".join(["", *body]).lstrip("\n") + "\n" for body in bodies]
        lines += ["", "async def main():", *("    " + line for line in self.main(names))]
        lines += ["", "", "asyncio.run(main())", ""]
        return "\n".join(lines)

    def maybe(self, share: float) -> bool:
        """In so many cases."""
        return self.dice.random() < share

    def pick(self, *options: str) -> str:
        """One of them."""
        return self.dice.choice(options)

    def one(self) -> str:
        """An object, mostly its own."""
        return self.pick("self", "self", "self", "other") if self.others else "self"

    def main(self, names: list[str]) -> list[str]:
        """Makes one object or two, calls their methods, and shows what has become of them."""
        words = repr(self.dice.sample(WORDS, self.dice.randint(2, 4)))
        lines = [f"given = {words}", 'agent = Agent(given, "one")']
        objects = ["agent"]
        if self.maybe(0.4):
            second = self.pick("given", "list(given)", '["yew"]')
            lines += [self.pick(f'other = Agent({second}, "two")', "other = agent")]
            objects.append("other")
        if self.maybe(0.4):
            lines += self.rounds(objects, names)
        for name in [*names, *self.dice.sample(names, 1)]:
            line = f"await {self.pick(*objects)}.{name}({self.pick(*objects)})"
            lines += [self.pick(line, f"print({line})", f"result_{name} = {line}")]
        for one in objects:
            lines.append(f"print({one}.words, {one}.title, {one}.seen)")
            lines.append(f"print({one}.table, {one}.count, {one}.log)")
        return lines

    def rounds(self, objects: list[str], names: list[str]) -> list[str]:
        """Along a list of objects, once or twice."""
        lines = [f'agents = [{", ".join(objects)}, Agent(["yew", "box"], "three")]']
        for _ in range(self.dice.randint(1, 2)):
            call = f"await one.{self.pick(*names)}({self.pick('one', *objects)})"
            told = self.pick("one.title", "one.words[-1]", "str(one.seen)", "str(one.count)")
            lines.append("for one in agents:")
            lines.append(
                "    " + self.pick(call, f"print(one.title, {call})", f"given_it = {call}")
            )
            lines.append("    " + self.pick(
                f'print(await hermod.call("summarize", text={told}))', "print(one.count)",
                f'one.title = await hermod.call("classify", text={told})', "one.count += 1",
            ))  # fmt: skip
        return lines

    def method(self, name: str) -> list[str]:
        """A coroutine of the object, that may await those before it."""
        body = self.block(["self.title"], depth=0, length=self.dice.randint(1, 3))
        if self.maybe(0.5):
            given = self.pick("self.seen", "self.count", "self.title", "len(self.table)")
            body += [f"return {given}"]
        self.methods.append(name)
        return [f"    async def {name}(self, other):", *("        " + line for line in body)]

    def block(self, texts: list[str], depth: int, length: int) -> list[str]:
        """Statements; `texts` are names that hold text."""
        known = list(texts)
        lines: list[str] = []
        for _ in range(length):
            lines += self.statement(known, depth)
        return lines

    def statement(self, texts: list[str], depth: int) -> list[str]:
        """One, with what it binds in `texts`."""
        chance = self.dice.random()
        if depth < 2 and chance < (0.75 if depth == 0 else 0.15):
            return self.loop(texts, depth)
        if chance < 0.8 and depth:
            return self.call(texts)
        if depth and chance < 0.85 and self.methods:
            return [f"await {self.one()}.{self.pick(*self.methods)}({self.one()})"]
        if chance < 0.9:
            return [f"print({self.text(texts)})"]
        return [self.change(self.text(texts))]

    def loop(self, texts: list[str], depth: int) -> list[str]:
        """Over an attribute, or what is made of one."""
        word = f"word{depth or ''}"
        one = f"{self.one()}.{self.pick('words', 'words', *LISTS)}"
        header = self.pick(
            f"for {word} in {one}:",
            f"for {word} in {one}:",
            f"for {word} in sorted({one}):",
            f"for at, {word} in enumerate({one}):",
            f"for {word} in list({one}):",
            f"for {word} in {one}[1:]:",
            f"for {word}, kept in self.table.items():",
            f"for {word} in self.table:",
        )
        body = self.block([*texts, word], depth + 1, self.dice.randint(2, 4))
        return [header, *("    " + line for line in body)]

    def call(self, texts: list[str]) -> list[str]:
        """Its result goes into a variable, an attribute, or a container of the object."""
        call = "await " + self.pick(*PLAIN_CALLS).format(self.text(texts))
        name = f"found{len(texts)}"
        kind = self.dice.random()
        if kind < 0.45:
            texts.append(name)
            return [f"{name} = {call}"]
        if kind < 0.55:
            texts.append(name)
            return [f"{name} = {call}", f"print({self.text(texts)})", self.change(name)]
        if kind < 0.7:
            return [self.change(f"({call})")]
        if kind < 0.8:
            several = "await " + self.pick(*LIST_CALLS).format(self.text(texts))
            return [f"for hit in {several}:", f"    {self.change('hit')}"]
        if kind < 0.9:
            return [f'await hermod.call("index_add", text={self.text(texts)})']
        return [f"if len({self.text(texts)}) > 6:", f"    {self.change(f'({call})')}"]

    def change(self, text: str) -> str:
        """Changes one attribute of an object."""
        one = self.one() if text != "text" else "self"
        other = self.pick(*LISTS)
        return self.pick(
            f"{one}.title = {text}",
            f"{one}.table[{text}] = {one}.count",
            f"{one}.table[{one}.title] = {text}",
            f"{one}.count += len({text})",
            f"{one}.seen = [*{one}.seen[:3], {text}]",
            f"{one}.{other} = {one}.{other}[:5] + [{text}]",
            f"{one}.log = {one}.{other}",
            *(f"if len({one}.{name}) < 6: {one}.{name}.append({text})" for name in LISTS),
            *([f"{one}.note({text})"] if text != "text" else []),
        )

    def text(self, texts: list[str]) -> str:
        """An expression that is a text."""
        one = self.one() if texts else "self"
        of_object = self.pick(
            f"{one}.title",
            f"{one}.title",
            f"len({one}.seen)",
            f"{one}.words[0]",
            f"{one}.table",
            f"{one}.count",
            f"{one}.log[-1:]",
            f"sorted({one}.table)[:1]",
            *([f"{one}.told()"] if texts else []),
        )
        if not texts:
            return f'f"{{{of_object}}}"'
        part = self.pick(*texts[-3:])
        both = f'f"{{{part}}} of {{{of_object}}}"'
        return self.pick(part, both, f'f"{{{of_object}}}"', f'f"a {{{part}}}"')
