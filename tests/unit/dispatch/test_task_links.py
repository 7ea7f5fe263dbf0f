"""Units that have nothing but a mailbox: who gets a link, what it is good for, and what it does not lend."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from chassis.errors import Conflict, Forbidden, NotFound
from chassis.identity import Grant, Principal
from chassis.tables import AUDIT
from contracts.dispatch.rating_appeals import AppealRating
from contracts.dispatch.task_links import MakeTaskLink, ReadTaskLink, SendTaskLink
from contracts.dispatch.tasks import SignTask
from contracts.dispatch.whistles import CancelWhistle
from services.dispatch import calling_off, escalation, rating_appeals, task_links, tasks, webhooks, whistles
from services.dispatch.departments import connect
from services.dispatch.tables import Receiver, Unit, Whistle
from tests.support.events import said
from tests.unit.dispatch.world import (
    HEWENBIN,
    LIUWEI,
    LUOJUAN,
    NOW,
    WANGFANG,
    YANGFAN,
    blown,
    command,
    confirm,
    decide,
    do,
    finished,
    later,
    objecting,
    rate,
    reject,
    report,
    task_of,
)  # fmt: skip

NOTIFY, PORTAL, OPERATOR = (Principal.service(name) for name in ("notify", "portal", "dispatch"))
BY_LINK = Principal(HEWENBIN.id, HEWENBIN.name, (Grant("RECEIVER", "yinchuan.xingqing", "sifasuo"),), "link")


@pytest.fixture
def mailed(session):
    """A whistle to two units, of which one works by letter."""
    task_links.switch(session, OPERATOR, "sifasuo", True, NOW)
    return blown(session, units=["sifasuo", "paichusuo"])


def link(session, task, who=HEWENBIN, now=NOW):
    return task_links.make(session, NOTIFY, MakeTaskLink().load({"task_id": str(task["id"]), "receiver": who.id}), now)


def read(session, token, now=NOW):
    return task_links.read(session, PORTAL, ReadTaskLink().load({"token": token}), now)


def state(session, token, now=NOW):
    return read(session, token, now)["link"]


def send(session, number, now=NOW):
    return task_links.send_again(session, PORTAL, SendTaskLink().load({"number": number}), now)["sent"]


def by_link(session, event="whistle_task_assigned"):
    return {each["data"]["unit"]["code"]: each["data"]["by_link"] for each in said(session, event)}


def acts(session, unit="sifasuo"):
    found = session.execute(select(AUDIT.c.act, AUDIT.c.principal_id, AUDIT.c.purpose).order_by(AUDIT.c.no))
    return [tuple(row) for row in found]


def test_given_units_with_and_without_letters_when_a_whistle_is_blown_then_only_those_are_told_by_link(session, mailed):
    assert {"sifasuo": True, "paichusuo": False} == by_link(session)


@pytest.mark.parametrize("program", ["queue", "webhook"])
def test_given_a_unit_with_a_program_when_letters_are_switched_on_then_it_is_refused(session, program):
    if program == "queue":
        connect(session, OPERATOR, "sifasuo", True, NOW)
    else:
        webhooks.set_up(session, OPERATOR, "sifasuo", "https://a.example/hook", NOW)
    with pytest.raises(Conflict):
        task_links.switch(session, OPERATOR, "sifasuo", True, NOW)


def test_given_a_unit_that_gets_a_program_when_a_whistle_is_blown_then_no_link_goes_out_and_old_ones_end(
    session, mailed
):
    token = link(session, task_of(mailed))["token"]
    connect(session, OPERATOR, "sifasuo", True, NOW)
    blown(session, units=["sifasuo"])
    assert (False, "WITHDRAWN") == (by_link(session)["sifasuo"], state(session, token))


def test_given_an_emergency_nobody_is_at_work_for_when_blown_then_no_link_is_told(session):
    task_links.switch(session, OPERATOR, "sifasuo", True, NOW)
    session.execute(update(Receiver).values(active=False))
    blown(session, kind="EMERGENCY", units=["sifasuo"])
    assert {"sifasuo": False} == by_link(session)


def test_given_an_unsigned_task_when_it_is_overdue_then_the_deputy_s_letter_carries_a_link_and_higher_ones_none(
    session, mailed
):
    escalation.raise_due(session, OPERATOR, later(days=10))
    told = [each["data"] for each in said(session, "whistle_task_overdue") if each["data"]["unit"]["code"] == "sifasuo"]
    assert {("RECEIVER_B", True)} == {(each["level"], each["by_link"]) for each in told if each["notify_receiver"]}
    assert [] == [each for each in told if each["by_link"] and each["notify_receiver"] is None]


def test_given_a_link_when_read_then_it_is_the_receiver_s_for_thirty_days(session, mailed):
    made = link(session, task_of(mailed))
    assert (NOW + timedelta(days=30), HEWENBIN.id, "OPEN") == (
        made["until"], read(session, made["token"])["receiver"]["id"], state(session, made["token"]),
    )  # fmt: skip
    moments = (timedelta(days=30, seconds=-1), timedelta(days=30))
    assert ["OPEN", "EXPIRED"] == [state(session, made["token"], NOW + each) for each in moments]


def test_given_two_receivers_when_each_has_a_link_then_each_is_known_by_their_own(session, mailed):
    tokens = [link(session, task_of(mailed), who)["token"] for who in (HEWENBIN, LUOJUAN)]
    assert [HEWENBIN.id, LUOJUAN.id] == [read(session, token)["receiver"]["id"] for token in tokens]


@pytest.mark.parametrize("who", [WANGFANG, LIUWEI])
def test_given_nobody_of_the_roster_when_a_link_is_wanted_for_them_then_there_is_none(session, mailed, who):
    assert None is link(session, task_of(mailed), who)["token"]


def test_given_a_unit_that_works_at_a_desk_when_a_link_is_wanted_then_there_is_none(session, mailed):
    found = session.scalars(select(Receiver).where(Receiver.unit_code == "paichusuo")).one()
    asked = {"task_id": str(task_of(mailed, "paichusuo")["id"]), "receiver": found.person_id}
    assert None is task_links.make(session, NOTIFY, MakeTaskLink().load(asked), NOW)["token"]


def test_given_a_receiver_who_leaves_the_roster_when_the_link_is_read_then_it_names_nobody(session, mailed):
    token = link(session, task_of(mailed))["token"]
    session.get(Receiver, ("sifasuo", HEWENBIN.id)).active = False
    session.flush()
    assert ("OFF_ROSTER", None) == (state(session, token), read(session, token)["receiver"])


def test_given_a_whistle_called_off_when_the_link_is_read_then_it_shows_where_it_stands(session, mailed):
    token = link(session, task_of(mailed))["token"]
    said_why = {"reason_code": "SOLVED", "reason": "已自行解决"}
    do(whistles.cancel, session, LIUWEI, command(CancelWhistle, mailed, **said_why), NOW)
    assert ("SETTLED", "CANCELLED") == (state(session, token), read(session, token)["task_state"])
    assert None is link(session, task_of(mailed))["token"]


def test_given_a_rated_task_when_the_link_is_read_then_it_is_open_as_long_as_the_unit_may_appeal(session, mailed):
    token = link(session, task_of(mailed))["token"]
    task = finished(session, mailed)
    confirm(session, task)
    rate(session, task)
    assert ["OPEN", "SETTLED"] == [state(session, token, now) for now in (later(days=3), later(days=9))]
    assert (True, None) == tuple(
        link(session, task, now=now)["token"] and True for now in (later(days=3), later(days=30))
    )


def test_given_a_rating_when_appealed_against_by_link_then_once_and_the_link_is_over(session, mailed):
    token = link(session, task_of(mailed))["token"]
    task = finished(session, mailed)
    confirm(session, task)
    rate(session, task)
    asked = command(AppealRating, task, reason="已按约定时间到会，签到表为证")
    do(rating_appeals.appeal, session, BY_LINK, asked, later(hours=2))
    with pytest.raises(Conflict):
        do(rating_appeals.appeal, session, BY_LINK, {**asked, "expected_version": None}, later(hours=3))
    assert "SETTLED" == state(session, token, later(hours=4))


def test_given_an_objection_that_holds_when_the_link_is_read_then_it_does_not_open_the_other_unit_s_task(
    session, mailed
):
    token = link(session, task_of(mailed))["token"]
    decide(session, objecting(session, task_of(mailed)), "UPHELD")
    assert ("SETTLED", "REASSIGNED") == (state(session, token), read(session, token)["task_state"])


def test_given_work_sent_back_when_told_then_the_receiver_who_works_by_letter_is_named(session, mailed):
    for unit, who in (("sifasuo", HEWENBIN), ("paichusuo", YANGFAN)):
        reject(session, finished(session, mailed, unit, who))
    facts = {
        each["data"]["unit"]["code"]: each["data"]["written_to"] for each in said(session, "whistle_task_rejected")
    }
    assert {"sifasuo": {"id": HEWENBIN.id, "name": HEWENBIN.name}, "paichusuo": None} == facts


@pytest.mark.parametrize("decision", ["REJECTED", "UPHELD"])
def test_given_an_objection_when_decided_then_the_receiver_who_works_by_letter_is_named(session, mailed, decision):
    decide(session, objecting(session, task_of(mailed)), decision)
    (fact,) = said(session, "whistle_task_objection_decided")
    assert {"id": HEWENBIN.id, "name": HEWENBIN.name} == fact["data"]["written_to"]


def test_given_a_whistle_called_off_before_anybody_signed_then_the_first_of_the_roster_is_written_to(session, mailed):
    row = session.get(Whistle, mailed["id"])
    calling_off.call_off(session, LIUWEI, row, NOW, "WITHDRAWN", "住户已自行解决")
    facts = {
        each["data"]["unit"]["code"]: each["data"]["written_to"] for each in said(session, "whistle_task_cancelled")
    }
    assert {"sifasuo": {"id": HEWENBIN.id, "name": HEWENBIN.name}, "paichusuo": None} == facts


def test_given_letters_switched_off_when_the_link_is_read_then_it_is_withdrawn(session, mailed):
    token = link(session, task_of(mailed))["token"]
    task_links.switch(session, OPERATOR, "sifasuo", False, NOW)
    assert "WITHDRAWN" == state(session, token)


def test_given_a_token_of_nobody_when_read_then_it_is_not_found(session, mailed):
    token = link(session, task_of(mailed))["token"]
    with pytest.raises(NotFound):
        read(session, token[:-1] + ("A" if token[-1] != "A" else "B"))


@pytest.mark.parametrize("who", [HEWENBIN, WANGFANG, LIUWEI, Principal.service("intake")])
def test_given_anybody_else_when_they_ask_about_links_then_they_are_refused(session, mailed, who):
    task = {"task_id": task_of(mailed)["id"], "receiver": HEWENBIN.id}
    for operation, asked in (
        (task_links.make, task),
        (task_links.read, {"token": "A" * 70}),
        (task_links.send_again, {"number": mailed["number"]}),
    ):
        with pytest.raises(Forbidden):
            operation(session, who, asked, NOW)


def test_given_a_step_by_link_when_done_then_the_audit_says_so_and_of_a_desk_it_says_nothing(session, mailed):
    task = task_of(mailed)
    do(tasks.sign, session, BY_LINK, command(SignTask, task), NOW)
    report(session, task)
    expected = ("whistle_task_signed", HEWENBIN.id, "凭信中链接办理")
    assert [expected] == [row for row in acts(session) if row[0].startswith("whistle_task")]


def test_given_a_link_made_when_audited_then_the_receiver_stands_there_and_the_token_does_not(session, mailed):
    token = link(session, task_of(mailed))["token"]
    details = session.scalars(select(AUDIT.c.details).where(AUDIT.c.act == "task_link_made")).one()
    assert (HEWENBIN.id, False) == (details["receiver"], token in str(details))


def test_given_a_new_link_asked_for_when_too_early_then_no_second_letter_is_told(session, mailed):
    sent = [send(session, mailed["number"], later(minutes=minutes)) for minutes in (0, 0, 29, 30)]
    assert [1, 0, 0, 1] == sent
    told = said(session, "whistle_task_link_asked")
    assert [{HEWENBIN.id, LUOJUAN.id}] * 2 == [{one["id"] for one in each["data"]["receivers"]} for each in told]
    assert {"sifasuo"} == {each["data"]["unit"]["code"] for each in told}


def test_given_a_number_of_no_whistle_when_a_link_is_asked_for_then_nothing_is_sent(session, mailed):
    assert 0 == send(session, "W202407050101000999")


def test_given_a_settled_task_when_a_link_is_asked_for_then_nothing_is_sent(session, mailed):
    task = finished(session, mailed)
    confirm(session, task)
    rate(session, task)
    assert 0 == send(session, mailed["number"])


def test_given_a_unit_loaded_again_when_it_works_by_letter_then_it_goes_on(session):
    task_links.switch(session, OPERATOR, "sifasuo", True, NOW)
    session.execute(update(Unit).where(Unit.code == "sifasuo").values(name="司法所"))
    assert True is task_links.works_by_mail(session, session.get(Unit, "sifasuo"))
