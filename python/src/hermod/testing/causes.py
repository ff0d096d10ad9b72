"""Why programs are slower than their ideal: the first late call, and what keeps it there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from hermod.testing.many import Examined

#: Up to here a program is as fast as could be wished.
NEAR = 1.1
#: So many examples are named of each cause.
EXAMPLES = 3


def cause(late: str, decisions: Sequence[str]) -> str:
    """The diagnostic nearest to the first late call, without the program's own names."""
    found = re.match(r"line (\d+): ", late)
    if found is None:
        return "no call is late: a coroutine or a sleep is"
    line = int(found[1])
    kept = [(int(one[1]), one[2]) for text in decisions
            if (one := re.match(r"line (\d+): kept (.*)", text, re.DOTALL))]  # fmt: skip
    if not kept:
        return "started, but later than it could be"
    # A loop's diagnostic stands above the call that it keeps.
    nearest = min(kept, key=lambda place: abs(place[0] - line) + 0.5 * (place[0] > line))
    if abs(nearest[0] - line) > 8:
        return "started, but later than it could be"
    return re.sub(r"`[^`]*`", "`…`", nearest[1].partition(" (")[0])


def histogram(examined: Iterable[Examined]) -> str:
    """Causes, the most frequent first, with the seeds of some."""
    slow = [one for one in examined if one.ideal and one.achieved > NEAR * one.ideal]
    seeds: dict[str, list[int]] = {}
    for one in sorted(slow, key=lambda one: one.seed):
        seeds.setdefault(cause(one.late, one.decisions), []).append(one.seed)
    counted = Counter({why: len(found) for why, found in seeds.items()})
    lines = [f"{len(slow)} programs take more than {NEAR} times their ideal:"]
    for why, count in counted.most_common():
        named = ", ".join(map(str, seeds[why][:EXAMPLES]))
        lines.append(f"{count:5}  {why}  (seeds {named})")
    return "\n".join(lines)
