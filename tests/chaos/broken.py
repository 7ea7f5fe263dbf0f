"""The checkers against builds that are broken on purpose: each must fail, and only where the build is broken."""

from __future__ import annotations

import json
from collections.abc import Callable

from ops.programs import READMODEL
from tests.chaos import poison
from tests.chaos.processes import order, renewed, struck
from tests.chaos.row import Fault, Play, Row
from tests.chaos.stage import Stage
from tests.chaos.versions import built

VICTIM = "notify"
MEANWHILE = 40
TWICE = "intake-relay.twice"


def no_inbox(play: Play) -> None:
    """Everything is said twice, and notify does not look whether it heard it before."""
    play.stage.control.tell(TWICE)
    built(play.stage, [VICTIM], "no_inbox")
    play.load.until(MEANWHILE)
    play.is_over()


def ack_first(play: Play) -> None:
    built(play.stage, [VICTIM], "ack_first")
    dies(play, VICTIM, "before_commit")


def no_outbox(play: Play) -> None:
    built(play.stage, ["intake"], "no_outbox")
    dies(play, "intake", "unsaid")


def dies(play: Play, name: str, point: str, nth: int = 10) -> None:
    before = play.stage.pid(name)
    order(play.stage, name, point, nth)
    struck(play.stage, name, point)
    play.is_over()
    play.stage.back(name, before)


def skips_rows(play: Play) -> None:
    built(play.stage, ["intake-relay"], "skips_rows")
    play.load.until(MEANWHILE)
    play.is_over()


def forgets_acks(play: Play) -> None:
    built(play.stage, [VICTIM], "forgets_acks")
    play.load.until(MEANWHILE)
    play.is_over()


def drops_poison(play: Play) -> None:
    built(play.stage, [VICTIM], "drops_poison")
    bad = poison.envelope(poison.HEARD[VICTIM])
    poison.send(play, json.dumps(bad).encode(), VICTIM)
    play.expected.events[VICTIM] = {bad["id"]}
    play.load.until(MEANWHILE)
    play.is_over()


def three_at_once(play: Play) -> None:
    """The three worst builds, each in another service, for a run that has little time."""
    play.stage.control.tell(TWICE)
    for name, build in {"notify": "no_inbox", READMODEL: "ack_first", "intake": "no_outbox"}.items():
        play.stage.control.tell(f"{name}.build", [build])
    for name, point in {READMODEL: "before_commit", "intake": "unsaid"}.items():
        order(play.stage, name, point, 5)
    renewed(play.stage, [READMODEL, "notify"])
    struck(play.stage, READMODEL, "before_commit")
    renewed(play.stage, ["intake"])
    struck(play.stage, "intake", "unsaid")
    play.is_over()


def whole_again(name: str) -> Callable[[Stage], None]:
    def act(stage: Stage) -> None:
        stage.control.take_back(TWICE)
        built(stage, [name])

    return act


def row(words: str, fault: Fault, name: str, *breaks: str) -> Row:
    """The build stays broken until it is judged."""
    return Row(
        f"broken build: {words}", fault, cases=80, settle=40.0, breaks=frozenset(breaks), after=whole_again(name)
    )


ROWS = [
    row("no inbox", no_inbox, VICTIM, "effects doubled"),
    row("ack first", ack_first, VICTIM, "effects lost"),
    row("poison thrown away", drops_poison, VICTIM, "parked lost"),
    row("a relay that skips rows", skips_rows, "intake-relay", "sent lost", "effects lost", "exists lost"),
    row("acks forgotten", forgets_acks, VICTIM, "empty lost"),
    row("publish without outbox", no_outbox, "intake", "exists lost"),
]
