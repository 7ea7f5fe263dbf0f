"""Sentences about whistles and the departments that answer them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pytest_bdd import given, parsers, then, when

from tests.stories import people
from tests.stories.talk import Story


def blow(story: Story, who: str, **body: Any) -> dict[str, Any]:
    source = {"kind": "HAZARD" if story.number.startswith("Y") else "APPEAL", "number": story.number}
    view = story.hazard() if source["kind"] == "HAZARD" else story.appeal()
    made = story.do(who, "/api/whistles", source={**source, "id": view["id"]}, **body)
    story.whistle = made["number"]
    keep_tasks(story, made)
    return made


def keep_tasks(story: Story, whistle: dict[str, Any]) -> None:
    names = {code: name for name, code in people.UNITS.items()}
    story.tasks = {names[task["unit"]["code"]]: task["id"] for task in whistle["tasks"]}


def order(story: Story, who: str, unit: str, verb: str, **body: Any) -> dict[str, Any]:
    return story.do(who, f"/api/tasks/{story.tasks[unit]}/{verb}", **body)


def sign(story: Story, unit: str) -> None:
    order(story, unit, unit, "signature")


def report_in(story: Story, unit: str, mode: str) -> None:
    order(story, unit, unit, "report-in", mode=mode)


@when("7月8日9点社区向司法所、法律顾问、派出所吹哨，请他们参加7月9日15点的协商会")
def community_whistles(story: Story) -> None:
    story.set_time(2024, 7, 8, 9, 0)
    ask_three(story)


def ask_three(story: Story) -> None:
    recipients = [{"unit": people.UNITS[name], "role": "ASSIST"} for name in people.HELPERS]
    recipients[0]["role"] = "LEAD"
    blow(
        story, "社区", kind="APPEAL", level="COMMUNITY", reason="第一次协商未果，需要专业力量到会",
        asked_action="ATTEND_MEETING", asked_action_text="到会讲解相邻关系和赔偿责任",
        asked_time="2024-07-09T15:00:00+08:00",
        asked_place_text="银虹社区调解室", area_path=people.YINHONG, recipients=recipients,
    )  # fmt: skip


@when("街道批准吹哨")
def approved(story: Story) -> None:
    whistle = story.blown()
    keep_tasks(story, story.do("街道", f"/api/whistles/{whistle['id']}/approval"))


@given("社区向司法所、法律顾问、派出所吹哨并获批准")
def asked_and_approved(story: Story) -> None:
    ask_three(story)
    approved(story)


@then("三个部门各有一张待签收的哨令")
def three_desks(story: Story) -> None:
    for unit in people.HELPERS:
        items = story.ask(unit, "/api/tasks", unit=people.UNITS[unit], state="ASSIGNED")["items"]
        assert story.tasks[unit] in [item["id"] for item in items]


@when("司法所和法律顾问签收")
def two_sign(story: Story) -> None:
    sign(story, "司法所")
    sign(story, "法律顾问")


@then("派出所的哨令在签收环节超时，提醒了B岗")
def overdue(story: Story) -> None:
    def raised() -> list[dict[str, Any]]:
        return story.ask("社区", f"/api/tasks/{story.tasks['派出所']}")["overdue"]

    first = story.soon("the overdue sign", raised)[0]
    assert ("SIGN", "RECEIVER_B") == (first["stage"], first["level"])


@when("派出所签收")
def police_sign(story: Story) -> None:
    sign(story, "派出所")


@when("7月9日15点三个部门报到")
def three_report_in(story: Story) -> None:
    story.set_time(2024, 7, 9, 15, 0)
    for unit in people.HELPERS:
        report_in(story, unit, "MEETING")


@when("三个部门办结，社区确认并赋分")
def three_finish(story: Story) -> None:
    for unit in people.HELPERS:
        order(story, unit, unit, "completion", result_text="已到会释法", evidence=[story.photo(unit, "AFTER")])
        order(story, "社区", unit, "confirmation")
        rate(story, "社区", unit)


def rate(story: Story, who: str, unit: str) -> None:
    order(story, who, unit, "rating", timeliness=20, attendance=20, effect=38, cooperation=20)


@then("哨单已关闭")
def closed(story: Story) -> None:
    who = "李利" if story.number.startswith("Y") else "社区"
    assert "CLOSED" == story.soon("whistle closed", lambda: story.blown(who)["state"] == "CLOSED" and "CLOSED")


@when("派出所提出异议，认为应由物业负责")
def objects(story: Story) -> None:
    story.promised = story.appeal()["due_at"]
    order(
        story, "派出所", "派出所", "objection", reason_code="NOT_OUR_DUTY",
        legal_basis="下水管道维护属物业服务，见《物业管理条例》", proposed_unit=people.UNITS["物业"],
    )  # fmt: skip


@when("街道裁定成立，改派物业")
def upheld(story: Story) -> None:
    body = {"decision": "UPHELD", "new_unit": people.UNITS["物业"], "reason": "属物业服务范围"}
    order(story, "街道", "派出所", "objection-decision", **body)


@then("物业有一张全新时限的哨令")
def reassigned(story: Story) -> None:
    tasks = {task["unit"]["code"]: task for task in story.blown()["tasks"]}
    old, new = tasks[people.UNITS["派出所"]], tasks[people.UNITS["物业"]]
    assert ("REASSIGNED", "ASSIGNED", True) == (old["state"], new["state"], new["sign_due"] > old["sign_due"])


@then("诉求的办理时限没有变")
def deadline_stays(story: Story) -> None:
    assert story.promised == story.appeal()["due_at"]


@when(parsers.parse("李利直接向供电公司吹应急处置哨"))
def lili_whistles(story: Story) -> None:
    emergency(story, "李利")


@when("值班人员直接向供电公司吹应急处置哨")
def duty_whistles(story: Story) -> None:
    emergency(story, "洪北值班")


def emergency(story: Story, who: str) -> None:
    blow(
        story, who, kind="EMERGENCY", reason="灯杆有触电危险",
        asked_action="HANDLE_ON_SITE", asked_action_text="抢修灯杆", asked_place_text="7号楼旁",
        area_path=people.LAMP_AREA, recipients=[{"unit": people.UNITS["供电公司"], "role": "LEAD"}],
    )  # fmt: skip


@then("哨单不经审批就已吹响")
def blown_at_once(story: Story) -> None:
    assert ("BLOWN", None) == (story.blown("李利")["state"], story.blown("李利")["approved_by"])


@then("供电公司须在15分钟内签收、30分钟内报到")
def emergency_clocks(story: Story) -> None:
    task = story.blown("李利")["tasks"][0]
    start = datetime.fromisoformat(story.blown("李利")["blown_at"])
    due = [datetime.fromisoformat(task[name]) - start for name in ("sign_due", "report_due")]
    assert [timedelta(minutes=15), timedelta(minutes=30)] == due


@when("过了4分钟，供电公司签收")
def power_signs(story: Story) -> None:
    story.later(minutes=4)
    sign(story, "供电公司")


@when("过了18分钟，供电公司到场报到")
def power_arrives(story: Story) -> None:
    story.later(minutes=18)
    report_in(story, "供电公司", "PLACE")


@when("过了50分钟，供电公司修好，附照片")
def power_repairs(story: Story) -> None:
    story.later(minutes=50)
    photo = story.photo("供电公司", "AFTER")
    order(story, "供电公司", "供电公司", "completion", result_text="底座和接线已修复，灯杆扶正", evidence=[photo])


@when("李利确认并给供电公司赋分")
def lili_rates(story: Story) -> None:
    order(story, "李利", "供电公司", "confirmation")
    rate(story, "李利", "供电公司")


@when("过了10分钟，供电公司提出异议，认为灯杆属于物业")
def power_objects(story: Story) -> None:
    story.later(minutes=10)
    object_again(story)


def object_again(story: Story) -> None:
    order(
        story, "供电公司", "供电公司", "objection", reason_code="NOT_OUR_DUTY",
        legal_basis="灯杆产权属物业企业，见产权登记", proposed_unit=people.UNITS["洪北物业"],
    )  # fmt: skip


@then("供电公司仍可到场报到")
def work_goes_on(story: Story) -> None:
    report_in(story, "供电公司", "PLACE")
    assert story.ask("李利", f"/api/tasks/{story.tasks['供电公司']}")["arrived_at"]


@when("街道裁定不成立")
def rejected(story: Story) -> None:
    body = {"decision": "REJECTED", "reason": "产权登记在供电公司名下"}
    order(story, "洪北街道", "供电公司", "objection-decision", **body)


@then("供电公司不能再提异议")
def no_second_objection(story: Story) -> None:
    story.try_to(lambda: object_again(story))
    assert story.refusal is not None
    assert "conflict" == story.refusal["code"]


@then(parsers.parse('供电公司的哨令状态是"{state}"'))
def power_state(story: Story, state: str) -> None:
    assert state == story.ask("李利", f"/api/tasks/{story.tasks['供电公司']}")["state"]
