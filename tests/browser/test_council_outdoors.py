"""A council in the courtyard without a network: roll and minutes are taken on the phone and sent once, later."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.browser.phone import Phone, switched_on
from tests.browser.stage import Stage
from tests.stories import people

HOST = "清和社区"


def convened(stage: Stage) -> str:
    """The number of a council that begins in the courtyard now."""
    stage.story.set_time(2024, 7, 8, 9, 0)
    starts = (stage.story.now() + timedelta(days=5)).isoformat()
    asked = {"kind": "TALK", "mode": "MOBILE", "subject": "车棚怎么用", "place_text": "金茂花园院内"}
    number = stage.story.do(HOST, "/api/councils", **asked, area_path=people.QINGHE, starts_at=starts)["number"]
    stage.story.later(days=5, hours=1)
    return str(number)


def send(phone: Phone, method: str, **told: str) -> None:
    form = phone.page.locator(f'form[action*="/do/{method}#"]')
    for holder in form.locator("xpath=ancestor::details").all():
        if holder.get_attribute("open") is None:
            holder.locator("summary").first.click()
    for name, value in told.items():
        form.locator(f'[name="{name}"]').fill(value)
    form.locator("button[type=submit]").last.click()


def test_given_no_network_when_roll_and_minutes_are_taken_then_both_arrive_once(stage: Stage, tmp_path: Path) -> None:
    number = convened(stage)
    with switched_on(stage, tmp_path / "phone") as phone:
        phone.login(HOST)
        stage.story.soon("it on the desk", lambda: number in phone.page.request.get("/outdoors").text())
        phone.prepare()
        phone.network(False)
        phone.page.goto(f"/outdoors/{number}")
        signed = {f"people.{no}.name": name for no, name in enumerate(("业主甲", "业主乙", "业主丙"))}
        send(phone, "take_roll", **signed)
        phone.waiting(1)
        record = {"head_count": "104", "minutes": "逐条商议", "opinions": "怕丢车\n要有灯"}
        send(phone, "record_minutes", **record)
        phone.waiting(2)
        assert "CONVENED" == stage.story.ask(HOST, f"/api/councils/{number}")["state"]
        phone.network(True)
        phone.waiting(0)
        phone.page.reload()
        phone.kept(0)
    view = stage.story.ask(HOST, f"/api/councils/{number}")
    assert ("HELD", 104, 3, ["怕丢车", "要有灯"]) == (
        view["state"], view["head_count"], view["signed_in"], view["opinions"],
    )  # fmt: skip
