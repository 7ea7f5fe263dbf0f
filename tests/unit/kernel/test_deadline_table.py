"""The deadline table: opening, meeting, waking, escalating. The database is SQLite in memory; locks are read as SQL."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import DeclarativeBase, Session

from kernel.calendar import SHANGHAI, DayKind, WorkCalendar, end_of
from kernel.codes import OverdueStage
from kernel.deadlines import DeadlineClosed, ExtensionRefused, ladder, moment_at, table
from kernel.deadlines.table import DeadlineAlreadyOpen, DeadlineMixin, NoOpenDeadline
from kernel.policy import UnknownPolicyKey, pack

PACK = pack("jinan-like")
STEPS = ladder(PACK.value("dispatch.escalation"))
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


class Base(DeclarativeBase):
    pass


class Deadline(DeadlineMixin, Base):
    __tablename__ = "deadline"


def waking(session: Session, now: datetime, limit: int = 100) -> list[Deadline]:
    """The rows a timer would look at now, the longest waiting first."""
    still = (Deadline.met_at.is_(None), Deadline.cancelled_at.is_(None), Deadline.paused_at.is_(None))
    rows = select(Deadline).where(*still, Deadline.wake_at <= now).order_by(Deadline.wake_at).limit(limit)
    return list(session.scalars(rows))


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def opened(
    session: Session, limit: str = "1h", subject: UUID | None = None, stage: str = "SIGN", **how: Any
) -> Deadline:
    subject = subject or uuid4()
    return table.open_deadline(session, Deadline, "WHISTLE_TASK", subject, stage, NOW, limit, pack=PACK, **how)


def test_given_a_limit_when_a_deadline_is_opened_then_the_row_says_where_it_came_from(session: Session) -> None:
    row = opened(session, "5wd", policy_key="intake.feedback", code="NORMAL")
    session.commit()
    session.refresh(row)
    assert end_of(date(2026, 3, 9)) == row.due_at
    assert ("5wd", "intake.feedback", "jinan-like/2026.1") == (row.limit_text, row.policy_key, row.policy_version)
    assert ["opened"] == [line["act"] for line in row.history]
    assert row.is_open


def test_given_a_value_that_falls_back_then_the_stamp_is_that_of_the_default_pack(session: Session) -> None:
    assert "default/2026.1" == opened(session, policy_key="dispatch.sign", code="KEY").policy_version
    assert "jinan-like/2026.1" == opened(session).policy_version


def test_given_a_key_nobody_knows_then_the_deadline_is_not_opened(session: Session) -> None:
    with pytest.raises(UnknownPolicyKey):
        opened(session, policy_key="dispatch.signed")


def test_given_an_open_deadline_when_the_stage_is_opened_again_then_it_is_refused(session: Session) -> None:
    row = opened(session)
    with pytest.raises(DeadlineAlreadyOpen):
        opened(session, subject=row.subject_id)
    assert row.id != opened(session, subject=row.subject_id, stage="REPORT").id


def test_given_two_workers_that_open_at_once_then_the_database_refuses_the_second(session: Session) -> None:
    row = opened(session)
    session.flush()
    columns = list(Deadline.__table__.columns.keys())
    twin = Deadline(**{column: getattr(row, column) for column in columns if column != "id"})
    session.add(twin)
    with pytest.raises(IntegrityError):
        session.flush()


def test_given_a_deadline_when_it_is_met_then_it_tells_whether_in_time_and_the_stage_may_open_again(
    session: Session,
) -> None:
    first = opened(session)
    assert None is first.in_time
    met = table.meet(session, Deadline, first.subject_id, OverdueStage.SIGN, first.due_at)
    assert met is first
    assert True is first.in_time
    second = opened(session, subject=first.subject_id)
    table.meet(session, Deadline, first.subject_id, OverdueStage.SIGN, second.due_at + timedelta(microseconds=1))
    assert False is second.in_time


def test_given_a_deadline_already_met_when_met_again_then_the_first_time_stands(session: Session) -> None:
    row = opened(session)
    table.meet(session, Deadline, row.subject_id, "SIGN", NOW)
    assert None is table.meet(session, Deadline, row.subject_id, "SIGN", NOW + timedelta(hours=1))
    assert NOW == row.met_at


def test_given_open_deadlines_when_cancelled_then_they_never_wake(session: Session) -> None:
    row = opened(session)
    other = opened(session, subject=row.subject_id, stage="REPORT")
    assert [other] == table.cancel(session, Deadline, row.subject_id, NOW, "REPORT")
    assert [row] == table.cancel(session, Deadline, row.subject_id, NOW)
    assert [] == waking(session, NOW + timedelta(days=9))
    assert not row.is_open


def test_given_rows_past_due_then_the_longest_waiting_come_first_and_no_more_than_asked(session: Session) -> None:
    rows = [opened(session, limit) for limit in ("3h", "1h", "2h", "9h")]
    due = waking(session, NOW + timedelta(hours=3), limit=2)
    assert [rows[1], rows[2]] == due


def test_given_an_overdue_row_when_levels_are_raised_then_each_is_raised_once_and_at_its_time(session: Session) -> None:
    row = opened(session, "4h")
    told = []
    for minutes in range(0, 10 * 60, 20):
        now = NOW + timedelta(minutes=minutes, seconds=1)
        for row_due in waking(session, now):
            told.append((minutes, [step.mark for step in table.raise_steps(row_due, now, STEPS)]))
    warned = [(120, ["50%"]), (200, ["80%"])]
    assert [*warned, (240, ["RECEIVER_B"]), (360, ["DEPT_HEAD"]), (420, ["STREET"]), (480, ["DISTRICT"])] == told
    assert None is row.wake_at


def test_given_a_worker_that_was_away_then_it_raises_all_levels_at_once(session: Session) -> None:
    row = opened(session, "4h")
    assert STEPS == table.raise_steps(row, NOW + timedelta(days=2), STEPS)
    assert () == table.raise_steps(row, NOW + timedelta(days=3), STEPS)


def test_given_a_worker_that_was_away_for_both_warnings_then_the_later_is_told(session: Session) -> None:
    row = opened(session, "10h")
    assert ["80%"] == [step.mark for step in table.raise_steps(row, NOW + timedelta(hours=9))]


def test_given_a_deadline_without_a_ladder_when_both_warnings_are_told_then_it_sleeps(session: Session) -> None:
    row = opened(session, "10h")
    table.raise_steps(row, NOW + timedelta(hours=9))
    assert [] == waking(session, NOW + timedelta(days=2))


def test_given_a_warned_deadline_when_extended_then_the_warning_already_given_is_not_given_again(
    session: Session,
) -> None:
    row = opened(session, "5wd")
    table.raise_steps(row, NOW + timedelta(days=4))
    table.extend_deadline(session, Deadline, row.subject_id, "SIGN", "3wd", NOW + timedelta(days=4), "", PACK)
    assert (("50%",), moment_at(row.started_at, row.due_at, 80)) == (tuple(row.overdue_raised), row.wake_at)


def test_given_a_paused_deadline_then_it_does_not_wake_until_it_goes_on(session: Session) -> None:
    row = opened(session, "2h")
    table.pause_deadline(session, Deadline, row.subject_id, "SIGN", NOW, "等待材料")
    assert [] == waking(session, NOW + timedelta(hours=5))
    table.resume_deadline(session, Deadline, row.subject_id, "SIGN", NOW + timedelta(hours=5), PACK)
    assert [] == waking(session, NOW + timedelta(hours=5, minutes=59))
    assert [row] == waking(session, NOW + timedelta(hours=6))


def test_given_an_extension_then_it_ends_at_its_new_date(session: Session) -> None:
    row = opened(session, "5wd")
    table.extend_deadline(session, Deadline, row.subject_id, "SIGN", "3wd", NOW, "情况复杂", PACK, times=1)
    assert (end_of(date(2026, 3, 12)), moment_at(NOW, row.due_at, 50)) == (row.due_at, row.wake_at)
    with pytest.raises(ExtensionRefused):
        table.extend_deadline(session, Deadline, row.subject_id, "SIGN", "1wd", NOW, "", PACK, times=1)
    with pytest.raises(DeadlineClosed):
        table.extend_deadline(session, Deadline, row.subject_id, "SIGN", "1wd", row.due_at + timedelta(1), "", PACK)


def test_given_no_open_deadline_then_a_step_on_it_is_refused(session: Session) -> None:
    with pytest.raises(NoOpenDeadline):
        table.pause_deadline(session, Deadline, uuid4(), "SIGN", NOW, "")


def test_given_a_loaded_year_when_recomputed_then_only_open_future_rows_are_touched(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, untold = opened(session, "5wd"), opened(session, "5wd", told=False)
    hours, met = opened(session, "2h"), opened(session, "5wd", told=False)
    table.meet(session, Deadline, met.subject_id, "SIGN", NOW)
    holiday = WorkCalendar({date(2026, 3, 5): DayKind.OFF}, years=[2026])
    monkeypatch.setattr(table, "load_calendar", lambda region: holiday)
    touched, _ = table.recompute_open(session, Deadline, NOW, PACK)
    assert {told.id, untold.id} == {row.id for row in touched}
    assert (end_of(date(2026, 3, 9)), end_of(date(2026, 3, 10))) == (told.due_at, untold.due_at)
    assert moment_at(NOW, untold.due_at, 50) == untold.wake_at
    assert 1 == len(hours.history)


def test_given_a_cap_then_the_deadline_does_not_go_beyond_it(session: Session) -> None:
    cap = datetime(2026, 3, 3, 12, tzinfo=SHANGHAI)
    assert cap == opened(session, "5wd", not_after=cap).due_at


def test_given_a_naive_time_then_it_is_not_stored(session: Session) -> None:
    row = opened(session)
    row.met_at = datetime(2026, 3, 2)
    with pytest.raises(StatementError, match="时区"):
        session.flush()
