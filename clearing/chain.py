"""Successive months of a network: each locked month names the root of the month before.

A space that keeps its statements keeps the heads in them. If a past month was written anew, the
head of that month, or the one after it, is no longer the one that the space has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from clearing.document import Finding
from clearing.period import next_month

Head = Mapping[str, Any]


def verify_chain(heads: Iterable[Head]) -> list[Finding]:
    """Return where the months whose heads these are do not follow from each other.

    Heads are payloads as `clearing.reading.read_head` returns them, of any networks and in any
    order. Months that have none of their neighbours here are linked by nothing: that is found too.
    """
    months: dict[str, dict[str, list[Head]]] = defaultdict(lambda: defaultdict(list))
    for head in heads:
        of_month = months[head["net"]][head["period"]]
        if head not in of_month:
            of_month.append(head)
    return [finding for _, own in sorted(months.items()) for finding in _verify_network(own)]


def _verify_network(months: Mapping[str, Sequence[Head]]) -> Iterator[Finding]:
    for month, heads in sorted(months.items()):
        if len(heads) > 1:
            yield Finding(
                "month_rewritten",
                month,
                f"{len(heads)} heads of {month} differ: the month was written anew, "
                "or it was shown in two ways",
            )
    for earlier, month in pairwise(sorted(months)):
        if month > next_month(earlier):
            yield Finding(
                "chain_gap",
                month,
                f"no file is of {next_month(earlier)}, so nothing links {month} to {earlier}",
            )
            continue
        roots = {head["root"] for head in months[earlier]}
        for head in months[month]:
            if head["previous_root"] not in roots:
                yield Finding(
                    "chain_broken",
                    month,
                    f"the head of {month} names {head['previous_root']} as the root of {earlier}, "
                    f"which is {' or '.join(sorted(roots))}: one of the two was written anew",
                )
