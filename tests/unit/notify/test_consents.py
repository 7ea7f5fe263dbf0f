"""Who takes a consent back is called no more, and the wish comes off the wall; nobody else is touched."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from chassis.errors import Unavailable
from contracts.intake.persons import ConsentWithdrawn
from services.notify import consents
from services.notify.care_profiles import CareProfile
from services.notify.care_rounds import CareCall, CareRound
from services.notify.tables import Message
from services.notify.wishes import Wish
from tests.support.delivering import failing, twice
from tests.support.events import hear, names_said
from tests.unit.notify import caring, wishing
from tests.unit.notify.facts import NOW, SERVICE

GRANDMOTHER = {"name": "马 秀英", "phone": "139-0000-0301"}


def withdrawn(to="CARE_CALLS"):
    return hear(ConsentWithdrawn, {"to": to})


def ending(*people):
    def end(session, who, event, now):
        consents.end_what_rested_on_it(session, who, event, now, ask=lambda *_, **__: {"people": list(people)})

    end.__name__ = "consent_withdrawn"
    return end


def states(store, model):
    with store.transaction() as session:
        return [row.state for row in session.scalars(select(model))]


def test_given_an_old_person_when_the_consent_is_taken_back_then_the_calls_end_and_the_community_hears_of_visits(store):
    caring.called(store)
    twice(store, ending(GRANDMOTHER), withdrawn(), NOW)
    with store.transaction() as session:
        told = [row.body for row in session.scalars(select(Message)) if row.template == "care_profile_ended"]
        said = names_said(session).count("care_profile_ended")
    assert (["ENDED"], 1, 1, True) == (states(store, CareProfile), said, len(told), "上门探访" in told[0])


def test_given_a_call_planned_for_this_week_when_the_consent_is_taken_back_then_it_is_called_off_and_the_round_ends(
    store,
):
    caring.called(store)
    twice(store, ending(GRANDMOTHER), withdrawn(), NOW)
    with store.transaction() as session:
        (round_number,) = session.scalars(select(CareRound.case_number)).all()
        said = names_said(session).count("care_call_called_off")
    closed = wishing.do(store, "close_care_round", wishing.CLERK, caring.FRIDAY, number=round_number)
    assert (["CALLED_OFF"], 1, "CLOSED", 0) == (states(store, CareCall), said, closed["state"], closed["planned"])


@pytest.mark.parametrize("rung", sorted(caring.LADDER))
def test_given_somebody_who_did_not_answer_when_the_consent_is_taken_back_then_the_search_goes_on(store, rung):
    caring.climbed(store, rung)
    twice(store, ending(GRANDMOTHER), withdrawn(), NOW)
    assert ([rung], ["ENDED"]) == (states(store, CareCall), states(store, CareProfile))


def test_given_a_consent_taken_back_when_the_next_friday_comes_then_nobody_is_phoned(store):
    caring.called(store)
    before = len(states(store, CareCall))
    twice(store, ending(GRANDMOTHER), withdrawn(), NOW)
    caring.tick(store, caring.FRIDAY + timedelta(weeks=1))
    assert before == len(states(store, CareCall))


@pytest.mark.parametrize(
    ("to", "person"),
    [("WISH", GRANDMOTHER), ("PUBLICITY", GRANDMOTHER), ("CARE_CALLS", {"name": "马秀英", "phone": None})],
)
def test_given_another_consent_or_another_person_when_taken_back_then_the_calls_go_on(store, to, person):
    caring.called(store)
    twice(store, ending(person), withdrawn(to), NOW)
    assert ["ACTIVE"] == states(store, CareProfile)


def test_given_a_wish_on_the_wall_when_the_consent_is_taken_back_then_it_comes_off(store):
    wishing.posted(store, "OPEN")
    with store.transaction() as session:
        (wish,) = session.scalars(select(Wish)).all()
        wish.person_key = consents.person_key(**GRANDMOTHER)
    twice(store, ending(GRANDMOTHER), withdrawn("WISH"), NOW)
    assert ["WITHDRAWN"] == states(store, Wish)


def test_given_a_commit_that_fails_when_taken_back_then_the_calls_go_on_until_it_comes_again(store):
    caring.called(store)
    failing(store, ending(GRANDMOTHER), withdrawn(), NOW)
    assert ["ACTIVE"] == states(store, CareProfile)


def test_given_intake_that_does_not_answer_when_taken_back_then_it_comes_again(store):
    def away(*_, **__):
        raise Unavailable("没有应答")

    with store.transaction() as session, pytest.raises(Unavailable):
        consents.end_what_rested_on_it(session, SERVICE, withdrawn(), NOW, ask=away)
