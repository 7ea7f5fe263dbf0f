"""Sentences about time, refusals and the timeline."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from tests.stories.talk import Story

CITY = "今天是{year:d}年{month:d}月{day:d}日{hour:d}点{minute:d}分"


@given(parsers.parse(CITY))
def today_is(story: Story, year: int, month: int, day: int, hour: int, minute: int) -> None:
    story.set_time(year, month, day, hour, minute)


@when("过了1小时5分钟")
def an_hour_passes(story: Story) -> None:
    story.later(hours=1, minutes=5)


@then(parsers.parse('被拒绝，理由是"{code}"'))
def refused(story: Story, code: str) -> None:
    assert story.refusal is not None, "it was allowed"
    assert code == story.refusal["code"]


@then(parsers.parse('被拒绝，理由是"{code}"，并说明哪些状态可以'))
def refused_naming_states(story: Story, code: str) -> None:
    refused(story, code)
    assert story.refusal["allowed_states"]


@then(parsers.parse('时间线上有"{names}"'))
def timeline_shows(story: Story, names: str) -> None:
    wanted = names.split("、")
    assert wanted == story.soon(names, lambda: _in_order(story, wanted))


def _in_order(story: Story, wanted: list[str]) -> list[str] | None:
    told = story.events()
    rest = iter(told)
    return [name for name in wanted if name in rest] if set(wanted) <= set(told) else None


@then("每个服务的事件都在同一条时间线上")
def one_timeline(story: Story) -> None:
    who = "李利" if story.number.startswith("Y") else "社区"
    wanted = {"intake", "dispatch", "notify"} | (set() if story.number.startswith("Y") else {"mediation"})

    def sources() -> set[str] | None:
        items = story.ask(who, f"/api/cases/{story.number}/timeline", limit=500)["items"]
        found = {entry["source"] for entry in items}
        return found if wanted <= found else None

    assert wanted == story.soon("all services on the timeline", sources)
