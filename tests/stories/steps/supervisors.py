"""Sentences about citizens' supervisors: elected on the spot, at work on a site, free when it is done."""

from __future__ import annotations

from typing import Any

from pytest_bdd import given, parsers, then, when

from tests.stories import people
from tests.stories.steps import whistles
from tests.stories.talk import Story

HOST, FINDER, BUILDER, DEPARTMENT = "新华社区", "石会明", "市政管理处", "住建局"
AREA = "yinchuan.xingqing.xinhuajie.xinhua.g1.laoyuan"
NAMES = ("石会明", "秦宏伟", "许月娥", "何德胜", "吕彩云", "冯大山", "田小禾")
ACCOUNTS = ("u-shihuiming", "u-qinhongwei", "u-xuyuee", "u-hedesheng", "u-lyucaiyun")
WORKS = {"name": "老旧小区改造", "area_path": AREA, "starts_on": "2024-07-17", "ends_on": "2024-12-31"}


def path(story: Story, kind: str, verb: str = "") -> str:
    return f"/api/{kind}/{story.kept[kind]}{verb}"


def seen(story: Story, kind: str) -> Any:
    return story.ask(HOST, path(story, kind))


def board(story: Story, kind: str) -> Any:
    (row,) = story.http.get(f"/api/{kind}/board", params={"area_path": AREA, "limit": 1}).json()["items"]
    return row


@when("新华社区组织百姓监督员竞聘，选5人，7人报名")
def called(story: Story) -> None:
    asked = {"subject": "老旧小区改造百姓监督员", "area_path": AREA, "seats": 5, "place_text": "小区广场"}
    rule = {"voters_rule": "本小区十八周岁以上的居民，一人一票", "meets_at": story.now().isoformat()}
    story.kept["elections"] = story.do(HOST, "/api/elections", **asked, **rule)["number"]
    for name, account in zip(NAMES, (*ACCOUNTS, None, None), strict=True):
        story.do(HOST, path(story, "elections", "/candidates"), name=name, account=account)


def hand_out(story: Story, voters: int) -> int:
    listed = [{"voter_key": f"{no}"} for no in range(voters)]
    return int(story.do(HOST, path(story, "elections", "/ballots"), voters=listed)["issued"])


def open_voting(story: Story, voters: int) -> None:
    story.do(HOST, path(story, "elections", "/voting"), tellers=["马守义", "丁巧云"])
    hand_out(story, voters)


def count(story: Story, valid: int, *votes: tuple[int, int]) -> Any:
    figures = [{"no": no, "votes": each} for no, each in votes]
    sheet = [story.photo(HOST)]
    return story.do(HOST, path(story, "elections", "/counts"), counts=figures, valid=valid, sheets=sheet)


@then("现场发出104张选票，同一个人不能领第二张")
def handed_out(story: Story) -> None:
    open_voting(story, 104)
    assert 104 == hand_out(story, 104)


@when("公开计票，第5名有两人票数相同")
def tied(story: Story) -> None:
    count(story, 100, *enumerate((61, 50, 44, 40, 20, 20, 12), start=1))


@then("4人领先，两人要再投一次")
def to_vote_again(story: Story) -> None:
    view = seen(story, "elections")
    assert ("RUN_OFF", [1, 2, 3, 4], [5, 6]) == (view["state"], view["rounds"][0]["elected"], view["rounds"][0]["tied"])


@when("再投一次，公开计票并公示")
def again(story: Story) -> None:
    open_voting(story, 90)
    count(story, 88, (5, 50), (6, 38))
    story.do(HOST, path(story, "elections", "/publication"))


@then("竞聘公开栏上有得票，没有姓名")
def published(story: Story) -> None:
    row = board(story, "elections")
    assert (61, []) == (row["standing"][0]["votes"], [name for name in NAMES if name in str(row)])


@when("竞聘公示期满")
def over(story: Story) -> None:
    story.later(days=8)
    assert story.soon("the elected", lambda: "CONCLUDED" == seen(story, "elections")["state"])


@then("石会明和另外4人当选")
def elected(story: Story) -> None:
    names = {each["no"]: each["name"] for each in seen(story, "elections")["candidates"]}
    chosen = [names[each["no"]] for each in seen(story, "elections")["standing"] if each["elected"]]
    assert list(NAMES[:5]) == chosen


@given("5位百姓监督员已经当选")
def five_elected(story: Story) -> None:
    called(story)
    open_voting(story, 104)
    count(story, 100, *enumerate((61, 50, 44, 40, 33, 20, 12), start=1))
    story.do(HOST, path(story, "elections", "/publication"))
    over(story)


