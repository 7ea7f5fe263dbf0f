"""Helpers: invited by whistle, accepted by signature, swapped by objection, admitted by every party's consent."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from time import monotonic
from uuid import uuid4

import pytest
from sqlalchemy import column, func, select, table

from chassis.errors import Conflict, NotFound
from services.mediation import cases, helpers
from services.mediation.tables import HeardTask, HelperConsent
from tests.support.delivering import failing, twice
from tests.unit.mediation.people import ELSEWHERE, NOW, OTHER_APPEAL, RECEIVER, SHI, STAIRWELL, UNITS, refusal
from tests.unit.mediation.station import Station


def states(world):
    return {helper.unit: helper.state for helper in world.helpers()}


def test_given_a_case_when_three_units_are_whistled_then_three_helpers_await_consent(world):
    world.mediating()
    twice(world.store, helpers.whistle_blown, world.whistled(), NOW)
    (told,) = world.said("helpers_invited")
    assert (sorted(UNITS), {"INVITED"}) == (
        sorted(helper["unit"] for helper in told["helpers"]), set(states(world).values()),
    )  # fmt: skip
    assert {f"{unit}单位" for unit in UNITS} == {helper["unit_name"] for helper in told["helpers"]}


def test_given_a_whistle_when_the_commit_fails_then_nothing_remains(world):
    world.mediating()
    failing(world.store, helpers.whistle_blown, world.whistled(), NOW)
    with world.store.transaction() as session:
        assert 0 == session.scalar(select(func.count()).select_from(HeardTask))
    assert ([], []) == (world.helpers(), world.said("helpers_invited"))


def test_given_a_case_of_mediations_own_when_whistled_for_then_its_helpers_await_consent(world):
    world = Station(world.store, furnish=False)
    own = world.walk_in(SHI, area_path=STAIRWELL)
    twice(world.store, helpers.whistle_blown, world.whistled("lijingjie-pcs", kind="MEDIATION", appeal=own), NOW)
    assert {"lijingjie-pcs": "INVITED"} == states(world)


@pytest.mark.parametrize("more", [{"kind": "HAZARD"}, {"appeal": OTHER_APPEAL}])
def test_given_a_whistle_for_something_else_when_heard_then_nobody_is_invited(world, more):
    world.mediating()
    world.hear(helpers.whistle_blown, world.whistled(**more))
    assert [] == world.helpers()


def test_given_a_whistle_when_heard_before_its_dispute_then_the_case_opens_with_the_helpers(world):
    world.hear(helpers.whistle_blown, world.whistled("lijingjie-sfs"))
    world.open_case()
    assert (["mediation_case_opened", "helpers_invited"], {"lijingjie-sfs": "INVITED"}) == (
        world.names_said(), states(world),
    )  # fmt: skip


def test_given_a_whistle_blown_before_the_quarrel_was_one_when_the_case_opens_then_it_is_not_for_it(world):
    world.hear(helpers.whistle_blown, world.whistled(time=NOW - timedelta(days=1)))
    world.open_case()
    assert [] == world.helpers()


def test_given_a_helper_when_its_receiver_signs_then_it_is_accepted(world):
    world.mediating()
    whistle = uuid4()
    world.hear(helpers.whistle_blown, world.whistled(*UNITS, whistle=whistle))
    twice(world.store, helpers.task_signed, world.signed(whistle, "lijingjie-sfs"), NOW)
    assert {"lijingjie-sfs": "ACCEPTED", "yinhong-falvguwen": "INVITED", "lijingjie-pcs": "INVITED"} == states(world)


def test_given_a_signature_when_the_commit_fails_then_the_helper_stays_invited(world):
    world.mediating()
    whistle = uuid4()
    world.hear(helpers.whistle_blown, world.whistled("lijingjie-sfs", whistle=whistle))
    failing(world.store, helpers.task_signed, world.signed(whistle, "lijingjie-sfs"), NOW)
    assert {"lijingjie-sfs": "INVITED"} == states(world)


def test_given_a_signature_when_heard_before_the_whistle_then_the_helper_comes_accepted(world):
    world.mediating()
    whistle = uuid4()
    world.hear(helpers.task_signed, world.signed(whistle, "lijingjie-sfs"))
    assert {} == states(world)
    world.hear(helpers.whistle_blown, world.whistled("lijingjie-sfs", whistle=whistle))
    assert {"lijingjie-sfs": "ACCEPTED"} == states(world)


def test_given_an_objection_upheld_when_heard_then_the_other_unit_is_invited_in_its_place(world):
    world.mediating()
    whistle = uuid4()
    world.hear(helpers.whistle_blown, world.whistled("lijingjie-pcs", whistle=whistle))
    twice(world.store, helpers.objection_decided, world.swapped(whistle, "lijingjie-pcs", "lijingjie-zhdd"), NOW)
    assert {"lijingjie-pcs": "REPLACED", "lijingjie-zhdd": "INVITED"} == states(world)
    assert ["lijingjie-pcs", "lijingjie-zhdd"] == [told["helpers"][0]["unit"] for told in world.said("helpers_invited")]


def test_given_an_objection_when_the_commit_fails_then_the_unit_stays(world):
    world.mediating()
    whistle = uuid4()
    world.hear(helpers.whistle_blown, world.whistled("lijingjie-pcs", whistle=whistle))
    failing(world.store, helpers.objection_decided, world.swapped(whistle, "lijingjie-pcs", "lijingjie-zhdd"), NOW)
    assert {"lijingjie-pcs": "INVITED"} == states(world)


def test_given_an_objection_rejected_when_heard_then_the_unit_stays(world):
    world.mediating()
    whistle = uuid4()
    world.hear(helpers.whistle_blown, world.whistled("lijingjie-pcs", whistle=whistle))
    world.hear(helpers.objection_decided, world.swapped(whistle, "lijingjie-pcs", None, "REJECTED"))
    assert {"lijingjie-pcs": "INVITED"} == states(world)


def test_given_an_objection_when_heard_before_the_whistle_then_only_the_new_unit_is_invited(world):
    world.mediating()
    whistle = uuid4()
    world.hear(helpers.objection_decided, world.swapped(whistle, "lijingjie-pcs", "lijingjie-zhdd"))
    world.hear(helpers.whistle_blown, world.whistled("lijingjie-pcs", "lijingjie-sfs", whistle=whistle))
    assert {"lijingjie-sfs": "INVITED", "lijingjie-zhdd": "INVITED"} == states(world)


def test_given_a_replaced_helper_when_its_signature_comes_late_then_it_stays_replaced(world):
    world.mediating()
    whistle = uuid4()
    world.hear(helpers.whistle_blown, world.whistled("lijingjie-pcs", whistle=whistle))
    world.hear(helpers.objection_decided, world.swapped(whistle, "lijingjie-pcs", "lijingjie-zhdd"))
    world.hear(helpers.task_signed, world.signed(whistle, "lijingjie-pcs"))
    assert "REPLACED" == states(world)["lijingjie-pcs"]


def test_given_a_helper_when_replaced_then_it_leaves_the_sessions_to_come(world):
    world.mediating()
    whistle = uuid4()
    world.hear(helpers.whistle_blown, world.whistled("lijingjie-pcs", whistle=whistle))
    (helper,) = world.helpers()
    world.consent(world.chen, helper.id)
    world.consent(world.zhao, helper.id)
    world.schedule(helper_ids=[helper.id])
    world.hear(helpers.objection_decided, world.swapped(whistle, "lijingjie-pcs", "lijingjie-zhdd"))
    assert [[]] == world.see(lambda case: [row.helper_ids for row in case.sessions])


def test_given_a_whistle_for_an_appeal_merged_away_when_heard_then_the_surviving_case_gets_the_helpers(world):
    world.open_case(appeal=OTHER_APPEAL, seq=2)
    world.merge()
    world.hear(helpers.whistle_blown, world.whistled("lijingjie-sfs"))
    assert {"lijingjie-sfs": "INVITED"} == states(world)


def test_given_a_whistle_when_the_merge_is_heard_later_then_the_surviving_case_gets_the_helpers(world):
    world.open_case(appeal=OTHER_APPEAL, seq=2)
    world.hear(helpers.whistle_blown, world.whistled("lijingjie-sfs"))
    world.merge()
    assert {"lijingjie-sfs": "INVITED"} == states(world)


def test_given_a_finished_case_when_a_whistle_is_heard_then_nobody_is_invited(world):
    world.mediating()
    world.terminate()
    world.hear(helpers.whistle_blown, world.whistled())
    assert [] == world.helpers()


# -- consent


@pytest.fixture
def helper(world):
    world.mediating()
    world.hear(helpers.whistle_blown, world.whistled("lijingjie-sfs"))
    return world.helpers()[0].id


def test_given_one_consent_when_a_session_names_the_helper_then_conflict_tells_whose_is_missing(world, helper):
    world.consent(world.chen, helper)
    with pytest.raises(Conflict) as refused:
        world.schedule(helper_ids=[helper])
    assert ["赵*"] == refused.value.details["missing"]


def test_given_every_consent_when_a_session_names_the_helper_then_it_may_attend(world, helper):
    world.consent(world.chen, helper)
    world.consent(world.zhao, helper)
    world.schedule(helper_ids=[helper])
    (told,) = world.said("mediation_session_scheduled")
    assert (["lijingjie-sfs"], 2) == (told["helper_units"], len(world.said("helper_consented")))


def test_given_a_consent_when_given_again_then_nothing_is_told_twice(world, helper):
    world.consent(world.chen, helper)
    world.consent(world.chen, helper)
    with world.store.transaction() as session:
        assert 1 == session.scalar(select(func.count()).select_from(HelperConsent))
    assert 1 == len(world.said("helper_consented"))


def test_given_no_consent_when_a_helper_is_recorded_as_present_then_conflict(world, helper):
    world.schedule()
    world.now += timedelta(days=5)
    with pytest.raises(Conflict):
        world.record("NO_AGREEMENT", present=[world.chen, helper])


def test_given_a_helper_of_no_case_when_consented_then_not_found(world, helper):
    with pytest.raises(NotFound):
        world.consent(world.chen, uuid4())


def test_given_a_replaced_helper_when_consented_then_conflict(world):
    world.mediating()
    whistle = uuid4()
    world.hear(helpers.whistle_blown, world.whistled("lijingjie-pcs", whistle=whistle))
    world.hear(helpers.objection_decided, world.swapped(whistle, "lijingjie-pcs", "lijingjie-zhdd"))
    replaced = next(one.id for one in world.helpers() if one.unit == "lijingjie-pcs")
    with pytest.raises(Conflict):
        world.consent(world.chen, replaced)


@pytest.mark.parametrize("who", [ELSEWHERE, RECEIVER])
def test_given_the_wrong_role_or_place_when_consenting_then_forbidden(world, helper, who):
    with pytest.raises(refusal(who)):
        world.consent(world.chen, helper, who=who)


def test_given_whistle_and_dispute_heard_at_the_same_time_when_both_commit_then_neither_missed_the_other(world):
    dispute = Thread(target=world.hear, args=(cases.open_for_dispute, world.disputed()))
    with world.store.transaction() as session:
        helpers.whistle_blown(session, world.service(), world.whistled("lijingjie-sfs"), NOW)
        dispute.start()
        until(lambda: waiting(session))
    dispute.join(10)
    assert {"lijingjie-sfs": "INVITED"} == states(world)


def waiting(session):
    """Whether somebody waits for a lock on a source."""
    locks = table("pg_locks", column("locktype"), column("granted"))
    return session.scalar(select(func.count()).where(locks.c.locktype == "advisory", ~locks.c.granted))


def until(holds):
    deadline = monotonic() + 10
    while not holds():
        assert monotonic() < deadline, "nobody waits for the lock"
