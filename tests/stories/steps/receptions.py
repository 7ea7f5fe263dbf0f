"""Sentences about the day the secretary of a community receives residents, booked or not."""

from __future__ import annotations

from pytest_bdd import parsers, then, when

from tests.stories import sql
from tests.stories.talk import Story

PLACE, ROOM, SECRETARY = "yinchuan.xingqing.rulin.rulinyuan", "儒林苑社区书记接待室", "儒林苑社区"
TIAN = {"name": "田桂芳", "phone": "13900000721"}
MA = {"name": "马建国", "phone": "13900000722", "contact_preference": "CALL"}


def at(clock: str) -> str:
    return f"2024-07-10T{clock}:00+08:00"


def book(story: Story, clock: str, applicant: dict[str, str]) -> str:
    asked = {"area_path": PLACE, "room": ROOM, "starts_at": at(clock), "matter": "OTHER", "applicant": applicant}
    return str(story.do("彭文斌", "/api/bookings", **asked)["number"])


def receive(story: Story, words: str, **who: object) -> str:
    return str(story.do(SECRETARY, "/api/consultations", area_path=PLACE, matter=words, **who)["number"])


@then("谁都看得到书记接待室周三上午有4个时段可以预约")
def slots(story: Story) -> None:
    asked = {"area_path": PLACE, "room": ROOM, "day": "2024-07-10"}
    shown = story.http.get("/api/bookings/slots", params=asked).json()["items"]
    assert [1, 1, 1, 1] == [slot["free"] for slot in shown]


@when("网格员彭文斌替田桂芳预约了周三9点30分")
def booked(story: Story) -> None:
    story.number = book(story, "09:30", TIAN)


@when("他又替别人约同一时段，被告知已经约满，还空着9点")
def full(story: Story) -> None:
    story.try_to(lambda: book(story, "09:30", {"name": "马建国", "phone": MA["phone"]}))
    assert story.refusal
    assert (409, "2024-07-10T01:00:00+00:00") == (story.refusal["status"], story.refusal["free"][0])


@when("到了7月10日9点30分")
def the_day(story: Story) -> None:
    story.set_time(2024, 7, 10, 9, 30)


@when(parsers.parse('田桂芳按约来说"{words}"，书记登记'))
def came(story: Story, words: str) -> None:
    story.other_number = receive(story, words, booking=story.number)


@then(parsers.parse('她的预约是"{state}"，书记没有再问姓名电话'))
def used(story: Story, state: str) -> None:
    booking = story.ask(SECRETARY, f"/api/bookings/{story.number}")
    asker = story.ask(SECRETARY, f"/api/consultations/{story.other_number}")["asker"]
    assert (state, "田*芳") == (booking["state"], asker["masked_name"])


@when("书记当场请物业换好，田桂芳认可")
def settled(story: Story) -> None:
    done = {"result": "请物业当场换了灯泡", "agreed": True}
    assert "SETTLED" == story.do(SECRETARY, f"/api/consultations/{story.other_number}/settlement", **done)["state"]


@when(parsers.parse('没有预约的马建国进门说"{words}"，书记登记后转为诉求'))
def walked_in(story: Story, words: str) -> None:
    number = receive(story, words, asker=MA)
    found = {"place_text": "车棚", "content": words, "nature": "HELP", "category": "housing.facility.handrail"}
    story.number = story.do(SECRETARY, f"/api/consultations/{number}/appeals", **found)["raised"]


@then("诉求的首问责任人是书记赵佳慧")
def first_asked(story: Story) -> None:
    view = story.ask(SECRETARY, f"/api/appeals/{story.number}")
    assert ("赵佳慧", "马*国") == (view["first_responder"]["name"], view["reporter"]["masked_name"])


@then("总线上没有田桂芳和马建国说的话")
def nothing_said(story: Story) -> None:
    names = " or ".join(f"body like '%{one}%'" for one in ("田桂芳", "马建国", "楼道灯", "车棚顶"))
    assert 0 == sql.one(story.world, "intake", f"select count(*) from outbox where {names}")
