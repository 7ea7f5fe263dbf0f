"""A9 红色星期五, told through the pages, everybody with what she has: phone, keyboard, no scripts."""

from __future__ import annotations

from typing import Any

from tests.browser.hands import Keys
from tests.browser.stage import DESKTOP, PHONE, Choose, Stage, Visitor

UNANSWERED = ("郝*福", "田*花")
NEED, ADVICE = "想量血压，下不了楼", "楼下的长椅松了"
ELDERS: dict[str, dict[str, Any]] = {
    "马*兰": {
        "姓名": "马淑兰",
        "电话": "13900000301",
        "出生日期": "1938-02-11",
        "说什么话": "宁夏话",
        "什么时候打": "上午",
    },
    "郝*福": {"姓名": "郝德福", "电话": "13900000302", "出生日期": "1941-09-30"},
    "田*花": {"姓名": "田桂花", "电话": "13900000303", "出生日期": "1935-05-06"},
}
PLACE = {"在哪里": Choose("银虹社区第3网格5号楼2单元"), "住处": "5号楼2单元", "本人同意接电话": True}


def told(stage: Stage) -> None:
    stage.story.set_time(2024, 7, 4, 16, 0)
    listed(stage)
    stage.story.later(hours=16, minutes=30)
    sheet = called(stage)
    not_over(stage, sheet)
    visited(stage)
    searched(stage)
    closed(stage, sheet)
    carried_on(stage)


def listed(stage: Stage) -> None:
    """李珊 lists both in the courtyard, on her phone."""
    stage.uses(PHONE)
    with stage.staff("李珊") as lishan:
        for elder, words in ELDERS.items():
            lishan.menu("列入电话关怀")
            form = lishan.page.locator('form[action^="/new/"]')
            lishan.fill(form, {**words, **PLACE})
            lishan.send(form)
            lishan.sees(elder)


def row_of(stage: Stage, elder: str) -> dict[str, Any]:
    rows = stage.story.ask("丁香", "/api/care/calls", limit=200)["items"]
    return next((row for row in rows if row["masked_name"] == elder), {})


def called(stage: Stage) -> str:
    """The seat works the sheet of the day by keyboard alone: one has a need, two do not answer."""
    stage.uses(DESKTOP, Keys())
    stage.story.soon("both calls", lambda: all(row_of(stage, elder) for elder in ELDERS))
    sheet = str(row_of(stage, "马*兰")["round_number"])
    with stage.staff("丁香") as seat:
        seat.sees("今天的关怀电话", "/")
        seat.open(sheet)
        for words in ("马*兰", "宁夏话", "上午", "郝*福"):
            seat.sees(words)
        with seat.page.expect_navigation():
            seat.press(seat.page.locator(".call-sheet").get_by_role("link", name="马*兰"))
        stage.story.number = str(row_of(stage, "马*兰")["number"])
        talked(seat)
        for elder in UNANSWERED:
            seat.open(str(row_of(stage, elder)["number"]))
            for _ in range(3):
                stage.story.later(minutes=40)
                seat.do("record_no_answer")
    return sheet


def talked(seat: Visitor) -> None:
    """The telephone is looked at once and rung by one link; what was heard is told by the three questions."""
    form = seat.offered("reveal_care_contact")
    seat.press(form.locator("xpath=ancestor::details").locator("summary"))
    seat.send(form)
    number = seat.page.get_by_role("link", name="打电话 13900000301")
    assert "tel:13900000301" == number.get_attribute("href")
    seat.do(
        "record_care_talk", 社区近况讲了=True, 生活上有什么困难=NEED, 困难是哪一类=Choose("未归类：其他诉求"),
        对社区有什么建议=ADVICE,
    )  # fmt: skip


def not_over(stage: Stage, sheet: str) -> None:
    """Nobody closes the round while somebody has not been found: the page says how many have, and offers no button."""
    stage.uses(DESKTOP, scripts=False)
    with stage.staff("社区") as community:
        community.open(sheet)
        community.sees("已落实几位")
        assert 0 == community.page.locator('form[action*="/do/close_care_round"]').count()


def visited(stage: Stage) -> None:
    """The steward goes there the same day, her phone in her hand."""
    stage.uses(PHONE)
    with stage.staff("肖兰") as steward:
        steward.sees("今天上门看望", "/")
        steward.open(str(row_of(stage, "郝*福")["number"]))
        assert steward.page.get_by_text("13900000302").count() == 0
        steward.do("record_care_visit", 见到本人=True, 情况="在家，电话没电了")
        steward.open(str(row_of(stage, "田*花")["number"]))
        steward.do("record_care_visit", 情况="敲门没人应")


def searched(stage: Stage) -> None:
    """The further rungs: the relative does not know, so the door is opened before two witnesses."""
    stage.uses(PHONE)
    with stage.staff("社区") as community:
        community.sees("问紧急联系人", "/")
        community.open(str(row_of(stage, "田*花")["number"]))
        community.do("record_family_asked", 情况="女儿在外地，也联系不上")
        community.sees("待入户查看")
        found = {"情况": "摔倒在厨房，已叫120", "另一位见证人": "马少峰"}
        community.do("record_search", **{"见证人": "杨帆", **found})
        community.sees("已入户救助")


def closed(stage: Stage, sheet: str) -> None:
    stage.uses(DESKTOP, scripts=False)
    with stage.staff("社区") as community:
        community.open(sheet)
        community.do("close_care_round")
        community.sees("已完成")


def carried_on(stage: Stage) -> None:
    """The need is an appeal, the advice a topic; neither holds her words."""
    stage.uses(DESKTOP)
    with stage.staff("社区") as community:
        community.sees("关怀电话里听到的困难", "/")
        community.menu("议题")
        community.sees("关怀电话")
        assert community.page.get_by_text(NEED).count() == 0
