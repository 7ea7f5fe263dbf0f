"""Open deadlines are counted again when the calendar changes, and only then; what was told never moves later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Session
from structlog.testing import capture_logs

from kernel.calendar import end_of
from kernel.deadlines import recount, table
from kernel.deadlines.table import DeadlineMixin
from kernel.policy import pack

pytestmark = pytest.mark.rule("17")

NOW = datetime(2026, 12, 30, 2, tzinfo=UTC)
PACK = pack("default")
NOTICE = """
year: 2027
region: cn
basis: 测试
confidence: A
holidays: [{from: 2027-01-01, to: 2027-01-03, name: 元旦}{more}]
workdays: [{date: 2027-01-09, name: 调休}]
"""


class Base(DeclarativeBase):
    pass


class Deadline(DeadlineMixin, Base):
    __tablename__ = "deadline"


@pytest.fixture
def calendar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "calendar").mkdir()
    monkeypatch.setenv("DATA_FOLDER", str(tmp_path))
    recount._counted.clear()
    return tmp_path / "calendar" / "cn-2027.yaml"


@pytest.fixture
def session(calendar: Path) -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def opened(session: Session, limit: str, told: bool = True) -> Deadline:
    return table.open_deadline(session, Deadline, "X", uuid4(), "FEEDBACK", NOW, limit, pack=PACK, told=told)


def counted(session: Session) -> list[Deadline]:
    rows = recount.recounted(session, Deadline, NOW, PACK)
    session.commit()
    return rows


def test_given_a_newly_loaded_year_then_dates_move_earlier_but_never_later_once_told(
    session: Session, calendar: Path
) -> None:
    sooner, later, untold = opened(session, "7wd"), opened(session, "3wd"), opened(session, "3wd", told=False)
    before = [row.due_at for row in (sooner, later, untold)]
    assert [] == counted(session)
    calendar.write_text(NOTICE.replace("{more}", ", {from: 2027-01-05, to: 2027-01-05}"), encoding="utf-8")
    with capture_logs() as logs:
        counted(session)
    assert [end_of(date(2027, 1, 11)), end_of(date(2027, 1, 5)), end_of(date(2027, 1, 5))] == before
    assert [end_of(date(2027, 1, 11)), end_of(date(2027, 1, 5)), end_of(date(2027, 1, 6))] == [
        row.due_at for row in (sooner, later, untold)
    ]
    assert {(str(later.subject_id), True), (str(untold.subject_id), False)} == {
        (line["subject_id"], line["kept"]) for line in logs if line["event"] == "deadline_recomputed"
    }


def test_given_a_make_up_working_day_then_the_date_is_earlier(session: Session, calendar: Path) -> None:
    row = opened(session, "7wd")
    counted(session)
    calendar.write_text(NOTICE.replace("{more}", ""), encoding="utf-8")
    assert [row] == counted(session)
    assert end_of(date(2027, 1, 9)) == row.due_at


def test_given_an_unchanged_calendar_then_nothing_is_counted_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(session, "3wd")
    counted(session)
    monkeypatch.setattr(recount, "recompute_open", lambda *_: pytest.fail("counted again"))
    assert [] == counted(session)


def test_given_a_count_that_was_rolled_back_then_the_next_one_counts_again(session: Session, calendar: Path) -> None:
    row = opened(session, "7wd")
    counted(session)
    calendar.write_text(NOTICE.replace("{more}", ""), encoding="utf-8")
    recount.recounted(session, Deadline, NOW, PACK)
    session.rollback()
    assert [row] == counted(session)


def test_given_a_meeting_asked_for_later_then_the_report_limit_stays_with_it(session: Session, calendar: Path) -> None:
    row, asked = opened(session, "3wd"), datetime(2027, 1, 20, 7, tzinfo=UTC)
    line = {"act": "asked_time", "at": NOW.isoformat(), "was": row.due_at.isoformat(), "due_at": asked.isoformat()}
    row.due_at, row.history = asked, [*row.history, line]
    session.commit()
    calendar.write_text(NOTICE.replace("{more}", ""), encoding="utf-8")
    assert ([], asked) == (counted(session), row.due_at)


def test_given_more_deadlines_than_a_page_when_counted_again_then_each_is_counted_once_a_page_a_time(
    session: Session, calendar: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "PAGE", 2)
    rows = [opened(session, "7wd") for _ in range(5)]
    for _ in range(3):
        counted(session)
    calendar.write_text(NOTICE.replace("{more}", ""), encoding="utf-8")
    pages = [{row.id for row in counted(session)} for _ in range(4)]
    assert [2, 2, 1, 0] == [len(page) for page in pages]
    assert {row.id for row in rows} == set().union(*pages)
