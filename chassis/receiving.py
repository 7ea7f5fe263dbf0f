"""What makes an operation take in letters: a mark as those of chassis.entrypoints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chassis.entrypoints import Entrypoint, Operation, marks
from chassis.letter import Letter


@dataclass(frozen=True)
class TakesIn(Entrypoint):
    room: str
    hopeless: Callable[[Letter], bool]


def receives(room: str, *, hopeless: Callable[[Letter], bool]) -> Callable[[Operation], Operation]:
    """`operation(session, who, letter, now)` takes in every letter of the queue `<service>.<room>`, says the outcome.

    Promise: as `hears`. `who` is the login the broker vouches for; the operation answers for unreadable letters, too.
    Letters that `hopeless` knows to be refused, without asking the store, share transactions and delay nobody.
    """
    return marks(lambda operation: [TakesIn(operation.__name__, operation, room, hopeless)])
