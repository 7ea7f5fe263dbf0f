"""Hot spots (domain §6 no. 25): what several people report of one community is proposed as a sweep, with the evidence.

How many of one category within how many days: policy key sweep.propose. Told once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.entrypoints import asked, every
from chassis.identity import Principal
from chassis.store import new_id
from contracts.intake.campaign_views import CampaignState, Purpose
from contracts.intake.campaigns import CampaignOpened
from contracts.intake.hotspots import AcceptSweep, SweepProposed
from kernel.codes import AppealState, Source
from kernel.numbering import next_number
from services.intake import areas, campaigns, categories, facts, policy
from services.intake.campaigns import LIFE
from services.intake.tables import Appeal, Campaign, NumberCounter

Spot = tuple[str, str]
"""A community and a category."""
NAMED, SYSTEM = 20, "系统"
NO_NEED = (AppealState.WITHDRAWN, AppealState.DIVERTED, AppealState.DECLINED)


@every(seconds=600)
def propose(session: Session, who: Principal, now: datetime) -> int:
    """Proposes what is hot now; what was proposed before counts only with what came since. How many.

    Timers that tick at once propose one after the other.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("hotspots"))))
    rule = policy.rules(now).value("sweep.propose")
    since = now - timedelta(days=rule["days"])
    found = [(spot, rows) for spot, rows in _spots(session, since, now) if _people(rows) >= rule["reports"]]
    for spot, rows in found:
        _propose(session, who, spot, rows, rule["days"], now)
    return len(found)


@asked(AcceptSweep)
def accept(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> Campaign:
    """The sweep begins. Errors: as `Life.begin`; Invalid for a place without units, or with too many."""
    campaign = LIFE.begin(session, who, AcceptSweep, command)
    campaign.question, campaign.opened_by_id, campaign.opened_by_name = command["question"], who.id, who.name
    visitors = campaigns.plan(session, campaign, now)
    return LIFE.done(session, who, campaign, now, CampaignOpened, visitors=visitors)


def _spots(session: Session, since: datetime, now: datetime) -> Iterator[tuple[Spot, list[Any]]]:
    """Appeals by community and category, without those told of in an earlier proposal."""
    spots, before, tree = defaultdict[Spot, list[Any]](list), _proposed(session, since), categories.tree(session)
    for row in session.execute(_recent(since)):
        known = tree.get(row.category)
        if known and not known["sensitive"] and not row.category.startswith("other."):
            spot = areas.around(session, row.area_path, now), row.category
            if spot not in before or row.created_at > before[spot]:
                spots[spot].append(row)
    yield from spots.items()


def _recent(since: datetime) -> Any:
    """By the time in front of their ids: what was registered later has a later one."""
    earliest = UUID(int=int((since - timedelta(days=1)).timestamp() * 1000) << 80)
    columns = (Appeal.case_number, Appeal.category, Appeal.area_path, Appeal.created_at, Appeal.reporter_id)
    asked_for = (Appeal.source != Source.PROACTIVE.value, Appeal.state.not_in(NO_NEED))
    open_to_all = (Appeal.secret.is_(False), Appeal.against == [])
    return select(*columns).where(Appeal.id >= earliest, Appeal.created_at >= since, *asked_for, *open_to_all)


def _proposed(session: Session, since: datetime) -> dict[Spot, datetime]:
    query = select(Campaign.area_path, Campaign.category, func.max(Campaign.created_at))
    rows = session.execute(
        query.where(Campaign.category.is_not(None), Campaign.created_at >= since).group_by(
            Campaign.area_path, Campaign.category
        )
    )
    return {(str(row[0]), str(row[1])): row[2] for row in rows}


def _people(rows: list[Any]) -> int:
    """Who reports twice counts once; each nameless report for itself."""
    return len({row.reporter_id or row.case_number for row in rows})


def _propose(session: Session, who: Principal, spot: Spot, rows: list[Any], days: int, now: datetime) -> None:
    place, category = spot
    name, people = categories.tree(session)[category]["name"], _people(rows)
    campaign = Campaign(
        id=new_id(), state=CampaignState.PROPOSED, area_path=place, purpose=Purpose.SURVEY, category=category,
        topic=f"{name}：{days}天内{people}人反映", evidence=sorted(row.case_number for row in rows)[-NAMED:],
        opened_by_id=who.id, opened_by_name=SYSTEM, created_at=now,
    )  # fmt: skip
    campaign.case_number = next_number(session, NumberCounter, "Z", areas.find(session, place, now).area4, now)
    LIFE.wind(campaign, now)
    session.add(campaign)
    facts.tell(session, SweepProposed, campaign, who, now, reports=people, days=days)
