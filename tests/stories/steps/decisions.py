"""Sentences about decisions in stages 四议两公开、四民."""

from __future__ import annotations

from typing import Any

from pytest_bdd import parsers, then, when

from tests.stories import people
from tests.stories.talk import Story

HOST = "清和社区"
VOTES = {"entitled": 30, "attended": 24, "yes": 20, "no": 3, "abstain": 1}


def path(story: Story, verb: str = "") -> str:
    return f"/api/decisions/{story.kept['decision']}{verb}"


def seen(story: Story) -> dict[str, Any]:
    return story.ask(HOST, path(story))  # type: ignore[no-any-return]


def hold(story: Story, *stages: str, **votes: int) -> None:
    for stage in stages:
        minutes = [story.photo(HOST)]
        story.do(HOST, path(story, "/meetings"), stage=stage, **{**VOTES, **votes}, minutes=minutes)


def publish(story: Story, stage: str) -> None:
    story.do(HOST, path(story, "/publications"), stage=stage, published="小广场改造，用服务群众专项资金")


def over(story: Story, stage: str) -> bool:
    """The publication ends, and the decision is where it should be."""
    story.later(days=10)
    return story.soon(stage, lambda: stage in (seen(story)["stage"], seen(story)["state"]))


@when(parsers.parse('清和社区按"{template}"提请"{subject}"'))
def proposed(story: Story, template: str, subject: str) -> None:
    asked = {"template": template, "subject": subject, "proposal": "大家出主意", "area_path": people.QINGHE}
    story.kept["decision"] = story.do(HOST, "/api/decisions", **asked)["number"]


@then("不能跳过支部提议就开居民会议")
def no_skipping(story: Story) -> None:
    story.try_to(lambda: hold(story, "DECIDED"))
    assert story.refusal is not None
    assert ("conflict", "PROPOSED") == (story.refusal["code"], seen(story)["stage"])


@when("支部会、“两委”会通过")
def first_two(story: Story) -> None:
    hold(story, "PROPOSED", "DISCUSSED")


@when("党员大会到会不足三分之二")
def too_few(story: Story) -> None:
    hold(story, "EXAMINED", attended=19, yes=19, no=0, abstain=0)


@then("退回“两委”会，经过都记着")
def sent_back(story: Story) -> None:
    view = seen(story)
    outcomes = [each["outcome"] for each in view["history"]]
    assert ("DISCUSSED", ["PASSED", "PASSED", "FAILED"]) == (view["stage"], outcomes)


@when("“两委”会、党员大会、居民代表会议通过")
def the_rest(story: Story) -> None:
    hold(story, "DISCUSSED", "EXAMINED", "DECIDED")


@when("决议公示，有人提异议，社区3天内答复")
def objected(story: Story) -> None:
    publish(story, "DECISION_PUBLISHED")
    story.do(HOST, path(story, "/objections"), words="晚上会不会吵")
    (objection,) = seen(story)["objections"]
    story.later(days=2)
    answer = {"objection_id": objection["id"], "reply": "九点关灯"}
    story.do(HOST, path(story, "/objections/answers"), **answer)


@when("公示期过了")
def first_publication_over(story: Story) -> None:
    assert over(story, "IMPLEMENTED")


@then("可以实施")
def may_be_done(story: Story) -> None:
    assert "WORK" == seen(story)["state"]


@when("实施完成，结果公示，公示期又过了")
def carried_out(story: Story) -> None:
    story.do(HOST, path(story, "/work"), stage="IMPLEMENTED", proof=[story.photo(HOST, "AFTER")])
    publish(story, "RESULT_PUBLISHED")
    assert over(story, "CLOSED")


@then("民主决策办结，两次公示都有日期")
def closed_with_dates(story: Story) -> None:
    view = seen(story)
    assert ("CLOSED", 2) == (view["state"], len([each for each in view["history"] if each["until"]]))


@when("居民提、居民议、居民决，实施完成")
def by_the_people(story: Story) -> None:
    hold(story, "RAISED", "TALKED", "DECIDED")
    story.do(HOST, path(story, "/work"), stage="IMPLEMENTED", proof=[story.photo(HOST, "AFTER")])


@then("没有居民评议就没有办结")
def not_closed(story: Story) -> None:
    assert ("REVIEW", "JUDGED") == (seen(story)["state"], seen(story)["stage"])


@when("居民评议满意")
def judged(story: Story) -> None:
    story.do(HOST, path(story, "/review"), stage="JUDGED", reviewers=40, satisfied=36)


@then("民主决策办结")
def closed(story: Story) -> None:
    assert "CLOSED" == seen(story)["state"]
