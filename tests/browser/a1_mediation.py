"""The mediation of A1, at the mediator's pages."""

from __future__ import annotations

from tests.browser.stage import Choose, Stage, Visitor

CLAIMANT, RESPONDENT = "申请方", "被申请方"
NAMES = {CLAIMANT: "陈桂兰", RESPONDENT: "赵建军"}
MASKED = {CLAIMANT: "陈*兰（申请方）", RESPONDENT: "赵*军（被申请方）"}


def opened(stage: Stage) -> None:
    """Both are willing; the mediator is found; the first session comes to nothing."""
    with stage.staff("石秀英") as mediator:
        mediator.sees("邻里纠纷", "/mediations")
        mediator.case()
        for side, name in NAMES.items():
            mediator.do("record_willingness", 当事人=Choose(MASKED[side]), 意愿=Choose("同意调解"), 方式=Choose("电话"))
            mediator.do("name_party", **{"当事人": Choose(MASKED[side]), "姓名（": name, "住址": "5号楼2单元"})
        mediator.do("assign_mediator", 调解员=Choose("石秀英"), 怎么确定的=Choose("调委会指定"))
        mediator.do("acknowledge_rights", **dict.fromkeys(MASKED.values(), True), 怎么告知的=Choose("现场"))
    stage.story.set_time(2024, 7, 6, 10, 0)
    with stage.staff("石秀英") as mediator:
        mediator.case()
        mediator.do(
            "schedule_session",
            **{
                "怎么开": Choose("现场调解"),
                "时间": "2024-07-06T10:00",
                "地点": "邻居家",
                "各方同意不提前": True,
            },
        )
        recorded(mediator, "未达成一致", **{"没谈成的原因": Choose("对方拒绝赔偿")})
        mediator.sees("未达成一致")


def recorded(mediator: Visitor, outcome: str, **more: object) -> None:
    session = {"哪一次": first_choice(mediator), **dict.fromkeys(MASKED.values(), True)}
    mediator.do("record_session", **session, 结果=Choose(outcome), 笔录="双方到场，记录在案", **more)


def first_choice(mediator: Visitor) -> Choose:
    form = mediator.offered("record_session")
    return Choose(form.get_by_label("哪一次").locator("option").last.text_content() or "")


def agreed(stage: Stage) -> None:
    """The helpers may come; the second session agrees; paper, signatures, seal, money."""
    with stage.staff("石秀英") as mediator:
        mediator.case()
        units = consented(mediator)
        mediator.do(
            "schedule_session",
            **{
                "怎么开": Choose("面对面调解"),
                "时间": "2024-07-09T15:00",
                "地点": "银虹社区调解室",
                **dict.fromkeys(units, True),
            },
        )
    stage.story.set_time(2024, 7, 9, 15, 0)
    for unit in ("司法所", "法律顾问", "派出所"):
        with stage.staff(unit) as receiver:
            receiver.go("/tasks")
            receiver.do("report_in", 怎么到的=Choose("到会"))
    stage.story.later(minutes=50)
    with stage.staff("石秀英") as mediator:
        mediator.case()
        recorded(mediator, "达成协议")
        drafted(mediator)
        signed(mediator)


def consented(mediator: Visitor) -> list[str]:
    form = mediator.offered("consent_to_helper")
    units = [each for each in form.get_by_label("协助力量").locator("option").all_text_contents() if each != "请选择"]
    for unit in units:
        for side in MASKED.values():
            mediator.do("consent_to_helper", 当事人=Choose(side), 协助力量=Choose(unit))
    return units


def drafted(mediator: Visitor) -> None:
    mediator.do(
        "draft_agreement",
        **{
            "纠纷事实": "楼上住户将垃圾倒入马桶，致污水倒灌",
            "责任": "楼上住户承担全部责任",
            "做什么": "赔偿地板和墙面损失",
            "金额": "4800.00",
            "谁来做": Choose(MASKED[RESPONDENT]),
            "对谁做": Choose(MASKED[CLAIMANT]),
            "方式": Choose("现金"),
        },
    )
    mediator.sees("还缺")


def signed(mediator: Visitor) -> None:
    for side in MASKED.values():
        mediator.do("sign_agreement", 谁签=Choose(side), 怎么签=Choose("按指印"))
    mediator.do("sign_agreement", 谁签=Choose("调解员"), 怎么签=Choose("签名"))
    mediator.do("seal_agreement")
    mediator.do(
        "record_performance",
        **{
            "哪一项": Choose("第1项：赔偿地板和墙面损失"),
            "凭据": Choose("收据"),
            "照片或文件": 1,
        },
    )
    mediator.sees("已结案")
