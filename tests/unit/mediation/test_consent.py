"""Willingness, names, mediators: what must be so before anybody sits down together."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select, text

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, VersionMismatch
from chassis.identity import Principal
from chassis.sealing import keyed_hash
from chassis.tables import AUDIT
from kernel.names import key
from services.mediation.tables import CaseMediator, Party, Willingness
from tests.unit.mediation.people import ELSEWHERE, LISHAN, RECEIVER, RESIDENT, SHI, STREET_OFFICER, refusal, staff


def test_given_two_parties_when_one_is_willing_then_the_case_waits_for_the_other(world):
    world.open_case()
    world.willing(world.chen)
    assert ("ACCEPTED", ["YES", "UNKNOWN"]) == (
        world.state(), world.see(lambda case: [party.willing for party in case.parties]),
    )  # fmt: skip


def test_given_two_parties_when_both_are_willing_then_the_case_is_opened(world):
    world.opened()
    assert ("OPENED", world.now) == world.see(lambda case: (case.state, case.opened_at))


def test_given_a_word_when_taken_down_then_who_how_and_when_are_kept(world):
    world.open_case()
    world.willing(world.chen, how="ON_SITE")
    with world.store.transaction() as session:
        row = session.scalars(select(Willingness)).one()
        assert ("YES", "ON_SITE", world.now, {"id": "u-lishan", "name": "李珊"}) == (
            row.willing, row.how, row.at, row.recorded_by,
        )  # fmt: skip
    (told,) = world.said("party_willingness_recorded")
    assert (str(world.chen), "YES", "ON_SITE") == (told["party_id"], told["willing"], told["how"])


@pytest.mark.parametrize("way", ["open_case", "opened", "mediating", "drafted"])
def test_given_any_state_before_effect_when_a_party_refuses_then_mediation_ends_with_remedies(world, way):
    getattr(world, way)()
    world.willing(world.zhao, "NO")
    (ended,) = world.said("mediation_terminated")
    assert ("TERMINATED", [str(world.zhao)], "PARTY_REFUSED", 3) == (
        world.state(), [told["party_id"] for told in world.said("party_refused")], ended["reason"],
        len(ended["remedies"]),
    )  # fmt: skip


def test_given_a_refusal_when_a_session_is_scheduled_then_it_is_refused(world):
    world.mediating()
    world.willing(world.zhao, "NO")
    with pytest.raises(Conflict) as refused:
        world.schedule()
    assert ("TERMINATED", ["MEDIATING"]) == (refused.value.details["state"], refused.value.details["allowed_states"])


def test_given_a_refusal_when_the_same_party_comes_round_then_only_a_new_case_with_its_consent_gets_a_session(world):
    world.mediating()
    world.willing(world.zhao, "NO")
    with pytest.raises(Conflict):
        world.willing(world.zhao, "YES")
    world.now = world.now.replace(day=6)
    world.open_case()
    world.willing(world.chen)
    with pytest.raises(Conflict):
        world.assign()
    world.willing(world.zhao)
    world.assign()
    world.schedule()
    assert ("MEDIATING", 1) == (world.state(), len(world.session_ids()))


def test_given_a_party_that_says_neither_when_recorded_then_invalid(world):
    world.open_case()
    with pytest.raises(Invalid):
        world.willing(world.chen, "UNKNOWN")


def test_given_somebody_who_is_no_party_when_recorded_then_not_found(world):
    world.open_case()
    with pytest.raises(NotFound):
        world.willing(uuid4())


def test_given_a_binding_agreement_when_a_party_refuses_then_it_is_too_late(world):
    world.effective()
    with pytest.raises(Conflict):
        world.willing(world.zhao, "NO")


@pytest.mark.parametrize("who", [ELSEWHERE, RECEIVER, RESIDENT, STREET_OFFICER])
def test_given_the_wrong_role_or_place_when_recording_willingness_then_forbidden(world, who):
    world.open_case()
    with pytest.raises(refusal(who)):
        world.willing(world.chen, who=who)
    assert ["mediation_case_opened"] == world.names_said()


def test_given_an_old_version_when_recording_then_the_mismatch_is_named(world):
    world.open_case()
    with pytest.raises(VersionMismatch) as refused:
        world.willing(world.chen, expected_version=0)
    assert (0, 1) == (refused.value.details["expected"], refused.value.details["present"])


def test_given_a_party_of_the_case_when_it_is_staff_then_it_may_not_touch_it(world):
    world.open_case()
    own = Principal(str(world.chen_person), "陈*", SHI.grants)
    with pytest.raises(Forbidden):
        world.willing(world.zhao, who=own)


# -- names


def test_given_a_party_when_named_then_the_name_is_sealed_found_by_hash_and_masked(world):
    world.open_case()
    world.name(world.chen, "陈桂兰", phone="13895120001", address="5号楼2单元301室")
    with world.store.transaction() as session:
        row = session.get(Party, (world.case_id, world.chen))
        raw = session.execute(text("select name, phone, address from party where no = 1")).one()
    assert ("陈桂兰", "13895120001", "5号楼2单元301室", "陈*兰", keyed_hash(key("陈桂兰"))) == (
        row.name, row.phone, row.address, row.masked_name, row.name_hash,
    )  # fmt: skip
    assert all("陈桂兰".encode() not in bytes(cell) and b"13895120001" not in bytes(cell) for cell in raw)


@pytest.mark.rule("21")
@pytest.mark.parametrize("phone", ["6012345", "０９５１—６０１２３４５", "+86 951 601 2345"])
def test_given_a_landline_in_any_spelling_when_a_party_is_named_then_one_form_is_kept(world, phone):
    world.open_case()
    world.name(world.chen, "陈桂兰", phone=phone)
    with world.store.transaction() as session:
        assert "09516012345" == session.get(Party, (world.case_id, world.chen)).phone


@pytest.mark.rule("21")
def test_given_a_number_the_city_has_not_when_a_party_is_named_then_the_field_says_why(world):
    world.open_case()
    with pytest.raises(Invalid) as refusal:
        world.name(world.chen, "陈桂兰", phone="60123456")
    assert ["区号 0951 后的号码应为 7 位，现在是 8 位"] == refusal.value.details["fields"]["phone"]


def test_given_a_party_when_named_then_it_is_audited_and_nobody_is_told(world):
    world.open_case()
    world.name(world.chen, "陈桂兰")
    with world.store.transaction() as session:
        assert ["name_party"] == list(session.scalars(select(AUDIT.c.act)))
    assert ["mediation_case_opened"] == world.names_said()


def test_given_a_phone_when_the_name_is_mended_without_one_then_it_is_kept(world):
    world.open_case()
    world.name(world.chen, "陈桂蓝", phone="13895120001")
    world.name(world.chen, "陈桂兰")
    assert ("陈桂兰", "13895120001") == world.see(lambda case: (case.parties[0].name, case.parties[0].phone))


def test_given_a_signature_when_a_name_is_mended_then_conflict(world):
    agreement = world.drafted()
    world.name(world.zhao, "赵建华")
    world.sign(agreement, party=world.chen)
    with pytest.raises(Conflict):
        world.name(world.zhao, "赵建国")


def test_given_the_wrong_place_when_naming_then_forbidden(world):
    world.open_case()
    with pytest.raises(NotFound):
        world.name(world.chen, "陈桂兰", who=ELSEWHERE)


# -- mediators


def test_given_an_opened_case_when_a_member_is_appointed_then_mediation_begins(world):
    world.mediating()
    (told,) = world.said("mediator_assigned")
    assert ("MEDIATING", {"id": "u-shixiuying", "name": "石秀英"}, "APPOINTED") == (
        world.state(), told["mediator"], told["how_chosen"],
    )  # fmt: skip


def test_given_an_unopened_case_when_a_mediator_is_appointed_then_conflict(world):
    world.open_case()
    with pytest.raises(Conflict):
        world.assign()


def test_given_a_party_known_by_name_only_when_a_namesake_is_appointed_then_conflict(world):
    world.opened()
    world.name(world.zhao, "石秀英")
    with pytest.raises(Conflict) as refused:
        world.assign()
    assert "回避" == refused.value.details["rule"]


@pytest.mark.rule("24")
@pytest.mark.parametrize("written", ["石　秀英", "石\u200b秀英"])
def test_given_a_namesake_in_another_spelling_when_appointed_then_conflict(world, written):
    world.opened()
    world.name(world.zhao, written)
    with pytest.raises(Conflict) as refused:
        world.assign()
    assert "回避" == refused.value.details["rule"]


def test_given_a_mediator_when_a_party_turns_out_to_bear_that_name_then_the_mediator_must_be_replaced_first(world):
    world.mediating()
    with pytest.raises(Conflict):
        world.name(world.zhao, "石秀英")
    world.assign("u-maguangming")
    world.name(world.zhao, "石秀英")
    assert "石秀英" == world.see(lambda case: case.parties[1].name)


@pytest.mark.parametrize("mediator", ["u-nobody", "u-lao", "u-yanggendi"])
def test_given_one_who_is_in_no_statutory_committee_of_the_place_when_appointed_then_conflict(world, mediator):
    world.opened()
    with pytest.raises(Conflict):
        world.assign(mediator)
    assert "OPENED" == world.state()


def test_given_a_challenge_when_another_mediator_is_appointed_then_the_first_is_replaced(world):
    world.mediating()
    world.assign("u-maguangming", how_chosen="CHOSEN")
    with world.store.transaction() as session:
        rows = session.scalars(select(CaseMediator).order_by(CaseMediator.mediator_id)).all()
    assert [("u-maguangming", None), ("u-shixiuying", world.now)] == [(row.mediator_id, row.ended_at) for row in rows]


def test_given_the_mediator_when_appointed_again_then_conflict(world):
    world.mediating()
    with pytest.raises(Conflict):
        world.assign()


@pytest.mark.parametrize("who", [LISHAN, ELSEWHERE, RECEIVER])
def test_given_the_wrong_role_or_place_when_appointing_then_forbidden(world, who):
    world.opened()
    with pytest.raises(refusal(who)):
        world.assign(who=who)


def test_given_a_place_no_body_covered_when_one_is_founded_and_its_member_appointed_then_it_takes_the_case(world):
    world.open_case(area_path="yinchuan.xixia.a")
    grid = staff("u-grid", "网格员", "GRID", "yinchuan.xixia")
    world.willing(world.chen, who=grid)
    world.willing(world.zhao, who=grid)
    with world.store.transaction() as session:
        session.execute(text("update org set area_path = 'yinchuan' where code = 'yinhong-tiaowei'"))
    world.assign(who=staff("u-c", "社区", "COMMUNITY", "yinchuan.xixia"))
    assert ("yinhong-tiaowei", "（2024）银虹人调字第1号") == world.see(lambda case: (case.org_code, case.docket))
