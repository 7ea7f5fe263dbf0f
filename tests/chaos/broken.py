"""The checkers against builds that are broken on purpose: each must fail, and only where the build is broken."""

from __future__ import annotations

import json

from ops.waiting import wait_until
from tests.chaos import poison
from tests.chaos.processes import STRIKE_SECONDS, has_struck, order, renewed
from tests.chaos.row import Play, Row
from tests.chaos.versions import built

VICTIM = "notify"
MEANWHILE = 40


def no_inbox(play: Play) -> None:
    """Everything is said twice, and notify does not look whether it heard it before."""
    built(play.stage, [VICTIM], "no_inbox")
    play.stage.control.tell("intake-relay.twice")
    play.load.until(MEANWHILE)
    play.stage.control.take_back("intake-relay.twice")
    built(play.stage, [VICTIM])
    play.is_over()


def ack_first(play: Play) -> None:
    built(play.stage, [VICTIM], "ack_first")
    dies(play, VICTIM, "before_commit")
    built(play.stage, [VICTIM])


def no_outbox(play: Play) -> None:
    built(play.stage, ["intake"], "no_outbox")
    dies(play, "intake", "unsaid")
    built(play.stage, ["intake"])


def dies(play: Play, name: str, point: str, nth: int = 10) -> None:
    before = play.stage.pid(name)
    order(play.stage, name, point, nth)
    wait_until(lambda: has_struck(play.stage, name), seconds=STRIKE_SECONDS, what=f"{name} at {point}")
    play.is_over()
    play.stage.back(name, before)


def skips_rows(play: Play) -> None:
    built(play.stage, ["intake-relay"], "skips_rows")
    play.load.until(MEANWHILE)
    play.is_over()


def forgets_acks(play: Play) -> None:
    built(play.stage, ["intake-relay"])
    built(play.stage, [VICTIM], "forgets_acks")
    play.load.until(MEANWHILE)
    play.is_over()


def drops_poison(play: Play) -> None:
    built(play.stage, [VICTIM], "drops_poison")
    poison.send(play, json.dumps(poison.envelope(poison.HEARD[VICTIM])).encode(), VICTIM)
    play.expected.unreadable[VICTIM] += 1
    play.load.until(MEANWHILE)
    built(play.stage, [VICTIM])
    play.is_over()


def three_at_once(play: Play) -> None:
    """The three worst builds, each in another service, for a run that has little time."""
    stage, relay = play.stage, "intake-relay.twice"
    builds = {"portal": "no_inbox", "notify": "ack_first", "intake": "no_outbox"}
    stage.control.tell(relay)
    for name, build in builds.items():
        stage.control.tell(f"{name}.build", [build])
    renewed(stage, ["portal", "notify"])
    play.load.until(5)
    dies(play, "notify", "before_commit", 5)
    built(stage, ["notify"])
    renewed(stage, ["intake"])
    dies(play, "intake", "unsaid", 5)
    stage.control.take_back(relay)
    built(stage, ["portal"])
    built(stage, ["intake"])
    play.is_over()


def row(name: str, fault: object, *breaks: str) -> Row:
    return Row(f"broken build: {name}", fault, cases=80, settle=40.0, breaks=frozenset(breaks))  # type: ignore[arg-type]


ROWS = [
    row("no inbox", no_inbox, "effects"),
    row("ack first", ack_first, "effects"),
    row("poison thrown away", drops_poison, "parked"),
    row("a relay that skips rows", skips_rows, "sent", "effects"),
    row("acks forgotten", forgets_acks, "empty"),
    row("publish without outbox", no_outbox, "exists"),
]
