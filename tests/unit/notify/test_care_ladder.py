"""The ladder of the Friday round under random answers and deaths before the commit (domain §3.6 invariant 17)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as any_of
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select, update

from chassis.errors import Conflict
from chassis.identity import Principal
from services.notify.care_profiles import CareProfile
from services.notify.care_rounds import CareCall, CareRound
from tests.support.events import said
from tests.unit.notify.caring import FRIDAY, SEAT, furnish, listed, tick
from tests.unit.notify.wishing import CLERK, STEWARD, do

pytestmark = pytest.mark.row("S1.31")
RUNGS = ("VISITING", "ASKING", "SEARCHING", "HELPED")
WELL = {"VISITING": ("record_care_visit", "seen", "SEEN", STEWARD, "care_visit_made"),
        "ASKING": ("record_family_asked", "reached", "REACHED", CLERK, "care_family_asked")}  # fmt: skip
OVER = {"TALKED", "SEEN", "REACHED", "HELPED", "CALLED_OFF"}
STOPPED = {"ended_reason": "本人不愿再接"}
TRIES = 3
WITNESSES = {"first_witness": "王芳", "second_witness": "杨帆"}
NAMES = ("马秀英", "丁香", "石秀英")
PEOPLE = any_of.integers(0, 2)
WEEKS = count()


class Died(Exception):
    """The process, just before its commit."""


class Dying:
    """The same store, whose next commit fails."""

    def __init__(self, store: Any) -> None:
        self.store = store

    def transaction(self, **kwargs: Any) -> Any:
        return _Dying(self.store.transaction(**kwargs))


class _Dying:
    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __enter__(self) -> Any:
        return self.inner.__enter__()

    def __exit__(self, *error: Any) -> Any:
        died = Died()
        return self.inner.__exit__(*(error if error[0] else (Died, died, None))) if error[0] else self._die(died)

    def _die(self, died: Died) -> Any:
        self.inner.__exit__(Died, died, None)
        raise died


class Ladder(RuleBasedStateMachine):
    """Three old people in one round of one week. The model knows how far each is, and what must have been said."""

    store: Any

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = FRIDAY + timedelta(weeks=next(WEEKS))
        for name in NAMES:
            listed(self.store, name=name)
        tick(self.store, self.now)
        with self.store.transaction() as session:
            self.round = session.scalars(select(CareRound).order_by(CareRound.created_at.desc())).first().case_number
            numbers = select(CareCall.case_number).where(CareCall.round_number == self.round).order_by(CareCall.id)
            self.calls = list(session.scalars(numbers))
            mine = select(CareCall).where(CareCall.round_number == self.round)
            self.profiles = {call.case_number: call.profile_number for call in session.scalars(mine)}
        self.ended = dict.fromkeys(self.calls, False)
        self.states, self.tries, self.closed = dict.fromkeys(self.calls, "PLANNED"), dict.fromkeys(self.calls, 0), False
        self.told: dict[str, list[str]] = {each: ["care_call_planned"] for each in self.calls}

    def attempt(self, allowed: bool, method: str, who: Principal, dies: bool, **asked: Any) -> bool:
        """Whether it was done; refused exactly where the model says so."""
        if not allowed:
            with pytest.raises(Conflict):
                do(self.store, method, who, self.now, **asked)
        elif dies:
            with pytest.raises(Died):
                do(Dying(self.store), method, who, self.now, **asked)
        else:
            do(self.store, method, who, self.now, **asked)
        return allowed and not dies

    @rule(who=PEOPLE, dies=any_of.booleans())
    def answers(self, who: int, dies: bool) -> None:
        call = self.calls[who]
        if self.attempt(
            self.states[call] in ("PLANNED", "CALLING"), "record_care_talk", SEAT, dies, number=call, news_told=True
        ):
            self.states[call] = "TALKED"
            self.told[call].append("care_call_talked")

    @rule(who=PEOPLE, dies=any_of.booleans())
    def does_not_answer(self, who: int, dies: bool) -> None:
        call = self.calls[who]
        if self.attempt(self.states[call] in ("PLANNED", "CALLING"), "record_no_answer", SEAT, dies, number=call):
            self.tries[call] += 1
            over = self.tries[call] >= TRIES
            self.states[call] = "VISITING" if over else "CALLING"
            self.told[call].append("care_call_unanswered" if over else "care_call_tried")

    @rule(who=PEOPLE, rung=any_of.sampled_from(sorted(WELL)), found=any_of.booleans(), dies=any_of.booleans())
    def is_looked_for(self, who: int, rung: str, found: bool, dies: bool) -> None:
        call, (method, flag, ends, by, fact) = self.calls[who], WELL[rung]
        asked = {"number": call, flag: found, "found": "记下"}
        if self.attempt(self.states[call] == rung, method, by, dies, **asked):
            self.states[call] = ends if found else RUNGS[RUNGS.index(rung) + 1]
            self.told[call].append(fact)

    @rule(who=PEOPLE, dies=any_of.booleans())
    def is_searched_for(self, who: int, dies: bool) -> None:
        call = self.calls[who]
        asked = {"number": call, "found": "记下", **WITNESSES}
        if self.attempt(self.states[call] == "SEARCHING", "record_search", CLERK, dies, **asked):
            self.states[call] = "HELPED"
            self.told[call].append("care_search_made")

    @rule(who=PEOPLE, dies=any_of.booleans())
    def wants_no_more_calls(self, who: int, dies: bool) -> None:
        """It calls off what nobody has begun to look into, and nothing of a search."""
        call = self.calls[who]
        if self.attempt(not self.ended[call], "stop_care", CLERK, dies, number=self.profiles[call], **STOPPED):
            self.ended[call] = True
            if self.states[call] in ("PLANNED", "CALLING"):
                self.states[call] = "CALLED_OFF"
                self.told[call].append("care_call_called_off")

    @rule(dies=any_of.booleans())
    def close(self, dies: bool) -> None:
        allowed = not self.closed and set(self.states.values()) <= OVER
        if self.attempt(allowed, "close_care_round", CLERK, dies, number=self.round):
            self.closed = True

    @rule()
    def the_clock_ticks_again(self) -> None:
        tick(self.store, self.now)

    @invariant()
    def nobody_is_skipped_or_forgotten(self) -> None:
        with self.store.transaction() as session:
            rows = select(CareCall.case_number, CareCall.state, CareCall.tries).where(
                CareCall.round_number == self.round
            )
            kept = {number: (state, tries) for number, state, tries in session.execute(rows)}
            closed = session.scalars(select(CareRound.state).where(CareRound.case_number == self.round)).one()
        assert kept == {call: (self.states[call], self.tries[call]) for call in self.calls}
        assert closed == ("CLOSED" if self.closed else "OPEN")
        assert not self.closed or set(self.states.values()) <= OVER

    def teardown(self) -> None:
        """Every step of everybody was said once, in its order. The next week is for others."""
        with self.store.transaction() as session:
            session.execute(update(CareProfile).values(state="ENDED"))
            facts = [(one["type"].split(".")[-2], one["data"].get("number")) for one in said(session)]
        told = {call: [name for name, number in facts if number == call] for call in self.calls}
        assert self.told == told


@pytest.fixture
def old_people(store):
    furnish(store)
    return store


def test_given_random_answers_and_deaths_when_a_round_is_walked_then_it_is_never_closed_early_and_nobody_is_skipped(
    old_people,
):
    machine = type("Walked", (Ladder,), {"store": old_people})
    unhurried = settings(
        max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(machine, settings=unhurried)
