"""Shapes that people and models write, most of which wait longer than they need to."""

from __future__ import annotations

from hermod.testing.programs.compound import Compound
from hermod.testing.programs.simple import UNIT


def indented(lines: list[str], levels: int = 1) -> list[str]:
    """The same, further to the right."""
    return [UNIT * levels + line for line in lines]


class Shapes(Compound):
    """Writes a few statements that belong together; all of them wait for calls."""

    def shape(self, depth: int) -> list[str]:
        """One of them."""
        return self.scope.weighted([
            (3, self.side_by_side), (4, lambda: self.chain_for_each(depth)), (2, self.boxes),
            (1.5, self.retries), (1.5, self.best), (1, self.first_that_fits),
            (0.7, self.work_list), (0.7, self.until_long_enough), (1, self.table),
            (0.8, self.gathered), (0.5, self.tasks), (0.7, self.shown_as_they_come),
            (0.6, self.counted), (0.5, lambda: self.closure(depth)), (0.5, self.walrus),
            (0.6, self.grouped),
        ])  # fmt: skip

    def asked(self, kind: str = "text") -> str:
        """A call with something simple in it."""
        return self.write.call_for(kind, 0)

    def within(self, name: str, kind: str = "text") -> str:
        """A call about this name, nearly always."""
        before = self.scope.copy_names()
        if self.scope.roll(0.8):
            self.scope.names["text"] = [name]
        else:
            self.scope.bind(name, "text")
        call = self.write.call_for(kind, 1)
        self.scope.names = before
        return call

    def fresh(self, kind: str) -> str:
        """A name that holds such a value from here on."""
        name = self.scope.fresh(kind)
        self.scope.bind(name, kind)
        return name

    def words(self) -> str:
        """Several texts, rather than none."""
        names = self.scope.names["texts"]
        if names and self.scope.roll(0.4):
            return self.scope.pick(names)
        some = [self.write.literal() for _ in range(self.scope.dice.randint(2, 4))]
        return f"[{', '.join(some)}]"

    def side_by_side(self) -> list[str]:
        """Calls that do not need each other, and what is said of them."""
        kinds = [self.scope.pick(["text", "number"]) for _ in range(self.scope.dice.randint(2, 4))]
        calls = [self.asked(kind) for kind in kinds]
        lines = []
        for kind, call in zip(kinds, calls, strict=True):
            name = self.fresh(kind)
            lines.append(f"{name} = await {call}")
            if self.scope.roll(0.3):
                lines.append(f"print({name})")
        return lines

    def chain_for_each(self, depth: int) -> list[str]:
        """Two or three calls in a row for each of several things."""
        scope = self.scope
        items, item = self.words(), scope.fresh("text")
        result = scope.fresh("texts")
        lines = [f"for {item} in {items}:"]
        if collects := scope.roll(0.7):
            lines.insert(0, f"{result} = []")
            lines[1] = f"for {item} in {items if items != result else '[]'}:"
        last = item
        for number in range(scope.dice.randint(1, 3)):
            name = f"{item}_{number}"
            lines += indented(self.guarded(name, self.within(last)))
            last = name
        if depth > 0 and scope.roll(0.3):
            before = scope.copy_names()
            scope.bind(item, "text")
            scope.bind(last, "text")
            scope.loops += 1
            lines += self.block(0, 2)
            scope.loops -= 1
            scope.names = before
        end = f"{result}.append({last})" if collects else f"print({item}, {last})"
        lines += indented([end])
        if collects:
            scope.bind(result, "texts")
        return lines

    def guarded(self, name: str, call: str) -> list[str]:
        """A call whose failure is sometimes handled."""
        if not self.scope.roll(0.2):
            return [f"{name} = await {call}"]
        error = f"{'h' if self.scope.package == 'h.' else 'hermod'}.CallError"
        ends = [f'{name} = "none"', f"{name} = {self.write.of('text', 0)}"]
        if self.scope.roll(0.3):
            ends = ["continue", "break"]
        return ["try:", f"{UNIT}{name} = await {call}", f"except {error}:",
                UNIT + self.scope.pick(ends)]  # fmt: skip

    def boxes(self) -> list[str]:
        """What is on a picture, cut out and looked at: the paper's shape."""
        scope, package = self.scope, self.scope.package
        picture = self.fresh("picture")
        name = scope.pick(["car", "person", "sign"])
        draws = [f"{picture}.paste(part, (box['x'], box['y']))"] if scope.roll(0.2) else []
        filters = [f'if box["width"] < {scope.dice.randint(5, 20)}:', f"{UNIT}continue"]
        shows = f'print({name}["answer"], box["x"])'
        if scope.roll(0.4):
            shows = f'if {name}["answer"] > "g":\n{UNIT * 2}print({name}["answer"])'
        return [
            f'{picture} = Image.open("{name}.png")',
            f'for box in await {package}call("glip", image={picture}, object_name="{name}"):',
            *indented(filters if scope.roll(0.3) else []),
            *indented([
                'part = ' + picture + '.crop((box["x"], box["y"], box["x"] + box["width"], '
                'box["y"] + box["height"]))',
                f'{name} = await {package}call("blip", image=part, question="which {name}?")',
                *draws,
                *shows.split("\n"),
            ]),
        ]  # fmt: skip

    def retries(self) -> list[str]:
        """Again, until it works."""
        name, text = f"attempt_{self.scope.loops}", self.fresh("text")
        error = f"{'h' if self.scope.package == 'h.' else 'hermod'}.CallError"
        return [
            f'{text} = "none"',
            f"for {name} in range(3):",
            f"{UNIT}try:",
            f"{UNIT * 2}{text} = await {self.asked()}",
            f"{UNIT * 2}break",
            f"{UNIT}except {error} as error:",
            f"{UNIT * 2}print({name}, error)",
            *(["else:", f'{UNIT}print("given up")'] if self.scope.roll(0.4) else []),
        ]

    def best(self) -> list[str]:
        """The best so far."""
        best, text = self.fresh("text"), self.scope.fresh("text") + "_one"
        return [
            f'{best}, highest = "none", -1',
            f"for {text} in {self.words()}:",
            f"{UNIT}value = await {self.within(text, 'number')}",
            f"{UNIT}if value > highest:",
            f"{UNIT * 2}{best}, highest = {text}, value",
        ]

    def first_that_fits(self) -> list[str]:
        """A search that ends with the first."""
        text = self.scope.fresh("text") + "_one"
        leaves = self.scope.pick(["break", "break", f"return {text}"])
        return [
            f"for {text} in {self.words()}:",
            f"{UNIT}kind = await {self.within(text)}",
            f'{UNIT}if kind > "{self.scope.pick("cgmrt")}":',
            f'{UNIT * 2}print("found", {text}, kind)',
            f"{UNIT * 2}{leaves}",
            *(["else:", f'{UNIT}print("none of them")'] if self.scope.roll(0.5) else []),
        ]

    def work_list(self) -> list[str]:
        """What is to do grows while it is done."""
        item = f"item_{self.scope.loops}"
        return [
            f"queue = list({self.words()})",
            f"{item}_seen = 0",
            f"while queue and {item}_seen < 5:",
            f"{UNIT}{item} = queue.pop(0)",
            f"{UNIT}{item}_seen += 1",
            f"{UNIT}answer = await {self.within(item)}",
            f'{UNIT}if answer > "m":',
            f"{UNIT * 2}queue.append(answer)",
            f"{UNIT}print({item}, answer)",
        ]

    def until_long_enough(self) -> list[str]:
        """`while` on what calls give."""
        text, turns = self.fresh("text"), f"turns_{self.scope.loops}"
        return [
            f"{text}, {turns} = {self.write.literal()}, 0",
            f'while {text} < "r" and {turns} < 3:',
            f"{UNIT}{text} = await {self.within(text)}",
            f"{UNIT}{turns} += 1",
            *(indented(self.prints()) if self.scope.roll(0.3) else []),
        ]

    def table(self) -> list[str]:
        """A dictionary filled in a loop, and walked along."""
        table, text = self.fresh("counts"), self.scope.fresh("text") + "_one"
        return [
            f"{table} = {self.scope.pick(['{}', 'defaultdict(int)', 'Counter()'])}",
            f"for {text} in {self.words()}:",
            f"{UNIT}{table}[{text}] = await {self.within(text, 'number')}",
            f"for {text}, value in {self.scope.pick(['sorted({}.items())', '{}.items()']).format(table)}:",  # noqa: E501
            f"{UNIT}print({text}, value, await {self.within(text)})",
        ]

    def gathered(self) -> list[str]:
        """Parallel already."""
        text, items = self.scope.fresh("text") + "_one", self.words()
        function = self.scope.pick(["classify", "summarize"])
        calls = f'{self.scope.package}call("{function}", text={text})'
        if self.scope.roll(0.3):
            calls = f"inquire({text})"
        return [f"{self.fresh('texts')} = await asyncio.gather(*[{calls} for {text} in {items}])"]

    def tasks(self) -> list[str]:
        """Parallel already, by tasks."""
        call = self.asked()
        one, other = self.fresh("text"), self.fresh("text")
        if self.scope.roll(0.5):
            return [
                f"task = asyncio.create_task(inquire({self.write.literal()}))",
                f"{one} = await {call}",
                f"{other} = await task",
            ]
        return [
            "async with asyncio.TaskGroup() as group:",
            f"{UNIT}first = group.create_task(inquire({self.write.literal()}))",
            f"{UNIT}second = group.create_task(inquire({self.write.literal()}))",
            f"{one}, {other} = first.result(), second.result()",
        ]

    def shown_as_they_come(self) -> list[str]:
        """An asynchronous generator."""
        text = self.scope.fresh("text") + "_one"
        leaves = [f'if {text} > "s":', f"{UNIT}break"] if self.scope.roll(0.3) else []
        return [
            f"async for {text} in answers({self.words()}):",
            *indented([f"print({text})", *leaves]),
        ]

    def counted(self) -> list[str]:
        """Of how many is it true?"""
        text = self.scope.fresh("text") + "_one"
        tested = f'(await {self.within(text)}) > "h"'
        made = self.scope.pick([
            f"sum([1 for {text} in {self.words()} if {tested}])",
            f"len({{{text} for {text} in {self.words()} if {tested}}})",
            f"sum([await {self.within(text, 'number')} for {text} in {self.words()}])",
        ])  # fmt: skip
        return [f"{self.fresh('number')} = {made}"]

    def closure(self, depth: int) -> list[str]:
        """A function in the function, that looks at what is around it and is called in a loop."""
        scope = self.scope
        name, text = f"inner_{scope.budget}_ask", scope.fresh("text") + "_one"
        result = scope.pick(["print({})", "found_by.append({})"])
        lines = [
            f"async def {name}({text}, times=1):",
            f"{UNIT}answer = await {self.within(text)}",
            f"{UNIT}return answer * times",
            "found_by = []",
            f"for {text} in {self.words()}:",
            UNIT + result.format(f"await {name}({text})"),
        ]
        if depth > 0 and scope.roll(0.5):
            lines.append(f"print(found_by, await {name}({self.write.literal()}, times=2))")
        return lines

    def walrus(self) -> list[str]:
        """Named where it is tested."""
        text = self.fresh("text")
        lines = [f'if ({text} := await {self.asked()}) > "{self.scope.pick("dgmrt")}":',
                 f"{UNIT}print({text})"]  # fmt: skip
        if self.scope.roll(0.5):
            lines += ["else:", f"{UNIT}print(await {self.within(text)})"]
        return lines

    def grouped(self) -> list[str]:
        """Things by what calls say they are."""
        text = self.scope.fresh("text") + "_one"
        if self.scope.roll(0.5):
            made, add = "defaultdict(list)", f"groups[kind].append({text})"
        else:
            made, add = "{}", f"groups.setdefault(kind, []).append({text})"
        return [
            f"groups = {made}",
            f"for {text} in {self.words()}:",
            f"{UNIT}kind = await {self.within(text)}",
            f"{UNIT}{add}",
            "for kind, members in sorted(groups.items()):",
            f"{UNIT}print(kind, len(members), *members)",
        ]
