"""Early warning of quarrels that come back: at one place or with one party of a community (policy ledger.repeat)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.orm import Session

from chassis import outbox
from chassis.identity import Principal
from contracts.mediation.ledger import DisputeRepeated, RepeatOf
from kernel.areas import depth, labels
from services.mediation.rules import rules
from services.mediation.sweeps import GRID_DEPTH
from services.mediation.tables import Entry

REPEAT = "ledger.repeat"
A_DAY = timedelta(days=1)
COMMUNITY_DEPTH = 4


def warn(session: Session, who: Principal, entry: Entry, now: datetime) -> None:
    """Tells of a new entry that is one too many, once for each place and party within the days of the policy.

    Those who enter at once in one community wait for each other, so that the one that makes it too many is seen.
    """
    rule, community = rules(now).pack.value(REPEAT), ".".join(labels(entry.area_path)[:COMMUNITY_DEPTH])
    session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 2))"), {"key": f"ledger {community}"})
    session.flush()
    recent = Entry.entered_at > now - rule["days"] * A_DAY
    found: dict[RepeatOf, list[int]] = {}
    for of, mark, alike in _ways(entry, community):
        asked = select(func.count(), func.bool_or(Entry.warned.contains([mark]))).where(recent, alike)
        times, told = session.execute(asked).one()
        if times >= rule["times"] and not told:
            entry.warned = [*entry.warned, mark]
            found.setdefault(of, []).append(times)
    for of, counts in found.items():
        outbox.record(session, DisputeRepeated, entry, who, now, of=of, times=max(counts))


def _ways(entry: Entry, community: str) -> list[tuple[RepeatOf, str, Any]]:
    """In what an entry may be like another, with the mark of having been told; each party counts by itself.

    A place is a building or less: a whole grid is none, and a building is the place of its stairwells. Of a name the
    community is part: the same name elsewhere is taken for somebody else.
    """
    path, ways = entry.area_path, []
    if depth(path) > GRID_DEPTH:
        around = and_(Entry.area_path.op("@>")(func.text2ltree(path)), func.nlevel(Entry.area_path) > GRID_DEPTH)
        ways.append((RepeatOf.PLACE, RepeatOf.PLACE.value, or_(Entry.area_path.within(path), around)))
    for party in dict.fromkeys(entry.parties):
        known = and_(Entry.parties.contains([party]), Entry.area_path.within(community))
        ways.append((RepeatOf.PARTY, party, known))
    return ways
