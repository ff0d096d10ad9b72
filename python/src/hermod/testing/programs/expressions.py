"""Expressions of a kind, from what is in scope; some of them fail, some of them wait."""

from __future__ import annotations

from hermod.testing.programs.scope import KINDS, Helper, Scope
from hermod.testing.values import WORDS

#: Functions of `tests/programs/catalog.yaml` that only look, and their arguments' kinds.
LOOKS: dict[str, list[tuple[str, dict[str, str]]]] = {
    "text": [
        ("classify", {"text": "text"}),
        ("summarize", {"text": "text"}),
        ("translate", {"text": "text", "language": "text"}),
        ("weather", {"city": "text"}),
        ("ocr", {"image": "picture"}),
        ("caption", {"image": "picture"}),
    ],
    "number": [("embed", {"text": "text"}), ("price", {"item": "text"}),
               ("read_counter", {"name": "text"})],
    "texts": [("search", {"query": "text"})],
    "record": [("get_ticket", {"id": "number"})],
    "records": [("list_tickets", {"queue": "text"})],
}  # fmt: skip

WRITES: list[tuple[str, dict[str, str]]] = [
    ("index_add", {"text": "text"}),
    ("close_ticket", {"id": "number", "reason": "text"}),
    ("count_up", {"name": "text", "by": "number"}),
]


