"""Random things done to the rows a tally counts, past every rule: what is answered stays what the rows count."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from capability import tallies
from capability.tallies import Tally
from chassis.store import Store

STEPS = 40


def drifts(store: Store, tally: Tally, changes: Sequence[str], seed: int) -> list[object]:
    """What differed after any step. `changes` is SQL; `:some` in it stands for a condition on random rows."""
    chance, found = Random(seed), []
    for _ in range(STEPS):
        some = f"mod(hashtext(ctid::text) + {chance.randrange(100)}, {chance.choice([1, 2, 3])}) = 0"
        with store.transaction() as session:
            session.connection().exec_driver_sql(chance.choice(changes).replace(":some", some))
        with store.transaction() as session:
            if chance.random() < 0.5:
                tallies.recount(session, tally)
            found += tallies.differing(session, tally)
    return found
