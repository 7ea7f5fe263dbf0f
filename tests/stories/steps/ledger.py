"""Sentences about the dispute ledger, its sweeps and analyses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pytest_bdd import parsers, then, when

from tests.stories import people
from tests.stories.steps.desks import all_said, bodies, nothing_said, on_desk
from tests.stories.talk import SHANGHAI, Story

STAIRS, OTHER_STAIRS = f"{people.YINHONG}.g3.b5u3", f"{people.YINHONG}.g3.b5u1"
SIX = f"{people.YINHONG}.g3.b6"
PARTY, MATTER, MEASURES, RESULT = "尤三姐", "装修堆料", "分头劝", "握手言和"


def entry(story: Story) -> dict[str, Any]:
    return dict(story.ask("社区", f"/api/ledger/{story.number}"))


def listed(story: Story, area: str, **more: Any) -> str:
    asked = {"dispute_type": "NEIGHBOUR", "matter": "争吵", "persons": 2, "risk_level": "YELLOW", "area_path": area}
    return str(story.do("李珊", "/api/ledger", **{**asked, **more})["number"])


def act(story: Story, who: str, verb: str, **asked: Any) -> None:
    story.do(who, f"/api/ledger/{story.number}/{verb}", **asked)


def moved(story: Story, whose: str, not_theirs: str) -> None:
    def seen() -> bool:
        return on_desk(story, whose, story.number) is not None and on_desk(story, not_theirs, story.number) is None

    assert story.soon(f"the dispute on the desk of {whose}", seen)


@when(parsers.parse('社区发起重点排查"{scope}"'))
def swept(story: Story, scope: str) -> None:
    asked = {"kind": "FOCUSED", "area_path": people.YINHONG, "scope": scope}
    story.kept["sweep"] = story.do("社区", "/api/sweeps", **asked)["number"]


@then("社区的待办里有这次排查，网格里的李珊看得到查什么")
def sweep_seen(story: Story) -> None:
    number = story.kept["sweep"]
    assert story.soon("the sweep on the desk", lambda: on_desk(story, "社区", number))
    listed_for_her = [row["number"] for row in story.ask("李珊", "/api/sweeps")["items"]]
    assert (True, "装修期住户") == (number in listed_for_her, story.ask("李珊", f"/api/sweeps/{number}")["scope"])


@when(parsers.parse('李珊查出5号楼3单元"{matter}"，列入清单，橙色，涉及3人'))
def found(story: Story, matter: str) -> None:
    named = {"party": PARTY, "persons": 3, "risk_level": "ORANGE", "sweep_number": story.kept["sweep"]}
    story.number = listed(story, STAIRS, matter=matter, **named)


@then("社区的待办里有这件纠纷，3月12日24点前化解")
def due_by_colour(story: Story) -> None:
    assert story.soon("the dispute on the desk", lambda: on_desk(story, "社区", story.number))
    shown = entry(story)
    due = datetime(2025, 3, 13, tzinfo=SHANGHAI)
    assert ("SWEEP", "ORANGE", 3, due) == (
        shown["origin"], shown["risk_level"], shown["persons"], datetime.fromisoformat(shown["due_at"]),
    )  # fmt: skip


@when(parsers.parse('石秀英包案，措施是"{measures}"'))
def owned(story: Story, measures: str) -> None:
    act(story, "石秀英", "owner", measures=measures)


@then("这件纠纷从社区的待办到了石秀英的待办里，石秀英收到通知")
def hers(story: Story) -> None:
    moved(story, "石秀英", "社区")
    assert story.soon("the notice", lambda: bodies(story, "社区", story.number, "owner_assigned"))


@when("过了2天，社区研判升为红色")
def worse(story: Story) -> None:
    story.later(days=2)
    story.kept["reviewed"] = story.now()
    act(story, "社区", "review", risk_level="RED", measures="今晚就去")


@then("期限重新从研判时起算72小时")
def new_limit(story: Story) -> None:
    due = datetime.fromisoformat(entry(story)["due_at"])
    assert timedelta(0) <= due - story.kept["reviewed"] - timedelta(hours=72) < timedelta(minutes=1)
    story.kept["due"] = due


@when(parsers.parse('{who}报告化解，结果是"{result}"'))
def settled(story: Story, who: str, result: str) -> None:
    act(story, who, "settlement", result=result)


@when("石秀英想自己销号")
def strikes_her_own(story: Story) -> None:
    story.try_to(lambda: act(story, "石秀英", "closure"))


@when(parsers.parse('社区核验没有化解，退回，要求"{measures}"'))
def returned(story: Story, measures: str) -> None:
    act(story, "社区", "return", measures=measures)


@then("这件纠纷又在石秀英的待办里，期限没有变")
def hers_again(story: Story) -> None:
    moved(story, "石秀英", "社区")
    assert story.kept["due"] == datetime.fromisoformat(entry(story)["due_at"])


@when("街道核验销号")
def struck(story: Story) -> None:
    act(story, "街道", "closure")


@then("这件纠纷已销号，谁的待办里都没有它")
def gone(story: Story) -> None:
    assert "CLOSED" == entry(story)["state"]
    nobodys = lambda: not any(on_desk(story, who, story.number) for who in ("社区", "石秀英", "李珊", "街道"))  # noqa: E731
    assert story.soon("no desk has it", nobodys)


@when(parsers.parse('社区完成排查，结果是"{conclusion}"'))
def finished(story: Story, conclusion: str) -> None:
    story.do("社区", f"/api/sweeps/{story.kept['sweep']}/result", conclusion=conclusion)


@then("这次排查查出1件")
def one_found(story: Story) -> None:
    shown = story.ask("街道", f"/api/sweeps/{story.kept['sweep']}")
    assert ("FINISHED", 1) == (shown["state"], shown["found"])


@then("这件纠纷的每一步都在时间线上")
def every_step(story: Story) -> None:
    once = ("dispute_settled", "dispute_kept", "dispute_settled", "dispute_struck_off")
    all_said(story, "dispute_listed", "owner_assigned", "dispute_reviewed", *once)


@then("总线上没有当事人的姓名，也没有怎么回事")
def nothing_personal(story: Story) -> None:
    nothing_said(story, PARTY, MATTER, MEASURES, RESULT)


@when(parsers.parse('李珊在6号楼列入两件纠纷，当事人都是"{party}"'))
def two(story: Story, party: str) -> None:
    story.kept["first"] = [listed(story, SIX, party=party) for _ in range(2)]


@then("没有反复预警")
def not_yet(story: Story) -> None:
    everything = lambda number: story.ask("社区", f"/api/cases/{number}/timeline", limit=500)["items"]  # noqa: E731
    for number in story.kept["first"]:
        told = story.soon("the dispute on its timeline", lambda number=number: everything(number))
        assert ["dispute_listed"] == [one["name"] for one in told]


@when("李珊在6号楼又列入一件纠纷，没有写当事人")
def third(story: Story) -> None:
    story.number = listed(story, SIX)


@when(parsers.parse('李珊在5号楼1单元列入一件纠纷，当事人写作"{party}"'))
def same_party(story: Story, party: str) -> None:
    story.number = listed(story, OTHER_STAIRS, party=party)


@then(parsers.parse('社区收到这件纠纷的预警"{words}"'))
def warned(story: Story, words: str) -> None:
    told = story.soon("the warning", lambda: bodies(story, "社区", story.number, "dispute_repeated"))
    assert [True] == [words in body for body in told]


@when("李珊在5号楼3单元列入一件物业纠纷")
def about_the_firm(story: Story) -> None:
    story.number = listed(story, STAIRS, dispute_type="PROPERTY_MANAGEMENT")


@when("到了6月3日")
def next_month(story: Story) -> None:
    story.set_time(2025, 6, 3, 9, 0)


def of_month(story: Story, path: str, state: str, month: str) -> dict[str, Any] | None:
    """The newest of the community, in a state."""
    items = story.ask("社区", path, state=state)["items"]
    ours = (row for row in items if row["area_path"] == people.YINHONG)
    return next((dict(row) for row in ours if month in (row.get("month") or row.get("due_at"))), None)


@then("这个月的定期排查自己开始，社区的待办里有5月的纠纷分析")
def by_itself(story: Story) -> None:
    assert story.soon("the sweep of June", lambda: of_month(story, "/api/sweeps", "RUNNING", "2025-06-30"))
    drawn = story.soon("the analysis", lambda: of_month(story, "/api/dispute-analyses", "DRAFT", "2025-05-01"))
    story.kept["analysis"] = drawn["number"]
    assert story.soon("the analysis on the desk", lambda: on_desk(story, "社区", drawn["number"]))


@then("5月的分析里物业纠纷比4月多")
def grown(story: Story) -> None:
    rows = story.ask("社区", f"/api/dispute-analyses/{story.kept['analysis']}")["trends"]
    assert [(0, 1, "增1")] == [(row["before"], row["now"], row["change"]) for row in rows if "物业" in row["what"]]


@when(parsers.parse('社区写研判意见"{words}"'))
def concluded(story: Story, words: str) -> None:
    story.kept["conclusion"] = words
    story.do("社区", f"/api/dispute-analyses/{story.kept['analysis']}/conclusion", conclusion=words)


@then("区指挥中心看得到研判意见")
def read_above(story: Story) -> None:
    shown = story.ask("区指挥中心", f"/api/dispute-analyses/{story.kept['analysis']}")
    assert ("CONCLUDED", story.kept["conclusion"]) == (shown["state"], shown["conclusion"])
