"""The seat's screen: rings, says who and where within a second of the press, and is worked by keyboard alone."""

from __future__ import annotations

import time

import pytest

from tests.browser.stage import DESKTOP, Stage
from tests.stories.steps import pagers

WITHIN_SECONDS = 1.0
PRESSES = 5


def seen_after(stage: Stage, page, press) -> float:
    """Seconds from the press to the words on the screen."""
    began = time.monotonic()
    press()
    page.locator("#calls a").first.wait_for(state="visible")
    return time.monotonic() - began


@pytest.mark.row("S1.20")
def test_given_a_press_when_the_seat_looks_then_it_rings_says_who_and_where_and_is_answered_by_keyboard(
    stage: Stage,
) -> None:
    stage.size = DESKTOP
    stage.story.set_time(2024, 7, 8, 9, 0)
    pagers.registered(stage.story)
    line, topic = pagers.device(stage.story), f"pager/{stage.story.kept['pager']}"
    with stage.staff("丁香") as seat:
        seat.go("/pager-alarms")
        seat.page.get_by_role("button", name="打开铃声").click()
        seat.page.get_by_role("button", name="铃声已打开").wait_for()
        took = []
        for no in range(PRESSES):
            took.append(
                seen_after(stage, seat.page, lambda no=no: line.publish(topic, b'{"signal": "PRESS", "id": "%d"}' % no))
            )
            ringing = seat.page.locator("#calls a").first
            assert (pagers.HOME in ringing.inner_text(), "马*珍" in ringing.inner_text()) == (True, True)
            seat.page.locator('#seat[data-rings="true"]').wait_for()
            assert seat.page.title().startswith("【1 个在响】")
            seat.judge()
            stage.story.number = pagers.alarm(stage.story)["number"]
            seat.page.locator("#calls a:focus").wait_for()
            seat.page.keyboard.press("Enter")
            seat.page.wait_for_url(f"**/cases/{stage.story.number}")
            answer = seat.offered("answer_pager_alarm").locator("button[type=submit]")
            answer.focus()
            seat.page.keyboard.press("Enter")
            seat.page.get_by_role("status").filter(has_text="已提交").wait_for()
            pagers.act(stage.story, "丁香", "kind", kind="FALSE")
            pagers.act(stage.story, "丁香", "outcome", outcome="NO_NEED", told="按错了")
            seat.menu("呼叫")
            seat.page.locator("#bell").wait_for()
            stage.story.later(minutes=2)
    line.close()
    print(f"from the press to the screen: {sorted(round(one, 2) for one in took)} s")
    assert ({}, True) == (stage.faults, max(took) <= WITHIN_SECONDS)
