"""社会救助 in the browser: what is public of it, what is secret, and that two have surveyed."""

from __future__ import annotations

import pytest

from tests.browser import x_assistance
from tests.browser.stage import Stage


@pytest.mark.row("S1.17")
def test_given_an_application_when_everybody_does_their_part_on_pages_then_it_is_listed_decided_and_granted(
    stage: Stage,
) -> None:
    x_assistance.told(stage)
    assert {} == stage.faults
