"""A1 污水倒灌, told through the pages: from the resident's sentence to her answer in the follow-up."""

from __future__ import annotations

from tests.browser import a1_mediation
from tests.browser.stage import Choose, Stage
from tests.stories import people

WORDS = "卫生间污水倒灌，漫到楼道，现在还在往外冒"
HELPERS = {"司法所": "丽景街司法所", "法律顾问": "银虹社区法律顾问", "派出所": "丽景街派出所"}


def told(stage: Stage) -> None:
    stage.story.set_time(2024, 7, 5, 9, 10)
    reported(stage)
    taken(stage)
    handled(stage)
    a1_mediation.opened(stage)
    whistled(stage)
    a1_mediation.agreed(stage)
    finished(stage)
    followed_up(stage)


def reported(stage: Stage) -> None:
    with stage.somebody() as chen:
        chen.go("/report")
        for place in ("丽景街街道", "银虹社区", "第3网格", "5号楼2单元"):
            chen.press(chen.page.get_by_role("link", name=place))
        chen.press(chen.page.get_by_role("link", name="就在这里"))
        form = chen.page.locator("#replay")
        chen.fill(
            form,
            {
                "什么事": WORDS,
                "具体在哪儿": "5号楼2单元301室",
                "照片": 1,
                "现在还在造成损失": True,
                "怎么称呼您": "陈桂兰",
                "您的电话": people.CHEN_PHONE,
            },
        )
        chen.send(form)
        stage.story.number = chen.page.locator(".ticket").inner_text()


def taken(stage: Stage) -> None:
    """The first responder accepts; the community hands it to her; she signs."""
    with stage.staff("李珊") as lishan:
        lishan.sees(WORDS[:10], "/")
        lishan.press(lishan.page.locator(f'a[href="/cases/{stage.story.number}"]').first)
        lishan.do("accept_appeal")
    with stage.staff("社区") as community:
        community.case()
        community.do("assign_appeal", 交给谁办=Choose("李珊（网格员）"))


def handled(stage: Stage) -> None:
    with stage.staff("李珊") as lishan:
        lishan.case()
        lishan.do("sign_appeal")
        stage.story.later(minutes=10)
        lishan.do("record_contact", 方式=Choose("电话"), 说明="亲戚一小时内到")
        stage.story.later(minutes=30)
        lishan.do(
            "record_handling",
            **{
                "方式": Choose("现场"),
                "进展": Choose("险情排除"),
                "做了什么": "师傅疏通管道，家政清理完毕",
                "已告诉群众": True,
                "照片或文件": 1,
            },
        )
        lishan.do(
            "identify_dispute",
            **{
                "什么纠纷": Choose("邻里纠纷"),
                "原因": Choose("邻居行为"),
                "怎么回事": "楼上住户向马桶内乱扔垃圾，堵塞立管",
                "对方姓名": "赵建军",
                "对方住处": "5号楼2单元401室",
                "对方电话": "13900000103",
                "损失（": "地板和墙面",
                "损失金额": "4800.00",
                "激化风险": Choose("黄色"),
            },
        )
        lishan.sees("人民调解")


def whistled(stage: Stage) -> None:
    called_for(stage)
    for unit in HELPERS:
        with stage.staff(unit) as receiver:
            receiver.sees("需要专业力量到会", "/tasks")
            receiver.do("sign_task")


def called_for(stage: Stage) -> None:
    """Three units, and the street approves."""
    stage.story.set_time(2024, 7, 8, 9, 0)
    with stage.staff("社区") as community:
        community.case()
        community.do(
            "draft_whistle",
            **{
                "哪种哨": Choose("群众诉求哨"),
                "请哪个单位": Choose(HELPERS["司法所"]),
                "请他们做什么": Choose("到会协商"),
                "再加几项": True,
                "请哪个单位（第2项）": Choose(HELPERS["法律顾问"]),
                "请哪个单位（第3项）": Choose(HELPERS["派出所"]),
                "具体要求": "到会讲解相邻关系和赔偿责任",
                "为什么吹哨": "第一次协商未果，需要专业力量到会",
                "什么时候到": "2024-07-09T15:00",
                "到什么地方": "银虹社区调解室",
            },
        )
    with stage.staff("街道") as street:
        street.sees("待批准吹哨", "/")
        street.case()
        street.do("approve_whistle")


def finished(stage: Stage) -> None:
    for unit in HELPERS:
        with stage.staff(unit) as receiver:
            receiver.case()
            receiver.do("finish_task", 办理结果="已到会释法", 佐证=1)
    with stage.staff("社区") as community:
        community.case()
        for _ in HELPERS:
            community.do("confirm_task")
            community.do("rate_task", 及时="20", 到位="20", 效果="38", 配合="20")
        community.sees("待回访")


def followed_up(stage: Stage) -> None:
    stage.story.set_time(2024, 7, 10, 10, 0)
    with stage.staff("何静") as clerk:
        clerk.sees("待回访", "/")
        clerk.case()
        clerk.sees(WORDS[:10])
        called(clerk)
        clerk.case()
        clerk.do("attempt_follow_up", 方式=Choose("电话"), 联系上了=True)
        clerk.do("complete_follow_up", 解决了吗=Choose("已解决"), 满意吗=Choose("满意"), 群众的话="感谢社区")
        clerk.sees("办结归档")
    with stage.somebody() as chen:
        chen.go("/public")
        chen.fill(chen.page.locator("#replay"), {"编号": stage.story.number, "电话后四位": people.CHEN_TAIL})
        chen.send(chen.page.locator("#replay"))
        chen.page.get_by_text("办结").first.wait_for()
        chen.press(chen.page.get_by_role("button", name="大字版"))
        chen.page.get_by_text("李珊").first.wait_for()
        chen.judge()


def called(clerk: object) -> None:
    form = clerk.offered("reveal_contact")
    clerk.press(form.locator("xpath=ancestor::details[1]").locator("summary").first)
    clerk.send(form)
    assert f"tel:{people.CHEN_PHONE}" == clerk.page.locator(".reveal a").get_attribute("href")
