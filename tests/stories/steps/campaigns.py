"""Sentences about visits: a need listed, everybody asked, the joint meeting's decision."""

from __future__ import annotations

from typing import Any

from pytest_bdd import parsers, then, when

from tests.stories import people, sql
from tests.stories.talk import Story

WU = {"name": "吴启河", "phone": "13900000601", "contact_preference": "CALL"}
GRIDS = {"g1": "邹丽娟", "g2": "喻振华", "g3": "苏红梅", "g4": "潘广林"}
UNIT, NEXT = f"{people.QINYUAN}.g1.b1u1", f"{people.QINYUAN}.g1.b1u2"


def appeal(story: Story, verb: str = "") -> str:
    return f"/api/appeals/{story.number}{verb}"


def campaign(story: Story, verb: str = "") -> str:
    return f"/api/campaigns/{story.other_number}{verb}"


def seen(story: Story) -> dict[str, Any]:
    return story.ask("葛艳霞", campaign(story))  # type: ignore[no-any-return]


def visit(story: Story, who: str, units: list[str], result: str = "IN", **more: Any) -> None:
    story.do(who, campaign(story, "/visits"), unit_paths=units, result=result, **more)


@when(parsers.parse('吴启河到民情诊断室，葛艳霞登记"{words}"'))
def asked_at_desk(story: Story, words: str) -> None:
    told = {"channel": "WINDOW", "nature": "HELP", "category": "housing.facility.handrail", "place_text": "单元门口"}
    said = {"title": words[:40], "content": words, "area_path": UNIT, "reporter": WU}
    story.reader = "葛艳霞"
    story.number = story.do("葛艳霞", "/api/appeals", **told, **said)["number"]


@when("网格员邹丽娟签收，当场办不了，列入需求清单")
def need_listed(story: Story) -> None:
    story.do("邹丽娟", appeal(story, "/sign"))
    listed = story.do("邹丽娟", appeal(story, "/need"), need="单元门口安装扶手")
    assert "LISTED" == listed["state"]


def told(story: Story, words: str) -> bool:
    """Whether Wu reads it by his number and the end of his telephone."""
    shown = story.http.get(f"/api/public/cases/{story.number}", params={"phone_tail": WU["phone"][-4:]})
    return words in shown.text


@then("吴启河知道哪天以前开联席会")
def knows_meeting(story: Story) -> None:
    assert story.soon("the date of the meeting", lambda: told(story, "8月7日"))


@when(parsers.parse('葛艳霞由这件诉求发起摸排"{question}"'))
def sweep_opened(story: Story, question: str) -> None:
    asked = {"area_path": people.QINYUAN, "purpose": "SURVEY", "topic": "单元门口装扶手", "question": question}
    story.other_number = story.do("葛艳霞", "/api/campaigns", **asked, appeal_number=story.number)["number"]


@then("67个单元都有人去走，邹丽娟的待办里有这次摸排")
def assigned(story: Story) -> None:
    def on_desk() -> bool:
        return story.other_number in [row["number"] for row in story.ask("邹丽娟", "/api/desk")["items"]]

    visitors = [target["visitor"]["name"] for target in seen(story)["targets"]]
    assert (67, set(GRIDS.values())) == (len(visitors), set(visitors))
    assert story.soon("the sweep on the desk", on_desk)


@when("联户长朱秋菊敲1号楼1单元的门，没有人")
def nobody_home(story: Story) -> None:
    visit(story, "朱秋菊", [UNIT], "NOBODY")


@when("朱秋菊下午再去，吴启河家这个单元需要扶手")
def visited_again(story: Story) -> None:
    story.later(hours=6)
    visit(story, "朱秋菊", [UNIT], need="YES", how_many=2, note="老伴下楼要人扶")


@when("四位网格员走完其余66个单元，都需要")
def all_visited(story: Story) -> None:
    story.later(days=3)
    left = [target["unit_path"] for target in seen(story)["targets"] if target["result"] is None]
    for grid, who in GRIDS.items():
        visit(story, who, [unit for unit in left if f".{grid}." in unit], need="YES", how_many=3)


