"""Sentences about looking for a matter: each way finds it, none out of one's scope; a search kept under a name."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

from pytest_bdd import parsers, then, when

from tests.stories import people
from tests.stories.steps import appeals
from tests.stories.talk import SHANGHAI, Story

GRID, ANOTHER = f"{people.YINHONG}.g2", f"{people.YINHONG}.g4"
DUTY = "丁雪梅"
DING = {"name": "丁秀兰", "phone": "13900000771", "contact_preference": "CALL"}
KEPT = {"q": "险情", "area_path": GRID, "open": "true"}


@when("丁雪梅在第2网格登记了丁秀兰家漏水，到场排除了险情")
@when("丁雪梅在第2网格又登记了丁秀兰家漏水，到场排除了险情")
def registered(story: Story) -> None:
    story.other_number, where = story.number, {"area_path": f"{GRID}.b3", "place_text": "3号楼1单元"}
    calm = {"title": "厨房漏水", "content": "厨房漏水", "damage_ongoing": False, "danger_flags": []}
    story.number = appeals.register(story, DUTY, **where, **calm, reporter=DING, contact_person=None)["number"]
    story.do(DUTY, f"/api/appeals/{story.number}/contacts", how="PHONE", note="马上到")
    done = {"how": "ON_SITE", "stage": "DANGER_REMOVED", "content": "关了总阀", "told_citizen": True}
    story.do(DUTY, f"/api/appeals/{story.number}/handlings", **done, attachments=[story.photo(DUTY, "AFTER")])
    story.soon("the handling can be found", lambda: story.number in found(story, "社区", q="险情"))


def found(story: Story, who: str, **asked: str) -> list[str]:
    """Numbers, the newest first; a page holds 200."""
    return [row["number"] for row in story.ask(who, "/api/matters", limit=200, **asked)["items"]]


def ways(story: Story, *, other: bool) -> dict[str, dict[str, str]]:
    """A question of each kind that the matter fits; or the `other` one, that it does not."""
    due = datetime.fromisoformat(story.appeal()["due_at"]).astimezone(SHANGHAI).date()
    day, beyond, half = str(due), str(due + timedelta(days=1)), story.number[:13]
    fits = {
        "words": {"q": "险情", "area_path": GRID}, "number": {"q": half, "area_path": GRID},
        "place": {"area_path": GRID}, "person": {"person": "丁秀兰"},
        "state": {"area_path": GRID, "state": "IN_PROGRESS"},
        "deadline": {"area_path": GRID, "due_from": day, "due_to": day},
    }  # fmt: skip
    not_so = {
        "words": {"q": "围挡", "area_path": GRID}, "number": {"q": f"H{half[1:]}"}, "place": {"area_path": ANOTHER},
        "person": {"person": "丁秀梅"}, "state": {"area_path": GRID, "state": "CLOSED"},
        "deadline": {"area_path": GRID, "due_from": beyond},
    }  # fmt: skip
    return not_so if other else fits


def finds(story: Story, who: str, *, other: bool = False) -> dict[str, bool]:
    """Whether somebody finds the matter, by each way."""
    return {way: story.number in found(story, who, **asked) for way, asked in ways(story, other=other).items()}


@then("社区按句子中间的两个字、编号的前半截、网格、姓名、进展、期限都找得到这一件")
def each_way(story: Story) -> None:
    assert dict.fromkeys(ways(story, other=False), True) == finds(story, "社区")


@then("换成别的字、编号、网格、姓名、进展、期限，就没有这一件")
def no_other(story: Story) -> None:
    assert dict.fromkeys(ways(story, other=True), False) == finds(story, "社区", other=True)


@then("几个条件一起写，须同时符合")
def together(story: Story) -> None:
    asked = {name: value for each in ways(story, other=False).values() for name, value in each.items() if name != "q"}
    words = {"q": f"险情 第2网格 {story.number}"}
    assert ([story.number], []) == (
        found(story, "社区", **asked, **words), found(story, "社区", **asked, q=f"{words['q']} 围挡"),
    )  # fmt: skip


def page(story: Story, who: str, path: str) -> str:
    answer = story.send(who, "GET", path)
    assert 200 == answer.status_code, answer.text
    return answer.text


def listed(html: str) -> list[str]:
    return re.findall(r'<a href="/cases/([A-Z]+\d+)">', html)


@then("查找页面上选得到第2网格，选了再查也是这一件")
def on_the_page(story: Story) -> None:
    assert f'<option value="{GRID}">' in page(story, "社区", "/find")
    html = page(story, "社区", f"/find?{urlencode({'area_path': GRID, 'q': story.number})}")
    assert (True, [story.number]) == (f'<option value="{GRID}" selected>' in html, listed(html))


@then("景苑社区的网格员和没有被叫来的派出所，用哪一种都找不到")
def out_of_scope(story: Story) -> None:
    assert set() == {(who, way) for who in ("景苑网格员", "派出所") for way, seen in finds(story, who).items() if seen}


def kept(story: Story, who: str) -> dict[str, Any]:
    return {each["name"]: each for each in story.ask(who, "/api/searches")["items"]}


@when(parsers.parse('社区把"{name}"这次查找存下来'))
def saved(story: Story, name: str) -> None:
    story.do("社区", "/api/searches", name=name, query=urlencode(KEPT))


def link(story: Story, who: str, name: str) -> str | None:
    """Where the button of the first page leads."""
    told = re.search(rf'<a class="button" href="(/find\?[^"]+)">{name}</a>', page(story, who, "/"))
    return unescape(told[1]) if told else None


@then(parsers.parse('社区从自己的首页点开"{name}"，两件都在，新的在前'))
def opened_again(story: Story, name: str) -> None:
    address = link(story, "社区", name)
    assert address
    assert [story.number, story.other_number] == listed(page(story, "社区", address))[:2]


@then(parsers.parse('别人的首页上没有"{name}"'))
def nobody_elses(story: Story, name: str) -> None:
    assert [None, None] == [link(story, who, name) for who in ("丁雪梅", "景苑网格员")]


@when(parsers.parse('社区删去"{name}"'))
def deleted(story: Story, name: str) -> None:
    assert 204 == story.send("社区", "DELETE", f"/api/searches/{kept(story, '社区')[name]['id']}").status_code


@then(parsers.parse('社区的首页上没有"{name}"'))
def not_there_any_more(story: Story, name: str) -> None:
    assert link(story, "社区", name) is None
