"""A session is moved with the usual notice; what is still planned falls away with the accord and with the case."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identity import Principal
from contracts.mediation.sessions import SessionPlace
from services.mediation import sessions, views
from tests.unit.mediation.people import ELSEWHERE, HEARING, LISHAN, NOW, RECEIVER, SHI

pytestmark = pytest.mark.rule("13")

LATER = HEARING + timedelta(days=1)


def planned(world):
    world.mediating()
    world.schedule()


def stands(world):
    return world.see(lambda case: (case.sessions[-1].starts_at, case.sessions[-1].place_text, case.sessions[-1].state))


def test_given_a_planned_session_when_moved_then_time_and_place_are_new_and_it_is_told_without_the_place(world):
    planned(world)
    world.move(starts_at=LATER, place_text="5号楼2单元401室")
    (told,) = world.said("mediation_session_moved")
    assert (LATER, "5号楼2单元401室", "SCHEDULED") == stands(world)
    assert ("2024-07-09T07:00:00Z", "2024-07-10T07:00:00Z", 1) == (
        told["was_starts_at"], told["starts_at"], told["session_no"],
    )  # fmt: skip
    assert not any("单元" in str(envelope) for envelope in world.envelopes())


@pytest.mark.parametrize(("hours", "waived", "fits"), [(24, False, True), (23, False, False), (1, True, True)])
def test_given_the_usual_notice_when_moved_then_it_holds_unless_waived_again(world, hours, waived, fits):
    planned(world)
    moment = NOW + timedelta(hours=hours)
    if fits:
        world.move(starts_at=moment, notice_waived=waived)
    else:
        with pytest.raises(Invalid) as refused:
            world.move(starts_at=moment, notice_waived=waived)
        assert ["starts_at"] == list(refused.value.details["fields"])
    assert fits == (stands(world)[0] == moment)


def test_given_nothing_new_when_moved_then_conflict(world):
    planned(world)
    with pytest.raises(Conflict):
        world.move(starts_at=HEARING)
    assert [] == world.said("mediation_session_moved")


def test_given_a_recorded_session_when_moved_then_conflict(world):
    planned(world)
    world.record("ABANDONED", reason_code="PARTY_ABSENT")
    with pytest.raises(Conflict) as refused:
        world.move(starts_at=LATER)
    assert ["SCHEDULED"] == refused.value.details["allowed_states"]


def test_given_a_session_of_another_case_when_moved_then_not_found(world):
    planned(world)
    with pytest.raises(NotFound):
        world.move(starts_at=LATER, session_id=uuid4())


@pytest.mark.parametrize(("who", "error"), [(LISHAN, Forbidden), (ELSEWHERE, NotFound), (RECEIVER, NotFound)])
def test_given_the_wrong_role_or_place_when_moving_then_it_is_forbidden_or_not_there(world, who, error):
    planned(world)
    with pytest.raises(error):
        world.move(who=who, starts_at=LATER)


def test_given_no_session_to_come_when_shown_then_moving_is_not_offered(world):
    world.mediating()
    before = offered(world)
    world.schedule()
    assert (False, True) == ("move_session" in before, "move_session" in offered(world))


def test_given_an_accord_when_drafted_then_a_session_still_planned_falls_away(world):
    planned(world)
    world.name(world.chen, "陈桂兰")
    world.name(world.zhao, "赵建国")
    first = world.session_ids()[0]
    world.schedule(starts_at=LATER + timedelta(days=2))
    world.now = HEARING
    world.record("AGREED", session_id=first)
    world.draft()
    assert ["HELD", "CANCELLED"] == world.see(lambda case: [row.state for row in case.sessions])


def test_given_a_place_when_notify_asks_then_it_is_told_and_to_people_it_is_not(world):
    planned(world)
    asked = {"session_id": world.session_ids()[0]}
    with world.store.transaction() as session:
        told = sessions.place(session, Principal.service("notify"), asked, NOW)
        assert "社区调解室" == SessionPlace.answer().dump(told)["place_text"]
        with pytest.raises(Forbidden):
            sessions.place(session, SHI, asked, NOW)
        with pytest.raises(NotFound):
            sessions.place(session, Principal.service("notify"), {"session_id": uuid4()}, NOW)


def offered(world) -> list[str]:
    with world.store.transaction() as session:
        case = views.find(session, SHI, {"case_id": world.case_id})
        return list(views.case_view(session, SHI, case)["allowed_commands"])
