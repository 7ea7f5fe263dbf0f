"""Sentences about the duty lists 权责清单 and what a department asks of a community."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from pytest_bdd import given, parsers, then, when

from tests.stories import people
from tests.stories.steps.appeals import register
from tests.stories.talk import Story

BUREAU, STREET, COMMUNITY, DISTRICT = "综合执法局", "街道", "社区", "区指挥中心"
TEXT = (Path(__file__).parents[3] / "data/district/duty_catalogue.yaml").read_text(encoding="utf8")
TERMS = "部门派员同行；只核对与报告，不拆除"


def line_of(part: str) -> int:
    return next(no for no, line in enumerate(TEXT.splitlines(), 1) if part in line)


def ask(story: Story, what: str, **more: Any) -> None:
    asked = {"unit": "chengguan", "community": "yinhong", "what": what, **more}
    story.try_to(lambda: vars(story).update(number=story.do(BUREAU, "/api/duty-requests", **asked)["number"]))


def seen(story: Story) -> Any:
    return story.ask(COMMUNITY, f"/api/duty-requests/{story.number}")


def take_in(story: Story, text: str) -> None:
    content = base64.b64encode(text.encode()).decode()
    story.try_to(lambda: story.do(DISTRICT, "/api/duty-catalogues", content=content))


@given("现行清单是自治32子项、准入17项、取消46项")
def in_force(story: Story) -> None:
    lists = ("SELF", "ADMITTED", "CANCELLED")
    found = [len(story.ask(COMMUNITY, "/api/duty-items", duty_list=name)["items"]) for name in lists]
    assert [32, 17, 46] == found


@when(parsers.parse('综合执法局请银虹社区做取消事项"{code}"'))
def cancelled(story: Story, code: str) -> None:
    ask(story, "清除小区绿地里的菜", duty_item=code)


@then("被拒绝，理由里有清单版本和行号")
def refused_by_line(story: Story) -> None:
    problem = story.refusal or {}
    assert ("conflict", "demo-2024.1", line_of("code: Q12")) == (
        problem["code"], problem["catalogue"], problem["line"],
    )  # fmt: skip


@when(parsers.parse('街道把取消事项"{code}"派给综合执法局'))
def to_department(story: Story, code: str) -> None:
    appeal = register(story, COMMUNITY, title="绿地里种了菜", area_path=people.YINHONG)
    source = {"kind": "APPEAL", "id": appeal["id"], "number": appeal["number"]}
    found = story.do(
        STREET, "/api/whistles", source=source, kind="ENFORCEMENT", level="STREET", reason="绿地种菜，劝导无效",
        asked_action="ENFORCE", area_path=people.YINHONG, duty_item=code,
        recipients=[{"unit": "chengguan", "role": "LEAD"}],
    )  # fmt: skip
    story.whistle = found["number"]


@then("哨单已经吹响")
def blown(story: Story) -> None:
    assert "BLOWN" == story.blown(STREET)["state"]


@when(parsers.parse('综合执法局请银虹社区做准入事项"{code}"，不附条件'))
def without_terms(story: Story, code: str) -> None:
    ask(story, "核对三处违建线索", duty_item=code)


@then("被拒绝，要补上准入条件")
def terms_wanted(story: Story) -> None:
    assert ["terms"] == list((story.refusal or {})["errors"])


@when(parsers.parse('综合执法局请银虹社区做准入事项"{code}"，附上条件'))
def with_terms(story: Story, code: str) -> None:
    ask(story, "核对三处违建线索", duty_item=code, terms=TERMS)


@then("银虹社区的待办里有这件事，附着条件")
def on_desk(story: Story) -> None:
    assert ("OPEN", TERMS, False) == (seen(story)["state"], seen(story)["terms"], seen(story)["crossing"])
    assert story.soon("the request on the desk", lambda: waits(story, COMMUNITY))


def waits(story: Story, who: str) -> bool:
    return story.number in [row["number"] for row in story.ask(who, "/api/desk")["items"]]


@when(parsers.parse('综合执法局请银虹社区做清单上没有的"{what}"'))
def unlisted(story: Story, what: str) -> None:
    story.kept["counted"] = total(story)["whole"]
    ask(story, what)


@then("要等丽景街街道决定")
def to_decide(story: Story) -> None:
    assert ("PENDING", True) == (seen(story)["state"], seen(story)["crossing"])
    assert story.soon("the request on the street's desk", lambda: waits(story, STREET))


@when("丽景街街道不同意")
def refused(story: Story) -> None:
    story.do(STREET, f"/api/duty-requests/{story.number}/refusal", decision_reason="应由部门自己统计")


def total(story: Story) -> Any:
    place = "yinchuan.xingqing.lijingjie"
    found = story.ask(STREET, "/api/duty-crossings/report", area_path=place, month="2024-07")
    return found["figures"][0]


@then("越界派单月报写着决定1件、同意0件，点得开这1件")
def counted(story: Story) -> None:
    found = total(story)
    assert (story.kept["counted"] + 1, "街道同意的件数÷街道决定的越界派单件数") == (found["whole"], found["formula"])
    path, _, query = found["rows"].partition("?")
    rows = story.ask(STREET, path, **dict(parse_qsl(query)))["items"]
    assert (found["whole"], (story.number, False)) == (len(rows), (rows[0]["number"], rows[0]["let_through"]))


@when("区里导入少了一行取消事项的清单")
def too_short(story: Story) -> None:
    take_in(story, "\n".join(line for line in TEXT.splitlines() if "code: Q46" not in line))


@then("被拒绝，指出总数所在的行")
def report_by_line(story: Story) -> None:
    told = f"第 {line_of('  cancelled: {')} 行：cancelled.items 应为 46，实为 45"
    assert [told] == (story.refusal or {})["errors"]["catalogue"]


@when("区里导入明年生效的新版清单")
def next_year(story: Story) -> None:
    story.kept["version"] = f"story-{uuid4().hex[:8]}"
    newer = TEXT.replace("demo-2024.1", story.kept["version"]).replace("2024-01-01", "2099-01-01")
    take_in(story, newer)
    assert story.refusal is None


@then("两个版本都在，今天用的还是旧的")
def both(story: Story) -> None:
    known = [row["version"] for row in story.ask(COMMUNITY, "/api/duty-catalogues")["items"]]
    assert {story.kept["version"], "demo-2024.1"} <= set(known)
    ask(story, "清除绿地里的菜", duty_item="Q12")
    assert "demo-2024.1" == (story.refusal or {})["catalogue"]