@then(parsers.parse('摸排的进度是"{progress}"'))
def progress_is(story: Story, progress: str) -> None:
    assert progress == seen(story)["progress"]


@when("葛艳霞结束摸排")
def concluded(story: Story) -> None:
    story.do("葛艳霞", campaign(story, "/conclusion"))


@then("这是1件诉求和66件未诉先办")
def counted(story: Story) -> None:
    counts = ("visited", "needing", "appeals", "proactive")
    (year,) = story.ask("葛艳霞", "/api/campaigns/coverage", area_path=people.QINYUAN)["items"]
    appeals = story.ask("葛艳霞", "/api/appeals", area_path=people.QINYUAN)["items"]
    assert (67, 67, 1, 66) == tuple(seen(story)[name] for name in counts) == tuple(year[name] for name in counts)
    assert [story.number] == [row["number"] for row in appeals]


@then("吴启河知道社区走访了67个单元")
def knows_outcome(story: Story) -> None:
    assert story.soon("the outcome", lambda: told(story, "67个单元也有这个需要"))
    steps = ["need_listed", "appeal_surveyed", "appeal_survey_answered"]
    assert story.soon("its steps", lambda: steps == [name for name in story.events("葛艳霞") if name in steps])


@then("吴启河知道联席会的决定")
def knows_decision(story: Story) -> None:
    assert story.soon("the decision", lambda: told(story, "联席会决定：办理，8月31日"))


@when("8月20日9点扶手全部装好，邹丽娟反馈结果，附照片")
def installed(story: Story) -> None:
    story.set_time(2024, 8, 20, 9, 0)
    result = {"result_kind": "SOLVED", "result_text": "67个单元门口的扶手全部装好"}
    story.do("邹丽娟", appeal(story, "/results"), **result, attachments=[story.photo("邹丽娟", "AFTER")])


@then("需求清单上的这一项已经办好")
def met(story: Story) -> None:
    assert story.soon("need_met", lambda: "need_met" in story.events("葛艳霞"))
    assert story.ask("葛艳霞", appeal(story))["need"]["met_at"]


@then("总线上没有吴启河的名字和电话")
def nothing_personal(story: Story) -> None:
    query = f"select count(*) from outbox where body like '%吴启河%' or body like '%{WU['phone']}%'"
    assert 0 == sql.one(story.world, "intake", query)


@when("葛艳霞发起敲门行动")
def knocking(story: Story) -> None:
    asked = {"area_path": f"{people.QINYUAN}.g1", "purpose": "ROUTINE", "topic": "知百家事"}
    story.other_number = story.do("葛艳霞", "/api/campaigns", **asked)["number"]


@when("邹丽娟入户1号楼2单元，302室换了住户，楼道台阶断裂")
def found_at_door(story: Story) -> None:
    visit(story, "邹丽娟", [NEXT], change="302室换了住户")
    hazard = {"kind": "STRUCTURE", "level": "GENERAL", "place_text": "一楼门口", "description": "台阶断裂"}
    story.do("邹丽娟", campaign(story, "/hazards"), unit_path=NEXT, **hazard)


@then("台阶断裂成了一件隐患，走访记着它的编号")
def hazard_kept(story: Story) -> None:
    (number,) = (each for target in seen(story)["targets"] for each in target["came_of"])
    assert NEXT == story.ask("邹丽娟", f"/api/hazards/{number}")["area_path"]


@then("换了住户要葛艳霞核定，邹丽娟自己核定不了")
def change_decided(story: Story) -> None:
    decision = {"change_id": seen(story)["changes"][0]["id"], "decision": "ACCEPTED"}
    story.try_to(lambda: story.do("邹丽娟", campaign(story, "/changes"), **decision))
    assert story.refusal is not None
    assert ("forbidden", 403) == (story.refusal["code"], story.refusal["status"])
    assert "ACCEPTED" == story.do("葛艳霞", campaign(story, "/changes"), **decision)["changes"][0]["state"]
