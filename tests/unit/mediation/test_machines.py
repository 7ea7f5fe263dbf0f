"""The state tables: nothing but the declared arrows ever happens, and what is refused changes nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chassis.errors import Conflict, NotFound
from services.mediation import cases, following, helpers, states
from tests.unit.mediation.people import SHI

MACHINES = {"case": states.CASE, "agreement": states.AGREEMENT, "session": states.SESSION}
FEW = settings(
    max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate)
)
"""Without shrinking: each life is a database's."""


@pytest.mark.parametrize("name", MACHINES)
@given(data=st.data())
def test_given_any_commands_when_moved_then_only_declared_arrows_happen(name, data):
    machine = MACHINES[name]
    row = SimpleNamespace(state=machine.initial)
    arrows = set(machine.arrows())
    for command in data.draw(st.lists(st.sampled_from(sorted(machine.moves)), max_size=25)):
        before = row.state
        if command in machine.commands_from(before):
            machine.move(row, command)
            assert (before, command, row.state) in arrows
        else:
            with pytest.raises(Conflict) as refused:
                machine.move(row, command)
            assert (before, sorted(machine.moves[command].sources)) == (
                row.state, refused.value.details["allowed_states"],
            )  # fmt: skip


def test_given_the_case_machine_when_read_then_it_ends_closed_or_terminated_and_in_unused_states():
    ends = {"CLOSED", "TERMINATED"}
    reachable = {target for _, _, target in states.CASE.arrows()} | {states.CASE.initial}
    assert ends == {state.value for state in states.CASE.terminal & reachable}


def test_given_the_states_that_end_by_a_no_when_read_then_they_are_all_before_effect():
    assert states.BEFORE_EFFECT == set(states.CASE.moves["refused"].sources)


COMMANDS = (
    "willing_chen", "willing_zhao", "willing_chen", "willing_zhao", "refuse", "name", "assign", "schedule", "record",
    "agree", "whistle", "consent", "draft", "sign_chen", "sign_zhao", "sign_mediator", "seal", "perform", "terminate",
    "withdraw", "expire", "move", "rights", "challenge", "uphold", "reject",
    "time_chen", "time_zhao", "extend", "tomorrow", "breach", "urge", "court", "breach", "danger",
)  # fmt: skip


WILLING = ["willing_chen", "willing_zhao"]
MEDIATING = [*WILLING, "assign", "rights"]
DRAFTED = [*MEDIATING, "name", "schedule", "agree", "draft"]
SIGNING = [*DRAFTED, "sign_chen", "sign_zhao", "seal"]
PERFORMING = [*SIGNING, "sign_mediator"]


