"""Lengths of texts: SMS by UTF-16 units, robots by bytes; no sign is torn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.gateways.texts import MORE, PART, SINGLE, cut, sms_parts, units

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@pytest.mark.parametrize(
    ("text", "parts"),
    [("", 1), ("字" * 70, 1), ("字" * 71, 2), ("字" * 134, 2), ("字" * 135, 3), ("𠮷" * 35, 1), ("𠮷" * 36, 2)],
)
def test_given_a_text_when_counted_then_it_leaves_as_so_many_messages(text, parts):
    assert parts == len(sms_parts(text))


@given(TEXTS)
def test_given_any_text_when_parted_then_nothing_is_lost_and_every_part_fits(text):
    parts = sms_parts(text)
    assert text == "".join(parts)
    assert all(units(part) <= (SINGLE if len(parts) == 1 else PART) for part in parts)


@given(TEXTS, st.integers(60, 300))
def test_given_any_text_when_cut_then_it_fits_and_says_that_it_was_cut(text, most):
    shown = cut(text, most)
    assert len(shown.encode()) <= most
    assert text == shown or (shown.endswith(MORE) and text.startswith(shown.removesuffix(MORE)))
