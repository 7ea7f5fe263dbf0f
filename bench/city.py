"""Fills a bench world with the cases of a city: where they lie, how they stand, who is at work on them.

Every 20th case lies in the community of `COMMUNITY`, the first 200 in the grid of `GRID_WORKER`, the others in some
400 communities that have nobody to log in. Seven of ten are closed; of the open ones every sixth was whistled for.
"""

from __future__ import annotations

from typing import Any

from bench import cases
from bench.desk import Desk
from bench.filling import copies, made_id, settle
from bench.waiting import Waiting
from tests.stories.people import LAMP_AREA, SEWAGE_AREA

COMMUNITY, GRID_WORKER, RECEIVER = "wangfang", "lili", "wuqiang"
NUMBER = "('S2025' || lpad(n::text, 14, '0'))"
AREA = f"""
(case when n <= 200 then '{LAMP_AREA}' when n % 20 = 0 then '{SEWAGE_AREA}'
 else 'yinchuan.xingqing.s' || n % 41 || '.c' || n % 397 || '.g' || n % 5 end)::ltree
"""
STATE = """
case when (n / 20) % 20 >= 6 then 'CLOSED' else
 (array['REGISTERED', 'IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS', 'WHISTLED', 'RESULT_REPORTED'])[1 + (n / 20) % 20]
end
"""
OPEN = f"({STATE}) not in ('CLOSED', 'RESULT_REPORTED')"
DUE = "now() + (abs(hashint4(n)) % 40000 - 5000) * interval '1 day' / 1000"
HANDLER = "case when n % 20 = 0 then 'u-lishan' else 'u-' || n % 2000 end"
CASE_ID, TASK_ID, WHISTLE_ID, FOLLOW_UP_ID = made_id(1), *(f"{made_id(series)}::text" for series in (2, 3, 4))
PLACES = f"(select array_agg('role:COMMUNITY@' || subpath({AREA}, 0, k)) from generate_series(1, nlevel({AREA})) k)"
"""Where a role is held that covers the place: one role stands for all three."""

NOBODY = "null::text[]"
UNIT = f"case when (n / 400) % 5 = 0 then '{cases.UNIT}' else 'unit-' || n % 50 end"
ENTRIES = ("appeal_registered", "appeal_accepted", "appeal_assigned", "appeal_signed")
TABLES = ("matter", "entry")


class City:
    """Two databases that grow together. The template is one real case that went through all services."""

    def __init__(self, desk: Desk, waiting: Waiting) -> None:
        self.portal, self.intake = waiting.databases["portal"], waiting.databases["intake"]
        made = cases.register(desk, 1)
        self.number, self.appeal, self.size = made["number"], made["id"], 0
        blown = cases.whistle(desk, made)
        self.whistle, self.task = blown["id"], blown["tasks"][0]["id"]
        waiting.until_none()

    def grow(self, size: int) -> None:
        """Adds cases until there are `size` of them, with their timelines and the rows of desks."""
        rows, self.size = f"generate_series({self.size + 1}, {size}) n", size
        self._intake(rows)
        self._pages(rows)
        self._timelines(rows)
        self._desks(rows)
        settle(self.portal, *TABLES)
        settle(self.intake, "appeal")

    def _intake(self, rows: str) -> None:
        changed = {"id": CASE_ID, "case_number": NUMBER, "area_path": AREA, "state": STATE, "handler_id": HANDLER}
        unsolved = {"due_at": DUE, "first_responder_id": HANDLER, "registered_by": HANDLER}
        copies(self.intake, "appeal", [self.appeal], rows, {**changed, **unsolved})

    def _pages(self, rows: str) -> None:
        person = f"array['person:' || {HANDLER}]"
        waits = f"case when not ({OPEN}) then {NOBODY} when ({STATE}) = 'REGISTERED' then {PLACES} else {person} end"
        people = f"t.tally || jsonb_build_object('handler', {HANDLER}, 'first', {HANDLER})"
        due = f"case when {OPEN} then {DUE} end"
        changed = {"id": f"{CASE_ID}::text", "number": NUMBER, "state": STATE, "due_at": due, "tally": people}
        copies(self.portal, "matter", [self.appeal], rows, {**changed, **_awaits(waits)})

    def _timelines(self, rows: str) -> None:
        """Four entries a case; cases of the first thousand, which are looked at, have the whole timeline."""
        changed = {"event_id": "t.event_id || '-' || n", "case_number": NUMBER, "subject": f"{CASE_ID}::text"}
        few = f"(select n from {rows} where n > 1000) few"
        copies(self.portal, "entry", self._events(ENTRIES), few, changed, key="event_id")
        whole = f"(select n from {rows} where n <= 1000) whole"
        copies(self.portal, "entry", self._events(()), whole, changed, key="event_id")

    def _events(self, names: tuple[str, ...]) -> list[Any]:
        query = "select event_id, name from entry where case_number = %s order by seq"
        return [key for key, name in self.portal.execute(query, [self.number]) if not names or name in names]

    def _desks(self, rows: str) -> None:
        """A fourth of all cases was whistled for; seven tenths were followed up."""
        called = f"(select n from {rows} where n % 4 = 0 or ({STATE}) = 'WHISTLED') called"
        at_work = f"({STATE}) = 'WHISTLED'"
        unit = {"tally": f"t.tally || jsonb_build_object('unit', {UNIT})", "parent": WHISTLE_ID}
        stage = f"case when {at_work} then (array['ASSIGNED', 'SIGNED', 'REPORTED_IN'])[1 + n % 3] else 'RATED' end"
        waits = f"case when {at_work} then array['unit:' || {UNIT}] else {NOBODY} end"
        due = {"state": stage, "due_at": f"case when {at_work} then {DUE} end"}
        copies(self.portal, "matter", [self.task], called, {"id": TASK_ID, **unit, **due, **_awaits(waits)})
        over = {"id": WHISTLE_ID, "state": "'CLOSED'", "parent": f"{CASE_ID}::text", **_awaits(NOBODY)}
        copies(self.portal, "matter", [self.whistle], called, over)
        closed = f"(select n from {rows} where ({STATE}) = 'CLOSED') closed"
        done = {"id": FOLLOW_UP_ID, "kind": "'FOLLOW_UP'", "state": "'COMPLETED'", "parent": f"{CASE_ID}::text"}
        copies(self.portal, "matter", [self.task], closed, {**done, "due_at": "null", **_awaits(NOBODY)})


def _awaits(desks: str) -> dict[str, str]:
    """Whom a matter of case `n` waits for; its place."""
    return {"case_number": NUMBER, "area_path": AREA, "desks": desks, "waits": f"coalesce({desks}, '{{}}')"}


def number(no: int) -> str:
    """The number of case `no`."""
    return f"S2025{no:014d}"
