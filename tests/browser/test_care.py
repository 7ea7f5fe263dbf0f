"""红色星期五 in the browser: the sheet of the day, three answers, a need that is an appeal, the whole ladder."""

from __future__ import annotations

import pytest

from tests.browser import x_care
from tests.browser.stage import Stage


@pytest.mark.row("S1.31")
def test_given_two_old_people_on_friday_when_called_on_pages_then_each_is_found_and_the_need_is_an_appeal(
    stage: Stage,
) -> None:
    x_care.told(stage)
    assert {} == stage.faults
