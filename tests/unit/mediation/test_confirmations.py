"""Copies handed over, and judicial confirmation within 30 days of effect (人民调解法 art. 29, 33)."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import date, datetime, time, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from chinese_calendar import is_holiday
from pypdf import PdfReader

from chassis.errors import Conflict, Invalid, NotFound
from contracts.mediation import confirmations as say
from services.mediation import confirmation_paper, confirmations
from services.mediation.rules import WINDOW, rules
from tests.unit.mediation.people import SHI

COURT = "银川市兴庆区人民法院"
THERE = ZoneInfo("Asia/Shanghai")


def later(world, **more):
    """An agreement in effect whose money is not paid yet."""
    return world.effective(terms=[world.term(due_at="2024-09-01T00:00:00+08:00")], **more)


def hand_over(world, key, party, **more):
    world.ask(say.HandOverCopy, confirmations.hand_over, SHI, agreement_id=key, party_id=party, **more)


def apply(world, key, **more):
    world.ask(say.ApplyForConfirmation, confirmations.apply, SHI, agreement_id=key, **{"court": COURT, **more})


def decide(world, key, outcome="CONFIRMED", **more):
    given = {"outcome": outcome, "ruling_number": "（2024）宁0104民特12号", **more}
    world.ask(say.RecordConfirmation, confirmations.decide, SHI, agreement_id=key, **given)


def lapse(world):
    with world.store.transaction() as session:
        return confirmations.lapse(session, world.service(), world.now)


def judicial(world):
    return world.see(lambda case: case.agreements[-1].judicial)


def test_given_effect_when_copies_are_handed_over_then_each_party_has_one(world):
    key = later(world)
    hand_over(world, key, world.chen)
    hand_over(world, key, world.zhao)
    with pytest.raises(Conflict):
        hand_over(world, key, world.chen)
    assert {str(world.chen), str(world.zhao)} == {
        str(told["party_id"]) for told in world.said("agreement_copy_handed_over")
    }


@pytest.mark.parametrize("day", ["2024-07-08", "2024-07-10"], ids=["before effect", "tomorrow"])
def test_given_a_day_that_cannot_be_when_taken_down_then_invalid(world, day):
    key = later(world)
    with pytest.raises(Invalid):
        hand_over(world, key, world.chen, handed_on=day)
    with pytest.raises(Invalid):
        apply(world, key, applied_on=day)


def test_given_the_window_when_both_apply_then_the_court_decides_once(world):
    key = later(world)
    with pytest.raises(Conflict, match="还没有申请"):
        decide(world, key)
    apply(world, key)
    with pytest.raises(Conflict, match="不能再申请"):
        apply(world, key)
    with pytest.raises(Invalid):
        decide(world, key, "APPLIED")
    with pytest.raises(Invalid):
        decide(world, key, ruling_number=None)
    decide(world, key)
    assert "CONFIRMED" == judicial(world)
    assert ["confirmation_applied", "confirmation_decided"] == world.names_said()[-2:]


@pytest.mark.parametrize("late", [0, 1], ids=["last day", "a day later"])
def test_given_the_last_day_when_it_was_handed_in_then_in_time_and_a_day_later_not(world, late):
    key = later(world)
    world.now += timedelta(days=40)
    day = date(2024, 8, 8) + timedelta(days=late)
    if late:
        with pytest.raises(Invalid) as refusal:
            apply(world, key, applied_on=day.isoformat())
        assert ["applied_on"] == list(refusal.value.details["fields"])
    else:
        apply(world, key, applied_on=day.isoformat())


def test_given_a_window_nobody_used_then_it_lapses_once_and_is_told_once(world):
    key = later(world)
    assert 0 == lapse(world)
    world.now += timedelta(days=31)
    assert (1, 0, "TIME_LAPSED") == (lapse(world), lapse(world), judicial(world))
    assert 1 == len(world.said("confirmation_lapsed"))
    with pytest.raises(Conflict):
        apply(world, key)


def test_given_an_application_when_the_window_ends_then_it_does_not_lapse(world):
    apply(world, later(world))
    world.now += timedelta(days=60)
    assert (0, "APPLIED") == (lapse(world), judicial(world))


def test_given_an_oral_agreement_then_no_court_takes_it(world):
    key = world.drafted(form="ORAL", terms=[world.term(due_at="2024-09-01T00:00:00+08:00")])
    with pytest.raises(Conflict, match="口头协议"):
        apply(world, key)


def packet(world, key):
    command = say.GetConfirmationPacket().load({"agreement_id": str(key)})
    with world.store.transaction() as session:
        made = confirmation_paper.printed(session, SHI, command, world.now)
    pages = PdfReader(BytesIO(b64decode(made["content"]))).pages
    return [re.sub(r"\s", "", page.extract_text()) for page in pages]


def test_given_effect_when_the_packet_is_printed_then_application_undertaking_and_agreement_are_in_it(world):
    text = "".join(packet(world, later(world)))
    wanted = ("司法确认申请书", "没有恶意串通", "在2024年8月8日以前共同提出", "人民调解协议书", "申请人陈桂兰（签名")
    assert [] == [words for words in wanted if words not in text]


def test_given_no_effect_or_a_lapsed_window_then_no_packet(world):
    key = world.drafted()
    with pytest.raises(Conflict, match="还没有生效"):
        packet(world, key)
    with pytest.raises(NotFound):
        packet(world, world.case_id)


def test_given_each_day_of_three_years_when_counted_by_another_calendar_then_the_window_ends_the_same_day():
    """First day out, thirty days, rolled over days off; 2027's official days are not out yet (30 days before)."""
    day, wrong = date(2024, 1, 1), []
    while day < date(2026, 11, 1):
        last = day + timedelta(days=30)
        while is_holiday(last):
            last += timedelta(days=1)
        moment = datetime.combine(day, time(15), THERE)
        until = rules(moment).until(WINDOW, moment).astimezone(THERE)
        if until != datetime.combine(last + timedelta(days=1), time(0), THERE):
            wrong.append((day, until, last))
        day += timedelta(days=1)
    assert [] == wrong
