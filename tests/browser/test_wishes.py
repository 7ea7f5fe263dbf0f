"""A capability the portal does not name, told on its pages: menu, forms, desk, list and wall are derived."""

from __future__ import annotations

import pytest

from tests.browser import x_wish
from tests.browser.stage import DESKTOP, PHONE, Stage


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_given_a_wish_when_everybody_does_their_part_on_pages_then_it_is_granted(
    stage: Stage, size: tuple[int, int]
) -> None:
    stage.size = size
    x_wish.told(stage)
    assert ({}, True) == (stage.faults, stage.seen > 0)
