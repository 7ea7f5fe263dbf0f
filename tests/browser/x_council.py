"""A council 移动议事会, told through the pages: the desk, the courtyard without a network, the closing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.phone import Phone, switched_on
from tests.browser.stage import DESKTOP, FURTHER, Choose, Stage, Visitor
from tests.stories import people

HOST, GRID_WORKER, PAYERS = "清和社区", "周云鹏", ("金茂物业", "丽锦苑物业")
SUBJECT = "共用围墙怎么办"
ROLL = {"名单": "业主甲 业主\n业主乙 党员\n过路的邻居 自来"}
COUNTED: dict[str, Any] = {
    "到会人数": "104", "方案": "修补", "举手赞成多少人": "6", FURTHER: True, "方案（第2项）": "拆除后设栅栏",
    "举手赞成多少人（第2项）": "98",
}  # fmt: skip
RESOLUTION: dict[str, Any] = {
    "决议": "先拆除围墙，再设置栅栏，费用由两家物业公司各承担一半", "费用": "48000.00",
    "谁出": Choose("金茂花园物业公司"), "占百分之": "50", FURTHER: True, "谁出（第2项）": Choose("丽锦苑物业公司"),
    "占百分之（第2项）": "50", "做什么": "拆除围墙", "谁来做": Choose("金茂花园物业公司"), "什么时候完成": "2024-08-10",
}  # fmt: skip


def told(stage: Stage, profile: Path) -> None:
    stage.size = DESKTOP
    stage.story.set_time(2024, 7, 8, 9, 0)
    convened(stage)
    in_the_courtyard(stage, profile)
    written_up(stage)
    resolved(stage)
    objected(stage)
    carried_out(stage)
    closed(stage)


def convened(stage: Stage) -> None:
    with stage.staff(HOST) as desk:
        desk.go("/new/convene_council")
        form = desk.page.locator('form[action^="/new/"]')
        desk.fill(
            form,
            {
                "什么会": Choose("民主议事会"), "怎么开": Choose("移动议事会"), "议什么": SUBJECT,
                "哪个范围": Choose("清和社区第1网格"), "时间": "2024-07-12T10:00", "地点": "金茂花园院内",
                "邀请哪些人": "两小区业主、党支部党员、微网格长", "涉及业主共同决定的事项": True,
            },
        )  # fmt: skip
        desk.send(form)
        stage.story.number = desk.page.locator("header.case .marks .number").inner_text()
        desk.sees("已通知")
        posted(desk, stage.story.number)


def posted(desk: Visitor, number: str) -> None:
    desk.go(f"/c/{number}/poster")
    expect(desk.page.locator(".poster img")).to_be_visible()
    for address in (f"/c/{number}/poster.pdf", f"/api/councils/{number}/papers/SIGN_IN.pdf"):
        paper = desk.page.request.get(address)
        assert (200, b"%PDF") == (paper.status, paper.body()[:4]), address


def in_the_courtyard(stage: Stage, profile: Path) -> None:
    number, at = stage.story.number, f"/outdoors/{stage.story.number}"
    stage.story.set_time(2024, 7, 12, 10, 30)
    with switched_on(stage, profile) as phone:
        phone.login(GRID_WORKER)
        stage.story.soon("it on his phone", lambda: number in phone.page.request.get("/outdoors").text())
        phone.prepare()
        phone.network(False)
        phone.page.goto(at)
        kept(phone, "take_roll", ROLL)
        kept(phone, "count_heads", COUNTED)
        phone.waiting(2)
    with switched_on(stage, profile, network=False) as phone:
        phone.page.goto("/outdoors")
        phone.waiting(2)
        expect(phone.page.locator("#entries")).to_contain_text("等网络")
    assert 0 == seen(stage)["signed_in"]
    with switched_on(stage, profile) as phone:
        phone.page.goto("/outdoors")
        phone.waiting(0)
        phone.page.reload()
        phone.kept(0)


def kept(phone: Phone, method: str, told: dict[str, Any]) -> None:
    form = phone.page.locator(f'form[action*="/do/{method}#"]')
    for holder in form.locator("xpath=ancestor::details").all():
        if holder.get_attribute("open") is None:
            holder.locator("summary").first.click()
    phone.fill(form, **told)
    form.locator("button[type=submit]").last.click()
    expect(form.locator(".kept")).to_contain_text("未上传")


def seen(stage: Stage) -> Any:
    return stage.story.ask(HOST, f"/api/councils/{stage.story.number}")


def written_up(stage: Stage) -> None:
    """At the desk, with what the phone has brought: once, and nothing to be entered a second time."""
    found = seen(stage)
    counted = [(each["option"], each["votes"]) for each in found["options"]]
    assert (3, 1, 104) == (found["signed_in"], found["walk_ins"], found["head_count"])
    assert [("修补", 6), ("拆除后设栅栏", 98)] == counted
    with stage.staff(HOST) as desk:
        desk.case()
        desk.do(
            "record_minutes", 会议记录="业主、党员和微网格长一起商议", 意见="怕孩子碰着", 不同意见="一户主张修补",
            签到表=1,
        )  # fmt: skip
        desk.sees("已开会，待议定")
        desk.sees("关于表决")
        paper = desk.page.request.get(f"/api/councils/{stage.story.number}/papers/MINUTES.pdf")
        assert b"%PDF" == paper.body()[:4]


def resolved(stage: Stage) -> None:
    with stage.staff(HOST) as desk:
        desk.case()
        desk.do("draft_resolution", **RESOLUTION)
    for payer in PAYERS:
        with stage.staff(payer) as unit:
            unit.sees(SUBJECT, "/")
            unit.case()
            unit.do("confirm_share")
    with stage.staff(HOST) as desk:
        desk.case()
        desk.do("resolve_council")
        desk.do("publish_council")
        desk.sees("公示中")


def objected(stage: Stage) -> None:
    """A payer has something against it; the answer has to come before the publication ends."""
    with stage.staff(PAYERS[1]) as unit:
        unit.case()
        unit.do("object_to_council", 有什么异议="栅栏高度没有说")
    with stage.staff(HOST) as desk:
        desk.case()
        desk.do("answer_council_objection", 哪一条异议=Choose("栅栏高度没有说"), 答复="栅栏高一米八")
    stage.story.later(days=8)


def carried_out(stage: Stage) -> None:
    with stage.staff(PAYERS[0]) as unit:
        unit.case()
        unit.do("finish_work", 第几步=Choose("第1步：拆除围墙"), 照片=1)
    with stage.staff(HOST) as desk:
        desk.case()
        desk.do("accept_work", 第几步=Choose("第1步：拆除围墙"))
        desk.do("review_council", 多少居民参加评议="40", 其中满意="36")
        desk.sees("已评议")


def closed(stage: Stage) -> None:
    with stage.staff(HOST) as desk:
        desk.case()
        desk.do("close_council")
        desk.sees("已办结")
    with stage.somebody() as neighbour:
        neighbour.page.set_viewport_size({"width": 400, "height": 800})
        neighbour.go(f"/c/{stage.story.number}")
        neighbour.sees("先拆除围墙")
        assert 0 == neighbour.page.get_by_text("一户主张修补").count()
        assert people.username(HOST) not in neighbour.page.content()
