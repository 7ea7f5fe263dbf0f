"""Sessions: notice, waiver, record; refusing money is not refusing mediation."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.errors import Conflict, Invalid, NotFound
from tests.unit.mediation.people import ELSEWHERE, HEARING, LISHAN, NOW, RECEIVER, refusal


def test_given_willing_parties_when_a_session_is_scheduled_with_notice_then_it_is_told(world):
    world.mediating()
    world.schedule(kind="ON_SITE")
    (told,) = world.said("mediation_session_scheduled")
    assert (1, "ON_SITE", "2024-07-09T07:00:00Z", [], False) == (
        told["session_no"], told["kind"], told["starts_at"], told["helper_units"], told["notice_waived"],
    )  # fmt: skip


@pytest.mark.parametrize(("hours", "fits"), [(24, True), (23.9, False), (-1, False)])
def test_given_the_usual_notice_when_a_session_is_scheduled_then_it_is_at_least_a_day_ahead(world, hours, fits):
    world.mediating()
    starts_at = NOW + timedelta(hours=hours)
    if fits:
        world.schedule(starts_at=starts_at)
    else:
        with pytest.raises(Invalid) as refused:
            world.schedule(starts_at=starts_at)
        assert ["starts_at"] == list(refused.value.details["fields"])
    assert int(fits) == len(world.session_ids())


def test_given_waived_notice_when_a_session_is_scheduled_then_it_may_be_now(world):
    world.mediating()
    world.schedule(starts_at=NOW, notice_waived=True, kind="SHUTTLE")
    assert [True] == [told["notice_waived"] for told in world.said("mediation_session_scheduled")]


def test_given_waived_notice_when_it_would_have_been_before_the_case_was_open_then_invalid(world):
    world.mediating()
    with pytest.raises(Invalid):
        world.schedule(starts_at=NOW - timedelta(hours=1), notice_waived=True)


def test_given_nine_talks_with_one_side_when_recorded_then_the_case_counts_nine(world):
    world.mediating()
    for _ in range(9):
        world.schedule(starts_at=NOW, notice_waived=True, kind="SHUTTLE")
        world.record("CONTINUE", present=[world.zhao], reason_code="AMOUNT_DISPUTED")
    assert (list(range(1, 10)), "MEDIATING") == (
        world.see(lambda case: [row.no for row in case.sessions]),
        world.state(),
    )


def test_given_a_refusal_to_pay_when_recorded_then_the_case_goes_on_to_a_second_session(world):
    world.mediating()
    world.schedule(starts_at=NOW, notice_waived=True, kind="ON_SITE")
    world.record("NO_AGREEMENT", present=[world.zhao])
    world.schedule()
    (held,) = world.said("mediation_session_held")
    assert ("MEDIATING", "NO_AGREEMENT", "REFUSED_COMPENSATION", []) == (
        world.state(), held["outcome"], held["reason_code"], world.said("party_refused"),
    )  # fmt: skip


@pytest.mark.parametrize("way", ["open_case", "opened", "drafted", "effective"])
def test_given_another_state_when_a_session_is_scheduled_then_conflict_names_the_right_one(world, way):
    getattr(world, way)()
    with pytest.raises(Conflict) as refused:
        world.schedule(starts_at=world.now + timedelta(days=2))
    assert ["MEDIATING"] == refused.value.details["allowed_states"]


@pytest.mark.parametrize("who", [LISHAN, ELSEWHERE, RECEIVER])
def test_given_the_wrong_role_or_place_when_scheduling_then_forbidden(world, who):
    world.mediating()
    with pytest.raises(refusal(who)):
        world.schedule(who=who)


def test_given_a_session_to_come_when_recorded_before_it_begins_then_conflict(world):
    world.mediating()
    world.schedule()
    with pytest.raises(Conflict):
        world.record("AGREED")


def test_given_a_session_to_come_when_nobody_wants_it_any_more_then_it_may_be_recorded_as_abandoned(world):
    world.mediating()
    world.schedule()
    world.record("ABANDONED", reason_code="PARTY_ABSENT")
    assert ["HELD"] == world.see(lambda case: [row.state for row in case.sessions])


def test_given_a_recorded_session_when_recorded_again_then_conflict(world):
    world.accord()
    with pytest.raises(Conflict) as refused:
        world.record("NO_AGREEMENT")
    assert ("HELD", ["SCHEDULED"]) == (refused.value.details["state"], refused.value.details["allowed_states"])


def test_given_an_outcome_short_of_agreement_when_recorded_without_a_reason_then_invalid(world):
    world.mediating()
    world.schedule()
    world.now = HEARING
    with pytest.raises(Invalid):
        world.record("NO_AGREEMENT", reason_code=None)


def test_given_a_stranger_when_recorded_as_present_then_conflict(world):
    world.mediating()
    world.schedule()
    world.now = HEARING
    with pytest.raises(Conflict):
        world.record("AGREED", present=[uuid4()])


def test_given_a_session_of_another_case_when_recorded_then_not_found(world):
    world.mediating()
    world.schedule()
    world.now = HEARING
    with pytest.raises(NotFound):
        world.record("AGREED", session_id=uuid4())


def test_given_a_record_when_stored_then_its_words_and_place_are_sealed(world):
    world.mediating()
    world.schedule(place_text="5号楼2单元401室")
    world.now = HEARING
    world.record("AGREED", record_text="赵建国当面认错")
    with world.store.transaction() as session:
        row = session.execute(text("select place_text, record_text from session")).one()
    assert all("401室".encode() not in bytes(cell) and "赵建国".encode() not in bytes(cell) for cell in row)
