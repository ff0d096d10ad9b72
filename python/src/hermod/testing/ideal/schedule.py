"""When each call would start if nothing but true dependences held it back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass
class Node:
    """One call or sleep, in serial order. `needs` is a set of nodes, bit by bit."""

    kind: Literal["call", "sleep"]
    key: str
    function: str
    line: int
    latency: float
    #: What each equal call needs (E5): it is made as soon as the first of them could be.
    ways: list[int] = field(default_factory=list)
    start: float = 0.0
    needs: int = 0

    @property
    def end(self) -> float:
        """Virtual seconds from the program's start."""
        return self.start + self.latency


def members(mask: int) -> list[int]:
    """The numbers of a set's nodes."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found


def schedule(nodes: list[Node]) -> float:
    """Fills in `start` and `needs`; the makespan. Repeats while an equal call is found earlier."""
    for node in nodes:
        node.needs = node.ways[0]
    changed = True
    while changed:
        changed = False
        for node in nodes:
            start, needs = min((_ready(nodes, way), way) for way in node.ways)
            if (start, needs) != (node.start, node.needs):
                node.start, node.needs = start, needs
                changed = True
    return max((node.end for node in nodes), default=0.0)


def _ready(nodes: list[Node], way: int) -> float:
    return max((nodes[number].end for number in members(way)), default=0.0)


def critical(nodes: list[Node]) -> set[int]:
    """The numbers of one longest path, from the node that ends last back to one that needs none."""
    found: set[int] = set()
    at = max(range(len(nodes)), key=lambda number: nodes[number].end, default=None)
    while at is not None:
        found.add(at)
        before = members(nodes[at].needs)
        at = max(before, key=lambda number: nodes[number].end, default=None)
    return found
