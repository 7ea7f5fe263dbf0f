"""A17 救助 张榜公布, told through the pages of its roles: surveyed by two, listed, objected to, decided, granted."""

from __future__ import annotations

from tests.browser.hands import Keys
from tests.browser.stage import DESKTOP, PHONE, Choose, Stage
from tests.stories import people

NAME, PHONE_NO, HOME, ILL = "王国祥", "13900000410", "5号楼2单元303室", "糖尿病，没有工作"
OBJECTION = "他儿子开着一家店"


def told(stage: Stage) -> None:
    stage.story.set_time(2024, 7, 8, 9, 0)
    applied(stage)
    surveyed(stage)
    listed(stage)
    objected(stage)
    stage.story.later(days=8)
    decided(stage)
    granted(stage)


def applied(stage: Stage) -> None:
    stage.uses(DESKTOP)
    with stage.staff("社区") as community:
        community.menu("受理救助申请")
        form = community.page.locator('form[action^="/new/"]')
        community.fill(
            form,
            {
                "申请什么": Choose("城市低保"),
                "姓名": NAME,
                "电话": PHONE_NO,
                "在哪里": Choose("银虹社区第3网格5号楼2单元"),
                "住处": HOME,
                "情况": ILL,
                "已告知": True,
            },
        )
        community.send(form)
        stage.story.number = community.page.locator("header.case .marks .number").inner_text()
        community.sees("待入户调查")


def surveyed(stage: Stage) -> None:
    """One surveys with the phone at the door, the other signs on a page without scripts; nobody signs twice."""
    stage.uses(PHONE)
    with stage.staff("李珊") as lishan:
        lishan.case()
        lishan.do("record_home_survey", 入户日期="2024-07-08", 家庭人口="2", 月收入="860.00", 调查情况="住一间平房")
        lishan.sees("待另一位调查人签字")
        assert 0 == lishan.page.locator('form[action*="/do/countersign_home_survey"]').count()
    stage.uses(DESKTOP, scripts=False)
    with stage.staff("社区") as community:
        community.case()
        community.do("countersign_home_survey")
        community.sees("待审核")


def listed(stage: Stage) -> None:
    """Reviewed and listed by keyboard; on the list stand a masked name and the community."""
    stage.uses(DESKTOP, Keys())
    with stage.staff("街道") as street:
        street.case()
        street.do("review_assistance", 符合条件=True, 审核意见="符合城市低保条件")
        street.do("publish_assistance")
        street.sees("公示中")
    stage.uses(PHONE)
    with stage.somebody() as neighbour:
        neighbour.sees("王*祥", f"/assistance-list/{people.YINHONG}")
        words = neighbour.page.locator("main").inner_text()
        assert ("银虹社区" in words, []) == (
            True,
            [each for each in (NAME, PHONE_NO, "303", "糖尿病") if each in words],
        )
        paper = neighbour.page.request.get(f"/assistance-list/{people.YINHONG}/board.pdf")
        assert (200, b"%PDF") == (paper.status, paper.body()[:4])


def objected(stage: Stage) -> None:
    stage.uses(DESKTOP, scripts=False)
    with stage.staff("社区") as community:
        community.case()
        community.do("object_to_assistance", 有什么异议=OBJECTION)
    stage.uses(DESKTOP)
    with stage.staff("街道") as street:
        street.case()
        street.do("answer_assistance_objection", 哪一条异议=Choose(OBJECTION), 答复="店是别人的，已到市场监管所核实")


def decided(stage: Stage) -> None:
    stage.uses(DESKTOP)
    with stage.staff("区指挥中心") as district:
        district.case()
        district.sees("待决定")
        district.do("approve_assistance", **{"每月或一次金额": "720.00", "决定书": "自2024年8月起每月720元，每年复核"})
        district.sees("已批准")
    with stage.somebody() as neighbour:
        neighbour.go(f"/assistance-list/{people.YINHONG}")
        assert 0 == neighbour.page.get_by_text("王*祥").count()


def granted(stage: Stage) -> None:
    stage.uses(PHONE)
    with stage.staff("街道") as street:
        street.case()
        street.do("grant_assistance", 发放日期="2024-07-16", 复核日期="2025-07-16")
        street.sees("已发放")
