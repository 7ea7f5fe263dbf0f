"""The daily look at looks 查看隐私日查: who saw personal data the day before, from the trails of the stores."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Date, Text, func, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability import looks
from capability.clocked import Clocked
from capability.life import Life, Rules, by_number, unknown_number
from capability.machine import Move
from chassis.entrypoints import Ask, every
from chassis.identity import Principal
from chassis.sealing import Sealed
from chassis.standing import Standing, standing_of
from chassis.store import Root, Store, person_ref
from contracts import registry
from contracts.deadlines import NotifyDeadlineApproaching
from contracts.intake.looks import LooksIntoIntake
from contracts.mediation.looks import LooksIntoMediation
from contracts.notify import unmask_days as say
from contracts.notify.unmask_days import LookReason
from contracts.notify.unmask_days import UnmaskDayState as S
from contracts.shapes import RevealCommand
from kernel.calendar import at, local_day
from kernel.numbering import next_number
from services.notify import saying
from services.notify.areas import area4
from services.notify.rules import due, policy
from services.notify.tables import Area, Base, NumberCounter

Command = dict[str, Any]
Count = dict[str, Any]
ANOMALY, REVIEW = "unmask.anomaly", "unmask.review"
OWN_ACTS = frozenset(
    {"print_letter"}
    | {one.method for one in registry.COMMANDS.values() if issubclass(one, RevealCommand) and one.service == "notify"}
)
ASK_SECONDS = 10.0
MOST = 500


class UnmaskDay(Clocked, Root, Base):
    """One day. Accounts and counts; what was found out about them lies sealed."""

    __tablename__ = "unmask_day"
    state: Mapped[str]
    day: Mapped[date] = mapped_column(Date, unique=True)
    looks: Mapped[int]
    accounts: Mapped[int]
    anomalies: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    found: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reviewer_id: Mapped[str | None]
    reviewer_name: Mapped[str | None]
    verdict: Mapped[str | None] = mapped_column(Sealed)
    reviewer = person_ref("reviewer")

    found_count = property(lambda row: len(row.found))


LIFE: Life[UnmaskDay, S] = Life(
    UnmaskDay,
    S.OPEN,
    {say.ReviewUnmaskDay: Move({S.OPEN}, S.REVIEWED, say.UnmaskDayReviewed, by="reviewer")},
    Rules(
        by_number(UnmaskDay), say.READERS, unknown_number, saying.say, due=due, approaching=NotifyDeadlineApproaching
    ),
    clocks={S.OPEN: REVIEW},
    answers=(say.GetUnmaskDay, say.ListUnmaskDays),
)


@every(seconds=60, transaction=False)
def draw_days(store: Store, who: Principal, now: datetime, *, ask: Ask) -> None:
    """The oldest day that is over and not drawn yet. Where a store does not answer, the next tick asks again."""
    with store.transaction() as session:
        day = next_day(session, now)
    if day is None:
        return
    rule = policy(now).value(ANOMALY)
    asked_for = {"day": day, "night_from": rule["from"], "night_to": rule["to"]}
    wire = {**asked_for, "day": day.isoformat()}
    counts = [ask(peer, wire, deadline=ASK_SECONDS)["items"] for peer in (LooksIntoIntake, LooksIntoMediation)]
    with store.transaction() as session:
        counts.append(looks.counted(session, asked_for, OWN_ACTS)["items"])
        draw(session, who, day, together(one for items in counts for one in items), now)


def next_day(session: Session, now: datetime) -> date | None:
    """Yesterday, or the first day after the last that was drawn; None before the hour of policy key unmask.anomaly."""
    last, yesterday = session.scalar(select(func.max(UnmaskDay.day))), local_day(now) - timedelta(days=1)
    if now < at(local_day(now), time.fromisoformat(policy(now).value(ANOMALY)["at"])):
        yesterday -= timedelta(days=1)
    day = last + timedelta(days=1) if last else yesterday
    return day if day <= yesterday else None


def together(counts: Iterable[Count]) -> list[Count]:
    """The counts of all stores by account."""
    whole: dict[str, Count] = {}
    for one in counts:
        known = whole.setdefault(one["account"], {"account": one["account"], "looks": 0, "at_night": 0, "matters": 0})
        for name in ("looks", "at_night", "matters"):
            known[name] += one[name]
    return sorted(whole.values(), key=lambda one: (-one["looks"], one["account"]))


def draw(session: Session, who: Principal, day: date, counts: list[Count], now: datetime) -> None:
    """Once a day, however many draw it: the place is locked meanwhile. Nothing where no place is loaded."""
    root = session.scalars(select(Area).order_by(func.nlevel(Area.path), Area.path).limit(1).with_for_update()).first()
    if root is None or session.scalar(select(UnmaskDay.id).where(UnmaskDay.day == day)):
        return
    rule = policy(now).value(ANOMALY)
    odd = [{**one, "why": why} for one in counts if (why := reasons(one, rule))][:MOST]
    row = UnmaskDay(
        day=day, looks=sum(one["looks"] for one in counts), accounts=len(counts), anomalies=odd,
        found=[one["account"] for one in odd], state=S.OPEN if odd else S.CLEAR, area_path=root.path,
    )  # fmt: skip
    row.case_number = next_number(session, NumberCounter, "YO", area4(session, root.path), now)
    LIFE.started(session, who, row, now, say.UnmaskDayDrawn)


def reasons(one: Count, rule: dict[str, Any]) -> list[str]:
    """Why the looks of an account stand out."""
    told = (
        (LookReason.MANY, one["looks"] > rule["per_day"]),
        (LookReason.AT_NIGHT, one["at_night"] > rule["at_night"]),
    )
    return [str(reason) for reason, so in told if so]


@standing_of.register
def _stands(row: UnmaskDay) -> Standing:
    open_ = row.state == S.OPEN
    return Standing(
        kind=say.UnmaskDayView.about.kind, state=row.state, number=row.number, due=row.due_at if open_ else None,
        waits=("role:AUDITOR",) if open_ else (), tally={"found": str(len(row.found))},
    )  # fmt: skip
