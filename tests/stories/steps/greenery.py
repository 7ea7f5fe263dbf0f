"""Sentences about the fourteen vegetable beds 毁绿种菜."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pytest_bdd import then, when

from tests.stories import people, sql
from tests.stories.steps.rectifications import becomes, look_back_passed, path, seen
from tests.stories.talk import Story

COMMUNITY, STREET, SQUAD, SANITATION = "文汇社区", "榆山街道", "执法中队", "环卫中心"
BASIS, USER = "《城市绿化条例》第二十六条", "高某某"


def task(story: Story, unit: str = "yushan-chengguan") -> dict[str, Any]:
    """The unit's task of the whistle that was blown last."""
    return next(each for each in story.blown(STREET)["tasks"] if each["unit"]["code"] == unit)


def act(story: Story, who: str, verb: str, unit: str = "yushan-chengguan", **more: Any) -> Any:
    return story.do(who, f"/api/tasks/{task(story, unit)['id']}/{verb}", **more)


def verify(story: Story, spots: list[int]) -> None:
    story.do("刘平", path(story, "/verification"), spots=spots, photos=[story.photo("刘平", "AFTER")])


def clear(story: Story, spots: list[int], **more: Any) -> None:
    now = story.now()
    told = {
        "spots": spots, "step": "COMPULSORY", "executor": "yushan-chengguan", "assistants": ["wenhui", "yinhong-wuye"],
        "legal_basis": BASIS, "noticed_on": f"{now - timedelta(days=1):%Y-%m-%d}", "done_at": now.isoformat(),
        "result": "清除并平整", "evidence": [story.photo(SQUAD, "AFTER")],
    }  # fmt: skip
    story.do(SQUAD, path(story, "/enforcement"), **{**told, **more})


def approved(story: Story) -> None:
    story.whistle = seen(story)["whistles"][-1]
    story.do(STREET, f"/api/whistles/{story.blown(STREET)['id']}/approval")


@when("文汇社区摸排毁绿种菜，刘平张贴通知，14处在7月24日前自行清理")
def noticed(story: Story) -> None:
    story.reader, story.kept["grid"] = COMMUNITY, "刘平"
    place = f"{people.WENHUI}.g1"
    sweep = {"area_path": place, "purpose": "SURVEY", "topic": "毁绿种菜", "question": "哪里占绿地种菜"}
    source = story.do(COMMUNITY, "/api/campaigns", **sweep)["number"]
    spots = [
        {"what": "占绿地种菜", "place_text": f"1号楼南第{no}块", "square_metres": 2 + no, "user": USER}
        for no in range(1, 15)
    ]
    asked = {"source_number": source, "subject": "毁绿种菜", "area_path": place, "form": "NOTICE", "spots": spots}
    posted = {"until": "2024-07-24", "delivery": "POSTED", "delivered": [story.photo("刘平")]}
    story.number = story.do("刘平", "/api/rectifications", **asked, **posted)["number"]


@then("使用人的姓名只有经办的人看得全")
def masked(story: Story) -> None:
    shown, other = seen(story, "刘平"), story.soon("the case", lambda: seen(story, "区指挥中心"))
    assert (14, [], "高*某") == (len(shown["users"]), other["users"], other["spots"][0]["user"])


@when("7月20日9点有6处自行清理，刘平现场核实")
def cleared_by_themselves(story: Story) -> None:
    story.set_time(2024, 7, 20, 9, 0)
    verify(story, [1, 2, 4, 5, 6, 7])


@then("台账上是6/14")
def in_ledger(story: Story) -> None:
    (row,) = [one for one in story.ask(COMMUNITY, "/api/rectifications")["items"] if one["number"] == story.number]
    assert (6, 14, "ISSUED") == (row["settled"], row["total"], row["state"])


