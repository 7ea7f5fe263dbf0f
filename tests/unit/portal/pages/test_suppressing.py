"""Small cells: hidden, and not to be computed from what is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.pages.suppressing import LEAST, published

COUNTS = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 40), max_size=10)


@given(COUNTS)
def test_given_any_counts_when_published_then_no_small_cell_is_shown_or_left_over_from_the_total(
    counts: dict[str, int],
) -> None:
    cells, total = published(counts)
    hidden = [key for key, shown in cells.items() if shown is None]
    assert all(shown == counts[key] >= LEAST for key, shown in cells.items() if shown is not None)
    assert total in (None, sum(counts.values()))
    left_over = total is not None and bool(hidden)
    assert not left_over or (len(hidden) > 1 and sum(counts[key] for key in hidden) >= LEAST)


@given(COUNTS)
def test_given_any_counts_when_published_then_of_those_hidden_none_but_the_needed_is_large(
    counts: dict[str, int],
) -> None:
    hidden = [key for key, shown in published(counts).cells.items() if shown is None]
    large = sorted((counts[key] for key in hidden if counts[key] >= LEAST), reverse=True)
    assert len(large) <= 1


@pytest.mark.parametrize(
    ("counts", "cells", "total"),
    [
        ({"a": 9, "b": 7}, {"a": 9, "b": 7}, 16),
        ({"a": 9, "b": 3, "c": 7}, {"a": 9, "b": None, "c": None}, 19),
        ({"a": 9, "b": 3, "c": 4}, {"a": 9, "b": None, "c": None}, 16),
        ({"a": 9, "b": 0, "c": 1}, {"a": None, "b": None, "c": None}, 10),
        ({"a": 3}, {"a": None}, None),
        ({}, {}, None),
    ],
)
def test_given_told_counts_when_published_then_these_cells(
    counts: dict[str, int], cells: dict[str, int | None], total: int | None
) -> None:
    assert (cells, total) == published(counts)
