"""The need list becomes an agenda; a decision names money and who does it, and becomes one task for all units."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from marshmallow import ValidationError

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from contracts.intake.needs import NeedDecided
from kernel.numbers import check
from services.dispatch.conferences import LIFE
from tests.support.events import names_said, said
from tests.support.printed import text
from tests.unit.dispatch import world
from tests.unit.dispatch.conferring import APPEAL, NEED, OTHER_APPEAL, OTHER_NEED, do, listed
from tests.unit.dispatch.world import LISHAN, LIUWEI, OTHER_STREET, WANGFANG, YUHAITAO

ARROWS = "CALLED decide_item CALLED | CALLED hold_conference HELD | CALLED cancel_conference CANCELLED"


def items(view):
    return [one["item"] for one in view["agenda"]]


def names(store):
    with store.transaction() as session:
        return names_said(session)


def test_given_the_life_when_compared_with_the_told_one_then_the_arrows_are_the_same():
    told = {tuple(arrow.split()) for arrow in ARROWS.split("|")}
    assert told == {(str(source), name, str(target)) for source, name, target in LIFE.arrows()}


@pytest.mark.row("S3.2")
def test_given_needs_that_wait_when_a_joint_meeting_is_called_then_they_are_its_agenda(store):
    listed(store)
    listed(store, OTHER_NEED, OTHER_APPEAL)
    view = do(store, "call_conference")
    assert ("V", True, [NEED, OTHER_NEED]) == (view["number"][0], check(view["number"]), items(view))
    assert ["conference_called", *["conference_item_listed"] * 2] == names(store)


@pytest.mark.parametrize("turn", [2, 3, 4])
def test_given_facts_of_a_need_in_any_order_when_heard_then_the_newest_counts(store, turn):
    listed(store, turn=3, contract=NeedDecided)
    listed(store, turn=turn)
    listed(store, OTHER_NEED, OTHER_APPEAL)
    assert (turn == 4) == (NEED in items(do(store, "call_conference")))


def test_given_nothing_that_waits_when_called_then_the_field_says_so(store):
    with pytest.raises(Invalid) as refused:
        do(store, "call_conference")
    assert ["appeals"] == list(refused.value.details["fields"])


def test_given_two_meetings_called_at_once_then_a_need_stands_on_one_agenda(store):
    listed(store)
    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(do, store, "call_conference", who) for who in (WANGFANG, LIUWEI)]
        failed = [one.exception() for one in tries if one.exception()]
    assert ([Invalid], 1) == ([type(one) for one in failed], names(store).count("conference_called"))


@pytest.mark.row("S3.2")
def test_given_a_decision_of_the_street_s_meeting_when_recorded_then_one_task_has_the_sixty_seven_units(store):
    listed(store)
    number = do(store, "call_conference", LIUWEI)["number"]
    item = do(store, "decide_item", LIUWEI, number=number)["agenda"][0]
    whistle = do(store, "get_whistle", LIUWEI, number=item["whistle"])
    (task,) = whistle["tasks"]
    assert ("BLOWN", "KEY", "wuye", 67) == (
        whistle["state"], whistle["kind"], task["unit"]["code"], len(task["parts"]),
    )  # fmt: skip
    assert ("为民专项经费", "DO", "2024-08-31") == (item["funding"], item["decision"], item["until"])


def test_given_a_community_s_meeting_when_decided_then_its_whistle_waits_for_the_street(store):
    listed(store)
    number = do(store, "call_conference")["number"]
    item = do(store, "decide_item", number=number)["agenda"][0]
    assert "PENDING_APPROVAL" == do(store, "get_whistle", LIUWEI, number=item["whistle"])["state"]


def test_given_a_decision_when_told_then_money_and_words_stay_home(store):
    listed(store)
    do(store, "decide_item", number=do(store, "call_conference")["number"])
    with store.transaction() as session:
        (fact,) = said(session, "conference_item_decided")
        told = str(said(session))
    assert (str(APPEAL), "DO") == (fact["data"]["appeal_id"], fact["data"]["decision"])
    assert [] == [word for word in ("专项经费", "会议室", "7月联席会") if word in told]


@pytest.mark.parametrize(
    ("more", "field"),
    [({"decision": "LATER", "until": None}, "until"), ({"funding": None}, "funding")],
    ids=["later without a day", "a contractor without money"],
)
def test_given_a_decision_that_lacks_something_when_recorded_then_the_field_says_so(store, more, field):
    listed(store)
    number = do(store, "call_conference")["number"]
    with pytest.raises(ValidationError) as refused:
        do(store, "decide_item", number=number, **more)
    assert [field] == list(refused.value.messages_dict)


@pytest.mark.parametrize(("more", "field"), [({"item": OTHER_NEED}, "item"), ({"decision": None}, "decision")])
def test_given_what_a_joint_meeting_may_not_decide_when_recorded_then_the_field_says_so(store, more, field):
    listed(store)
    number = do(store, "call_conference")["number"]
    with pytest.raises(Invalid) as refused:
        do(store, "decide_item", number=number, **more)
    assert [field] == list(refused.value.details["fields"])


def test_given_two_minutes_at_once_when_one_item_is_decided_then_one_stands_and_the_other_is_a_named_conflict(store):
    listed(store)
    number = do(store, "call_conference")["number"]
    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(do, store, "decide_item", who, number=number) for who in (WANGFANG, LIUWEI)]
        failed = [one.exception() for one in tries if one.exception()]
    assert ([Conflict], NEED, 1) == (
        [type(one) for one in failed], failed[0].details["item"], names(store).count("conference_item_decided"),
    )  # fmt: skip


def test_given_an_item_left_over_when_the_meeting_ends_then_it_is_on_the_next_agenda_and_what_was_decided_is_not(store):
    listed(store)
    listed(store, OTHER_NEED, OTHER_APPEAL)
    number = do(store, "call_conference")["number"]
    do(store, "decide_item", number=number)
    assert "HELD" == do(store, "hold_conference", number=number)["state"]
    assert [OTHER_NEED] == items(do(store, "call_conference"))


def test_given_a_meeting_cancelled_when_called_again_then_its_agenda_is_the_next_one_s(store):
    listed(store)
    do(store, "cancel_conference", number=do(store, "call_conference")["number"])
    assert [NEED] == items(do(store, "call_conference"))


@pytest.mark.row("S2.8")
def test_given_a_hard_matter_when_consulted_on_then_the_earlier_whistles_stand_beside_it(store):
    with store.transaction() as session:
        blown = [world.blown(session, source=world.source(id_=APPEAL)) for _ in range(2)]
    view = do(store, "call_conference", kind="CONSULTATION", appeals=[NEED])
    assert [[one["number"] for one in blown]] == [one["earlier"] for one in view["agenda"]]
    said_ = {"decision": None, "contractor": None, "campaign": None, "conclusion": "先查管线图，再分两段改"}
    item = do(store, "decide_item", number=view["number"], **said_)["agenda"][0]
    assert ("先查管线图，再分两段改", None) == (item["conclusion"], item["whistle"])


def test_given_a_consultation_about_nothing_when_called_then_the_field_says_so(store):
    with pytest.raises(ValidationError) as refused:
        do(store, "call_conference", kind="CONSULTATION")
    assert ["appeals"] == list(refused.value.messages_dict)


@pytest.mark.parametrize("who", [LISHAN, OTHER_STREET, YUHAITAO])
def test_given_who_does_not_chair_there_when_calling_then_it_is_forbidden(store, who):
    listed(store)
    with pytest.raises(Forbidden):
        do(store, "call_conference", who)


@pytest.mark.parametrize(("who", "sees"), [(YUHAITAO, True), (world.HEWENBIN, False)], ids=["invited", "not invited"])
def test_given_a_unit_when_looking_then_an_invited_one_reads_it_and_others_find_none(store, who, sees):
    listed(store)
    number = do(store, "call_conference")["number"]
    try:
        found = do(store, "get_conference", who, number=number)["number"] == number
    except NotFound:
        found = False
    assert (sees, sees) == (found, [number] == [row["number"] for row in do(store, "list_conferences", who)["items"]])


def paper(store, number, kind):
    return text(do(store, "get_conference_paper", number=number, paper=kind))


def test_given_a_meeting_to_come_when_its_papers_are_printed_then_there_is_an_agenda_and_no_minutes(store):
    listed(store)
    number = do(store, "call_conference")["number"]
    words = paper(store, number, "AGENDA")
    assert [] == [each for each in ("联席会议程", "7月联席会", "银虹物业公司", f"1．{NEED}") if each not in words]
    with pytest.raises(Conflict):
        paper(store, number, "MINUTES")


def test_given_a_meeting_that_is_over_when_its_minutes_are_printed_then_each_item_says_what_was_decided(store):
    listed(store)
    listed(store, OTHER_NEED, OTHER_APPEAL)
    number = do(store, "call_conference")["number"]
    do(store, "decide_item", LIUWEI, number=number)
    do(store, "hold_conference", number=number)
    words = paper(store, number, "MINUTES")
    told = (
        "办理，2024年8月31日前办好，由银虹物业公司办，资金：为民专项经费",
        f"2．{OTHER_NEED}：没有研究，留到下次。",
    )
    assert [] == [each for each in (*told, "全部安装，8月31日前办好") if each not in words]