@when("7月25日9点还有8处没有清理，文汇社区移送执法中队，榆山街道批准")
def handed_over(story: Story) -> None:
    story.set_time(2024, 7, 25, 9, 0)
    becomes(story, "WARNED")
    story.do(COMMUNITY, path(story, "/enforcement-request"), unit="yushan-chengguan", legal_basis=BASIS)
    approved(story)


@then("这是一件哨令，8处点位")
def one_task(story: Story) -> None:
    assert ("ENFORCEMENT", 1, 8) == (
        story.blown(STREET)["kind"], len(story.blown(STREET)["tasks"]), len(task(story)["parts"]),
    )  # fmt: skip


@when("执法中队签收、报到")
def came(story: Story) -> None:
    act(story, SQUAD, "signature")
    act(story, SQUAD, "report-in", mode="PLACE")


@then("社区不能记执法，社区和物业不能当执行人，夜间不能强制清除")
def lawful(story: Story) -> None:
    night = story.now().replace(hour=3).isoformat()
    refused = []
    for more in ({"executor": "wenhui"}, {"executor": "yinhong-wuye"}, {"done_at": night}):
        story.try_to(lambda more=more: clear(story, [3], **more))
        refused += list((story.refusal or {})["errors"])
    story.try_to(lambda: story.do(COMMUNITY, path(story, "/enforcement"), spots=[3]))
    assert (["executor", "executor", "done_at"], True) == (refused, story.refusal is not None)


@when("执法中队依法清除8处，社区和物业协助，再请环卫中心补种")
def cleared(story: Story) -> None:
    clear(story, [3, *range(8, 15)])
    further = {"unit": "huanwei", "asked": "补种耐寒绿植", "finish_within": "15d"}
    story.do(SQUAD, f"/api/tasks/{task(story)['id']}/further", **further)


@then("主办仍是执法中队，环卫中心没有办完，执法中队不能办结")
def lead_stays(story: Story) -> None:
    child, lead = task(story, "huanwei"), task(story)
    assert ("ASSIST", "LEAD", lead["id"], 8) == (
        child["role"], lead["role"], child["parent_task_id"], lead["parts_done"],
    )  # fmt: skip
    story.try_to(lambda: finished(story, SQUAD, "yushan-chengguan"))
    assert 409 == (story.refusal or {})["status"]


def finished(story: Story, who: str, unit: str) -> None:
    act(story, who, "completion", unit, result_text="已办好", evidence=[story.photo(who, "AFTER")])


@when("环卫中心补种完，执法中队办结，刘平核实8处")
def all_done(story: Story) -> None:
    act(story, SANITATION, "signature", "huanwei")
    act(story, SANITATION, "report-in", "huanwei", mode="PLACE")
    finished(story, SANITATION, "huanwei")
    finished(story, SQUAD, "yushan-chengguan")
    verify(story, [3, *range(8, 15)])


@then("全部改正，台账上还没有销号")
def not_yet(story: Story) -> None:
    assert ("WATCHED", 14, None) == (seen(story)["state"], seen(story)["settled"], seen(story)["due_at"])


@when("刘平回头看，第3处又种上了，榆山街道批准再次移送")
def relapsed(story: Story) -> None:
    story.do("刘平", path(story, "/look-back/relapse"), spots=[3], photos=[story.photo("刘平")])
    approved(story)


@then("同一支执法中队有了新的哨令，是第2次")
def again(story: Story) -> None:
    found = task(story)
    assert (2, True, 1) == (seen(story)["level"], "第2次" in found["reason"], len(found["parts"]))


@when("执法中队清除第3处，刘平核实，两次回头看都没有反弹")
def for_good(story: Story) -> None:
    clear(story, [3])
    verify(story, [3])
    look_back_passed(story)


@then("总线上没有使用人的名字")
def nothing_personal(story: Story) -> None:
    query = f"select count(*) from outbox where body like '%{USER}%' or body like '%号楼南%'"
    assert [0, 0] == [sql.one(story.world, store, query) for store in ("dispatch", "intake")]
