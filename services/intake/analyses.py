"""Monthly analysis 民情分析会 (domain S1 no. 23): opened by the clock once, concluded and published by people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Index, func, select
from sqlalchemy.orm import Mapped, Session

from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked, every
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import Root, person_ref
from contracts.deadlines import IntakeDeadlineApproaching
from contracts.intake import analyses as say
from contracts.intake.analyses import AnalysisState as S
from kernel import areas as paths
from kernel.calendar import end_of, local_day
from kernel.codes import AreaLevel
from kernel.numbering import next_number
from services.intake import areas, categories, facts, policy
from services.intake.tables import Appeal, AreaNode, Base, NumberCounter

Command = dict[str, Any]
Figure = dict[str, Any]
ONE_DAY, SMALL, AT_ONCE = timedelta(days=1), 5, 50
"""Figures below SMALL are not published: in one community they tell of somebody (domain §7)."""


class Analysis(Clocked, Root, Base):
    """One a community and month; the store refuses a second."""

    __tablename__ = "analysis"
    __table_args__ = (
        Index("uq_analysis_number", "case_number", unique=True),
        Index("uq_analysis_month", "area_path", "month", unique=True),
    )
    state: Mapped[str]
    month: Mapped[str]
    figures: Mapped[dict[str, Any]]
    conclusions: Mapped[str | None]
    attended: Mapped[int | None]
    held_by_id: Mapped[str | None]
    held_by_name: Mapped[str | None]
    held_by = person_ref("held_by")

    @property
    def categories(self) -> list[Figure]:
        return list(self.figures["categories"])

    @property
    def grids(self) -> list[Figure]:
        return list(self.figures["grids"])

    @property
    def shown(self) -> list[Figure]:
        return [each for each in self.categories if min(each["count"], each["before"] or SMALL) >= SMALL]


LIFE: Life[Analysis, S] = Life(
    Analysis,
    S.OPEN,
    {
        say.RecordAnalysis: Move({S.OPEN}, S.HELD, say.AnalysisHeld, by="held_by"),
        say.PublishAnalysis: Move({S.HELD}, S.PUBLISHED, say.AnalysisPublished),
    },
    Rules(
        by_number(Analysis), say.INSIDERS, unknown_number, facts.tell,
        due=policy.due, approaching=IntakeDeadlineApproaching,
    ),
    clocks={S.OPEN: "analysis.hold"},
    answers=(say.GetAnalysis, say.ListAnalyses),
)  # fmt: skip


@every(seconds=3600)
def open_month(session: Session, who: Principal, now: datetime) -> int:
    """Opens last month's analysis of every community that had appeals in it, once. How many.

    Timers that tick at once open one after the other.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("analyses"))))
    last = local_day(now).replace(day=1) - ONE_DAY
    month = f"{last:%Y-%m}"
    opened = set(session.scalars(select(Analysis.area_path).where(Analysis.month == month)))
    level = AreaNode.level == AreaLevel.COMMUNITY.value
    places = session.scalars(select(AreaNode.path).where(level, areas.holds_on(local_day(now))))
    waiting = sorted(set(places) - opened)
    return sum(_open(session, who, place, month, last, now) for place in waiting[:AT_ONCE])


@asked(say.ListMinutes)
def list_minutes(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    return LIFE.page(session, who, command, now, say.ON_BOARD)


def _open(session: Session, who: Principal, place: str, month: str, last: date, now: datetime) -> bool:
    first = last.replace(day=1)
    ours, theirs = appeals_of(session, place, first, last), appeals_of(session, place, _before(first), first - ONE_DAY)
    if not ours:
        return False
    tree = categories.tree(session)
    kinds = [Counter(tree.get(row.category, {"name": row.category})["name"] for row in rows) for rows in (ours, theirs)]
    grids = [Counter(_grid(session, row.area_path, now) for row in rows) for rows in (ours, theirs)]
    figures = {"categories": _figures(*kinds), "grids": _figures(*grids)}
    analysis = Analysis(area_path=place, month=month, figures=figures, created_at=now)
    analysis.case_number = next_number(session, NumberCounter, "B", areas.find(session, place, now).area4, now)
    LIFE.started(session, who, analysis, now, say.AnalysisOpened, total=len(ours), total_before=len(theirs))
    return True


def _before(first: date) -> date:
    return (first - ONE_DAY).replace(day=1)


def appeals_of(session: Session, place: str, first: date, last: date) -> list[Any]:
    """Those registered in the days; complaints of staff are not for the community's eyes."""
    span = (Appeal.created_at >= end_of(first - ONE_DAY), Appeal.created_at < end_of(last))
    query = select(Appeal.category, Appeal.area_path).where(Appeal.area_path.within(place), Appeal.against == [])
    return list(session.execute(query.where(*span)))


def _grid(session: Session, path: str, now: datetime) -> str:
    for each in (path, *reversed(paths.ancestors(path))):
        if areas.level(session, each, now) == AreaLevel.GRID:
            return areas.find(session, each, now).name
    return "社区公共区域"


def _figures(count: Counter[str], before: Counter[str]) -> list[Figure]:
    """The most frequent first."""
    names: Iterable[str] = sorted(count | before, key=lambda name: (-count[name], -before[name], name))
    return [
        {"name": name, "count": count[name], "before": before[name], "change": f"{count[name] - before[name]:+d}"}
        for name in names
    ]


@standing_of.register
def _stands(analysis: Analysis) -> Standing:
    return Standing(
        kind=say.AnalysisView.about.kind, state=analysis.state, number=analysis.number, due=analysis.due_at,
        waits=() if analysis.state == S.PUBLISHED else ("role:COMMUNITY",),
        tally={"month": analysis.month},
    )  # fmt: skip
