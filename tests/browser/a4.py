"""A4 路灯杆, told through the pages: reported, fenced off, whistled for, repaired, struck off, rated."""

from __future__ import annotations

from tests.browser.stage import Choose, Stage
from tests.stories import people

WORDS = "路灯杆倾斜，根部开裂，接线口损坏，下雨有触电危险"


def told(stage: Stage) -> None:
    stage.story.set_time(2024, 7, 3, 18, 20)
    reported(stage)
    answered(stage)
    struck_off(stage)


def reported(stage: Stage) -> None:
    with stage.staff("李利") as lili:
        lili.menu("上报隐患")
        form = lili.page.locator('form[action^="/new/"]')
        lili.fill(
            form,
            {
                "什么隐患": WORDS,
                "在哪里": Choose("洪北社区第2网格7号楼"),
                "具体位置": "7号楼旁路灯杆",
                "哪一类": Choose("用电设施"),
                "多严重": Choose("重大"),
                "触电危险": True,
                "现场照片": 3,
            },
        )
        lili.send(form)
        stage.story.number = lili.page.locator("header.case .number").inner_text()
        lili.sees("紧急")
        lili.do("secure_hazard", 措施=Choose("围挡"), 说明="用树枝和木板围挡", 现场照片=1)
        lili.sees("已临时管控")
        lili.do(
            "draft_whistle",
            **{
                "哪种哨": Choose("应急处置哨"),
                "请哪个单位": Choose("供电公司"),
                "请他们做什么": Choose("现场处置"),
                "具体要求": "抢修灯杆",
                "为什么吹哨": "灯杆有触电危险",
                "到什么地方": "7号楼旁",
            },
        )
        lili.sees("已送达")


def answered(stage: Stage) -> None:
    stage.story.later(minutes=4)
    with stage.staff("供电公司") as power:
        power.go("/tasks")
        power.sees("灯杆有触电危险", "/tasks")
        power.do("sign_task")
        stage.story.later(minutes=18)
        power.do("report_in", 怎么到的=Choose("到场"))
        stage.story.later(minutes=50)
        power.case()
        power.do("finish_task", 办理结果="底座和接线已修复，灯杆扶正", 佐证=1)


def struck_off(stage: Stage) -> None:
    with stage.staff("李利") as lili:
        lili.case()
        lili.do("verify_hazard", 现场情况="灯杆已扶正", 现场照片=1)
        lili.do("confirm_task")
        lili.do("rate_task", 及时="20", 到位="20", 效果="38", 配合="20")
        lili.sees("已消除")
        lili.sees("已办结", "/whistles?over=1")
    with stage.somebody() as neighbour:
        neighbour.sees("隐患消除公示", f"/notices/{people.LAMP_AREA}")
