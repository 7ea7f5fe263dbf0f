"""What is answered, to whom, and what never leaves."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from chassis.errors import Forbidden, NotFound
from chassis.identity import Grant, Principal
from contracts.mediation.agreements import SignAgreement
from contracts.mediation.cases import GetCase
from services.mediation import helpers, views
from services.mediation.tables import Agreement
from tests.unit.mediation.people import (
    ELSEWHERE,
    LISHAN,
    RECEIVER,
    RESIDENT,
    SHI,
    STREET_OFFICER,
    WANG,
    number,
    refusal,
)

SECRETS = ("陈桂兰", "赵建国", "13895120001", "301室", "赔偿地板", "将杂物倒入马桶", "双方陈述")


def get(world, who=SHI, **key):
    command = GetCase().load({name: str(value) for name, value in (key or {"case_id": world.case_id}).items()})
    with world.store.transaction() as session:
        return GetCase.answer().dump(views.case_view(session, who, views.find(session, who, command)))


def get_agreement(world, who=SHI):
    with world.store.transaction() as session:
        row = session.scalars(select(Agreement)).one()
        return SignAgreement.answer().dump(views.agreement_view(session, who, row))


@pytest.mark.parametrize("who", [SHI, WANG, LISHAN, STREET_OFFICER], ids=lambda who: who.id)
def test_given_those_who_answer_for_the_place_when_they_ask_then_they_see_the_case(world, who):
    world.open_case()
    assert str(world.case_id) == get(world, who)["id"]


@pytest.mark.rule("4")
@pytest.mark.parametrize("who", [ELSEWHERE, RECEIVER, RESIDENT], ids=lambda who: who.id)
def test_given_anybody_else_when_they_ask_then_not_found(world, who):
    world.mediating()
    world.hear(helpers.whistle_blown, world.whistled())
    with pytest.raises(refusal(who)):
        get(world, who)


def test_given_a_party_that_is_staff_of_the_place_when_it_asks_then_forbidden(world):
    world.open_case()
    with pytest.raises(Forbidden):
        get(world, Principal(str(world.chen_person), "陈*", (Grant("COMMUNITY", "yinchuan"),)))


def test_given_an_appeals_number_when_asked_then_its_newest_case_is_shown(world):
    world.open_case()
    world.willing(world.zhao, "NO")
    world.now = world.now.replace(day=6)
    second = world.open_case()
    assert str(second) == get(world, case_number=number(1))["id"]


def test_given_an_unknown_number_when_asked_then_not_found(world):
    with pytest.raises(NotFound):
        get(world, case_number=number(9))


def test_given_a_named_party_when_shown_then_it_is_masked(world):
    world.open_case()
    world.name(world.chen, "陈桂兰", phone="13895120001", address="5号楼2单元301室")
    shown = get(world)
    assert ("陈*兰", "138****0001") == (shown["parties"][0]["masked_name"], shown["parties"][0]["masked_phone"])
    assert not [secret for secret in SECRETS if secret in json.dumps(shown, ensure_ascii=False)]


def test_given_a_phone_in_a_record_when_shown_then_it_is_masked(world):
    world.mediating()
    world.schedule(starts_at=world.now, notice_waived=True)
    world.record("CONTINUE", record_text="电话13895120001联系")
    assert "13895120001" not in get(world)["sessions"][0]["record_text"]


def test_given_a_whole_case_when_over_then_no_event_holds_a_name_a_phone_or_a_word_of_content(world):
    world.accord()
    world.name(world.chen, "陈桂兰", phone="13895120001", address="5号楼2单元301室")
    key = world.draft()
    for mark in world.signatures(key).values():
        mark()
    world.perform(key)
    told = json.dumps(world.envelopes(), ensure_ascii=False)
    assert [] == [secret for secret in SECRETS if secret in told]


def test_given_a_state_when_shown_then_the_commands_are_those_the_asker_may_give_now(world):
    world.open_case()
    asking = [
        "acknowledge_rights", "agree_to_extension", "appoint_representative", "consent_to_helper",
        "end_representative", "name_party", "record_talk", "record_willingness", "report_danger",
    ]  # fmt: skip
    assert (asking, sorted([*asking, "extend_mediation", "protect_party", "record_issue", "terminate_case"]), []) == (
        get(world, LISHAN)["allowed_commands"], sorted(get(world, SHI)["allowed_commands"]),
        get(world, STREET_OFFICER)["allowed_commands"],
    )  # fmt: skip


def test_given_a_draft_when_shown_then_it_tells_what_lacks_for_effect(world):
    key = world.drafted()
    world.seal(key)
    world.sign(key, party=world.chen)
    shown = get_agreement(world)
    assert (["赵*国签名", "调解员签名"], ["agreement_document", "seal_agreement", "sign_agreement"]) == (
        shown["missing"], sorted(shown["allowed_commands"]),
    )  # fmt: skip


def test_given_a_binding_agreement_when_shown_then_the_last_day_for_the_court_and_the_terms_are_there(world):
    world.effective()
    shown = get_agreement(world)
    assert ([], "NONE", "2024-08-08T16:00:00Z", "4800.00", "（2024）银虹人调字第1号") == (
        shown["missing"], shown["judicial"], shown["judicial_until"], shown["terms"][0]["amount"], shown["number"],
    )  # fmt: skip


def test_given_an_agreement_when_shown_then_its_version_is_the_one_a_command_expects(world):
    world.drafted()
    assert get(world)["version"] == get_agreement(world)["version"]


def test_given_a_helper_when_every_party_consents_then_it_is_shown_as_admitted(world):
    world.mediating()
    world.hear(helpers.whistle_blown, world.whistled("lijingjie-sfs"))
    (helper,) = world.helpers()
    world.consent(world.chen, helper.id)
    before = get(world)["helpers"][0]
    world.consent(world.zhao, helper.id)
    after = get(world)["helpers"][0]
    assert (False, [str(world.chen)], True) == (
        before["may_attend"], before["consented_party_ids"], after["may_attend"],
    )  # fmt: skip