@when("新华社区登记老旧小区改造开工")
def begun(story: Story) -> None:
    units = {"builder": people.UNITS[BUILDER]}
    asked = {**WORKS, **units, "election_number": story.kept["elections"]}
    story.kept["projects"] = story.do(HOST, "/api/projects", **asked)["number"]
    story.later(hours=2)


def found(story: Story, words: str, **more: Any) -> None:
    asked = {"words": words, "photos": [story.photo(FINDER)], **more}
    story.kept["site-issues"] = story.do(FINDER, path(story, "projects", "/issues"), **asked)["number"]


@when(parsers.parse('石会明在现场拍照反映"{words}"'))
def raised(story: Story, words: str) -> None:
    found(story, words)


@when("社区把问题转给施工单位")
def forwarded(story: Story) -> None:
    story.do(HOST, path(story, "site-issues", "/forwarding"), unit=people.UNITS[BUILDER])


@when("施工单位整改，报了照片")
def mended(story: Story) -> None:
    proof = [story.photo(BUILDER, "AFTER")]
    story.do(BUILDER, path(story, "site-issues", "/fix"), fixed_how="拆下重做", proof=proof)


@then("社区不能替石会明确认")
def not_for_others(story: Story) -> None:
    story.try_to(lambda: story.do(HOST, path(story, "site-issues", "/confirmation")))
    assert story.refusal is not None
    assert "forbidden" == story.refusal["code"]


@when(parsers.parse('石会明看过，不合格，退回"{words}"'))
def rejected(story: Story, words: str) -> None:
    assert "SENT" == story.do(FINDER, path(story, "site-issues", "/rejection"), rejection=words)["state"]


def confirmed(story: Story) -> None:
    mended(story)
    assert "CONFIRMED" == story.do(FINDER, path(story, "site-issues", "/confirmation"))["state"]


@when("施工单位重做，石会明确认")
def redone(story: Story) -> None:
    confirmed(story)


@when(parsers.parse('石会明反映"{words}"，有安全危险，要求停工'))
def dangerous(story: Story, words: str) -> None:
    found(story, words, safety=True)
    story.do(FINDER, path(story, "site-issues", "/stop"))


@when("社区向住建局吹停工的哨，街道批准")
def whistled(story: Story) -> None:
    about = {"kind": "SITE_ISSUE", "number": story.kept["site-issues"], "id": seen(story, "site-issues")["id"]}
    asked = {"asked_action": "ENFORCE", "asked_action_text": "到场检查，要求停工整改"}
    recipients = [{"unit": people.UNITS[DEPARTMENT], "role": "LEAD"}]
    whistle = story.do(
        HOST, "/api/whistles", source=about, kind="ENFORCEMENT", level="COMMUNITY", reason="脚手架缺扣件，有坠落危险",
        area_path=AREA, recipients=recipients, **asked,
    )  # fmt: skip
    whistles.keep_tasks(story, story.do("新华街街道", f"/api/whistles/{whistle['id']}/approval"))
    story.kept["whistle"] = whistle["number"]


@then("现场问题上有这张哨单，住建局签收")
def noted(story: Story) -> None:
    whistles.sign(story, DEPARTMENT)
    whistle = story.kept["whistle"]
    assert story.soon("the whistle on the issue", lambda: whistle == seen(story, "site-issues")["whistle_number"])


@when("施工单位补齐扣件，石会明确认")
def safe(story: Story) -> None:
    forwarded(story)
    confirmed(story)


@when("改造过了一周")
def week(story: Story) -> None:
    story.later(days=8)


@then("居民在公示栏看到每周通报，没有姓名")
def digest(story: Story) -> None:
    def posted() -> list[str]:
        return digests(story.ask(HOST, "/api/notices", area_path=AREA)["items"])

    # who waits asks as staff: nobody without an account may ask so often
    assert story.soon("the digest", posted)
    words = digests(story.http.get("/api/notices", params={"area_path": AREA}).json()["items"])[0]
    assert (True, []) == ("反映2件" in words, [name for name in NAMES if name in words])
    assert 2 == board(story, "projects")["weeks"][0]["confirmed"]


def digests(notices: list[dict[str, Any]]) -> list[str]:
    return [row["body"] for row in notices if row["kind"] == "DIGEST"]


@when("老旧小区改造完工")
def ended(story: Story) -> None:
    story.do(HOST, path(story, "projects", "/end"))


@then("百姓监督员的任务到此为止")
def free(story: Story) -> None:
    view = seen(story, "projects")
    assert ("ENDED", 0) == (view["state"], view["supervisor_count"])
