"""A protected person gets no text, call, letter or visit: whatever is for them goes to who knows a safe way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.errors import Conflict
from contracts import samples
from contracts.mediation.cases import MediationCaseOpened, MediationTerminated
from contracts.mediation.protection import DisputeEscalationReported, PartyProtected
from contracts.mediation.sessions import MediationSessionScheduled
from services.notify import sending
from services.notify.hand_deliveries import HandDelivery
from services.notify.tables import FollowUp, SafePerson
from tests.support.delivering import failing, twice
from tests.unit.notify import following
from tests.unit.notify.facts import (
    HANDLERS,
    NIGHT,
    NOW,
    SERVICE,
    fact,
    messages,
    registered,
    shanghai,
    tell,
    told,
    with_follow_up,
)
from tests.unit.notify.handing import ways
from tests.unit.notify.posting import Intake

CHEN, KEEPER = samples.CLAIMANT["person_id"], samples.COMMUNITY_MEDIATOR["id"]
LATER = NOW + timedelta(minutes=1)


def hear(store, contract, version, now=NOW, **data):
    tell(store, fact(contract, data, version, subject=samples.CASE), now)


def protected(store, version=3, **data):
    hear(store, PartyProtected, version, **{"person_id": CHEN, **data})


def opened(store):
    hear(store, MediationCaseOpened, 1)


def left(store, now=LATER, ask=None):
    """What left for residents and for staff, in two runs."""
    texts, mail = ways()
    for _ in range(2):
        sending.send_due(store, SERVICE, now, ask or Intake(), [texts, mail], where=lambda _: "由调解员单独告知")
    return texts.letters, mail.letters


def test_given_a_protected_party_when_told_of_a_session_then_nothing_reaches_her_and_the_mediator_is_asked(store):
    opened(store)
    protected(store)
    hear(store, MediationSessionScheduled, 5, starts_at=shanghai(9, 15).isoformat())
    intake = Intake()
    texts, mail = left(store, ask=intake)
    assert ([], []) == (texts, intake.asked)
    safe = [letter for letter in mail if "安全电话" in letter.body]
    assert {KEEPER} == {letter.address for letter in safe}
    assert any("第2次调解" in letter.body for letter in safe)


def test_given_a_message_that_waited_when_she_is_protected_then_it_goes_the_safe_way_too(store):
    registered(store)
    protected(store, person_id=messages(store)[0].recipient_id)
    texts, mail = left(store)
    assert ([], {KEEPER}) == (texts, {letter.address for letter in mail if "安全电话" in letter.body})


def test_given_the_other_side_when_told_then_it_hears_as_always_and_nothing_of_the_protection(store):
    opened(store)
    protected(store, party_id=samples.PARTY_B, person_id=None)
    hear(store, MediationTerminated, 6)
    texts, _ = left(store)
    assert 1 == len(texts)
    assert not any(word in texts[0].body + texts[0].title for word in ("安全", "保护", "封存"))


def test_given_a_protected_party_known_by_name_only_when_told_then_nobody_goes_to_her_door(store):
    opened(store)
    protected(store, party_id=samples.PARTY_B, person_id=None)
    hear(store, MediationTerminated, 6)
    _, mail = left(store)
    with store.transaction() as session:
        assert [] == session.scalars(select(HandDelivery)).all()
    assert [KEEPER] == [letter.address for letter in mail if "已终止" in letter.body]


def test_given_somebody_on_the_way_to_her_door_when_she_is_protected_then_they_are_called_back(store):
    registered(store)
    person_id = messages(store)[0].recipient_id
    left(store, ask=Intake({"name": "陈桂芳", "phone": "13900000001", "contact_preference": "VISIT"}))
    protected(store, person_id=person_id)
    with store.transaction() as session:
        assert ["UNDELIVERED"] == [row.state for row in session.scalars(select(HandDelivery))]


def test_given_no_mediator_yet_when_she_is_told_something_then_the_community_is_asked(store):
    opened(store)
    protected(store, keeper=None)
    hear(store, MediationTerminated, 6)
    _, mail = left(store)
    assert ["community-yinhong"] == [letter.address for letter in mail if "安全电话" in letter.body]


def test_given_facts_in_any_order_when_heard_then_the_newest_mediator_may_call(store):
    protected(store, 7, keeper={"id": "u-maguangming", "name": "马光明"})
    protected(store, 3)
    with store.transaction() as session:
        assert {"u-maguangming"} == {row.keeper_id for row in session.scalars(select(SafePerson))}


def test_given_the_fact_when_delivered_twice_or_not_committed_then_once_or_nothing(store):
    event = fact(PartyProtected, {"person_id": CHEN}, 3, subject=samples.CASE)
    failing(store, HANDLERS[event.name], event, NOW)
    assert [] == messages(store)
    twice(store, HANDLERS[event.name], event, NOW)
    assert [("party_protected", KEEPER)] == [(row.template, row.recipient_id) for row in messages(store)]


@pytest.mark.parametrize("hour", [NOW, NIGHT], ids=["day", "night"])
def test_given_danger_when_told_then_community_and_street_hear_it_at_any_hour(store, hour):
    hear(store, DisputeEscalationReported, 4, hour)
    assert {
        ("dispute_escalation_reported", "community-yinhong"),
        ("dispute_escalation_street", "street-lijingjie"),
    } == told(store)
    _, mail = left(store, now=hour + timedelta(minutes=1))
    assert 2 == len(mail)


def test_given_a_follow_up_of_a_protected_person_when_tried_then_refused_and_it_ends_without_a_call(store):
    with_follow_up(store)
    with store.transaction() as session:
        resident = session.scalars(select(FollowUp.resident_id)).one()
    protected(store, person_id=resident)
    with pytest.raises(Conflict, match="不要回访"):
        following.attempt(store)
    following.close(store, "ASKED_NOT_TO")
    with store.transaction() as session:
        assert ["INVALID"] == [row.state for row in session.scalars(select(FollowUp))]
