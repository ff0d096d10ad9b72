"""Rewrites expressions: each gives the value that it gave, and leaves what it carries in `_R.t`."""

from __future__ import annotations

import ast

from hermod.testing.ideal.build import (
    PENDING,
    CannotTrace,
    Pair,
    call,
    constant,
    let,
    load,
    register,
    several,
    store,
    tags_name,
    with_control,
)
from hermod.testing.ideal.scopes import parameters

#: They see the rewritten program instead of the program.
LOOK_AT_THEMSELVES = frozenset({"locals", "globals", "vars", "eval", "exec", "dir", "__import__"})
OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^",
    ast.BitAnd: "&", ast.MatMult: "@", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=",
    ast.Gt: ">", ast.GtE: ">=", ast.Is: "is", ast.IsNot: "is not", ast.In: "in",
    ast.NotIn: "not in", ast.UAdd: "u+", ast.USub: "u-", ast.Invert: "~", ast.Not: "not",
}  # fmt: skip


class Expressions:
    """Of one program."""

    def __init__(self, bound: set[str]) -> None:
        self.bound = bound
        self.classes: list[str] = []
        self.first_parameter: list[str] = []

    def pair(self, node: ast.expr) -> Pair:
        """The value and what it carries."""
        if isinstance(node, ast.Constant):
            return Pair(node, constant(0))
        if isinstance(node, ast.Name):
            known = node.id in self.bound
            return Pair(load(node.id), load(tags_name(node.id)) if known else constant(0))
        return Pair(self.rewrite(node), register())

    def value(self, node: ast.expr) -> ast.expr:
        """The value; what it carries is in the register afterwards."""
        if isinstance(node, (ast.Constant, ast.Name)):
            return call("plain", *self.pair(node))
        return self.rewrite(node)

    def rewrite(self, node: ast.expr) -> ast.expr:
        """Everything but names and constants."""
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise CannotTrace(node.lineno, f"{type(node).__name__} is not traced")
        made: ast.expr = method(node)
        return made

    def mangled(self, name: str) -> str:
        """A private name as its class sees it."""
        if self.classes and name.startswith("__") and not name.endswith("__"):
            return f"_{self.classes[-1].lstrip('_')}{name}"
        return name

    def _binop(self, node: ast.BinOp) -> ast.expr:
        operator = constant(OPERATORS[type(node.op)])
        return call("operate", operator, *self.pair(node.left), *self.pair(node.right))

    def _unaryop(self, node: ast.UnaryOp) -> ast.expr:
        return call("unary", constant(OPERATORS[type(node.op)]), *self.pair(node.operand))

    def _compare(self, node: ast.Compare) -> ast.expr:
        operands = [node.left, *node.comparators]
        if len(operands) > 2 and any(isinstance(o, ast.Await) for o in ast.walk(node)):
            raise CannotTrace(node.lineno, "an await within a chain of comparisons")
        operators = [constant(OPERATORS[type(operator)]) for operator in node.ops]
        pairs = [part for operand in operands for part in self.pair(operand)]
        return call("compare", several(*operators), *pairs)

    def _boolop(self, node: ast.BoolOp) -> ast.expr:
        *firsts, last = node.values
        operands = [call("operand", *self.pair(one)) for one in firsts]
        operands.append(call("last_operand", *self.pair(last)))
        return call("joined", call("open_test"), ast.BoolOp(node.op, operands))

    def _ifexp(self, node: ast.IfExp) -> ast.expr:
        test = call("decide", *self.pair(node.test))
        yes, no = (call("last_operand", *self.pair(arm)) for arm in (node.body, node.orelse))
        return call("joined", call("open_test"), ast.IfExp(test, yes, no))

    def _namedexpr(self, node: ast.NamedExpr) -> ast.expr:
        name = node.target.id
        value = ast.NamedExpr(store(name), self.value(node.value))
        tags = ast.NamedExpr(store(tags_name(name)), with_control(register()))
        return call("first", value, tags)

    def _attribute(self, node: ast.Attribute) -> ast.expr:
        return call("attribute", *self.pair(node.value), constant(self.mangled(node.attr)))

    def _subscript(self, node: ast.Subscript) -> ast.expr:
        return call("subscript", *self.pair(node.value), *self.pair(node.slice))

    def _slice(self, node: ast.Slice) -> ast.expr:
        ends = [one or constant(None) for one in (node.lower, node.upper, node.step)]
        return call("make_slice", *(part for end in ends for part in self.pair(end)))

    def _list(self, node: ast.List) -> ast.expr:
        return call("make_list", self._elements(node.elts))

    def _tuple(self, node: ast.Tuple) -> ast.expr:
        return call("make_tuple", self._elements(node.elts))

    def _set(self, node: ast.Set) -> ast.expr:
        return call("make_set", self._elements(node.elts))

    def _elements(self, nodes: list[ast.expr]) -> ast.expr:
        """Triples: star or nothing, value, tags."""
        return several(*(self._element(node) for node in nodes))

    def _element(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Starred):
            return several(constant("*"), *self.pair(node.value))
        return several(constant(None), *self.pair(node))

    def _dict(self, node: ast.Dict) -> ast.expr:
        entries = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                entries.append(several(constant("**"), constant(0), *self.pair(value)))
            else:
                entries.append(several(*self.pair(key), *self.pair(value)))
        return call("make_dict", several(*entries))

    def _joinedstr(self, node: ast.JoinedStr) -> ast.expr:
        return call("text", several(*map(self._text_part, node.values)))

    def _text_part(self, node: ast.expr) -> ast.expr:
        if not isinstance(node, ast.FormattedValue):
            return node
        form = self.pair(node.format_spec) if node.format_spec else (constant(""), constant(0))
        return several(*self.pair(node.value), constant(node.conversion), *form)

    def _await(self, node: ast.Await) -> ast.expr:
        waiting = ast.Await(call("before_await", *self.pair(node.value)))
        return call("after_await", waiting)

    def _yield(self, node: ast.Yield) -> ast.expr:
        given = self.pair(node.value or constant(None))
        return call("resumed", load("_f"), ast.Yield(call("yielded", load("_f"), *given)))

    def _yieldfrom(self, node: ast.YieldFrom) -> ast.expr:
        inner = call("delegate", load("_f"), *self.pair(node.value))
        return call("resumed", load("_f"), ast.YieldFrom(inner))

    def _call(self, node: ast.Call) -> ast.expr:
        function = node.func
        if isinstance(function, ast.Name):
            if function.id in LOOK_AT_THEMSELVES and function.id not in self.bound:
                raise CannotTrace(node.lineno, f"{function.id}() (A7)")
            if function.id == "super" and not node.args and self.first_parameter:
                return call("plain", node, load(tags_name(self.first_parameter[-1])))
        arguments, line = self._arguments(node), constant(node.lineno)
        if isinstance(function, ast.Attribute):
            name = constant(self.mangled(function.attr))
            found = call("find", *self.pair(function.value), name)
            return call("method", found, arguments, line)
        return call("call", *self.pair(function), arguments, line)

    def _arguments(self, node: ast.Call) -> ast.expr:
        given = [self._element(one) for one in node.args]
        given += [several(constant(k.arg or "**"), *self.pair(k.value)) for k in node.keywords]
        return several(*given)

    def _lambda(self, node: ast.Lambda) -> ast.expr:
        names, arguments = self.signature(node.args)
        tags = [call("argument", load("_f"), constant(place)) for place in range(len(names))]
        body = call("leave_with", load("_f"), *self.pair(node.body))
        body = let([tags_name(name) for name in names], tags, body)
        body = let(["_f"], [call("enter", load(PENDING), names_of(node.args))], body)
        return call("plain", ast.Lambda(arguments, body), constant(0))

    def signature(self, arguments: ast.arguments) -> tuple[list[str], ast.arguments]:
        """The names in the order of their tags; and room for what the arguments carry."""
        extra = [one.arg for one in (arguments.vararg, arguments.kwarg) if one]
        room = ast.arg(PENDING)
        made = ast.arguments(
            arguments.posonlyargs,
            arguments.args,
            arguments.vararg,
            [*arguments.kwonlyargs, room],
            [default and self.value(default) for default in [*arguments.kw_defaults]]
            + [constant(None)],
            arguments.kwarg,
            [self.value(default) for default in arguments.defaults],
        )
        for one in ast.walk(made):
            if isinstance(one, ast.arg):
                one.annotation = None
        return [*parameters(arguments), *extra], made

    def _generatorexp(self, node: ast.GeneratorExp) -> ast.expr:
        element = call("element", *self.pair(node.elt))
        return call("generator", ast.GeneratorExp(element, self._generators(node.generators)))

    def _listcomp(self, node: ast.ListComp) -> ast.expr:
        element = call("put", *self.pair(node.elt))
        made = ast.ListComp(element, self._generators(node.generators))
        return call("comprehended", call("open_comprehension"), made)

    def _setcomp(self, node: ast.SetComp) -> ast.expr:
        element = call("put", *self.pair(node.elt))
        made = ast.SetComp(element, self._generators(node.generators))
        return call("comprehended", call("open_comprehension"), made)

    def _dictcomp(self, node: ast.DictComp) -> ast.expr:
        key = call("put_key", *self.pair(node.key))
        value = call("put", *self.pair(node.value))
        made = ast.DictComp(key, value, self._generators(node.generators))
        return call("comprehended", call("open_comprehension"), made)

    def _generators(self, nodes: list[ast.comprehension]) -> list[ast.comprehension]:
        made = []
        for node in nodes:
            walk = "pairs_async" if node.is_async else "pairs"
            items = call(walk, *self.pair(node.iter), shape_of(node.target), constant(None))
            tests = [call("keep", *self.pair(test)) for test in node.ifs]
            made.append(ast.comprehension(pattern(node.target), items, tests, node.is_async))
        return made


def names_of(arguments: ast.arguments) -> ast.expr:
    """What the runtime must know to hand the tags to the right names."""
    positional = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    keyword = [one.arg for one in arguments.kwonlyargs]
    star, stars = bool(arguments.vararg), bool(arguments.kwarg)
    return constant((tuple(positional), tuple(keyword), star, stars))


def pattern(target: ast.expr) -> ast.expr:
    """`(x, _t_x)` for each name of a target."""
    match target:
        case ast.Name(id=name):
            return ast.Tuple([store(name), store(tags_name(name))], ast.Store())
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return ast.Tuple([pattern(one) for one in elements], ast.Store())
        case ast.Starred(value=value):
            return pattern(value)
        case _:
            raise CannotTrace(target.lineno, "a loop that binds attributes or items")


def shape_of(target: ast.expr) -> ast.expr:
    """The nesting of a target: None, "*", or a tuple."""
    match target:
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return several(*map(shape_of, elements))
        case ast.Starred():
            return constant("*")
        case _:
            return constant(None)
