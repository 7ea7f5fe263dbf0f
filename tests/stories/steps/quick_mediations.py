"""Sentences about mediation on the spot."""

from __future__ import annotations

from typing import Any

from pytest_bdd import parsers, then, when

from kernel.masking import mask_name
from tests.stories import people
from tests.stories.steps.desks import all_said, nothing_said, on_desk
from tests.stories.talk import Story

FIRST, SECOND = "霍大勇", "田二喜"
DOOR = people.SEWAGE_AREA


def recorded(story: Story, who: str, words: str, settled: bool, area: str = DOOR) -> None:
    asked = {
        "dispute_type": "NEIGHBOUR", "area_path": area, "claimant": {"name": FIRST}, "respondent": {"name": SECOND},
        "matter": words, "settled": settled,
    }  # fmt: skip
    story.number = story.do(who, "/api/quick-mediations", **asked)["number"]
    story.kept["words"] = words


def shown(story: Story) -> dict[str, Any]:
    return dict(story.ask("社区", f"/api/quick-mediations/{story.number}"))


@when(parsers.parse('李珊当场劝和霍大勇和田二喜，记下"{words}"'))
def on_the_spot(story: Story, words: str) -> None:
    recorded(story, "李珊", words, settled=True)


@then(parsers.parse('先行调解的结果是"{state}"，没有立案，清单上也没有'))
def no_case(story: Story, state: str) -> None:
    row = shown(story)
    assert (state, None, "李珊") == (row["state"], row["mediation_number"], row["maker"]["name"])


@when("过了3天又起争执，李珊转社区调解")
def again(story: Story) -> None:
    story.later(days=3)
    story.do("李珊", f"/api/quick-mediations/{story.number}/case")


@then(parsers.parse('先行调解的结果是"{state}"，已有一件调解'))
def a_case(story: Story, state: str) -> None:
    row = shown(story)
    story.kept["case"] = row["mediation_number"]
    assert (state, True) == (row["state"], bool(row["mediation_number"]))


@then(parsers.parse('先行调解的结果是"{state}"，这件调解在值班调解员{who}的待办里'))
def in_hand(story: Story, state: str, who: str) -> None:
    a_case(story, state)
    assert story.soon("the case on the desk", lambda: on_desk(story, who, story.kept["case"]))


@then("调解的双方和怎么回事都照先行调解记的，没有再问一遍")
def carried(story: Story) -> None:
    case = story.ask("社区", f"/api/mediations/{story.kept['case']}")
    names = [one["masked_name"] for one in case["parties"]]
    assert ([mask_name(FIRST), mask_name(SECOND)], story.kept["words"]) == (names, case["cause_text"])


@then("这件调解已经列入清单，在社区的待办里等定包案人")
def listed(story: Story) -> None:
    asked = {"mediation_number": story.kept["case"]}
    (entry,) = story.ask("社区", "/api/ledger", **asked)["items"]
    assert ("OPEN", "CASE", None) == (entry["state"], entry["origin"], entry["owner"])
    assert story.soon("the dispute on the desk", lambda: on_desk(story, "社区", entry["number"]))


@then("先行调解的两步都在时间线上")
def both_steps(story: Story) -> None:
    all_said(story, "quick_mediation_recorded", "quick_mediation_handed_on")


@then("先行调解两步在总线上没有当事人的姓名，也没有怎么回事")
def nothing_personal(story: Story) -> None:
    nothing_said(story, FIRST, SECOND, story.kept["words"])


@when(parsers.parse('楼门管家肖兰在自己楼门没有劝成，记下"{words}"'))
def failed(story: Story, words: str) -> None:
    recorded(story, "肖兰", words, settled=False)


@when("肖兰想在别的楼门记先行调解")
def elsewhere(story: Story) -> None:
    story.try_to(lambda: recorded(story, "肖兰", "吵架", settled=True, area=f"{DOOR[:-1]}1"))
