"""What a source's turns mean for its disputes, in whatever order they are heard."""

from __future__ import annotations

import pytest

from contracts.intake.endings import AppealMerged, AppealResumed, AppealWithdrawn
from services.mediation import following, sources
from services.mediation.tables import SourceEnd
from tests.support.delivering import deliver
from tests.support.events import hear
from tests.unit.mediation.people import APPEAL, NOW, OTHER_APPEAL, number

TURNS = {
    "merged": (following.source_merged, AppealMerged, {"into_id": str(OTHER_APPEAL), "into_number": number(2)}),
    "withdrawn": (following.source_withdrawn, AppealWithdrawn, {}),
}


@pytest.mark.rule("7")
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("turn", sorted(TURNS))
def test_given_a_resumed_appeal_when_a_dispute_is_found_then_it_is_its_own_in_any_order_of_facts(world, turn, late):
    handle, contract, data = TURNS[turn]
    about = {"appeal_id": str(APPEAL), "number": number(1)}
    ended = (handle, hear(contract, {**about, **data}, aggregate_version=3))
    resumed = (following.source_resumed, hear(AppealResumed, about, aggregate_version=5))
    for operation, event in (resumed, ended) if late else (ended, resumed):
        deliver(world.store, operation, event, NOW)
    with world.store.transaction() as session:
        end = session.get(SourceEnd, APPEAL)
        assert (False, APPEAL) == (end.withdrawn, sources.lock(session, APPEAL))
