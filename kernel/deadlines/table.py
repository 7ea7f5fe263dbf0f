"""The table of a service's deadlines, and the few operations on it. Each service maps its own:

    class Deadline(DeadlineMixin, Base):
        __tablename__ = "deadline"

Nothing here commits. `now` is always the caller's clock, aware. A row wakes (`wake_at`) at each warning, at its due
instant and then at each further step of the escalation ladder; while it is paused, met or cancelled it sleeps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import JSON, DateTime, Index, Select, and_, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from kernel.calendar import load_calendar
from kernel.deadlines.limits import Limit
from kernel.deadlines.raising import WARNINGS, EscalationStep, Step, is_reached, next_raise
from kernel.deadlines.terms import Term, check_extension, extend, pause, recompute, resume, started
from kernel.policy.pack import PolicyPack

PAGE = 1000
"""Most deadlines counted again in one transaction: their subjects are locked, and a process must answer meanwhile."""
RowT = TypeVar("RowT", bound="DeadlineMixin")
Hold = Callable[[list[UUID]], object]
"""Locks the subjects of deadlines, where a service locks them before their deadlines."""

_Json = JSON().with_variant(JSONB(), "postgresql")
_OPEN = "met_at IS NULL AND cancelled_at IS NULL"
_AWAKE = f"{_OPEN} AND paused_at IS NULL"


class DeadlineAlreadyOpen(ValueError):
    """The subject already has an open deadline of that stage."""


class NoOpenDeadline(ValueError):
    """The subject has no open deadline of that stage."""


class Instant(TypeDecorator[datetime]):
    """timestamptz: aware in, UTC out; a naive value is refused instead of guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("时间必须带时区")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class DeadlineMixin:
    """One deadline of one stage of one subject. `told`: the citizen was given the date (see `terms.recompute`)."""

    __tablename__: str

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    stage: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    limit_text: Mapped[str]
    policy_key: Mapped[str]
    policy_version: Mapped[str]
    told: Mapped[bool] = mapped_column(default=True)
    met_at: Mapped[datetime | None] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    paused_at: Mapped[datetime | None] = mapped_column(Instant)
    wake_at: Mapped[datetime | None] = mapped_column(Instant)
    overdue_raised: Mapped[list[str]] = mapped_column(_Json, default=list)
    history: Mapped[list[dict[str, Any]]] = mapped_column(_Json, default=list)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        name = cls.__tablename__
        still_open: dict[str, Any] = {"postgresql_where": text(_OPEN), "sqlite_where": text(_OPEN)}
        awake: dict[str, Any] = {"postgresql_where": text(_AWAKE), "sqlite_where": text(_AWAKE)}
        return (
            Index(f"uq_{name}_open", "subject_id", "stage", unique=True, **still_open),
            Index(f"ix_{name}_wake", "wake_at", **awake),
        )

    @property
    def is_open(self) -> bool:
        """Neither met nor cancelled."""
        return self.met_at is None and self.cancelled_at is None

    @property
    def in_time(self) -> bool | None:
        """Whether it was met by its due instant; None while it was not met."""
        return None if self.met_at is None else self.met_at <= self.due_at

    @property
    def runs_from(self) -> datetime:
        """When it would have begun had it never stood: shares of the time count the time in which the clock ran."""
        stood = [line for line in self.history if line["act"] == "resumed"]
        return self.started_at + sum((_moved(line) for line in stood), timedelta())

    def term(self) -> Term:
        """The row as pure data for `kernel.deadlines.terms`."""
        return Term(self.started_at, Limit.parse(self.limit_text), self.due_at, self.paused_at, tuple(self.history))

    def keep(self, term: Term) -> None:
        """Write back what a step made of `term()`; a row that was not overdue wakes by its new date."""
        self.due_at, self.paused_at, self.history = term.due_at, term.paused_at, list(term.history)
        if not set(self.overdue_raised) - {warning.mark for warning in WARNINGS}:
            self.wake_at = next_raise(self.runs_from, self.due_at, self.overdue_raised, WARNINGS) or self.due_at


def open_deadline(
    session: Session,
    model: type[RowT],
    subject_kind: str,
    subject_id: UUID,
    stage: str,
    start: datetime,
    limit: Limit | str,
    *,
    pack: PolicyPack,
    policy_key: str = "",
    code: str | None = None,
    told: bool = True,
    not_after: datetime | None = None,
) -> RowT:
    """Add the deadline of a stage, counted from `start` by the calendar and hours of the pack.

    `policy_key` and `code` say where the limit was looked up and stamp the version. `not_after` caps the date, e.g. at
    the source appeal's. Raises DeadlineAlreadyOpen, InvalidLimit, UnknownPolicyKey.
    """
    if find_open(session, model, subject_id, stage) is not None:
        raise DeadlineAlreadyOpen(f"{stage} 的期限已在计算")
    words: dict[str, Any] = {"pack": pack, "policy_key": policy_key, "code": code, "told": told, "not_after": not_after}
    return first_deadline(session, model, subject_kind, subject_id, stage, start, limit, **words)


def first_deadline(
    session: Session,
    model: type[RowT],
    subject_kind: str,
    subject_id: UUID,
    stage: str,
    start: datetime,
    limit: Limit | str,
    *,
    pack: PolicyPack,
    policy_key: str = "",
    code: str | None = None,
    told: bool = True,
    not_after: datetime | None = None,
) -> RowT:
    """Like `open_deadline` for a subject that is new itself: nothing can be open, so the store is not asked.

    Should there be one all the same, the store refuses the second at flush. Raises InvalidLimit, UnknownPolicyKey.
    """
    span = Limit.parse(limit) if isinstance(limit, str) else limit
    row = model()
    row.subject_kind, row.subject_id, row.stage = str(subject_kind), subject_id, str(stage)
    row.started_at, row.limit_text, row.told = start.astimezone(UTC), str(span), told
    row.policy_key, row.overdue_raised = policy_key, []
    row.policy_version = pack.stamp(policy_key, code) if policy_key else pack.version
    row.keep(started(start, span, load_calendar(pack.region), pack.hours, not_after=not_after))
    session.add(row)
    return row


