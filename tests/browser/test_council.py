"""A council from its poster to its closing, on the pages of everybody; the phone in the courtyard has no network."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser import x_council
from tests.browser.stage import Stage


@pytest.mark.row("S0.1")
def test_given_no_network_in_the_courtyard_when_a_council_is_told_on_pages_then_roll_and_count_arrive_once(
    stage: Stage, tmp_path: Path
) -> None:
    x_council.told(stage, tmp_path / "phone")
    assert {} == stage.faults
