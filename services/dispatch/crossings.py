"""Crossing the boundary 越界派单: what streets decided on what no list holds, counted by month (A16)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Select, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability import paging
from capability.life import permit
from chassis.entrypoints import asked
from chassis.identity import Principal
from chassis.store import Ltree, new_id
from contracts.dispatch import crossings as say
from contracts.figures import figure, heading, period, rows_of
from kernel.periods import Period
from services.dispatch import access, clocks
from services.dispatch.tables import Base, Person, Unit

Command = dict[str, Any]
FORMULA = "街道同意的件数÷街道决定的越界派单件数"
ALL = "全部"


class Crossing(Base):
    """Written with the decision, one a community."""

    __tablename__ = "crossing"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str]
    asker: Mapped[str]
    community: Mapped[str]
    what: Mapped[str]
    let_through: Mapped[bool]
    decided_by: Mapped[dict[str, str]]
    at: Mapped[datetime]
    area_path: Mapped[str] = mapped_column(Ltree)
    __table_args__ = (Index("ix_crossing_area", "area_path", postgresql_using="gist"), Index("ix_crossing_at", "at"))


def note(
    session: Session, communities: Iterable[Unit], by: Person, now: datetime, let_through: bool, **about: Any
) -> None:
    """The street has decided. `about`: number, asker, what."""
    for unit in communities:
        place = {"community": unit.code, "area_path": unit.area_path}
        session.add(Crossing(id=new_id(), **about, **place, let_through=let_through, decided_by=by, at=now))


@asked(say.ListCrossings)
def list_crossings(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """The decisions a figure counts, the newest first. Errors: Forbidden."""
    permit(who, say.ListCrossings, access.Concern(session, "", command["area_path"]))
    query = _decided(command, period(command, clocks.policy(now)))
    for name in ("asker", "let_through"):
        if command[name] is not None:
            query = query.where(getattr(Crossing, name) == command[name])
    return paging.page(session, query, command, lambda row: row, Crossing.id, newest_first=True)


@asked(say.ReportCrossings)
def report(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """All, then each asker, of the rows that `list_crossings` lists. Errors: Forbidden."""
    permit(who, say.ReportCrossings, access.Concern(session, "", command["area_path"]))
    span = period(command, clocks.policy(now))
    counts = func.count().filter(Crossing.let_through), func.count()
    counted = _decided(command, span).with_only_columns(Crossing.asker, *counts).group_by(Crossing.asker)
    rows = session.execute(counted.order_by(Crossing.asker)).all()
    shares = [(ALL, sum(row[1] for row in rows), sum(row[2] for row in rows)), *rows]
    figures = [_figure(command, *share) for share in shares]
    return {**heading(say.ReportCrossings.title, command, clocks.policy(now)), "figures": figures}


def _decided(command: Command, span: Period) -> Select[Crossing]:
    within = (Crossing.at >= span.begins, Crossing.at < span.ends)
    return select(Crossing).where(Crossing.area_path.within(command["area_path"]), *within)


def _figure(command: Command, name: str, part: int, whole: int) -> dict[str, Any]:
    link = rows_of("duty-crossings", command, **({} if name == ALL else {"asker": name}))
    return figure(name, part, whole, FORMULA, link, "let_through=true")
