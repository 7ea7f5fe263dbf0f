"""`python -m tools.tallies SERVICE`: whether the counts a service keeps are what its rows count.

The status is 1 where they are not. `--rebuild` counts all of them anew: after rows were changed with triggers switched
off. The service may work meanwhile.
"""

from __future__ import annotations

import sys

from capability import tallies
from capability.tallies import Tally
from chassis.settings import read
from chassis.store import Store
from tools.tables import metadata_of


def rebuild(store: Store, tally: Tally) -> int:
    """How many buckets were counted."""
    with store.transaction() as session:
        tallies.mark_all(session, tally)
    counted = 0
    while True:
        with store.transaction() as session:
            done = tallies.recount(session, tally)
        if not done:
            return counted
        counted += done


def main(service: str, *chosen: str) -> int:
    store, wrong = Store(read("DATABASE_URL"), pool_size=1), 0
    for tally in metadata_of(service).info.get(tallies.KEPT, ()):
        if "--rebuild" in chosen:
            print(f"{tally.name}: {rebuild(store, tally)} counted anew")
        with store.transaction() as session:
            differing = tallies.differing(session, tally)
        print(f"{tally.name}: {'right' if not differing else f'{len(differing)} differ'}")
        wrong += len(differing)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
