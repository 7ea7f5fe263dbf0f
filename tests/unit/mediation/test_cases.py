"""How a case begins and ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from chassis.errors import Conflict, Invalid
from services.mediation import cases, clocks, following
from services.mediation.tables import Case, Deadline, SourceEnd
from tests.support.delivering import failing, twice
from tests.unit.mediation.people import (
    APPEAL,
    ELSEWHERE,
    LISHAN,
    NOW,
    OTHER_APPEAL,
    SHI,
    STATION_AREA,
    number,
    refusal,
)

REMEDIES = ["LITIGATION", "ARBITRATION", "ADMINISTRATIVE"]


def count(world, model=Case):
    with world.store.transaction() as session:
        return session.scalar(select(func.count()).select_from(model))


def expire(world, at):
    with world.store.transaction() as session:
        return cases.expire_cases(session, SHI, at)


def test_given_a_dispute_when_heard_then_a_case_is_accepted_and_told(world):
    world.open_case()
    (told,) = world.said("mediation_case_opened")
    assert ("ACCEPTED", "（2024）银虹人调字第1号", "yinhong-tiaowei", number(1)) == world.see(
        lambda case: (case.state, case.docket, case.org_code, case.case_number)
    )
    assert ("NEIGHBOUR", "YELLOW", ["陈*", "赵*"], {"kind": "APPEAL", "id": str(APPEAL), "number": number(1)}) == (
        told["dispute_type"], told["risk_level"], [party["masked_name"] for party in told["parties"]], told["source"],
    )  # fmt: skip


def test_given_a_dispute_when_opened_then_mediation_is_limited_to_thirty_days_by_policy(world):
    world.open_case()
    (told,) = world.said("mediation_case_opened")
    # 2024-07-05 + 30 days is Sunday 4 August: the limit ends with Monday the 5th, Asia/Shanghai
    assert datetime(2024, 8, 5, 16, 0, tzinfo=UTC) == datetime.fromisoformat(told["deadline"])
    assert (told["deadline"], "30d") == world.see(
        lambda case: (case.clock.due_at.isoformat().replace("+00:00", "Z"), case.clock.limit_text)
    )


def test_given_a_dispute_when_opened_then_its_number_has_kind_day_area_and_check_digit(world):
    world.open_case()
    assert number(1, "M") == world.see(lambda case: case.mediation_number)


def test_given_a_dispute_when_delivered_twice_then_there_is_one_case(world):
    twice(world.store, cases.open_for_dispute, world.disputed(), NOW)
    assert (1, ["mediation_case_opened"]) == (count(world), world.names_said())


def test_given_a_dispute_when_the_commit_fails_then_nothing_remains(world):
    failing(world.store, cases.open_for_dispute, world.disputed(), NOW)
    assert (0, []) == (count(world), world.names_said())


def test_given_an_open_case_when_the_dispute_is_told_again_then_it_stays_the_one_case(world):
    world.open_case()
    world.hear(cases.open_for_dispute, world.disputed(time=NOW + timedelta(hours=1)))
    assert (1, "ACCEPTED") == (count(world), world.state())


def test_given_a_refused_case_when_the_dispute_is_identified_anew_then_a_new_case_asks_everybody_again(world):
    first = world.open_case()
    world.willing(world.zhao, "NO")
    world.now = NOW + timedelta(days=2)
    world.open_case()
    assert ("ACCEPTED", first, ["UNKNOWN", "UNKNOWN"], "（2024）银虹人调字第2号") == world.see(
        lambda case: (case.state, case.previous_id, [party.willing for party in case.parties], case.docket)
    )


def test_given_a_terminated_case_when_an_older_fact_comes_late_then_no_case_opens(world):
    world.open_case()
    world.willing(world.zhao, "NO")
    world.hear(cases.open_for_dispute, world.disputed(time=NOW - timedelta(days=1)))
    assert 1 == count(world)


def test_given_a_place_without_a_committee_when_a_dispute_comes_then_the_other_body_has_it(world):
    world.open_case(area_path=f"{STATION_AREA}.g1")
    assert ("hongse-jiayuan", "（2024）红色家园调字第1号") == world.see(lambda case: (case.org_code, case.docket))


def test_given_a_place_without_any_body_when_a_dispute_comes_then_the_case_waits_for_one(world):
    world.open_case(area_path="yinchuan.xixia")
    assert (None, None, "ACCEPTED") == world.see(lambda case: (case.org_code, case.docket, case.state))


def test_given_a_case_when_it_fails_then_the_other_ways_are_told_to_each_party(world):
    world.mediating()
    world.terminate("FAILED")
    (told,) = world.said("mediation_terminated")
    assert ("TERMINATED", "FAILED", REMEDIES, 2) == (
        world.state(), told["reason"], told["remedies"], len(told["parties"]),
    )  # fmt: skip


def test_given_a_planned_session_when_the_case_ends_then_it_is_called_off(world):
    world.mediating()
    world.schedule()
    world.terminate("WITHDRAWN")
    assert ["CANCELLED"] == world.see(lambda case: [row.state for row in case.sessions])


def test_given_a_half_signed_agreement_when_the_case_ends_then_it_is_void(world):
    agreement = world.drafted()
    world.sign(agreement, party=world.chen)
    world.terminate()
    assert ["SET_ASIDE"] == world.see(lambda case: [one.state for one in case.agreements])


@pytest.mark.parametrize("reason", ["PARTY_REFUSED", "EXPIRED"])
def test_given_a_case_when_ended_for_a_reason_only_refusal_or_clock_may_give_then_invalid(world, reason):
    world.mediating()
    with pytest.raises(Invalid):
        world.terminate(reason)
    assert "MEDIATING" == world.state()


def test_given_a_binding_agreement_when_ended_then_conflict_names_the_states_that_allow_it(world):
    world.effective()
    with pytest.raises(Conflict) as refused:
        world.terminate()
    assert ("PERFORMING", ["ACCEPTED", "AGREED", "MEDIATING", "OPENED"]) == (
        refused.value.details["state"], refused.value.details["allowed_states"],
    )  # fmt: skip


@pytest.mark.parametrize("who", [LISHAN, ELSEWHERE])
def test_given_the_wrong_role_or_place_when_ending_a_case_then_forbidden(world, who):
    world.mediating()
    with pytest.raises(refusal(who)):
        world.terminate(who=who)


def test_given_the_limit_when_not_yet_passed_then_the_case_goes_on(world):
    world.mediating()
    due = world.see(lambda case: case.clock.due_at)
    assert (0, "MEDIATING") == (expire(world, due), world.state())


def test_given_the_limit_of_thirty_days_when_half_and_four_fifths_have_passed_then_each_is_told_once(world):
    world.mediating()
    for day in (14, 16, 17, 25, 26):
        with world.store.transaction() as session:
            clocks.warn_approaching(session, SHI, NOW + timedelta(days=day))
    warned = world.said("mediation_deadline_approaching")
    assert [(50, SHI.name), (80, SHI.name)] == [(one["percent"], one["holder"]["name"]) for one in warned]


@pytest.mark.parametrize("way", ["open_case", "opened", "mediating"])
def test_given_the_limit_when_passed_without_agreement_then_the_case_expires_with_remedies(world, way):
    getattr(world, way)()
    due = world.see(lambda case: case.clock.due_at)
    assert 1 == expire(world, due + timedelta(seconds=1))
    (told,) = world.said("mediation_terminated")
    assert ("TERMINATED", "EXPIRED", REMEDIES) == (world.state(), told["reason"], told["remedies"])


def test_given_an_expired_case_when_the_timer_runs_again_then_nothing_more_happens(world):
    world.open_case()
    late = NOW + timedelta(days=60)
    assert (1, 0, 1) == (expire(world, late), expire(world, late), len(world.said("mediation_terminated")))


def test_given_a_drafted_agreement_when_the_limit_passes_then_it_was_met(world):
    world.drafted()
    assert (0, "AGREED") == (expire(world, NOW + timedelta(days=60)), world.state())


def test_given_open_limits_when_recounted_by_the_same_calendar_then_none_moves(world):
    world.open_case()
    with world.store.transaction() as session:
        assert 0 == clocks.recompute_deadlines(session, None, NOW)


def test_given_an_open_case_when_the_appeal_is_withdrawn_then_the_case_is_too(world):
    world.mediating()
    twice(world.store, following.source_withdrawn, world.withdrawn(), NOW)
    assert ("TERMINATED", ["WITHDRAWN"]) == (
        world.state(),
        [told["reason"] for told in world.said("mediation_terminated")],
    )


def test_given_an_open_case_when_the_withdrawal_cannot_commit_then_nothing_remains(world):
    world.mediating()
    failing(world.store, following.source_withdrawn, world.withdrawn(), NOW)
    assert ("MEDIATING", 0) == (world.state(), count(world, SourceEnd))


def test_given_a_binding_agreement_when_the_appeal_is_withdrawn_then_the_agreement_stands(world):
    world.effective()
    world.withdraw()
    assert "PERFORMING" == world.state()


def test_given_a_withdrawn_appeal_when_its_dispute_is_heard_late_then_no_case_opens(world):
    world.withdraw()
    world.hear(cases.open_for_dispute, world.disputed())
    assert 0 == count(world)


def test_given_an_open_case_when_its_appeal_is_merged_then_the_case_follows(world):
    world.opened()
    twice(world.store, following.source_merged, world.merged(), NOW)
    world.willing(world.chen)
    assert (OTHER_APPEAL, number(2), number(2), "OPENED") == world.see(
        lambda case: (case.source_id, case.source_number, case.case_number, case.state)
    )
    assert (number(2), str(OTHER_APPEAL)) == (
        world.envelopes()[-1]["casenumber"], world.envelopes()[-1]["data"]["source"]["id"],
    )  # fmt: skip


def test_given_a_merge_when_the_commit_fails_then_nothing_remains(world):
    world.opened()
    failing(world.store, following.source_merged, world.merged(), NOW)
    assert (APPEAL, 0) == (world.see(lambda case: case.source_id), count(world, SourceEnd))


def test_given_a_merged_appeal_when_its_dispute_is_heard_late_then_the_case_is_the_surviving_appeals(world):
    world.merge()
    world.open_case()
    assert (OTHER_APPEAL, number(2)) == world.see(lambda case: (case.source_id, case.case_number))


def test_given_two_merges_in_a_row_when_heard_then_the_case_follows_to_the_end(world):
    third, fourth = "00000000-0000-0000-0000-000000000003", "00000000-0000-0000-0000-000000000004"
    world.merge(appeal=OTHER_APPEAL, into=third, into_seq=3)
    world.merge(appeal=third, into=fourth, into_seq=4)
    world.open_case()
    world.merge()
    assert (fourth, number(4)) == world.see(lambda case: (str(case.source_id), case.case_number))


def test_given_a_case_of_the_surviving_appeal_when_another_is_merged_into_it_then_that_one_ends(world):
    world.open_case(appeal=OTHER_APPEAL, seq=2)
    world.open_case()
    world.merge()
    with world.store.transaction() as session:
        states = {row.source_id: row.state for row in session.execute(select(Case.source_id, Case.state))}
    assert {OTHER_APPEAL: "ACCEPTED", APPEAL: "TERMINATED"} == states


def test_given_a_withdrawn_case_when_its_limit_would_pass_then_the_clock_was_called_off(world):
    world.open_case()
    world.withdraw()
    with world.store.transaction() as session:
        assert session.scalars(select(Deadline)).one().cancelled_at == NOW
