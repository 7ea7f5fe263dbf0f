"""A missing manhole cover 井盖 (A11): an emergency by itself; who reported it sees how it goes without an account."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from chassis.errors import NotFound
from chassis.tables import AUDIT
from contracts.intake.hazards import HazardView, NameOwner, ReportHazard, SecureHazard, VerifyHazard
from contracts.intake.residents import CheckHazard, ResidentHazardView, RevealContact
from services.intake import hazards, plainly, residents
from services.intake.machines import HAZARD
from tests.unit.intake.world import CHEN, LISHAN, NIGHT, NOW, STRANGER, WANG, ZHANG, do, facts_of

LIU = {"name": "刘大爷", "phone": "13900000311"}
COVER = {
    "kind": "MANHOLE", "level": "SERIOUS", "danger_flags": [], "description": "路边露着一个洞", "place_text": "东门外",
    "photos": [], "asset": None, "channel": "QR", "reporter": LIU,
}  # fmt: skip


def reported(store, who=CHEN, now=NOW, **more):
    return do(store, hazards.report_hazard, ReportHazard, who, now, **{**COVER, **more})


def looked_up(store, number, tail="0311"):
    asked = {"number": number, "phone_tail": tail}
    return ResidentHazardView().dump(do(store, plainly.check_hazard, CheckHazard, STRANGER, **asked))


def carry_out(store, command, number, **more):
    def act(session, who, asked, now):
        return HAZARD.carry_out(command, session, who, asked, now)

    return do(store, act, command, LISHAN, number=number, **more)


def test_given_a_missing_cover_when_reported_in_any_words_then_it_is_an_emergency(store):
    number = reported(store)["number"]
    with store.transaction() as session:
        row = HAZARD.read(session, WANG, {"number": number})
        assert ("EMERGENCY", ["隐患类别：井盖缺失"]) == (row.urgency, row.urgency_reasons)


@pytest.mark.parametrize(("now", "sent"), [(NOW, LISHAN), (NIGHT, ZHANG)], ids=["day", "night"])
def test_given_a_resident_when_reporting_then_whoever_is_on_duty_is_sent_and_has_it_on_the_desk(store, now, sent):
    reported(store, now=now)
    (fact,) = facts_of(store, "hazard_reported")
    assert (sent.id, f"person:{sent.id}") == (fact["data"]["on_duty"]["id"], fact["waits"].split()[0])


def test_given_a_grid_worker_who_writes_for_a_resident_when_reporting_then_nobody_else_is_sent(store):
    reported(store, LISHAN, channel="PHONE")
    (fact,) = facts_of(store, "hazard_reported")
    assert (None, LISHAN.id) == (fact["data"]["on_duty"], fact["data"]["reported_by"]["id"])


@pytest.mark.rule("6")
def test_given_a_report_when_told_then_neither_name_nor_telephone_leave_the_service(store):
    reported(store)
    assert [] == [word for word in ("刘大爷", "13900000311", "0311", "东门") if word in str(facts_of(store))]


def test_given_staff_of_the_place_when_reading_then_the_reporter_is_masked(store):
    number = reported(store)["number"]
    asked = {"number": number}
    with store.transaction() as session:
        row = HAZARD.read(session, WANG, asked)
        view = HazardView().dump(HAZARD.view(session, WANG, row))
    assert ("刘*爷", "139****0311") == (view["reporter"]["masked_name"], view["reporter"]["masked_phone"])


def test_given_number_and_tail_when_looked_up_then_every_step_is_told_in_plain_words(store):
    number = reported(store)["number"]
    first = looked_up(store, number)
    do(store, hazards.secure_hazard, SecureHazard, LISHAN, number=number, measure_code="GUARD")
    do(store, hazards.verify_hazard, VerifyHazard, LISHAN, number=number)
    last = looked_up(store, number)
    assert ("已经登记，正在派人去看", "李珊") == (first["state_text"], first["first_responder_name"])
    assert ["已经登记，马上有人去看", "现场已经采取措施：专人看守", "危险已经消除，工作人员到现场核实过了"] == [
        step["text"] for step in last["steps"]
    ]


def test_given_a_resident_on_record_when_reporting_again_then_both_are_looked_up(store):
    numbers = [reported(store)["number"] for _ in range(2)]
    assert numbers == [looked_up(store, number)["number"] for number in numbers]


@pytest.mark.parametrize("given", [{"tail": "0312"}, {"number": "Y202407050101000019"}], ids=["tail", "number"])
def test_given_a_wrong_tail_or_number_when_looked_up_then_the_answer_is_the_same(store, given):
    asked = {"number": reported(store)["number"], **given}
    with pytest.raises(NotFound) as refused:
        looked_up(store, **asked)
    assert ("编号或电话尾号不对，请核对后再试", {}) == (refused.value.message, refused.value.details)


def test_given_a_report_of_staff_without_a_resident_when_looked_up_then_there_is_none(store):
    number = reported(store, LISHAN, reporter=None)["number"]
    with pytest.raises(NotFound):
        looked_up(store, number, "0000")


def test_given_an_unknown_owner_when_found_out_after_the_danger_is_gone_then_it_is_recorded(store):
    number = reported(store, LISHAN, level="GENERAL", asset="UNKNOWN")["number"]
    do(store, hazards.verify_hazard, VerifyHazard, LISHAN, number=number)
    view = carry_out(store, NameOwner, number, asset="TELECOM")
    (fact,) = facts_of(store, "hazard_owner_named")
    assert ("REMOVED", "TELECOM", "TELECOM") == (view["state"], view["asset"], fact["data"]["asset"])


def test_given_an_open_danger_when_the_grid_worker_asks_where_it_is_then_the_telephone_is_shown_and_audited(store):
    view = reported(store)
    with store.transaction() as session:
        person_id = HAZARD.read(session, WANG, view).reporter_id
    asked = {"person_id": str(person_id), "purpose": "问清楚在哪里"}
    shown = do(store, residents.reveal, RevealContact, LISHAN, **asked)
    with store.transaction() as session:
        audited = [row.act for row in session.execute(select(AUDIT.c.act))]
    assert ("13900000311", ["reveal_contact"]) == (shown["phone"], audited)
    do(store, hazards.secure_hazard, SecureHazard, LISHAN, number=view["number"])
    do(store, hazards.verify_hazard, VerifyHazard, LISHAN, number=view["number"])
    with pytest.raises(NotFound):
        do(store, residents.reveal, RevealContact, LISHAN, **asked)
