"""Every message twice and in reverse order: the relays save up, then say the newest first, and all of it again."""

from __future__ import annotations

from tests.chaos.row import Play
from tests.chaos.stage import RELAYS

SAVED_SECONDS = 5.0
ROUNDS = 2


def twice_and_reversed(play: Play) -> None:
    control = play.stage.control
    for relay in RELAYS:
        control.tell(f"{relay}.twice")
    try:
        for _ in range(ROUNDS):
            for relay in RELAYS:
                control.tell(f"{relay}.hold")
            play.load.go_on(SAVED_SECONDS)
            play.load.until(20)
            for relay in RELAYS:
                control.take_back(f"{relay}.hold")
            play.load.go_on(SAVED_SECONDS)
    finally:
        for relay in RELAYS:
            control.take_back(f"{relay}.hold")
        play.load.until(10)
        for relay in RELAYS:
            control.take_back(f"{relay}.twice")
    play.is_over()
