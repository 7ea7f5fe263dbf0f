"""Sentences about a resident on file: found, merged, parted, shown to herself, erased in five stores."""

from __future__ import annotations

from typing import Any

from pytest_bdd import then, when

from tests.stories import people
from tests.stories.talk import Story

PHONES = ("13900000711", "13900000722")
STORES = ["INTAKE", "DISPATCH", "MEDIATION", "NOTIFY", "PORTAL"]


def booking(story: Story, which: int) -> dict[str, Any]:
    return story.ask("社区", f"/api/bookings/{story.kept['bookings'][which]}")


def person(story: Story, which: int) -> str:
    return str(booking(story, which)["applicant"]["person_id"])


def record(story: Story, which: int) -> dict[str, Any]:
    return story.ask("社区", f"/api/people/{story.kept['people'][which]}")


def mine(story: Story, act: str, tail: str = PHONES[0][-4:], **more: str) -> Any:
    form = {"number": story.kept["bookings"][0], "phone_tail": tail, "act": act, **more}
    return story.http.post("/public/mine", data=form)


@when("社区替赵玉兰预约7月10日10点和7月11日10点的窗口，留了两个电话")
def booked_twice(story: Story) -> None:
    numbers = [
        story.do(
            "社区", "/api/bookings", area_path=people.YINHONG, starts_at=f"2024-07-{day}T10:00:00+08:00",
            matter="SOCIAL_CARD", applicant={"name": "赵玉兰", "phone": phone},
        )["number"]
        for day, phone in zip((10, 11), PHONES, strict=True)
    ]  # fmt: skip
    story.kept["bookings"] = numbers
    story.kept["people"] = [person(story, 0), person(story, 1)]


@then('把名字写成"赵 玉 兰"、电话写成全角，也找得到她')
def found(story: Story) -> None:
    wide = PHONES[0].translate({48 + no: 0xFF10 + no for no in range(10)})
    items = story.do("社区", "/api/people/search", area_path=people.YINHONG, name="赵 玉 兰", phone=wide)["items"]
    assert [(story.kept["people"][0], "PHONE")] == [(each["person"]["person_id"], each["alike"]) for each in items]


@when("社区把两份档案合并")
def merged(story: Story) -> None:
    first, second = story.kept["people"]
    story.do("社区", f"/api/people/{second}/merge", into_id=first, reason="本人当面确认")


@then("一份读作另一份")
def read_as_one(story: Story) -> None:
    assert story.kept["people"][0] == record(story, 1)["merged_into"]


@when("社区撤销合并")
def parted(story: Story) -> None:
    story.do("社区", f"/api/people/{story.kept['people'][1]}/parting", reason="是同名的两个人")


@then("两份档案各是各的")
def two_again(story: Story) -> None:
    assert [None, None] == [record(story, which)["merged_into"] for which in (0, 1)]


@when("赵玉兰取消了第一次预约")
def cancelled(story: Story) -> None:
    story.do("社区", f"/api/bookings/{story.kept['bookings'][0]}/cancellation")


@when('她在"我的信息"里凭编号和电话后四位看到五个库登记了什么，带走一份')
def shown(story: Story) -> None:
    answer = mine(story, "json")
    assert 200 == answer.status_code, answer.text
    told = answer.json()
    assert (STORES, "赵*兰") == ([part["store"] for part in told["stores"]], told["masked_name"])
    assert not [part["store"] for part in told["stores"] if part["missing"]]


@when("她请求删除")
def asked(story: Story) -> None:
    assert "请求已经收到" in mine(story, "erase", ground="PURPOSE_MET").text
    story.kept["erasure"] = mine(story, "json").json()["erasure"]


@then("电话后四位不对的人什么也看不到")
def nothing_without_proof(story: Story) -> None:
    assert 404 == mine(story, "show", tail="0000").status_code


@when("街道核实后批准删除")
def approved(story: Story) -> None:
    story.do("街道", f"/api/erasures/{story.kept['erasure']}/approval")


@then("五个库都报告已经删除")
def reported(story: Story) -> None:
    def done() -> list[str] | None:
        view = story.ask("街道", f"/api/erasures/{story.kept['erasure']}")
        return [part["store"] for part in view["stores"] if part["at"]] if view["state"] == "DONE" else None

    assert STORES == story.soon("the reports of all stores", done)


@then("她的编号再也查不到人，另一份档案还在")
def gone(story: Story) -> None:
    assert [404, "赵*兰"] == [mine(story, "show").status_code, record(story, 1)["person"]["masked_name"]]
