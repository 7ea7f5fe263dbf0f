"""A13 楼门管家: the six hats on a phone, each begun by one tap from one page and done to its end."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator

from tests.browser.stage import PHONE, Choose, Stage, Visitor
from tests.stories import people

DOOR = Choose("银虹社区第3网格5号楼2单元")
LEAST_PX = 60
NOTICE = "周六大扫除"


def told(stage: Stage) -> None:
    stage.story.set_time(2024, 7, 8, 9, 0)
    asked = {"area_path": people.SEWAGE_AREA, "purpose": "ROUTINE", "topic": "敲门问安"}
    campaign = str(stage.story.do("社区", "/api/campaigns", **asked)["number"])
    stage.uses(PHONE)
    with stage.staff("肖兰") as steward:
        steward.menu("六员")
        large_enough(steward.page.locator(".hats a"))
        for hat, act in HATS.items():
            steward.go("/hats")
            with steward.page.expect_navigation():
                steward.press(steward.page.locator(".hats a").filter(has_text=hat))
            act(steward)
        collects(steward, campaign)
    with stage.somebody() as neighbour:
        neighbour.sees(NOTICE, f"/doorway-board/{people.SEWAGE_AREA}")


def large_enough(targets: Locator) -> None:
    boxes = [each.bounding_box() or {} for each in targets.all()]
    assert (6, True) == (len(boxes), all(min(box["width"], box["height"]) >= LEAST_PX for box in boxes)), boxes


def begun(steward: Visitor, words: dict[str, object]) -> None:
    form = steward.page.locator('form[action^="/new/"]')
    steward.fill(form, words)
    steward.send(form)
    steward.page.get_by_role("status").filter(has_text="已提交").wait_for()


def makes_known(steward: Visitor) -> None:
    begun(steward, {"贴在哪里": DOOR, "标题": NOTICE, "内容": "早上九点在楼下集合，带上手套。", "贴几天": "7"})


def carries_word(steward: Visitor) -> None:
    begun(steward, {"想商量什么": "楼下想装一张长椅", "在哪里": DOOR})


def makes_peace(steward: Visitor) -> None:
    begun(
        steward,
        {
            "什么纠纷": Choose("邻里纠纷"), "在哪里": DOOR, "申请方姓名": "何大勇", "对方姓名": "田二喜",
            "怎么回事": "为停车位吵，各让半米", "当场和好了": True,
        },
    )  # fmt: skip


def watches(steward: Visitor) -> None:
    begun(
        steward,
        {
            "什么隐患": "单元门口台阶断裂", "在哪里": DOOR, "具体位置": "2单元门口", "哪一类": Choose("房屋墙体"),
            "多严重": Choose("一般"), "现场照片": 1,
        },
    )  # fmt: skip


def speaks_for(steward: Visitor) -> None:
    begun(
        steward,
        {
            "心愿": "想换一个灯泡", "为谁": "邻居", "送到哪里": "201室", "在哪里": DOOR, "本人（或家人）同意": True,
        },
    )  # fmt: skip


def looks_round(steward: Visitor) -> None:
    steward.page.get_by_role("heading", name="走访", exact=True).wait_for()


def collects(steward: Visitor, campaign: str) -> None:
    """The visit that the page of the last hat leads to."""
    steward.sees("敲门问安", "/campaigns")
    steward.open(campaign)
    unit = steward.offered("record_visit").get_by_label("5号楼2单元").first
    steward.press(steward.page.locator(f'[id="record_visit-{campaign}"] > summary'))
    steward.press(unit)
    form = steward.offered("record_visit")
    steward.fill(form, {"结果": Choose("入户"), "走访记录": "一家三口，都好"})
    steward.send(form)
    steward.page.get_by_role("status").filter(has_text="已提交").wait_for()


HATS: dict[str, Callable[[Visitor], None]] = {
    "宣传员": makes_known,
    "联络员": carries_word,
    "调解员": makes_peace,
    "监督员": watches,
    "倡导员": speaks_for,
    "采集员": looks_round,
}