class Expressions:
    """Writes expressions."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def of(self, kind: str, depth: int = 2, *, waits: bool = True) -> str:
        """An expression of this kind. `waits`: it may await a call."""
        scope = self.scope
        names = scope.names[kind]
        if names and scope.roll(0.4 if depth > 0 else 0.7):
            return scope.pick(names)
        if depth > 0 and waits and scope.is_async and scope.roll(0.12):
            return f"(await {self.call_for(kind, depth - 1)})"
        sync = [one for one in scope.helpers if not one.is_async and one.result == kind]
        if sync and depth > 0 and scope.roll(0.15):
            return self.helper_call(scope.pick(sync), depth - 1, waits=waits)
        if kind == "iterator" or (kind == "case" and not scope.has_class):
            kind = "texts"
        if depth <= 0:
            return scope.pick(names) if names else self.leaf(kind)
        made = getattr(self, kind)(max(depth - 1, 0), waits)
        assert isinstance(made, str)
        return made

    def call_for(self, kind: str, depth: int = 1) -> str:
        """A call, without the await, that gives this kind; nearly so where no function does."""
        scope = self.scope
        helpers = [one for one in scope.helpers if one.is_async and one.result == kind]
        if helpers and scope.roll(0.3):
            return self.helper_call(scope.pick(helpers), depth, waits=True)
        if kind not in LOOKS:
            return f'{scope.package}call("classify", text={self.of("text", depth)})'
        return self.remote(*scope.pick(LOOKS[kind]), depth)

    def remote(self, name: str, parameters: dict[str, str], depth: int) -> str:
        """A remote call."""
        scope = self.scope
        if scope.roll(scope.risk(0.01)):
            name = "no_such_function"
        arguments = [
            f"{parameter}={self.of(kind, depth, waits=depth > 0)}"
            for parameter, kind in parameters.items()
        ]
        return f'{scope.package}call("{name}", {", ".join(arguments)})'

    def helper_call(self, helper: Helper, depth: int, *, waits: bool) -> str:
        """A call of a function of the program."""
        left_out = self.scope.dice.randint(0, helper.optional)
        kinds = helper.parameters[: len(helper.parameters) - left_out]
        arguments = ", ".join(self.of(kind, depth, waits=waits) for kind in kinds)
        owner = f"{self.of('case', 0)}." if helper.is_method else ""
        return f"{owner}{helper.name}({arguments})"

    def leaf(self, kind: str) -> str:
        """Something simple."""
        scope, word = self.scope, self.literal()
        leaves = {
            "text": [word],
            "number": [str(scope.dice.randint(0, 5))],
            "texts": [f"[{word}, {self.literal()}]", f"[{word}]", "[]", "LANGUAGES"],
            "counts": [f"{{{word}: {scope.dice.randint(0, 5)}}}", "{}"],
            "record": [f'{{"id": {scope.dice.randint(0, 5)}, "text": {word}, "customer": "ada"}}'],
            "records": ["[]"],
            "words": ["set()", f"{{{word}}}"],
            "picture": ['Image.open("street.png")', 'Image.open("letter.png")'],
            "case": [f"Case({word})", f"Case({word}, {scope.dice.randint(0, 5)})"],
        }
        return scope.pick(leaves[kind])

    def literal(self) -> str:
        """A word."""
        return f'"{self.scope.pick(WORDS)}"'

    def interpolated(self, depth: int, waits: bool) -> str:
        """An f-string, sometimes with quotes in quotes."""
        kind = self.scope.pick(["text", "text", "number", "number", "texts", "counts"])
        inner = self.of(kind, depth, waits=waits)
        inner = f"({inner})" if inner.startswith("{") else inner
        if '"' in inner and "'" in inner:
            return self.literal()
        quote = "'" if '"' in inner else '"'
        tail = self.scope.pick(["", "", "!r", ":>8" if kind in {"text", "number"} else ""])
        return f"f{quote}{self.scope.pick(WORDS)} {{{inner}{tail}}}{quote}"

    def text(self, depth: int, waits: bool) -> str:
        """A text."""

        def of(kind: str) -> str:
            return self.of(kind, depth, waits=waits)

        return self.scope.weighted([
            (3, self.literal),
            (3, lambda: self.interpolated(depth, waits)),
            (1, lambda: f"{of('text')}.{self.scope.pick(['upper', 'title', 'strip'])}()"),
            (1, lambda: f"({of('text')} + {of('text')})"),
            (1, lambda: f'{of("record")}["{self.scope.pick(["text", "customer"])}"]'),
            (self.scope.risk(0.3), lambda: f'{of("record")}["owner"]'),
            (self.scope.risk(0.6), lambda: f"{of('texts')}[{self.scope.pick([0, 0, 1, -1, 4])}]"),
            (0.5, lambda: f"({of('texts')} or [{self.literal()}])[{self.scope.pick([0, -1])}]"),
            (0.3, lambda: f"next(({self.item()} for {self.item()} in {of('texts')}), \"none\")"),
            (0.5, lambda: self.asked_of_a_picture(depth, waits)),
            (0.5, lambda: self.field("name")),
            (1, lambda: f"({of('text')} if {self.test(depth, waits)} else {of('text')})"),
            (0.5, lambda: f"str({of('number')})"),
            (0.5, lambda: f"\",\".join({of('texts')})"),
            (0.5, lambda: f"\"-\".join(sorted({of('words')}))"),
            (self.scope.risk(0.5), lambda: f"max({of('texts')}, key=len)"),
            (0.3, lambda: f"max({of('texts')}, key={self.key_function()}, default={self.literal()})"),  # noqa: E501
            (0.3, lambda: f"({of('text')} or {of('text')})"),
            (0.3, lambda: self.popped() or self.literal()),
            (0.3, lambda: self.next_of() or self.literal()),
        ])  # fmt: skip

    def item(self) -> str:
        """A name for what a comprehension walks along."""
        return "each_one"

    def key_function(self) -> str:
        """What to sort by."""
        known = [helper.name for helper in self.scope.helpers
                 if not helper.is_async and helper.parameters == ("text",)
                 and helper.result in {"text", "number"} and not helper.is_method]  # fmt: skip
        return self.scope.pick([*known, *known, "len", "lambda one: (len(one), one)",
                                "lambda one: one[::-1]", "str.upper"])  # fmt: skip

    def asked_of_a_picture(self, depth: int, waits: bool) -> str:
        """The answer in a result."""
        if not (waits and self.scope.is_async):
            return self.literal()
        arguments = {"image": "picture", "question": "text"}
        return f'(await {self.remote("blip", arguments, depth)})["answer"]'

    def field(self, name: str) -> str:
        """A field of an object."""
        if not self.scope.has_class:
            return {"name": self.literal(), "score": "3", "notes": f"[{self.literal()}]"}[name]
        return f"{self.of('case', 0)}.{name}"

    def popped(self) -> str:
        """Changes a list in the middle of an expression."""
        names = self.scope.names["texts"]
        return f"{self.scope.pick(names)}.pop()" if names else ""

    def next_of(self) -> str:
        """Uses up an item of an iterator."""
        names = self.scope.names["iterator"]
        return f'next({self.scope.pick(names)}, "none")' if names else ""

    def number(self, depth: int, waits: bool) -> str:
        """A number."""

        def of(kind: str) -> str:
            return self.of(kind, depth, waits=waits)

        return self.scope.weighted([
            (3, lambda: str(self.scope.dice.randint(0, 5))),
            (2, lambda: f"len({of(self.scope.pick(['text', 'texts', 'counts', 'words']))})"),
            (2, lambda: f"({of('number')} {self.scope.pick('+-*')} {of('number')})"),
            (self.scope.risk(0.5), lambda: f"(12 // {of('number')})"),
            (self.scope.risk(0.5), lambda: f"{of('counts')}[{of('text')}]"),
            (0.5, lambda: f"sum(len({self.item()}) for {self.item()} in {of('texts')})"),
            (0.3, lambda: f"max({of('counts')}.values(), default=0)"),
            (0.4, lambda: self.field("score")),
            (1, lambda: f"{of('counts')}.get({of('text')}, {of('number')})"),
            (1, lambda: f"sum({of('counts')}.values())"),
            (0.5, lambda: f'{of("record")}["id"]'),
            (0.5, lambda: f"({of('number')} if {self.test(depth, waits)} else {of('number')})"),
            (0.3, lambda: f"min({of('number')}, {of('number')})"),
            (self.scope.risk(0.3), lambda: f"int({of('text')})"),
        ])  # fmt: skip

    def texts(self, depth: int, waits: bool) -> str:
        """A list of texts."""

        def of(kind: str) -> str:
            return self.of(kind, depth, waits=waits)

        return self.scope.weighted([
            (3, lambda: f"[{', '.join(of('text') for _ in range(self.scope.dice.randint(1, 3)))}]"),
            (0.3, lambda: "[]"),
            (1, lambda: f"sorted({of('texts')})"),
            (0.5, lambda: f"sorted({of('texts')}, key={self.key_function()})"),
            (0.4, lambda: f"list({of('counts')}.keys())"),
            (0.3, lambda: f"list(map(str.title, {of('texts')}))"),
            (0.2, lambda: f"deque({of('texts')}, maxlen=3)"),
            (0.4, lambda: self.field("notes")),
            (0.7, lambda: f"{of('texts')}[{self.scope.pick(['1:', ':2', '::-1', ':'])}]"),
            (0.7, lambda: f"list({of('counts')})"),
            (0.7, lambda: f"sorted({of('words')})"),
            (0.7, lambda: f"{of('text')}.split()"),
            (0.5, lambda: f"({of('texts')} + {of('texts')})"),
            (0.5, lambda: f"[word.upper() for word in {of('texts')}]"),
            (0.4, lambda: f"[{of('text')}, *{of('texts')}]"),
            (0.3, lambda: f"list(reversed({of('texts')}))"),
        ])  # fmt: skip

    def counts(self, depth: int, waits: bool) -> str:
        """A dictionary of numbers by text."""

        def of(kind: str) -> str:
            return self.of(kind, depth, waits=waits)

        return self.scope.weighted([
            (2, lambda: f"{{{self.literal()}: {of('number')}, {self.literal()}: {of('number')}}}"),
            (1, lambda: "{}"),
            (1, lambda: f"dict({of('counts')})"),
            (0.5, lambda: f"{{**{of('counts')}, {self.literal()}: {of('number')}}}"),
            (1, lambda: f"{{word: len(word) for word in {of('texts')}}}"),
            (0.5, lambda: f"Counter({of('texts')})"),
            (0.5, lambda: f"defaultdict(int, {of('counts')})"),
        ])  # fmt: skip

    def record(self, depth: int, waits: bool) -> str:
        """A ticket."""
        scope = self.scope
        if scope.is_async and waits and scope.roll(0.5):
            return f"(await {self.remote('get_ticket', {'id': 'number'}, 0)})"
        if scope.names["records"] and scope.roll(0.7):
            if scope.is_mean:
                return f"{scope.pick(scope.names['records'])}[{scope.pick([0, 0, 1, -1])}]"
            return f"({scope.pick(scope.names['records'])} or [{self.leaf('record')}])[0]"
        text, number = self.of("text", depth, waits=waits), self.of("number", depth, waits=waits)
        return f'{{"id": {number}, "text": {text}, "customer": {self.literal()}}}'

    def records(self, depth: int, waits: bool) -> str:
        """A list of tickets."""
        scope = self.scope
        if scope.is_async and waits and scope.roll(0.5):
            return f"(await {self.remote('list_tickets', {'queue': 'text'}, 0)})"
        return f"[{self.of('record', depth, waits=waits)}]"

    def words(self, depth: int, waits: bool) -> str:
        """A set of texts."""
        if self.scope.roll(0.4):
            return "set()"
        return f"set({self.of('texts', depth, waits=waits)})"

    def picture(self, depth: int, waits: bool) -> str:
        """An image, whole or in part."""
        if self.scope.roll(0.4):
            return self.leaf("picture")
        shown = self.of("picture", depth, waits=waits)
        if self.scope.roll(0.2):
            return f"{shown}.resize((32, 32))"
        edge = self.of("number", 0, waits=waits)
        return f"{shown}.crop((0, 0, {edge} + 9, 40))"

    def case(self, depth: int, waits: bool) -> str:
        """An object of the program's class."""
        name = self.of("text", depth, waits=waits)
        if self.scope.roll(0.5):
            return f"Case({name})"
        return f"Case({name}, score={self.of('number', depth, waits=waits)})"

    def test(self, depth: int = 1, waits: bool = True) -> str:
        """Something to decide on."""

        def of(kind: str) -> str:
            return self.of(kind, depth, waits=waits)

        return self.scope.weighted([
            (3, lambda: f'{of("text")} {self.scope.pick("<>")} "{self.scope.pick("dgmrt")}"'),
            (2, lambda: f"{of('number')} {self.scope.pick(['<', '>', '==', '% 2 =='])} {self.scope.dice.randint(0, 25)}"),  # noqa: E501
            (1, lambda: f"{of('text')} in {of(self.scope.pick(['texts', 'counts', 'words']))}"),
            (1, lambda: f"not {of('texts')}"),
            (1, lambda: of(self.scope.pick(["texts", "counts", "number"]))),
            (0.5, lambda: f"{self.test(0, waits)} {self.scope.pick(['and', 'or'])} {self.test(0, waits)}"),  # noqa: E501
            (0.3, lambda: f"any({self.item()} > \"h\" for {self.item()} in {of('texts')})"),
            (0.4, lambda: self.seen_in_a_picture(depth, waits)),
            (0.3, lambda: f"({self.scope.fresh('text')}_seen := {of('text')}) > \"m\""),
        ])  # fmt: skip

    def seen_in_a_picture(self, depth: int, waits: bool) -> str:
        """A truth value that a function gives."""
        if not (waits and self.scope.is_async):
            return f"{self.of('number', 0, waits=waits)} > 2"
        arguments = {"image": "picture", "object_name": "text", "property": "text"}
        return f'(await {self.remote("xvlm", arguments, depth)})["result"]'

    def anything(self) -> str:
        """The kind of some value to look at."""
        kinds = [kind for kind in KINDS
                 if kind not in {"iterator", "picture"} and self.scope.names[kind]]  # fmt: skip
        return self.scope.pick(kinds) if kinds else "text"
