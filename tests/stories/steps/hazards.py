"""Sentences about the hazard on the street."""

from __future__ import annotations

from pytest_bdd import parsers, then, when

from tests.stories import people
from tests.stories.talk import Story


def report(story: Story, who: str, words: str) -> None:
    made = story.do(
        who, "/api/hazards", kind="ELECTRIC", level="MAJOR", danger_flags=["ELECTRIC_SHOCK"],
        area_path=people.LAMP_AREA, place_text="7号楼旁路灯杆", geo={"lat": 36.68, "lon": 117.06}, description=words,
        photos=[story.photo(who, "BEFORE") for _ in range(3)],
    )  # fmt: skip
    story.number, story.reader = made["number"], who


@when(parsers.parse('网格员李利上报隐患"{words}"，附3张照片'))
def lili_reports(story: Story, words: str) -> None:
    report(story, "李利", words)


@when(parsers.parse('值班人员上报隐患"{words}"，附3张照片'))
def duty_reports(story: Story, words: str) -> None:
    report(story, "洪北值班", words)


@then(parsers.parse('隐患的紧急程度是"{urgency}"'))
def urgency_is(story: Story, urgency: str) -> None:
    assert urgency == story.hazard()["urgency"]


@when("李利用树枝和木板围挡，附照片")
def secured(story: Story) -> None:
    path = f"/api/hazards/{story.number}/measures"
    story.do("李利", path, measure_code="CORDON", note="用树枝和木板围挡", photos=[story.photo("李利")])


@then(parsers.parse('隐患的状态是"{state}"'))
def state_is(story: Story, state: str) -> None:
    assert state == story.hazard()["state"]


@when("李利现场核实，隐患消除")
def verified(story: Story) -> None:
    path = f"/api/hazards/{story.number}/verification"
    story.do("李利", path, note="灯杆已扶正", photos=[story.photo("李利", "AFTER")])


@when("李利想不围挡就直接销号")
def skips_measure(story: Story) -> None:
    story.try_to(lambda: verified(story))


@then("楼栋公示栏有一条公示")
def notice(story: Story) -> None:
    def posted() -> list[str]:
        answer = story.http.get("/api/notices", params={"area_path": people.LAMP_AREA}).json()
        return [item["subject"]["number"] for item in answer["items"] if item["subject"]["number"] == story.number]

    assert [story.number] == story.soon("the notice", posted)


@then("洪北社区这时由值班人员负责")
def on_duty(story: Story) -> None:
    post = story.ask("李利", "/api/posts", area_path="yinchuan.xingqing.shandalu.hongbei")
    assert "u-liuyang" == post["on_duty"]["id"]
