"""A wish 微心愿, told through the pages: posted at the door, reviewed, claimed by a volunteer, brought, confirmed."""

from __future__ import annotations

from tests.browser.stage import Choose, Stage
from tests.stories import people

WORDS = "一个人在家太静了，想听听戏"
ON_WALL = "老人想要一台收音机"


def told(stage: Stage) -> None:
    stage.story.set_time(2024, 7, 8, 9, 0)
    posted(stage)
    granted(stage)
    confirmed(stage)


def posted(stage: Stage) -> None:
    with stage.staff("李珊") as lishan:
        lishan.menu("提出微心愿")
        form = lishan.page.locator('form[action^="/new/"]')
        lishan.fill(
            form,
            {
                "心愿": WORDS,
                "为谁": "赵大爷",
                "送到哪里": "3号楼101",
                "在哪里": Choose("银虹社区第3网格"),
                "大约多少钱": "80.00",
                "本人（或家人）同意": True,
            },
        )
        lishan.send(form)
        stage.story.number = lishan.page.locator("header.case .number").inner_text()
        lishan.sees("待审核")
    with stage.staff("社区") as community:
        community.sees("待审核心愿", "/")
        community.case()
        community.sees(WORDS)
        community.do("open_wish", 墙上的话=ON_WALL)


def granted(stage: Stage) -> None:
    """The volunteer learns for whom it is when she has claimed it, not before."""
    with stage.staff("志愿者") as volunteer:
        volunteer.sees(ON_WALL, "/")
        volunteer.press(volunteer.page.locator(f'a[href="/cases/{stage.story.number}"]').first)
        volunteer.offered("claim_wish")
        assert volunteer.page.get_by_text("赵大爷").count() == 0
        volunteer.do("claim_wish", 何时办好="2024-07-12T18:00")
        volunteer.sees("赵大爷")
        volunteer.do("fulfil_wish", 照片=1)
        volunteer.sees("待确认")
        volunteer.sees(ON_WALL, "/wishes?state=FULFILLED")


def confirmed(stage: Stage) -> None:
    with stage.staff("社区") as community:
        community.case()
        community.do("confirm_wish", 感谢的话="谢谢志愿者")
        community.sees("已实现")
    with stage.somebody() as neighbour:
        neighbour.sees("谢谢志愿者", f"/wall/{people.YINHONG}")
