"""Imports 工单导入: a spreadsheet of 12345 orders is looked through, and what is good becomes appeals (domain §4.2).

Checking and importing go on by themselves, in pieces, so that no page waits. An order is known by the hotline's number:
who imports the same file twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import eventlet
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from bus import green
from capability import at_once, paging
from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked, every
from chassis.errors import Conflict, Invalid, ServiceError
from chassis.identity import Grant, Principal
from chassis.standing import Standing, standing_of
from chassis.store import Store
from contracts.intake import imports as say
from contracts.intake.imports import Encoding, RowState
from contracts.intake.imports import ImportState as S
from kernel.codes import Role
from kernel.numbering import next_number
from services.intake import areas, categories, facts, registering
from services.intake.orders import layout, sheets
from services.intake.orders.judging import Judge, Judged
from services.intake.tables import Import, ImportRow, NumberCounter

Command = dict[str, Any]
CHECKED_TOGETHER, IMPORTED_TOGETHER = 100, 100
"""Rows a statement, and appeals a transaction: others have their turn in between."""


def _nothing_good(row: Import, name: str) -> Conflict | None:
    if name != say.StartImport.method or row.good or row.state != S.CHECKED:
        return None
    told = "好的行以前都登记过了" if row.already else "没有一行可以导入，请看原因"
    return Conflict(f"{told}，没有改变任何东西")


LIFE: Life[Import, S] = Life(
    Import,
    S.UPLOADED,
    {
        "checked": Move({S.UPLOADED}, S.CHECKED),
        say.StartImport: Move({S.CHECKED}, S.IMPORTING, say.ImportStarted),
        "done": Move({S.IMPORTING}, S.DONE),
        say.WithdrawImport: Move({S.UPLOADED, S.CHECKED}, S.WITHDRAWN),
    },
    Rules(by_number(Import), say.READERS, unknown_number, facts.tell, refusal=_nothing_good),
    answers=(say.GetImport, say.ListImports),
)


@asked(say.UploadImport)
def upload(session: Session, who: Principal, command: Command, now: datetime) -> Import:
    """Errors: Forbidden outside one's own places; Invalid for an unknown place or category, or a file that cannot be
    read (`sheets.rows`), lacks a column, is empty or too long."""
    area = areas.find(session, command["area_path"], now)
    if command["category"]:
        categories.find(session, command["category"])
    lines = green.aside(_counted, command["content"], command["encoding"])
    given = {name: command[name] for name in ("content", "encoding", "category", "area_path")}
    row = Import(
        **given, file_name=command["file_name"] or "12345工单", uploader_id=who.id, uploader_name=who.name,
        rows=lines, good=0, bad=0, already=0, imported=0, created_at=now,
    )  # fmt: skip
    permit(who, say.StartImport, row)
    row.case_number = next_number(session, NumberCounter, "I", area.area4, now)
    return LIFE.start(session, who, say.UploadImport, row, now, say.ImportUploaded)


def _counted(content: bytes, encoding: Encoding | None) -> int:
    """How many rows there are to judge. Errors: Invalid."""
    found = sheets.rows(content, layout.is_heading, encoding)
    _, heading = next(found)
    names = [layout.column(cell) for cell in heading]
    if missing := [name for name in layout.NEEDED if name not in names]:
        raise Invalid.because({"content": [f"缺少这些列：{'、'.join(missing)}"]})
    count = sum(1 for _ in found)
    Invalid.where(
        content=(not count and "表格里没有工单")
        or (count > say.MOST_ROWS and f"一次最多{say.MOST_ROWS}行，请分成几个文件")
    )
    return count


@asked(say.WithdrawImport)
def withdraw(session: Session, who: Principal, command: Command, now: datetime) -> Import:
    row = LIFE.begin(session, who, say.WithdrawImport, command)
    _forget(session, row)
    return LIFE.done(session, who, row, now, say.ImportWithdrawn)


@asked(say.ListImportRows)
def rows_of(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    found = LIFE.read(session, who, command)
    query = select(ImportRow).where(ImportRow.import_id == found.id)
    if command["state"]:
        query = query.where(ImportRow.state.in_(command["state"]))
    return paging.page(session, query, command, lambda row: row, ImportRow.line)


@every(seconds=2, transaction=False)
def check_uploads(store: Store, who: Principal, now: datetime) -> None:
    """Every file that was uploaded, the oldest first; each in one transaction, so that half of it is never seen."""
    while True:
        with store.transaction() as session:
            row = _next(session, S.UPLOADED)
            if row is None:
                return
            _check(session, row, now)
            LIFE.move(row, "checked")
            facts.tell(session, say.ImportChecked, row, who, now)


def _check(session: Session, row: Import, now: datetime) -> None:
    encoding = Encoding(row.encoding) if row.encoding else None
    found = sheets.rows(row.content or b"", layout.is_heading, encoding)
    names = [layout.column(cell) for cell in next(found)[1]]
    judge = Judge(session, row.area_path, row.category, names, now)
    while lines := list(islice(found, CHECKED_TOGETHER)):
        _keep(session, row, [judge.row(*line) for line in lines])
        eventlet.sleep(0)
    _count(session, row)


def _keep(session: Session, row: Import, judged: Sequence[Judged]) -> None:
    known = _known(session, (each.outside_number for each in judged))
    rows = [_row(row.id, each, known.get(each.outside_number or "")) for each in judged]
    at_once.insert(session, ImportRow, tuple(rows[0]), rows)


def _row(import_id: UUID, judged: Judged, number: str | None) -> dict[str, Any]:
    state = RowState.KNOWN if number else RowState.BAD if judged.reasons else RowState.GOOD
    reasons = [{"column": name, "words": words[:200]} for name, words in judged.reasons.items()] if not number else []
    return {
        "import_id": import_id,
        "line": judged.line,
        "outside_number": judged.outside_number,
        "state": state,
        "reasons": reasons,
        "command": judged.command if state is RowState.GOOD else None,
        "number": number,
    }


def _known(session: Session, outside: Iterable[str | None]) -> dict[str, str]:
    """Our numbers by the hotline's; an order that we exported ourselves carries our own."""
    found = session.connection().execute(_OF_NUMBERS, {"numbers": [number for number in outside if number]})
    return {str(number): str(own) for number, own in found}


