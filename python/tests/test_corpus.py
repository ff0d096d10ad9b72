"""The corpus is what it says: programs that run, of many shapes, with the promised shares."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from hermod.testing import Plan, Report, run
from hermod.testing.functions import Function, load_catalog

ROOT = Path(__file__).resolve().parents[2] / "tests" / "corpus"
DOMAINS = ("vision", "documents", "travel", "finance", "agents")
SEEDS = range(5)
#: At most so many programs of one skeleton.
MOST_OF_A_SHAPE = 3
HEADER = re.compile(r"^# shape: (?P<shape>[a-z-]+); tags:(?P<tags>[a-z, ]*)$", re.MULTILINE)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
OUTLINE = (*DEFINITIONS, ast.For, ast.While, ast.If, ast.Try, ast.Match, ast.comprehension)


@dataclass(frozen=True)
class Program:
    """One file of the corpus, and what its header says about it."""

    path: Path
    shape: str
    tags: frozenset[str]

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def source(self) -> str:
        return self.path.read_text()


def program(path: Path) -> Program:
    header = HEADER.search(path.read_text())
    assert header is not None, f"{path}: no header"
    tags = frozenset(tag.strip() for tag in header["tags"].split(",") if tag.strip())
    return Program(path, header["shape"], tags)


def programs_of(*folders: str) -> list[Program]:
    paths = [path for folder in folders for path in sorted((ROOT / folder).glob("*.py"))]
    return [program(path) for path in paths]


CORPUS = programs_of(*DOMAINS)
#: Nobody works on these: they only score.
HELD_OUT = programs_of("held_out")
CATALOGS = {path.parent.name: load_catalog(path) for path in ROOT.glob("*/catalog.yaml")}


def named(one: Program) -> str:
    return one.name


EVERY_PROGRAM = pytest.mark.parametrize("one", CORPUS + HELD_OUT, ids=named)
HANDLING = [one for one in CORPUS + HELD_OUT if "failures" in one.tags]


def catalog_of(one: Program) -> dict[str, Function]:
    return CATALOGS[one.path.parent.name]


def executed(one: Program, plan: Plan) -> Report:
    return run(one.source, catalog_of(one), plan)


def names_called(source: str) -> set[str]:
    """What stands as the first argument of `hermod.call`."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="call"), args=[ast.Constant(value=str(name)), *_]
            ):
                names.add(name)
    return names


@EVERY_PROGRAM
def test_runs_to_its_end(one: Program) -> None:
    for seed in SEEDS:
        report = executed(one, Plan(seed=seed))
        assert report.end[0] in {"normal", "exit"}, report.end
        assert len(report.calls) >= 2
        assert report.complaints == []
        assert report.stdout or report.stderr or report.writes


@EVERY_PROGRAM
def test_calls_what_the_catalog_has(one: Program) -> None:
    assert names_called(one.source) <= catalog_of(one).keys()


@EVERY_PROGRAM
def test_begins_with_the_request_and_is_short(one: Program) -> None:
    lines = one.source.splitlines()
    assert lines[0].startswith(("#", '"""'))
    assert 12 <= len(lines) <= 75


@EVERY_PROGRAM
def test_tags_tell_the_truth(one: Program) -> None:
    catalog = catalog_of(one)
    names = names_called(one.source) | {call.function for call in executed(one, Plan()).calls}
    effects = {catalog[name].effect for name in names}
    assert ("effects" in one.tags) == bool(effects & {"read", "write"})
    tree = ast.parse(one.source)
    tries = any(isinstance(node, ast.Try) for node in ast.walk(tree))
    assert not ("failures" in one.tags and not tries)
    definitions = [node for node in ast.walk(tree) if isinstance(node, DEFINITIONS)]
    assert not ("helpers" in one.tags and len(definitions) < 2)


@pytest.mark.parametrize("one", HANDLING, ids=named)
def test_failures_are_handled(one: Program) -> None:
    """Something is raised in the program's own text, and it goes on or ends as it means to."""
    keys = {call.key for call in executed(one, Plan()).calls}
    plans = [Plan(), *(Plan(failing=frozenset([key])) for key in sorted(keys))]
    reports = (run(one.source, catalog_of(one), plan, traced=True) for plan in plans)
    assert any(report.exceptions and report.end[0] != "raised" for report in reports)


def skeleton(node: ast.AST) -> str:
    """Definitions, branches, loops and calls as they nest, whatever they are called."""
    inner = "".join(skeleton(child) for child in ast.iter_child_nodes(node))
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="hermod"), attr="call")):
            return f"{inner}call "
        case _ if isinstance(node, OUTLINE):
            return f"{type(node).__name__}({inner.strip()}) "
    return inner


def test_no_skeleton_prevails() -> None:
    for what in (lambda one: one.shape, lambda one: skeleton(ast.parse(one.source))):
        counts = Counter(what(one) for one in CORPUS)
        assert {key: count for key, count in counts.items() if count > MOST_OF_A_SHAPE} == {}


def test_there_are_enough() -> None:
    assert len(CORPUS) >= 150
    assert len(HELD_OUT) >= 40


@pytest.mark.parametrize(("tag", "share"), [("effects", 0.2), ("failures", 0.2), ("helpers", 0.15)])
def test_shares(tag: str, share: float) -> None:
    assert sum(tag in one.tags for one in CORPUS) >= share * len(CORPUS)
