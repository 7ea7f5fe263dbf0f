"""Sentences about the studio's open days and who comes."""

from __future__ import annotations

from typing import Any

from pytest_bdd import then, when

from kernel.masking import mask_name
from tests.stories import people, sql
from tests.stories.talk import Story

KONG, CLERK = "孔庆安", "马少峰"
TEAM = "xishan-zhiyuandui"
VISITOR, PHONE = "周淑芬", "13900000501"
MATTERS = {
    "REPAIR": "楼道灯泡坏了",
    "COMPANY": "一个人在家闷得慌",
    "COMPLAINT": "垃圾房半个月没人清",
    "MEDIATION": "楼上半夜拖椅子",
}
RESULTS = {"REPAIR": "换了灯泡", "COMPANY": "陪着聊了半天", "COMPLAINT": "物业当天清运"}


def board(story: Story) -> list[dict[str, Any]]:
    answer = story.http.get("/api/open-days/board", params={"area_path": people.XISHAN})
    return [row for row in answer.json()["items"] if row["org_name"] == "初心工作室"]


def figures(story: Story) -> dict[str, int]:
    """All years of the studio together."""
    rows = story.http.get("/api/studios/years", params={"area_path": people.XISHAN}).json()["items"]
    row = next(row for row in rows if row["org_name"] == "初心工作室" and row["year"] is None)
    return {name: row[name] for name in ("disputes", "complaints", "services", "wishes")}


@then("公示栏上有周三的开放日，写明时间、地点和主持人孔庆安")
def posted(story: Story) -> None:
    def wednesday() -> dict[str, Any]:
        return next((row for row in board(story) if row["day"] == "2024-03-06"), {})

    assert story.soon("Wednesday on the board", lambda: bool(wednesday()))
    row = wednesday()
    assert ("西山社区初心工作室", KONG, "PLANNED") == (row["place"], row["host_name"], row["state"])
    page = story.http.get(f"/opening/{people.XISHAN}").text
    assert [True, True] == [word in page for word in ("社情民意谈心", KONG)]
    story.number, story.reader, story.kept["before"] = row["number"], CLERK, figures(story)


@when("到了周三上午9点")
def morning(story: Story) -> None:
    story.later(minutes=30)


@then("开放日自己开门，孔庆安的待办里有它")
def opened(story: Story) -> None:
    listed = lambda: story.number in [row["number"] for row in story.ask(KONG, "/api/desk")["items"]]  # noqa: E731
    assert story.soon("the open day on his desk", listed)


@when("四位群众来访，孔庆安逐一登记")
def four_come(story: Story) -> None:
    path = f"/api/open-days/{story.number}/visits"
    for way, matter in MATTERS.items():
        named = {"name": VISITOR, "phone": PHONE} if way == "MEDIATION" else {}
        story.kept[way] = story.do(KONG, path, matter=matter, **named)["number"]


@when("孔庆安换好灯泡、陪老人聊天，解决一件投诉")
def helped(story: Story) -> None:
    for way, result in RESULTS.items():
        story.do(KONG, f"/api/visits/{story.kept[way]}/result", way=way, result=result)


@when("周淑芬为楼上噪声来，孔庆安转为调解")
def to_mediation(story: Story) -> None:
    asked = {"dispute_type": "NEIGHBOUR", "respondent": {"name": "钱志强"}, "risk_level": "YELLOW"}
    visit = story.do(KONG, f"/api/visits/{story.kept['MEDIATION']}/mediation", **asked)
    story.kept["case"] = visit["mediation_number"]


@then("调解的申请方是来访的人，调解员是孔庆安")
def in_his_hands(story: Story) -> None:
    story.case = story.ask(KONG, f"/api/mediations/{story.kept['case']}")
    assert ("u-kongqingan", mask_name(VISITOR)) == (
        story.case["mediator"]["id"],
        story.case["parties"][0]["masked_name"],
    )


@when("马少峰为这件调解向志愿先锋服务队吹哨，街道批准")
def whistled(story: Story) -> None:
    made = story.do(
        CLERK, "/api/whistles", source={"kind": "MEDIATION", "id": story.case["id"], "number": story.kept["case"]},
        kind="VOLUNTEER", level="COMMUNITY", reason="请志愿者一起上门", asked_action="OTHER",
        asked_action_text="陪同上门听听声音", area_path=people.XISHAN, recipients=[{"unit": TEAM, "role": "LEAD"}],
    )  # fmt: skip
    if made["state"] != "BLOWN":
        story.do("无影山街道", f"/api/whistles/{made['id']}/approval")


@then("服务队成为这件调解的协助力量，等双方同意")
def invited(story: Story) -> None:
    def helpers() -> list[tuple[str, bool]]:
        case = story.ask(KONG, f"/api/mediations/{story.kept['case']}")
        return [(one["unit"], one["may_attend"]) for one in case["helpers"]]

    assert story.soon("the helper", lambda: helpers() == [(TEAM, False)])


@when("到了下午5点")
def evening(story: Story) -> None:
    story.later(hours=8)


@then("开放日自己结束，接待了4人")
def ended(story: Story) -> None:
    def day() -> tuple[str, int]:
        shown = story.ask(CLERK, f"/api/open-days/{story.number}")
        return shown["state"], shown["received"]

    assert story.soon("the end", lambda: day() == ("ENDED", 4))


@then("四项统计比开门前多了：投诉1件、服务2次")
def counted(story: Story) -> None:
    grown = {name: count - story.kept["before"][name] for name, count in figures(story).items()}
    assert {"disputes": 0, "complaints": 1, "services": 2, "wishes": 0} == grown


@then("总线上没有来访人的姓名、电话和他们说的话")
def nothing_personal(story: Story) -> None:
    secret = (VISITOR, PHONE, *MATTERS.values(), *RESULTS.values())
    query = "select count(*) from outbox where " + " or ".join(f"body like '%{word}%'" for word in secret)
    assert 0 == sql.one(story.world, "mediation", query)


@then("公示栏上5月1日的开放日改在2024年5月6日，说明逢休息日")
def moved(story: Story) -> None:
    def held() -> dict[str, str]:
        return {row["day"]: row["note"] for row in board(story) if row["note"]}

    assert story.soon("the moved day", lambda: "2024-05-06" in held())
    assert "逢休息日，05月01日的改到这天" == held()["2024-05-06"]