_OF_NUMBERS = text(
    """
    select case_number, case_number from appeal where case_number = any(cast(:numbers as text[]))
    union all
    select outside_number, case_number from appeal where outside_number = any(cast(:numbers as text[]))
    """
)
"""Theirs come last: what the hotline calls so wins."""


@every(seconds=1, transaction=False)
def import_rows(store: Store, who: Principal, now: datetime) -> None:
    """What people have confirmed, some rows a transaction; two processes do not work on one import at a time."""
    done: dict[UUID, int] = {}
    while True:
        with store.transaction() as session:
            row = _next(session, S.IMPORTING)
            if row is None:
                return
            done[row.id] = _import_some(session, row, done.get(row.id, 0), now)
            if not row.good:
                LIFE.move(row, "done")
                _forget(session, row)
                facts.tell(session, say.ImportDone, row, who, now)
        eventlet.sleep(0)


_AS_THINGS_ARE = text("set local plan_cache_mode = force_custom_plan")
"""A table may grow a thousandfold during an import: a plan that is kept from its beginning reads it whole."""


def _import_some(session: Session, row: Import, after: int, now: datetime) -> int:
    """The good rows that follow this line, which this run has come to; the line it then has come to."""
    session.execute(_AS_THINGS_ARE)
    good = select(ImportRow.line, ImportRow.outside_number, ImportRow.command)
    good = good.where(ImportRow.import_id == row.id, ImportRow.state == RowState.GOOD, ImportRow.line > after)
    lines = session.execute(good.order_by(ImportRow.line).limit(IMPORTED_TOGETHER)).all()
    known = _known(session, (line.outside_number for line in lines))
    fresh = [(line.line, line.command) for line in lines if line.outside_number not in known]
    numbers, refused = _registered(session, row, fresh, now)
    outside = {line.line: line.outside_number for line in lines}
    known |= _known(session, [outside[line] for line in refused]) if refused else {}  # another import was quicker
    there = {line: known[number] for line, number in outside.items() if number in known}
    refused = {line: error for line, error in refused.items() if line not in there}
    _decided(session, row, numbers, RowState.IMPORTED)
    _decided(session, row, there, RowState.KNOWN)
    _refuse(session, row, refused)
    row.imported, row.bad = row.imported + len(numbers), row.bad + len(refused)
    row.already = row.already + len(there)
    row.good = row.good - len(lines) if lines else 0
    return lines[-1].line if lines else after


