"""The list of what is archived 归档目录 (人民调解法 art. 27; domain §4.5): which dossiers there are, and until when."""

from __future__ import annotations

from datetime import date, datetime, time
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from bus import green
from capability import paging
from capability.life import permit
from capability.papers.blocks import Block, made
from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.mediation.archives import GetArchive, ListArchive
from contracts.mediation.base import CASE_READERS
from contracts.shapes import pdf_answer
from kernel.calendar import at, last_day_words
from kernel.codes import DisputeType
from services.mediation.dossiers import KEEP, outcome
from services.mediation.rules import rules
from services.mediation.tables import Case

Command = dict[str, Any]
MOST = 2000
"""Dossiers on one printed list."""


@asked(ListArchive)
def list_archive(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    query = select(Case).where(CASE_READERS.where(Case, who), Case.closed_at.is_not(None))
    if command["year"]:
        query = query.where(_closed_in(command["year"]))
    return paging.page(
        session, query, command, lambda case: _line(case, now), Case.closed_at, Case.id, newest_first=True
    )


@asked(GetArchive)
def printed(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, str]:
    """The PDF in Base64. Errors: Forbidden; Conflict for more than MOST, or without any."""
    permit(who, GetArchive, SimpleNamespace(**command))
    year = command["year"]
    here = select(Case).where(CASE_READERS.where(Case, who), Case.area_path.within(command["area_path"]))
    query = here.where(_closed_in(year)).order_by(Case.closed_at, Case.id).limit(MOST + 1)
    lines = [_line(case, now) for case in session.scalars(query)]
    if not 0 < len(lines) <= MOST:
        raise Conflict(f"{year}年没有归档的案卷" if not lines else f"超过{MOST}卷，请分地方打印", year=year)
    content = green.aside(made, "人民调解案卷归档目录", f"{year}年", _blocks(year, lines))
    return pdf_answer(f"调解归档目录-{year}.pdf", content)


def _closed_in(year: int) -> ColumnElement[bool]:
    first, after = (at(date(each, 1, 1), time()) for each in (year, year + 1))
    return and_(Case.closed_at >= first, Case.closed_at < after)


def _line(case: Case, now: datetime) -> dict[str, Any]:
    assert case.closed_at is not None  # both queries ask for it
    until = rules(case.closed_at).until(KEEP, case.closed_at)
    return {
        "number": case.mediation_number, "docket": case.docket, "dispute_type": case.dispute_type,
        "outcome": outcome(case), "closed_at": case.closed_at, "kept_until": until, "is_over": now >= until,
    }  # fmt: skip


def _blocks(year: int, lines: list[dict[str, Any]]) -> list[Block]:
    head: list[Block] = [("heading", "人民调解案卷归档目录"), ("fact", "年度", f"{year}年，共{len(lines)}卷")]
    return [*head, *(("fact", f"{no:03}", _words(line)) for no, line in enumerate(lines, 1))]


def _words(line: dict[str, Any]) -> str:
    kept = f"保管至{last_day_words(line['kept_until'])}{'（已满）' if line['is_over'] else ''}"
    kind, names = DisputeType(line["dispute_type"]).label, (line["number"], line["docket"])
    return "　".join([*filter(None, names), kind, line["outcome"], kept])
