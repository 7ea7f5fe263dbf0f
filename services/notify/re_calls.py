"""Sampled re-calls 抽查复访: drawn by lot (policy key follow_up.sample), asked by somebody else, compared, counted.

The lot is drawn when a follow-up is completed and shown to nobody; the sample opens days later.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, lazyload

from capability import paging, tallies
from capability.life import permit
from chassis.entrypoints import asked, every
from chassis.identity import Principal
from chassis.store import new_id
from contracts.figures import figure, heading, period, rows_of, shares_of
from contracts.notify import re_calls as say
from contracts.notify.follow_ups import FollowUpOpened
from kernel.areas import depth
from kernel.codes import FollowUpOccasion, Role, Solved
from kernel.numbering import next_number
from services.notify.areas import area4, group
from services.notify.follow_ups import CALLS, START
from services.notify.messages import News, queue
from services.notify.rates import ENDED
from services.notify.rules import due, policy
from services.notify.states import FOLLOW_UP
from services.notify.tables import FollowUp, NumberCounter

Command = dict[str, Any]
SAMPLE = "follow_up.sample"
AT_ONCE = 50
FORMULA = "与原回访一致的件数÷问到本人的抽查件数"
KEPT = (
    "handler_unit", "handler_id", "handler_name", "contact_preference", "anonymous", "area_path", "case_number",
    "subject_kind", "subject_id", "subject_number", "resident_id", "resident_name",
)  # fmt: skip
Other = aliased(FollowUp)


@every(seconds=60)
def draw(session: Session, who: Principal, now: datetime) -> None:
    """Those whose lot is drawn, the oldest first, each once; what was asked anew since is left alone."""
    rule = policy(now).value(SAMPLE)
    days = {name: timedelta(days=rule[name]) for name in ("after_days", "within_days")}
    ripe = (FollowUp.completed_at <= now - days["after_days"], FollowUp.completed_at > now - days["within_days"])
    told = (FollowUp.occasion == FollowUpOccasion.RESULT, FollowUp.solved == Solved.YES, FollowUp.lot < rule["percent"])
    newer = select(Other.id).where(Other.subject_id == FollowUp.subject_id, Other.cycle > FollowUp.cycle).exists()
    drawn = select(FollowUp).where(FollowUp.sample_of.is_(None), *ripe, *told, ~newer)
    for first in session.scalars(drawn.order_by(FollowUp.id).limit(AT_ONCE).with_for_update(skip_locked=True)):
        _open(session, who, first, now)


def _open(session: Session, who: Principal, first: FollowUp, now: datetime) -> None:
    row = FollowUp(
        **{name: getattr(first, name) for name in KEPT},
        id=new_id(), state=FOLLOW_UP.initial, cycle=first.cycle + 1, occasion=FollowUpOccasion.SAMPLE,
        number=next_number(session, NumberCounter, "F", area4(session, first.area_path), now), sample_of=first.id,
        first_caller_id=first.completed_by_id, counted_from=now, start_by=due(START, now, now),
        policy_version=policy(now).stamp(START),
    )  # fmt: skip
    session.add(row)
    told = {name: getattr(row, name) for name in ("start_by", "handler", "handler_unit", "occasion")}
    FOLLOW_UP.done(session, who, row, now, FollowUpOpened, **told)
    clerks = group(session, Role.FOLLOWUP, row.area_path)
    news = News(row.id, row.case_number, row.area_path, f"sample:{row.id}", "1")
    words = {"number": row.subject_number, "start_by": row.start_by}
    queue(session, CALLS[FollowUpOccasion.SAMPLE], clerks, news, words, now)


@asked(say.ReportReCalls)
def report(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Forbidden."""
    permit(who, say.ReportReCalls, SimpleNamespace(**command))
    shares = shares_of(command["area_path"], _counted(session, command, now))
    return {**heading(say.ReportReCalls.title, command, policy(now)), "figures": list(_figures(shares, command))}


@asked(say.ListReCalls)
def list_re_calls(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Forbidden."""
    permit(who, say.ListReCalls, SimpleNamespace(**command))
    query, order = _asked_again(command, now).options(lazyload("*")), (FollowUp.updated_at, FollowUp.id)
    return paging.page(session, query, command, lambda row: row, *order, newest_first=True)


def _asked_again(command: Command, now: datetime) -> Select[FollowUp]:
    span = period(command, policy(now))
    within = (FollowUp.updated_at >= span.begins, FollowUp.updated_at < span.ends)
    told = (FollowUp.occasion == FollowUpOccasion.SAMPLE, FollowUp.agrees.is_not(None))
    return select(FollowUp).where(ENDED, FollowUp.area_path.within(command["area_path"]), *within, *told)


def _counted(session: Session, command: Command, now: datetime) -> dict[str, tuple[int, int]]:
    """Those that agree and all, by the place right below, or the place itself for what lies nowhere below."""
    below = tallies.cut(FollowUp.area_path, depth(command["area_path"]) + 1)
    counts = (func.count().filter(FollowUp.agrees.is_(True)), func.count())
    rows = session.execute(_asked_again(command, now).with_only_columns(below, *counts).group_by(below))
    return {row[0]: (row[1], row[2]) for row in rows}


def _figures(shares: list[tuple[str, tuple[int, int]]], command: Command) -> Iterator[dict[str, Any]]:
    for path, (part, whole) in shares:
        yield figure(f"抽查一致率·{path}", part, whole, FORMULA, rows_of("re-calls", {**command, "area_path": path}))
