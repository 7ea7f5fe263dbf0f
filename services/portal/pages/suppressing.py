"""Small cells on public pages: a count under LEAST is not shown, and cannot be computed from what is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

LEAST = 5


class Published(NamedTuple):
    """`None` is what is not shown."""

    cells: dict[str, int | None]
    total: int | None


def published(counts: Mapping[str, int]) -> Published:
    """The cells and their sum. Where cells are hidden they are at least two, and at least LEAST together: the next
    smallest are hidden with them (secondary suppression)."""
    by_size = sorted(counts, key=lambda key: (counts[key], key))
    hidden = [key for key in by_size if counts[key] < LEAST]
    for key in by_size[len(hidden) :]:
        if not hidden or (len(hidden) > 1 and sum(counts[one] for one in hidden) >= LEAST):
            break
        hidden.append(key)
    total, unseen = sum(counts.values()), set(hidden)
    cells = {key: None if key in unseen else number for key, number in counts.items()}
    return Published(cells, total if total >= LEAST else None)