class Driver:
    """Tries commands on one case, in whatever state it is."""

    def __init__(self, world):
        self.world, self.appeal = world, uuid4()
        world.open_case(appeal=self.appeal)

    def last(self, parts):
        found = self.world.see(lambda case: [part.id for part in getattr(case, parts)])
        return found[-1] if found else uuid4()

    def do(self, command):
        world, agreement = self.world, self.last("agreements")
        acts = {
            "willing_chen": lambda: world.willing(world.chen),
            "willing_zhao": lambda: world.willing(world.zhao),
            "refuse": lambda: world.willing(world.zhao, "NO"),
            "name": lambda: (world.name(world.chen, "陈桂兰"), world.name(world.zhao, "赵建国")),
            "assign": lambda: world.assign("u-maguangming"),
            "schedule": lambda: world.schedule(starts_at=world.now, notice_waived=True),
            "move": self.move,
            "record": lambda: self.record("NO_AGREEMENT"),
            "agree": lambda: self.record("AGREED"),
            "whistle": lambda: world.hear(helpers.whistle_blown, world.whistled(appeal=self.appeal)),
            "consent": lambda: world.consent(world.chen, self.last("helpers")),
            "rights": lambda: world.hear_rights(),
            "tomorrow": self.tomorrow,
            "breach": lambda: world.breach(agreement),
            "urge": lambda: world.urge(agreement, (world.now + timedelta(days=1)).date().isoformat()),
            "court": lambda: world.to_court(agreement),
            "danger": world.danger,
            "time_chen": lambda: world.word_on_time(world.chen),
            "time_zhao": lambda: world.word_on_time(world.zhao),
            "extend": world.extend,
            "challenge": lambda: world.challenge(),
            "uphold": lambda: world.rule("UPHELD"),
            "reject": lambda: world.rule("REJECTED"),
            "draft": lambda: world.draft(),
            "sign_chen": lambda: world.sign(agreement, party=world.chen),
            "sign_zhao": lambda: world.sign(agreement, party=world.zhao),
            "sign_mediator": lambda: world.sign(agreement, "MEDIATOR"),
            "seal": lambda: world.seal(agreement),
            "perform": lambda: world.perform(agreement),
            "terminate": lambda: world.terminate(),
            "withdraw": lambda: world.hear(following.source_withdrawn, world.withdrawn(self.appeal)),
            "expire": self.expire,
        }
        acts[command]()

    def tomorrow(self):
        self.world.now += timedelta(days=1)

    def record(self, outcome):
        self.world.record(outcome, session_id=self.last("sessions"))

    def move(self):
        later = self.world.now + timedelta(days=len(self.world.names_said()) + 2)
        self.world.move(session_id=self.last("sessions"), starts_at=later)

    def expire(self):
        with self.world.store.transaction() as session:
            cases.expire_cases(session, SHI, self.world.now + timedelta(days=90))

    def seen(self):
        return self.world.see(
            lambda case: SimpleNamespace(
                state=case.state,
                version=case.version,
                sessions=len(case.sessions),
                held=sum(one.state == "HELD" for one in case.sessions),
                told=all(party.rights_at for party in case.parties),
                challenged=any(one.ruling is None for one in case.challenges),
                gone={one.mediator_id for one in case.challenges if one.ruling == "UPHELD"},
                mediator=next((one.mediator_id for one in case.mediators if one.ended_at is None), None),
                extended=case.clock.term().extensions,
                words={one.party_id for one in case.extension_words},
                refused=any(party.willing == "NO" for party in case.parties),
                agreements=[
                    (one.state, {(mark.signer, mark.who) for mark in one.signatures}) for one in case.agreements
                ],
                remedies=case.remedies,
                waits_to_be_urged=any(one.open_breaches for one in case.agreements),
                result=case.result,
            )
        )


@FEW
@given(
    begun=st.sampled_from([[], WILLING, MEDIATING, DRAFTED, SIGNING, PERFORMING]),
    commands=st.lists(st.sampled_from(COMMANDS), min_size=5, max_size=20),
)
def test_given_any_orders_when_tried_then_the_rules_of_mediation_hold(world, begun, commands):
    driver = Driver(world)
    for command in begun:
        driver.do(command)
    arrows = {(source.value, target.value) for source, _, target in states.CASE.arrows()}
    for command in commands:
        before, told = driver.seen(), len(world.names_said())
        refused = attempted(driver, command)
        after = driver.seen()
        assert before.state == after.state or (before.state, after.state) in arrows
        assert not refused or (vars(before), told) == (vars(after), len(world.names_said()))
        assert before.sessions == after.sessions or not before.refused  # domain §3.6, invariant 8
        assert (after.extended, len(after.words)) in {(0, 0), (0, 1), (0, 2), (1, 2)}
        assert before.held == after.held or (before.told and not before.challenged)
        assert after.mediator is None or after.mediator not in after.gone  # domain §3.6, invariant 7
        assert (after.state == "TERMINATED") == (len(after.remedies) == 3)  # invariant 11
        assert (after.state == "BREACHED") == (after.waits_to_be_urged and after.state != "CLOSED")
        assert (after.result == "TO_COURT") == (after.state == "CLOSED" and after.agreements[-1][0] == "BREACHED")
        for state, marks in after.agreements:  # invariant 9
            assert (state in ("EFFECTIVE", "PERFORMED", "BREACHED")) == (state != "REPLACED" and len(marks) == 4)


def attempted(driver, command):
    """Whether the command was refused."""
    try:
        driver.do(command)
    except (Conflict, NotFound):
        return command != "name"  # two commands in one, of which the first may have worked
    return False


@pytest.mark.parametrize("name", MACHINES)
def test_given_the_readme_when_read_then_its_diagrams_are_the_machines(name):
    readme = (Path(states.__file__).parent / "README.md").read_text(encoding="utf8")
    assert MACHINES[name].mermaid() in readme
