"""Merged, resumed and supervised cases in the read model, whatever the order of the facts."""

from __future__ import annotations

import pytest

from chassis.identity import Grant, Principal
from chassis.store import Store
from contracts import samples
from contracts.intake.appeals import AppealRegistered
from contracts.intake.endings import AppealJoined, AppealMerged, AppealResumed, AppealSupervised
from contracts.intake.working import AppealResultReported
from services.portal.readmodel import entries, lists
from services.portal.readmodel.tables import Matter
from tests.unit.portal.readmodel.looking import case, tell
from tests.unit.portal.readmodel.story import APPEAL_NO, COMMUNITY, STAIRWELL, Teller, at, iso, uid

SECOND = samples.MERGED_NO
ONE, TWO = uid("appeal one"), uid("appeal two")
STREET = Principal("u-street", "街道", (Grant("STREET", COMMUNITY.rsplit(".", 1)[0], "lijingjie"),))
WORKER = Principal("u-wang", "王芳", (Grant("COMMUNITY", COMMUNITY, "yinhong"),))


def calls() -> tuple[Teller, Teller]:
    """Two calls about one matter; the second is merged into the first."""
    first, second = Teller(APPEAL_NO, STAIRWELL), Teller(SECOND, STAIRWELL)
    first.say(0, AppealRegistered, ONE, number=APPEAL_NO, urgency="NORMAL", promise_at=iso(100))
    second.say(1, AppealRegistered, TWO, number=SECOND)
    into = {"into_id": ONE, "into_number": APPEAL_NO}
    second.say(2, AppealMerged, TWO, number=SECOND, **into)
    joined = {"from_id": TWO, "from_number": SECOND, "urgency": "EMERGENCY", "due_at": iso(3)}
    first.say(2, AppealJoined, ONE, number=APPEAL_NO, **joined)
    return first, second


@pytest.mark.rule("9")
@pytest.mark.parametrize("late", [False, True])
def test_given_a_merged_case_when_the_survivor_is_read_then_its_timeline_is_part_of_it(
    store: Store, late: bool
) -> None:
    first, second = calls()
    events = [*first.events, *second.events]
    tell(store, reversed(events) if late else events)
    with store.transaction() as session:
        root = session.get_one(Matter, ONE)
        assert {SECOND, APPEAL_NO} == {entry.case_number for entry in entries.with_merged(session, root)}
        assert [TWO] == [each.id for each in lists.belonging(session, root)]


@pytest.mark.rule("8")
def test_given_a_more_urgent_case_when_it_joins_then_the_survivor_shows_urgency_and_date(store: Store) -> None:
    first, second = calls()
    tell(store, [*first.events, *second.events])
    page = case(store, APPEAL_NO)
    assert ("EMERGENCY", at(3)) == (page.urgency, page.due_at)


@pytest.mark.rule("7")
def test_given_a_resumed_case_when_the_former_survivor_is_read_then_it_shows_only_its_own(store: Store) -> None:
    first, second = calls()
    second.say(5, AppealResumed, TWO, number=SECOND, due_at=iso(9))
    tell(store, [*first.events, *second.events])
    page = case(store, SECOND)
    assert ("REGISTERED", at(9)) == (page.state, page.due_at)
    with store.transaction() as session:
        survivor = session.get_one(Matter, ONE)
        assert {APPEAL_NO} == {entry.case_number for entry in entries.with_merged(session, survivor)}


@pytest.mark.rule("11")
@pytest.mark.parametrize("late", [False, True])
def test_given_supervision_when_the_desks_are_looked_at_then_it_is_the_streets_with_its_date(
    store: Store, late: bool
) -> None:
    told = Teller(APPEAL_NO, STAIRWELL)
    told.say(0, AppealRegistered, ONE, number=APPEAL_NO)
    told.say(2, AppealResultReported, ONE, number=APPEAL_NO)
    told.say(5, AppealSupervised, ONE, number=APPEAL_NO, due_at=iso(50))
    tell(store, reversed(told.events) if late else told.events)
    page = case(store, APPEAL_NO)
    assert ("RESULT_REPORTED", at(50)) == (page.state, page.due_at)
    with store.transaction() as session:
        desks = [lists.desk(session, who, {}, at(6))[0] for who in (STREET, WORKER)]
    assert [[ONE], []] == [[each.id for each in desk] for desk in desks]
