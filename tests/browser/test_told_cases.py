"""A1 and A4 from the first sentence to the closing, through the pages of every role and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser import a1, a4
from tests.browser.hands import Keys
from tests.browser.stage import DESKTOP, PHONE, Stage

WAYS: dict[str, dict[str, Any]] = {
    "phone": {"size": PHONE},
    "desktop": {"size": DESKTOP},
    "without scripts": {"scripts": False},
    "by keyboard": {"size": DESKTOP, "hands": Keys()},
}


def told(stage: Stage, way: str, case: Any) -> tuple[dict[str, list[str]], bool]:
    for name, value in WAYS[way].items():
        setattr(stage, name, value)
    case.told(stage)
    return stage.faults, stage.seen > 0


@pytest.mark.parametrize("way", ["phone", "desktop", "without scripts"])
def test_given_a_residents_sentence_when_everybody_does_their_part_on_pages_then_it_is_closed(
    stage: Stage, way: str
) -> None:
    assert ({}, way != "without scripts") == told(stage, way, a1)


@pytest.mark.parametrize("way", ["phone", "desktop", "without scripts", "by keyboard"])
def test_given_a_hazard_on_the_street_when_it_is_told_on_pages_then_it_is_removed(stage: Stage, way: str) -> None:
    assert ({}, way != "without scripts") == told(stage, way, a4)