def _registered(
    session: Session, row: Import, fresh: Sequence[tuple[int, Command]], now: datetime
) -> tuple[dict[int, str], dict[int, ServiceError]]:
    """Numbers by line, all at once; where one is refused (nobody answers for its place any more) one by one."""
    try:
        with session.begin_nested():
            made = registering.register_all(session, _for(row), [command for _, command in fresh], now)
            return dict(zip((line for line, _ in fresh), (each.case_number for each in made), strict=True)), {}
    except ServiceError as error:
        if len(fresh) == 1:
            return {}, {fresh[0][0]: error}
    alone = [_registered(session, row, [each], now) for each in fresh]
    return {x: n for done, _ in alone for x, n in done.items()}, {x: e for _, no in alone for x, e in no.items()}


def _refuse(session: Session, row: Import, refused: dict[int, ServiceError]) -> None:
    for line, error in refused.items():
        why = [{"column": layout.KEY, "words": str(error)[:200]}]
        mine = update(ImportRow).where(ImportRow.import_id == row.id, ImportRow.line == line)
        session.execute(mine.values(state=RowState.BAD, command=None, reasons=why))


def _decided(session: Session, row: Import, numbers: dict[int, str], state: RowState) -> None:
    if numbers:
        given = {"lines": list(numbers), "numbers": list(numbers.values()), "state": str(state), "of": row.id}
        session.connection().execute(_DECIDED, given)


_DECIDED = text(
    """
    update import_row set state = :state, command = null, number = told.number
    from unnest(cast(:lines as int[]), cast(:numbers as text[])) as told (line, number)
    where import_id = :of and import_row.line = told.line
    """
)


def _for(row: Import) -> Principal:
    """Who confirmed the import was allowed to, at its place: what the rows become is done in that name."""
    return Principal(row.uploader_id, row.uploader_name, (Grant(Role.STREET, row.area_path),))


def _next(session: Session, state: S) -> Import | None:
    first = select(Import).where(Import.state == state).order_by(Import.id).limit(1)
    return session.scalars(first.with_for_update(skip_locked=True)).one_or_none()


def _count(session: Session, row: Import) -> None:
    query = select(ImportRow.state, func.count()).where(ImportRow.import_id == row.id).group_by(ImportRow.state)
    counts = {row[0]: row[1] for row in session.execute(query)}
    row.good, row.bad, row.already = (counts.get(each, 0) for each in (RowState.GOOD, RowState.BAD, RowState.KNOWN))


def give_up(session: Session, row: Import, now: datetime) -> None:
    """Nobody began it nor withdrew it: the clock withdraws it."""
    LIFE.move(row, say.WithdrawImport)
    _forget(session, row)
    facts.tell(session, say.ImportWithdrawn, row, Principal.service("intake"), now)


def _forget(session: Session, row: Import) -> None:
    """The file and what was read from it: what became appeals is kept there."""
    row.content = None
    session.execute(update(ImportRow).where(ImportRow.import_id == row.id).values(command=None))


@standing_of.register
def _stands(row: Import) -> Standing:
    waits = (f"person:{row.uploader_id}",) if row.state == S.CHECKED else ()
    return Standing(
        kind=say.ImportView.about.kind, state=row.state, number=row.case_number, waits=waits,
        tally={"handler": row.uploader_id},
    )  # fmt: skip
