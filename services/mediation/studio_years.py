"""What an organisation that receives people has done, year by year (domain §1 S3.9)."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Text, cast, func, or_, select, text, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from capability import tallies
from capability.tallies import Source, Tally
from chassis.entrypoints import asked, every
from chassis.identity import Principal
from contracts.mediation.visits import ListStudioYears, VisitWay
from services.mediation.tables import Base, Case, GrantedWish, Org, Visit
from services.mediation.tables.cases import SUCCEEDED
from services.mediation.tables.open_days import VISIT_DONE

FIGURES = ("disputes", "complaints", "services", "wishes")
WAYS = {
    "complaints": (VisitWay.COMPLAINT,), "services": (VisitWay.REPAIR, VisitWay.COMPANY), "wishes": (VisitWay.WISH,),
}  # fmt: skip
"""Which figure a way of helping belongs to; a wish of the register and one of the wall are two."""


@asked(ListStudioYears)
def years(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    place = command["area_path"]
    near = or_(Org.area_path.within(place), Org.area_path.op("@>")(func.text2ltree(place)))
    receiving = select(Org.code, Org.kind, Org.name).where(Org.active, near, func.jsonb_array_length(Org.open_days) > 0)
    orgs = {org.code: org for org in session.execute(receiving.order_by(Org.code))}
    counts = _counts(session, list(orgs))
    items = [_line(org, None, sum(counts[code].values(), Counter())) for code, org in orgs.items()]
    of_years = sorted(((year, code) for code in orgs for year in counts[code]), key=lambda one: (-one[0], one[1]))
    items += [_line(orgs[code], year, counts[code][year]) for year, code in of_years]
    return {"items": items, "next_cursor": None}


def _line(org: Any, year: int | None, counted: Counter[str]) -> dict[str, Any]:
    return {"state": org.kind, "org_name": org.name, "year": year, **{name: counted[name] for name in FIGURES}}


def _counts(session: Session, orgs: list[str]) -> dict[str, dict[int, Counter[str]]]:
    """By organisation and year."""
    kept = tallies.rows(YEARS, lambda of: (of.c.place == func.any(cast(orgs, ARRAY(Text))),))
    query = select(kept.c.place, kept.c.period, *tallies.sums(kept, len(FIGURES))).group_by(kept.c.place, kept.c.period)
    found: dict[str, dict[int, Counter[str]]] = defaultdict(dict)
    for code, first_day, *counted in session.execute(query):
        found[code][first_day.year] = Counter(dict(zip(FIGURES, counted, strict=True)))
    return found


def _of_bucket(begins: Any, ends: Any, org: Any) -> CompoundSelect[Any]:
    ways = [func.count().filter(Visit.way.in_(ways)) for ways in WAYS.values()]
    visits = select(tallies.key("visits"), tallies.counts(0, *ways)).where(text(VISIT_DONE))
    cases = select(tallies.key("cases"), tallies.counts(func.count(), 0, 0, 0)).where(text(SUCCEEDED))
    wishes = select(tallies.key("wishes"), tallies.counts(0, 0, 0, func.count()))
    of_tables = ((visits, Visit, Visit.done_at), (cases, Case, Case.closed_at), (wishes, GrantedWish, GrantedWish.at))
    return union_all(
        *(
            query.where(model.org_code == org, moment >= begins, moment < ends).group_by(model.org_code)
            for query, model, moment in of_tables
        )
    )


def _bucket(moment: str, more: str = "") -> str:
    return f"SELECT {tallies.year(moment)}, org_code FROM r{more}"


YEARS = tallies.keep(
    Base.metadata,
    Tally(
        "studio_years",
        "1 year",
        _of_bucket,
        (
            Source("visit", _bucket("done_at", f" WHERE {VISIT_DONE}"), ("org_code", "way", "done_at", "state")),
            Source("mediation_case", _bucket("closed_at", f" WHERE {SUCCEEDED}"), ("org_code", "closed_at", "result")),
            Source("granted_wish", _bucket("at")),
        ),
    ),
)


@every(seconds=tallies.SECONDS)
def recount_studio_years(session: Session, who: Principal, now: datetime) -> int:
    return tallies.recount(session, YEARS)
