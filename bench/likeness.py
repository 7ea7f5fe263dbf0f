"""`python -m bench.likeness`: near-duplicates of one call among 10,000 and among 1,000,000 appeals.

Sixty communities over a thousand days; of the last fortnight six in ten are open, of the older one in two hundred. In
the flood 3,000 calls of two days lie in one community. Asked of the operation itself, by who answers for the place.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import select

from bench import filling
from bench.report import Line, report
from chassis.identity import Grant, Principal
from chassis.store import Store
from services.intake import likeness
from services.intake.tables import Appeal, AreaNode, Base
from tests.support.postgres import TestServer
from tests.unit.intake.world import NOW, STREET, furnish, register

SMALL, LARGE, FLOOD, ROUNDS, REQUESTS = 10_000, 1_000_000, 3_000, 5, 40
BOUND_MS = 30.0
MATTERS = ("下水道堵塞", "路灯不亮", "电梯停运", "垃圾没有清运", "噪声扰民", "暖气不热", "墙皮脱落", "停水一天")
PLACES = ("卫生间", "楼道口", "地下室", "小区北门", "三号楼前", "车库入口", "广场旁边", "厨房窗外")
ENDS = ("老人进出困难", "已经反映过两次", "希望尽快处理", "影响孩子休息", "味道很大", "晚上看不见")
STATE = "case when n % 1000 >= 985 and n % 10 < 6 or n % 200 = 0 then 'ASSIGNED' else 'CLOSED' end"


os.environ.setdefault("SEAL_KEYS", json.dumps({"k1": base64.b64encode(b"key of a bench, 32 bytes long...").decode()}))
os.environ.setdefault("HASH_KEY", "key of a bench")


def community(no: int) -> str:
    return f"{STREET}.c{no}"


def texts() -> list[str]:
    return ["，".join(parts) for parts in itertools.product(MATTERS, PLACES, ENDS)]


class Filled:
    """A store with real sealed texts, copied until there are enough."""

    def __init__(self, url: str) -> None:
        self.store, self.url, self.count = Store(url), url.replace("+psycopg", ""), 0
        with self.store.transaction() as session:
            furnish(session)
            for no in range(60):
                node = {"code": f"c{no}", "level": "COMMUNITY", "name": f"第{no}社区", "path": community(no)}
                session.add(AreaNode(**node, area4="0101", valid_from=date(2020, 1, 1)))
        calm = {"damage_ongoing": False, "danger_flags": []}
        for text in texts():
            register(self.store, title=text[:20], content=text, **calm)
        with self.store.transaction() as session:
            self.like = list(session.scalars(select(Appeal.id)))

    def grow(self, size: int) -> None:
        """Days are told by `n % 1000`, so that every size has the same ages."""
        each = (size - self.count) // len(self.like)
        own, day = f"(n * 7919 + abs(hashtext(t.id::text)) % {size})", "n % 1000"
        changed = {
            "id": "gen_random_uuid()",
            "case_number": "'N' || gen_random_uuid()",
            "area_path": f"('{STREET}.c' || {own} % 60)::ltree",
            "created_at": f"t.created_at - interval '1 day' * (999 - {day})",
            "state": STATE,
        }
        self._copy(f"generate_series({self.count}, {self.count + each - 1}) n", changed)
        self.count = size

    def flood(self) -> None:
        each = FLOOD // len(self.like) + 1
        changed = {
            "id": "gen_random_uuid()",
            "case_number": "'F' || gen_random_uuid()",
            "area_path": f"'{community(0)}'::ltree",
            "created_at": "t.created_at - interval '1 hour' * (n * 5)",
        }
        self._copy(filling.numbered(each), changed)

    def _copy(self, rows: str, changed: dict[str, str]) -> None:
        with psycopg.connect(self.url, autocommit=True) as database:
            found = database.execute(
                "select indexname, indexdef from pg_indexes where tablename = 'appeal' and indexname <> 'appeal_pkey'"
            ).fetchall()
            for name, _ in found:
                database.execute(f"drop index {name}".encode())
            filling.copies(database, "appeal", self.like, rows, changed)
            for _, made in found:
                database.execute(made.encode())
            filling.settle(database, "appeal")

    def times(self, no: int) -> list[float]:
        """Milliseconds of the 95th in a hundred, a round each."""
        self._round(no)
        return [self._round(no) for _ in range(ROUNDS)]

    def _round(self, no: int) -> float:
        found = sorted(self._one(no, text) for text in texts()[: REQUESTS * 9 : 9])
        return found[int(len(found) * 0.95)]

    def _one(self, no: int, text: str) -> float:
        who = Principal("u-bench", "某某", (Grant("COMMUNITY", community(no), "c"),))
        told = likeness.Told(community(no), "housing.drain.blocked", NOW, text)
        with self.store.transaction() as session:
            began = time.perf_counter()
            likeness.alike(session, who, told, NOW + timedelta(hours=1))
            return 1000 * (time.perf_counter() - began)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="shaodao-bench-", ignore_cleanup_errors=True) as folder:
        postgres = TestServer(Path(folder))
        try:
            small, large, flood = measured(Filled(postgres.database(Base.metadata)))
        finally:
            postgres.stop()
    said = {f"near-duplicates at {LARGE:,} appeals, p95": large, f"… in a flood of {FLOOD:,}, p95": flood}
    report("likeness", [
        Line(name, runs, small, "ms", None, f"at {SMALL:,}", at_least=False, bound=BOUND_MS)
        for name, runs in said.items()
    ])  # fmt: skip


def measured(filled: Filled) -> tuple[list[float], list[float], list[float]]:
    """Times among few, among many, and in the flood."""
    filled.grow(SMALL)
    small = filled.times(7)
    filled.grow(LARGE)
    large = filled.times(7)
    filled.flood()
    return small, large, filled.times(0)


if __name__ == "__main__":
    main()
