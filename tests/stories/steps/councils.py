"""Sentences about a council: from the hazard to the courtyard, the resolution, the works and the look back."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from pytest_bdd import given, then, when

from tests.stories import people, sql
from tests.stories.talk import SHANGHAI, Story

HOST, GRID_WORKER, PAYERS = "清和社区", "周云鹏", ("金茂物业", "丽锦苑物业")
GRID = f"{people.QINGHE}.g1"
MEETING = datetime(2024, 7, 12, 10, tzinfo=SHANGHAI)
WORKS = [
    {"what": "拆除围墙", "owner": people.UNITS["金茂物业"], "until": "2024-08-10"},
    {"what": "设置栅栏", "owner": people.UNITS["丽锦苑物业"], "until": "2024-08-31"},
]
OPTIONS = ["修补", "重建", "拆除后设栅栏"]
SAID = "孩子天天从墙边走"


def path(story: Story, verb: str = "") -> str:
    return f"/api/councils/{story.kept['council']}{verb}"


def seen(story: Story) -> dict[str, Any]:
    return story.ask(HOST, path(story))  # type: ignore[no-any-return]


def state(story: Story, wanted: str) -> bool:
    return story.soon(wanted, lambda: wanted == seen(story)["state"])


def report(story: Story, words: str) -> None:
    what = {"kind": "STRUCTURE", "level": "MAJOR", "area_path": GRID, "place_text": "金茂花园与丽锦苑之间"}
    photos = [story.photo(GRID_WORKER, "BEFORE")]
    story.number = story.do(GRID_WORKER, "/api/hazards", **what, description=words, photos=photos)["number"]


@when('网格员周云鹏上报隐患"两小区共用的围墙裂缝、严重倾斜"，附照片')
def wall_reported(story: Story) -> None:
    report(story, "两小区共用的围墙裂缝、严重倾斜")


@when("周云鹏拉起警戒、立警示牌，附照片")
def cordoned(story: Story) -> None:
    measure = {"measure_code": "CORDON", "note": "警戒线、警示牌", "photos": [story.photo(GRID_WORKER)]}
    story.do(GRID_WORKER, f"/api/hazards/{story.number}/measures", **measure)


@when("周云鹏两次走访两个小区，各记一篇日记")
def visited(story: Story) -> None:
    for words in ("走访金茂花园，说危墙的事", "走访丽锦苑，说危墙的事"):
        story.do(GRID_WORKER, "/api/diaries", area_path=GRID, words=f"{words}（{story.number}）")


@when("清和社区就围墙征集意见，记下两户的话，定为议题")
def collected(story: Story) -> None:
    origin = {"origin": "HAZARD", "source_number": story.number, "area_path": people.QINGHE}
    topic = story.do(HOST, "/api/topics", content="两小区的围墙怎么办", **origin)["number"]
    until = (story.now() + timedelta(days=3)).isoformat()
    story.do(HOST, f"/api/topics/{topic}/collection", subject="共用围墙怎么办", until=until)
    for words in (SAID, "费用要公平"):
        story.do(HOST, f"/api/topics/{topic}/opinions", words=words)
    assert 2 == story.do(HOST, f"/api/topics/{topic}/setting", subject="共用围墙怎么办")["opinion_count"]
    story.kept["topic"] = topic


@when("清和社区召开移动议事会，7月12日10点在金茂花园院内")
def convened(story: Story) -> None:
    how = {"kind": "DEMOCRATIC", "mode": "MOBILE", "subject": "共用围墙怎么办", "owners_rights": True}
    where = {"area_path": people.QINGHE, "starts_at": MEETING.isoformat(), "place_text": "金茂花园院内"}
    about = {"topics": [story.kept["topic"]], "hazard_number": story.number}
    invited = "两小区业主、党支部党员、微网格长、两家物业"
    story.kept["council"] = story.do(HOST, "/api/councils", **how, **where, **about, invited=invited)["number"]


@then("议事公开栏上有这次会，海报上有二维码")
def on_board(story: Story) -> None:
    number = story.kept["council"]
    board = story.http.get("/api/councils/board", params={"area_path": people.QINGHE}).json()["items"]
    poster = story.http.get(f"/c/{number}/poster").text
    assert (True, True) == (number in [row["number"] for row in board], "svg" in poster and "金茂花园院内" in poster)


@when("到了那天，104人到会，其中72人签到，98人举手赞成拆除后设栅栏")
def held(story: Story) -> None:
    story.later(days=4, hours=2)
    roll = [{"sign_id": str(uuid.uuid4()), "name": "业主"} for _ in range(72)]
    story.do(HOST, path(story, "/roll"), people=roll)
    record = {"head_count": 104, "minutes": SAID, "opinions": [SAID], "options": OPTIONS, "dissent": "一户主张修补"}
    story.do(HOST, path(story, "/minutes"), **record, sheets=[story.photo(HOST)])
    counts = [{"option_no": 3, "votes": 98}, {"option_no": 1, "votes": 6}]
    story.do(HOST, path(story, "/counts"), mode="HANDS", counts=counts)


@then("表决写明只是征求意见，并提示民法典第二百七十八条")
def advisory(story: Story) -> None:
    view = seen(story)
    assert (104, 72, 98) == (view["head_count"], view["signed_in"], view["options"][2]["votes"])
    assert ("不是法定表决" in view["vote_note"], "第二百七十八条" in view["owners_warning"]) == (True, True)


@when("清和社区拟决议，先拆除围墙，再设置栅栏，两家物业各承担一半")
def drafted(story: Story) -> None:
    shares = [{"payer": people.UNITS[payer], "percent": "50"} for payer in PAYERS]
    words = "先拆除围墙，再设置栅栏，费用由两家物业公司各承担一半"
    story.do(HOST, path(story, "/resolution"), resolution=words, cost="48000.00", shares=shares, works=WORKS)


@then("两家物业没有都确认，不能议定")
def not_yet(story: Story) -> None:
    story.do(PAYERS[0], path(story, "/confirmations"))
    story.try_to(lambda: story.do(HOST, path(story, "/resolving")))
    assert story.refusal is not None
    assert "conflict" == story.refusal["code"]


@when("两家物业确认，清和社区议定并公示")
def published(story: Story) -> None:
    story.do(PAYERS[1], path(story, "/confirmations"))
    story.do(HOST, path(story, "/resolving"))
    story.do(HOST, path(story, "/publication"))


@then("公示7天，公开页上没有人名")
def public(story: Story) -> None:
    page = story.http.get(f"/c/{story.kept['council']}").text
    assert ("先拆除围墙" in page, SAID in page, "郑守业" in page, "主张修补" in page) == (True, False, False, False)
    until = datetime.fromisoformat(seen(story)["published_until"])
    assert timedelta(days=7) <= until - story.now() < timedelta(days=8)


@when("公示期满")
def publication_over(story: Story) -> None:
    story.later(days=8)
    assert state(story, "IMPLEMENTING")


def finish(story: Story, who: str, no: int) -> None:
    story.do(who, path(story, "/works/finish"), work_no=no, proof=[story.photo(who, "AFTER")])


@then("金茂物业可以拆墙，丽锦苑物业还不能设栅栏")
def in_order(story: Story) -> None:
    story.try_to(lambda: finish(story, "丽锦苑物业", 2))
    assert story.refusal is not None
    assert ("conflict", "OPEN") == (story.refusal["code"], seen(story)["works"][0]["state"])


@when("金茂物业拆完，社区验收")
def first_done(story: Story) -> None:
    finish(story, "金茂物业", 1)
    story.do(HOST, path(story, "/works/acceptance"), work_no=1)


@when("丽锦苑物业设好栅栏，社区验收")
def second_done(story: Story) -> None:
    story.later(days=20)
    finish(story, "丽锦苑物业", 2)
    assert "DONE" == story.do(HOST, path(story, "/works/acceptance"), work_no=2)["state"]


@when("40位居民评议，36位满意")
def reviewed(story: Story) -> None:
    assert "REVIEWED" == story.do(HOST, path(story, "/review"), reviewers=40, satisfied=36)["state"]


@when("周云鹏到现场核实，危墙的隐患消除")
def removed(story: Story) -> None:
    proof = {"note": "墙已拆除，栅栏已设好", "photos": [story.photo(GRID_WORKER, "AFTER")]}
    done = story.do(GRID_WORKER, f"/api/hazards/{story.number}/verification", **proof)
    assert "REMOVED" == done["state"]


@when("清和社区办结议事会")
def closed(story: Story) -> None:
    story.do(HOST, path(story, "/closing"))


@when("过了30天，周云鹏回头看，保持良好")
def looked_back(story: Story) -> None:
    story.later(days=30)
    shown = {"result": "KEPT", "proof": [story.photo(HOST, "AFTER")]}
    assert "KEPT" == story.do(HOST, path(story, "/look-back"), **shown)["look_back"]


@then("议事会的每一步都公开")
def all_public(story: Story) -> None:
    record = story.http.get(path(story, "/record")).json()
    shown = [step["what"] for step in record["steps"]]
    wanted = ["发出通知", "开会", "议定", "公示", "公示期满", "全部完成", "居民评议", "办结", "回头看"]
    assert (wanted, "CLOSED") == ([step for step in wanted if step in shown], record["state"])


@then("总线上没有会上说的话")
def nothing_said(story: Story) -> None:
    query = f"select count(*) from outbox where body like '%{SAID}%' or body like '%主张修补%'"
    assert 0 == sql.one(story.world, "mediation", query)


@given("网格里有一件没消除的隐患")
def something_open(story: Story) -> None:
    report(story, "楼前台阶松动")


@when("网格员周云鹏召开网格议事会")
def grid_convened(story: Story) -> None:
    starts = (story.now() + timedelta(hours=1)).isoformat()
    how = {"kind": "GRID", "subject": "本网格的事", "area_path": GRID, "starts_at": starts, "place_text": "网格驿站"}
    story.kept |= {"council": story.do(GRID_WORKER, "/api/councils", **how)["number"], "hazard": story.number}


@then("议程上有这件隐患")
def on_agenda(story: Story) -> None:
    assert story.kept["hazard"] in [item["source_number"] for item in seen(story)["agenda"]]


@when("会开过了，每一项都有结果，隐患交社区")
def grid_held(story: Story) -> None:
    story.later(hours=2)
    story.do(GRID_WORKER, path(story, "/minutes"), head_count=12, minutes="逐项商议")
    for item in seen(story)["agenda"]:
        story.do(GRID_WORKER, path(story, "/items"), item_no=item["no"], outcome="TO_COMMUNITY")


@then("网格议事会结束")
def grid_concluded(story: Story) -> None:
    assert "CLOSED" == story.do(GRID_WORKER, path(story, "/conclusion"))["state"]


@when("过了16天没有再开")
def fortnight(story: Story) -> None:
    story.later(days=16)


@then("逾期未开告诉社区一次")
def overdue(story: Story) -> None:
    story.number = story.kept["council"]
    assert story.soon("the overdue grid council", lambda: 1 == story.events(HOST).count("council_overdue"))