def find_open(session: Session, model: type[RowT], subject_id: UUID, stage: str) -> RowT | None:
    """The subject's open deadline of that stage, locked until commit, or None."""
    wanted = and_(model.subject_id == subject_id, model.stage == str(stage))
    return session.scalars(_open(model).where(wanted).with_for_update()).one_or_none()


def meet(session: Session, model: type[RowT], subject_id: UUID, stage: str, now: datetime) -> RowT | None:
    """Mark the open deadline of that stage as met; `row.in_time` then tells. None when none is open (met before)."""
    row = find_open(session, model, subject_id, stage)
    if row is not None:
        row.met_at, row.wake_at = now.astimezone(UTC), None
    return row


def cancel(
    session: Session, model: type[RowT], subject_id: UUID, now: datetime, stage: str | None = None
) -> list[RowT]:
    """Call off the subject's open deadlines, all or those of one stage. Returns them."""
    wanted = _open(model).where(model.subject_id == subject_id).with_for_update()
    rows = [row for row in session.scalars(wanted) if stage is None or row.stage == str(stage)]
    for row in rows:
        row.cancelled_at, row.wake_at = now.astimezone(UTC), None
    return rows


def pause_deadline(
    session: Session, model: type[RowT], subject_id: UUID, stage: str, now: datetime, reason: str
) -> RowT:
    """Stop the clock of an open deadline. Raises NoOpenDeadline, DeadlineClosed."""
    row = _require(session, model, subject_id, stage)
    row.keep(pause(row.term(), now, reason))
    return row


def resume_deadline(
    session: Session, model: type[RowT], subject_id: UUID, stage: str, now: datetime, pack: PolicyPack
) -> RowT:
    """Let the clock run again. Raises NoOpenDeadline, DeadlineClosed."""
    row = _require(session, model, subject_id, stage)
    row.keep(resume(row.term(), now, load_calendar(pack.region), pack.hours))
    return row


def extend_deadline(
    session: Session,
    model: type[RowT],
    subject_id: UUID,
    stage: str,
    by: Limit | str,
    now: datetime,
    reason: str,
    pack: PolicyPack,
    *,
    times: int | None = None,
) -> RowT:
    """Move the date on. With `times` (policy key intake.extension) also checks how often and how long.

    Raises NoOpenDeadline, DeadlineClosed, ExtensionRefused.
    """
    row = _require(session, model, subject_id, stage)
    span = Limit.parse(by) if isinstance(by, str) else by
    calendar = load_calendar(pack.region)
    if times is not None:
        check_extension(row.term(), span, calendar, pack.hours, times=times)
    row.keep(extend(row.term(), span, now, reason, calendar, pack.hours))
    return row


def recompute_open(
    session: Session, model: type[RowT], now: datetime, pack: PolicyPack,
    hold: Hold | None = None, after: UUID | None = None,
) -> tuple[list[RowT], UUID | None]:  # fmt: skip
    """Counts up to PAGE open deadlines that have not passed again, those after a row, e.g. after a year was loaded.

    Only rows that change are locked, after `hold` has locked their subjects. Returns the rows whose history grew:
    moved, or kept although the calendar would give a later date (`told`); and the row after which to go on, or None.
    """
    calendar, wanted = load_calendar(pack.region), _open(model).where(model.due_at > now).order_by(model.id)

    def other(row: RowT) -> Term | None:
        term = recompute(row.term(), now, calendar, pack.hours, told=row.told)
        return term if term != row.term() else None

    page = session.scalars((wanted.where(model.id > after) if after else wanted).limit(PAGE)).all()
    off = [row for row in page if other(row)]
    if hold is not None and off:
        hold([row.subject_id for row in off])
    again = wanted.where(model.id.in_([row.id for row in off])).with_for_update()
    held = session.scalars(again.execution_options(populate_existing=True)) if off else ()
    touched = [(row, term) for row in held if (term := other(row))]
    for row, term in touched:
        row.keep(term)
    return [row for row, _ in touched], page[-1].id if len(page) == PAGE else None


def raise_steps(row: DeadlineMixin, now: datetime, escalation: Sequence[EscalationStep] = ()) -> tuple[Step, ...]:
    """What is to be told now and was not yet; marks it and sets when the row wakes next.

    Of two warnings missed the later is told, and none once the limit has passed, for then it is overdue.
    """
    steps: tuple[Step, ...] = (*WARNINGS, *escalation)
    began, due = row.runs_from, row.due_at
    reached = [step for step in steps if step.mark not in row.overdue_raised and is_reached(began, due, now, step)]
    row.overdue_raised = [*row.overdue_raised, *(step.mark for step in reached)]
    row.wake_at = next_raise(began, due, row.overdue_raised, steps)
    return tuple(reached[-1:] if now <= due else (step for step in reached if isinstance(step, EscalationStep)))


def _moved(line: Mapping[str, Any]) -> timedelta:
    return datetime.fromisoformat(line["due_at"]) - datetime.fromisoformat(line["was"])


def _open(model: type[RowT]) -> Select[RowT]:
    return select(model).where(model.met_at.is_(None), model.cancelled_at.is_(None))


def _require(session: Session, model: type[RowT], subject_id: UUID, stage: str) -> RowT:
    row = find_open(session, model, subject_id, stage)
    if row is None:
        raise NoOpenDeadline(f"没有正在计算的 {stage} 期限")
    return row
