"""六员 on a phone: one page, six hats, each begun by one tap on a target of 60 pixels."""

from __future__ import annotations

import pytest

from tests.browser import x_hats
from tests.browser.stage import Stage


@pytest.mark.row("S4.22")
def test_given_a_steward_with_a_phone_when_each_hat_is_tapped_then_its_work_begins_and_is_done(stage: Stage) -> None:
    x_hats.told(stage)
    assert {} == stage.faults
