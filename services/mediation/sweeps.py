"""Two sweeps and one analysis 两排查一分析 (domain §1 S4.10), each month for every place with an organisation."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis import outbox
from chassis.entrypoints import asked, every
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.deadlines import MediationDeadlineApproaching
from contracts.mediation import sweeps as say
from contracts.mediation.sweeps import AnalysisState, SweepKind, SweepState
from kernel.areas import labels
from kernel.calendar import at, end_of, local_day
from kernel.codes import DisputeType
from services.mediation.numbering import root_number
from services.mediation.rules import due
from services.mediation.tables import Analysis, Entry, Org, Sweep

Command = dict[str, Any]
A_DAY = timedelta(days=1)
OFFICE = ("role:COMMUNITY", "role:STREET")
WHOLE = "辖区全部楼院和重点人群"
GRID_DEPTH = 5
"""City, district, street, community, grid."""

LIFE: Life[Sweep, SweepState] = Life(
    Sweep,
    SweepState.RUNNING,
    {say.FinishSweep: Move({SweepState.RUNNING}, SweepState.FINISHED, say.SweepFinished)},
    Rules(
        by_number(Sweep), say.SWEEPERS, unknown_number, outbox.record, due=due, approaching=MediationDeadlineApproaching
    ),
    answers=(say.GetSweep, say.ListSweeps),
)
ANALYSIS: Life[Analysis, AnalysisState] = Life(
    Analysis,
    AnalysisState.DRAFT,
    {
        say.ConcludeAnalysis: Move(
            {AnalysisState.DRAFT}, AnalysisState.CONCLUDED, say.DisputeTrendPublished, by="concluder"
        ),
    },
    Rules(
        by_number(Analysis), say.READERS, unknown_number, outbox.record, due=due,
        approaching=MediationDeadlineApproaching,
    ),
    clocks={AnalysisState.DRAFT: "ledger.analysis"},
    answers=(say.GetDisputeAnalysis, say.ListDisputeAnalyses),
)  # fmt: skip


@asked(say.OpenSweep)
def open_sweep(session: Session, who: Principal, command: Command, now: datetime) -> Sweep:
    """Errors: Forbidden."""
    sweep = Sweep(**{name: command[name] for name in ("kind", "area_path", "scope")})
    sweep.until(due("ledger.sweep", now, now), now)
    sweep.case_number = root_number(session, "PH", sweep.area_path, now)
    return LIFE.start(session, who, say.OpenSweep, sweep, now, say.SweepOpened)


@every(seconds=30)
def each_month(session: Session, who: Principal, now: datetime) -> None:
    """The periodic sweep of this month and the analysis of the last, once for each place with an organisation.

    The organisation is locked meanwhile; one in another replica's hands is passed over.
    """
    month = local_day(now).replace(day=1)
    before = (month - A_DAY).replace(day=1)
    for org in session.scalars(select(Org).where(Org.active).order_by(Org.code).with_for_update(skip_locked=True)):
        if _lacks(session, Sweep, org, month):
            _begin_sweep(session, who, org, month, now)
        if _lacks(session, Analysis, org, before):
            _draw(session, who, org.area_path, before, month, now)
        session.flush()


def _lacks(session: Session, model: Any, org: Org, month: date) -> bool:
    known = select(model.id).where(model.area_path == org.area_path, model.month == month)
    return session.scalars(known).first() is None


def _begin_sweep(session: Session, who: Principal, org: Org, month: date, now: datetime) -> None:
    last = (month + 31 * A_DAY).replace(day=1) - A_DAY
    sweep = Sweep(kind=SweepKind.PERIODIC, area_path=org.area_path, scope=WHOLE, month=month)
    sweep.until(end_of(last), now)
    sweep.case_number = root_number(session, "PH", org.area_path, now)
    LIFE.started(session, who, sweep, now, say.SweepOpened)


def _draw(session: Session, who: Principal, place: str, month: date, until: date, now: datetime) -> None:
    earlier = (month - A_DAY).replace(day=1)
    entries = _entries(session, place, month, until)
    struck = select(func.count()).where(Entry.area_path.within(place), Entry.struck_at >= _start(month))
    row = Analysis(
        area_path=place, month=month, entered=len(entries),
        trends=trends(_entries(session, place, earlier, month), entries),
        struck_off=session.scalar(struck.where(Entry.struck_at < _start(until))) or 0,
    )  # fmt: skip
    row.case_number = root_number(session, "FO", place, now)
    ANALYSIS.started(session, who, row, now, say.AnalysisDrawn)


def _entries(session: Session, place: str, first: date, until: date) -> list[tuple[str, str]]:
    """Type and grid of what entered from `first` to before `until`."""
    query = select(Entry.dispute_type, Entry.area_path).where(Entry.area_path.within(place))
    found = session.execute(query.where(Entry.entered_at >= _start(first), Entry.entered_at < _start(until)))
    return [(DisputeType(kind).label, ".".join(labels(path)[:GRID_DEPTH])) for kind, path in found]


def _start(day: date) -> datetime:
    return at(day, time.min)


def trends(before: list[tuple[str, str]], now: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Types, then grids, what grew most first."""
    rows = []
    for part in (0, 1):
        was, is_ = Counter(one[part] for one in before), Counter(one[part] for one in now)
        ordered = sorted(was | is_, key=lambda what: (was[what] - is_[what], what))
        rows += [
            {"what": what, "before": was[what], "now": is_[what], "change": _change(was[what], is_[what])}
            for what in ordered
        ]
    return rows


def _change(before: int, now: int) -> str:
    if before == now:
        return "持平"
    return f"{'增' if now > before else '减'}{abs(now - before)}"


@standing_of.register
def _sweep_stands(row: Sweep) -> Standing:
    running = row.state == SweepState.RUNNING
    return Standing(
        kind=say.SweepView.about.kind, state=row.state, number=row.number, due=row.due_at if running else None,
        waits=("role:GRID", "role:COMMUNITY") if running else (), tally={"sweep": row.kind},
    )  # fmt: skip


@standing_of.register
def _analysis_stands(row: Analysis) -> Standing:
    waits = OFFICE if row.state == AnalysisState.DRAFT else ()
    return Standing(
        kind=say.DisputeAnalysisView.about.kind, state=row.state, number=row.number, due=row.due_at, waits=waits
    )  # fmt: skip
