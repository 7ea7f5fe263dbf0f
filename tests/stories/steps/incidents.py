"""Sentences about an incident: one leads, the others follow, one department is called, all hear the same."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pytest_bdd import parsers, then, when

from tests.stories import people
from tests.stories.steps import whistles
from tests.stories.talk import Story

WATER = "utilities.water.outage"
NOTICE, TOLD = "主管道爆裂，供水公司正在抢修，送水车在北门", "appeal_notice_given"
PHONES = {"周玉珍": "13900000751", "马玉梅": "13900000752", "孙文秀": "13900000753", "许长林": "13900000754"}
COMPANY = "供水公司"


def said(name: str, words: str, phone: str, **more: Any) -> dict[str, Any]:
    reporter = {"name": name, "phone": phone, "contact_preference": "CALL"}
    where = {"place_text": "5号楼", "area_path": people.SEWAGE_AREA, "damage_ongoing": False, "danger_flags": []}
    words_told = {"nature": "HELP", "category": WATER, "title": words[:20], "content": words}
    return {"channel": "PHONE", **where, **words_told, "reporter": reporter, **more}


def report(story: Story, name: str, who: str = "社区", **more: Any) -> str:
    return str(story.do(who, "/api/appeals", **said(name, "家里停水了", PHONES[name], **more))["number"])


def reports(story: Story) -> dict[str, str]:
    """Numbers of all that follow, and of what leads them, by the name of the reporter."""
    found: dict[str, str] = story.kept["reports"]
    return found


def seen(story: Story, name: str) -> dict[str, Any]:
    path, tail = f"/api/public/cases/{reports(story)[name]}", PHONES[name][-4:]
    shown: dict[str, Any] = story.http.get(path, params={"phone_tail": tail}).json()
    return shown


@when(parsers.parse('李珊登记周玉珍反映的"{words}"'))
def leading(story: Story, words: str) -> None:
    story.number = story.do("李珊", "/api/appeals", **said("周玉珍", words, PHONES["周玉珍"]))["number"]
    story.kept["reports"] = {"周玉珍": story.number}
    story.do("李珊", f"/api/appeals/{story.number}/contacts", how="PHONE", note="全楼都停水")


def declare(story: Story) -> str:
    about = {"area_path": people.YINHONG, "category": WATER, "appeal_number": story.number, "notice": NOTICE}
    return str(story.do("社区", "/api/incidents", **about, expected_at="2024-07-10T18:00:00+08:00")["number"])


@when("社区宣布银虹社区停水为大面积事件，由这一件牵头")
def declared(story: Story) -> None:
    story.kept["incident"] = declare(story)


@when("社区请供水公司抢修，街道批准")
def company_called(story: Story) -> None:
    whistles.blow(
        story, "社区", kind="APPEAL", level="COMMUNITY", reason="主管道爆裂", asked_action="HANDLE_ON_SITE",
        asked_action_text="抢修主管道", asked_place_text="北门外主管道", area_path=people.YINHONG,
        recipients=[{"unit": people.UNITS[COMPANY], "role": "LEAD"}],
    )  # fmt: skip
    whistles.approved(story)


def from_the_web(story: Story, name: str) -> str:
    reporter = {"name": name, "phone": PHONES[name]}
    told = {"place_text": "5号楼", "area_path": people.SEWAGE_AREA, "content": "水龙头没有水", "category": WATER}
    answer = story.http.post("/api/public/appeals", json={**told, "reporter": reporter})
    assert 201 == answer.status_code, answer.text
    return str(answer.json()["number"])


@when("窗口电话、网上和网格员又来了3份停水的反映")
def three_more(story: Story) -> None:
    by_phone, on_the_web = report(story, "马玉梅"), from_the_web(story, "孙文秀")
    reports(story).update({"马玉梅": by_phone, "孙文秀": on_the_web, "许长林": report(story, "许长林", "李珊")})


@then("3份反映各有编号，都随牵头的一件办理，凭编号看得到同一份通告")
def they_follow(story: Story) -> None:
    shown = [seen(story, name) for name in list(PHONES)[1:]]
    assert [(story.number, NOTICE)] * 3 == [(view["merged_into"], view["next_text"]) for view in shown]
    assert 4 == len(set(reports(story).values()))


@then("供水公司只有一张哨令，李珊的待办里只有牵头的一件")
def one_task(story: Story) -> None:
    orders = story.ask(COMPANY, "/api/tasks", unit=people.UNITS[COMPANY], state="ASSIGNED")["items"]
    assert [story.tasks[COMPANY]] == [task["id"] for task in orders]

    def on_desk() -> list[str]:
        items = story.ask("李珊", "/api/desk", limit=200)["items"]
        return sorted({item["number"] for item in items} & set(reports(story).values()))

    assert [story.number] == story.soon("her desk", on_desk)


@when("又有人反映停水，还说老人摔伤了")
def hurt(story: Story) -> None:
    told = said("毛桂芳", "停水以后老人下楼提水摔伤了", "13900000755", danger_flags=["INJURY"])
    story.other_number = story.do("社区", "/api/appeals", **told)["number"]


@then("说有人受伤的一件单独办理")
def own_way(story: Story) -> None:
    view = story.ask("社区", f"/api/appeals/{story.other_number}")
    assert ("ASSIGNED", None, "EMERGENCY") == (view["state"], view["merged_into"], view["urgency"])


@when("社区想再宣布一次")
def declared_again(story: Story) -> None:
    story.try_to(lambda: declare(story))


@when(parsers.parse('社区把通告更新为"{notice}"'))
def notice_changed(story: Story, notice: str) -> None:
    story.kept["told"] = told(story)
    told_of = {"notice": notice, "expected_at": "2024-07-10T15:00:00+08:00"}
    story.do("社区", f"/api/incidents/{story.kept['incident']}/notice", **told_of)


def told(story: Story) -> Counter[str]:
    """How often each reporter was told that there is news of the incident, by masked name."""
    items = story.ask("社区", "/api/messages", case_number=story.number)["items"]
    return Counter(item["recipient"]["name"] for item in items if item["template"] == TOLD)


@then("4位反映人各收到一条新通告，不多不少")
def all_told_once(story: Story) -> None:
    wanted = story.kept["told"] + Counter(f"{name[0]}*{name[-1]}" for name in PHONES)
    told_now = story.soon("the notice", lambda: found if (found := told(story)).total() >= wanted.total() else None)
    assert wanted == told_now


@then('后来的3位在自己那一件的消息里、在"我的信息"里都看得到新通告')
def in_the_own_case(story: Story) -> None:
    def messages(name: str) -> int:
        items = story.ask("社区", "/api/messages", case_number=reports(story)[name])["items"]
        return sum(item["template"] == TOLD and item["recipient"]["name"][0] == name[0] for item in items)

    def on_file(name: str) -> int:
        proof = {"number": reports(story)[name], "phone_tail": PHONES[name][-4:]}
        return str(story.http.post("/public/mine", data=proof).text).count("您反映的事正在统一处置")

    followed = list(PHONES)[1:]
    assert [1] * 3 == [messages(name) for name in followed]
    assert [1] * 3 == [on_file(name) for name in followed]


@when("供水公司修好，社区结束事件")
def repaired(story: Story) -> None:
    whistles.sign(story, COMPANY)
    whistles.report_in(story, COMPANY, "PLACE")
    photo = story.photo(COMPANY, "AFTER")
    whistles.order(story, COMPANY, COMPANY, "completion", result_text="主管道已焊好", evidence=[photo])
    whistles.order(story, "社区", COMPANY, "confirmation")
    whistles.rate(story, "社区", COMPANY)
    story.soon("the whistle over", lambda: story.appeal()["state"] == "IN_PROGRESS")
    done = {"result_text": "已恢复供水", "proof": [story.photo("社区", "AFTER")]}
    story.do("社区", f"/api/incidents/{story.kept['incident']}/end", **done)


@then(parsers.parse('4位反映人凭自己的编号都看得到"{words}"'))
def all_answered(story: Story, words: str) -> None:
    answers = [seen(story, name)["result_text"] or "" for name in PHONES]
    assert [True] * 4 == [words in answer for answer in answers], answers


@when("又有人反映停水")
def later_report(story: Story) -> None:
    story.other_number = report(story, "马玉梅", channel="HOTLINE")


@then("它不再并入，自己有人负责")
def goes_its_own_way(story: Story) -> None:
    view = story.ask("社区", f"/api/appeals/{story.other_number}")
    assert ("ASSIGNED", None, True) == (view["state"], view["merged_into"], bool(view["handler"]))
