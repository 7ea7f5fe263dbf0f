"""`python -m bench.imports [ROWS]`: a spreadsheet of 12345 orders (default 50,000) is looked through, then imported.

Each row has a person of its own. Time on the clock and of this process, and how much
memory it grows by; the database is another process of the same machine.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bench.report import Line, report
from chassis.store import Store
from services.intake import imports
from services.intake.tables import Base
from tests.support.postgres import TestServer
from tests.unit.intake import sheeting
from tests.unit.intake.world import INTAKE, NOW, furnish

ROWS, SECONDS, MEGABYTES = 50_000, 60.0, 300

os.environ.setdefault("SEAL_KEYS", json.dumps({"k1": base64.b64encode(b"key of a bench, 32 bytes long...").decode()}))
os.environ.setdefault("HASH_KEY", "key of a bench")


def orders(count: int) -> bytes:
    """As a hotline exports them; in UTF-8 so many are more than the 11 MB of an upload."""
    people = ({"电话": f"139{no:08}", "来电人": f"王{chr(0x4E00 + no % 5000)}"} for no in range(count))
    where = ({"小区点位": f"{1 + no % 9}号楼{1 + no % 4}单元{101 + no % 30}室"} for no in range(count))
    both = enumerate(zip(people, where, strict=True))
    rows = (sheeting.row(f"NX{no:018}", **who, **place) for no, (who, place) in both)
    return sheeting.csv_of(*rows, encoding="gb18030")


def grown() -> int:
    """Megabytes at the most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(count: int = ROWS) -> None:
    with tempfile.TemporaryDirectory(prefix="shaodao-bench-") as folder:
        server = TestServer(Path(folder))
        try:
            store = Store(server.database(Base.metadata))
            with store.transaction() as session:
                furnish(session)
            said = measured(server, store, orders(count))
        finally:
            server.stop()
    report("imports", [
        Line(f"{count:,} orders, {name}", [found], [found], unit, None, "itself", at_least=False, bound=bound)
        for name, found, unit, bound in said
    ])  # fmt: skip


def measured(server: TestServer, store: Store, content: bytes) -> list[tuple[str, float, str, float | None]]:
    """Name, figure, unit, bound. Errors: AssertionError where not every row became an appeal."""
    before, clock, work, database = grown(), time.perf_counter(), time.process_time(), worked(server)
    view = sheeting.checked(store, content)
    looked = time.perf_counter() - clock
    sheeting.do(store, "start_import", number=view["number"])
    imports.import_rows(store, INTAKE, NOW)
    whole, used = time.perf_counter() - clock, time.process_time() - work
    done = sheeting.do(store, "get_import", number=view["number"])
    assert view["rows"] == done["imported"], done
    return [
        ("looked through", looked, "s", None),
        ("looked through and imported", whole, "s", SECONDS),
        ("processor time of intake each", 1000 * used / view["rows"], "ms", None),
        ("processor time of PostgreSQL each", 1000 * (worked(server) - database) / view["rows"], "ms", None),
        ("memory", grown() - before, "MB", MEGABYTES),
    ]


def worked(server: TestServer) -> float:
    """Seconds of processor time that all processes of the database took so far, those that ended too."""
    main = psutil.Process(server.pid)
    ended, ticks = main.cpu_times(), [each.cpu_times() for each in main.children(recursive=True)]
    whole = sum(one.user + one.system for one in (ended, *ticks))
    return float(whole + ended.children_user + ended.children_system)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
