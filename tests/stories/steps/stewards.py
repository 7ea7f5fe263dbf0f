"""Sentences about the steward of a stairwell."""

from __future__ import annotations

from pytest_bdd import parsers, then, when

from tests.stories import sql
from tests.stories.talk import Story

DOOR = "yinchuan.xingqing.rulin.rulinyuan.g1.b1u1"
RULIN = "yinchuan.xingqing.rulin"
NAME, PHONE = "韩春燕", "13900000613"


def path(story: Story, verb: str = "", number: str = "") -> str:
    return f"/api/stewards/{number or story.number}{verb}"


def nominated(story: Story, name: str) -> str:
    asked = {"area_path": DOOR, "nomination": "HOUSEHOLDS", "name": name, "phone": PHONE, "reasons": "住户都信得过"}
    return str(story.do("彭文斌", "/api/stewards", **asked, agreed=True)["number"])


@when("网格员彭文斌替住户推荐韩春燕做1号楼1单元的楼门管家")
def put_forward(story: Story) -> None:
    story.number, story.reader = nominated(story, NAME), "儒林苑社区"


@then("儒林苑社区的待办里有这个人选")
def for_review(story: Story) -> None:
    def on_desk() -> bool:
        return story.number in [row["number"] for row in story.ask("儒林苑社区", "/api/desk")["items"]]

    assert story.soon("the candidate on the desk", on_desk)


@then(parsers.parse('1号楼1单元的岗位是"{state}"'))
def seat_is(story: Story, state: str) -> None:
    (seat,) = story.ask("儒林苑社区", "/api/stewards/seats", area_path=DOOR)["items"]
    assert state == seat["state"]


@when("儒林苑社区审核通过，聘任韩春燕")
def appointed(story: Story) -> None:
    story.do("儒林苑社区", path(story, "/approval"))
    story.do("儒林苑社区", path(story, "/appointment"), account="u-hanchunyan")


@when("社区再聘任同一楼门的另一个人，被告知已经有管家")
def second(story: Story) -> None:
    other = nominated(story, "马建国")
    story.do("儒林苑社区", path(story, "/approval", other))
    story.try_to(lambda: story.do("儒林苑社区", path(story, "/appointment", other)))
    assert story.refusal
    assert (409, True) == (story.refusal["status"], "已经有管家" in story.refusal["detail"])


@when("韩春燕替邻居提一个心愿")
def wished(story: Story) -> None:
    asked = {"content": "想换一个灯泡", "for_whom": "邻居", "place_text": "201室", "area_path": DOOR, "agreed": True}
    story.kept["wish"] = story.do("韩春燕", "/api/wishes", **asked)["number"]


@when(parsers.parse('韩春燕在楼门贴告示"{heading}"'))
def posted(story: Story, heading: str) -> None:
    told = {"area_path": DOOR, "heading": heading, "words": "早上九点在楼下集合，带上手套。", "days": 7}
    story.do(NAME, "/api/doorway-notices", **told)


@then(parsers.parse('谁都看得到1号楼1单元的告示"{heading}"'))
def on_the_board(story: Story, heading: str) -> None:
    shown = story.http.get("/api/doorway-notices/board", params={"area_path": DOOR}).json()["items"]
    assert [heading] == [one["heading"] for one in shown]


@when("两家邻居为停车位吵起来，韩春燕当场劝和")
def settled_on_the_spot(story: Story) -> None:
    sides = {"claimant": {"name": "何大勇"}, "respondent": {"name": "田二喜"}}
    told = {"dispute_type": "NEIGHBOUR", "area_path": DOOR, "matter": "为停车位吵，各让半米", "settled": True}
    story.kept["quick"] = story.do(NAME, "/api/quick-mediations", **told, **sides)["number"]


@then("这次先行调解记在韩春燕名下，没有变成调解案")
def hers(story: Story) -> None:
    view = story.ask("儒林苑社区", f"/api/quick-mediations/{story.kept['quick']}")
    assert ("韩*燕", "SETTLED", None) == (view["maker"]["name"], view["state"], view.get("mediation_number"))


@when("过了20天，社区给韩春燕这个月评95分")
def evaluated(story: Story) -> None:
    story.later(days=20)
    story.do("儒林苑社区", path(story, "/evaluations"), month="2024-07", score=95, reasons="天天巡楼")


@when("魏兰芝拟定本月表彰，陶春燕公布")
def commended(story: Story) -> None:
    asked = {"area_path": RULIN, "month": "2024-07", "stairwells": [{"area_path": DOOR}]}
    number = story.do("魏兰芝", "/api/commendations", **asked)["number"]
    story.do("陶春燕", f"/api/commendations/{number}/publication")


@then(parsers.parse('光荣榜上有"{masked}"，没有她的全名'))
def on_board(story: Story, masked: str) -> None:
    board = story.http.get("/api/commendations/board", params={"area_path": RULIN}).text
    assert (True, False) == (masked in board, NAME in board)


@when(parsers.parse('社区给韩春燕办荣退，写"{thanks}"'))
def retired(story: Story, thanks: str) -> None:
    story.do("儒林苑社区", path(story, "/retirement"), thanks=thanks)


@then("她提的心愿由儒林苑社区接着跟进")
def handed_over(story: Story) -> None:
    wish = story.ask("儒林苑社区", f"/api/wishes/{story.kept['wish']}")
    assert "u-zhaojiahui" == wish["posted_by"]["id"]


@then("管家的每一步都在时间线上")
def told(story: Story) -> None:
    steps = ["steward_nominated", "steward_approved", "steward_appointed", "steward_evaluated", "steward_retired"]

    def told_so_far() -> bool:
        return steps == [name for name in story.events(story.reader) if name.startswith("steward_")]

    assert story.soon("every step", told_so_far)


@then("总线上没有韩春燕的全名和电话")
def nothing_personal(story: Story) -> None:
    query = f"select count(*) from outbox where body like '%{NAME}%' or body like '%{PHONE}%'"
    assert 0 == sql.one(story.world, "notify", query)
