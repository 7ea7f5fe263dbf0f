"""Every message twice and in reverse order: the relays save up, then say the newest first, and all of it again."""

from __future__ import annotations

from ops.waiting import wait_until
from tests.chaos.row import Fault, Play
from tests.chaos.stage import RELAYS
from tests.stories.sql import one

SAID_SECONDS = 60.0
UNSENT = "select count(*) from outbox where sent_at is null and queued_at < clock_timestamp() - interval '1 second'"


def twice_and_reversed(rounds: int, saved: int) -> Fault:
    """So many rounds; in each, so many more cases are told before the relays say what they saved up."""

    def fault(play: Play) -> None:
        for relay in RELAYS:
            play.stage.control.tell(f"{relay}.twice")
        try:
            for _ in range(rounds):
                one_round(play, saved)
        finally:
            for relay in RELAYS:
                play.stage.control.take_back(f"{relay}.twice")
        play.is_over()

    return fault


def one_round(play: Play, saved: int) -> None:
    control = play.stage.control
    for relay in RELAYS:
        control.tell(f"{relay}.hold")
    try:
        play.load.until(saved)
    finally:
        for relay in RELAYS:
            control.take_back(f"{relay}.hold")
    left = lambda: [unsent(play, relay.removesuffix("-relay")) for relay in RELAYS]  # noqa: E731
    wait_until(lambda: not any(left()), seconds=SAID_SECONDS, what="all said twice", every=0.2, progress=left)


def unsent(play: Play, service: str) -> int:
    """What waits since the relays began to save up; the newest may be of a moment ago."""
    return int(one(play.stage.world, service, UNSENT))
