"""The corpus is what it says: programs that run, of many shapes."""

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
CATALOGS = {domain: load_catalog(ROOT / domain / "catalog.yaml") for domain in DOMAINS}
EVERY_PROGRAM = pytest.mark.parametrize("one", CORPUS, ids=lambda one: one.name)


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
    effects = {catalog[name].effect for name in names_called(one.source)}
    assert ("effects" in one.tags) == bool(effects & {"read", "write"})
    tree = ast.parse(one.source)
    tries = any(isinstance(node, ast.Try) for node in ast.walk(tree))
    assert not ("failures" in one.tags and not tries)
    definitions = [node for node in ast.walk(tree) if isinstance(node, DEFINITIONS)]
    assert not ("helpers" in one.tags and len(definitions) < 2)


def test_no_skeleton_prevails() -> None:
    shapes = Counter(one.shape for one in CORPUS)
    assert {shape: count for shape, count in shapes.items() if count > MOST_OF_A_SHAPE} == {}
