"""`python -m bench.councils`: a roll of 5,000, a vote and an election of 5,000, one a voter, while the page is read.

BENCH_VOTERS (5,000) within BENCH_SECONDS (60). Each voter has an account and a session of their own, and all goes over
HTTP. What is lost is counted in the stores.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from threading import Event

import httpx
from rich.console import Console

from bench import pacing, processes
from bench.desk import Desk, log_in
from bench.pacing import Paced
from ops import lifecycle, provision
from ops.waiting import wait_until
from ops.world import World
from tests.stories.people import QINGHE

VOTERS = int(os.environ.get("BENCH_VOTERS", "5000"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "60"))
HANDS, AT_ONCE, LOOKS = 4, 200, 100
KEEPER = "zhengshouye"
HOME = f"{QINGHE}.g1.m1"
ACCOUNT = """insert into account (id, username, name, kind, password_hash, active, must_change, created_at, updated_at)
    values (%s, %s, %s, 'resident', '', true, false, now(), now())"""
GRANT = """insert into "grant" (id, account_id, role, node) values (%s, %s, 'RESIDENT', %s)"""
SESSION = """insert into session (token_hash, account_id, created_at, expires_at)
    values (%s, %s, now(), now() + interval '1 hour')"""


def council(desk: Desk) -> str:
    """The number of one that begins in a moment."""
    starts = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
    asked = {"kind": "GRID", "mode": "MOBILE", "subject": "车棚怎么用", "place_text": "院内"}
    return str(desk.post("/api/councils", {**asked, "area_path": f"{QINGHE}.g1", "starts_at": starts})["number"])


def roll_of(number: str) -> pacing.Act:
    """A batch as a phone sends it once the network is there again."""

    def take(desk: Desk, batch: int) -> None:
        people = [{"sign_id": str(uuid.uuid4()), "name": "业主"} for _ in range(min(AT_ONCE, VOTERS - batch * AT_ONCE))]
        desk.post(f"/api/councils/{number}/roll", {"people": people})

    return take


def hold(desk: Desk, number: str) -> None:
    """Once its hour has come."""
    starts = datetime.fromisoformat(json.loads(desk.get(f"/api/councils/{number}"))["starts_at"])
    wait_until(lambda: datetime.now(UTC) > starts, seconds=30, what="its hour", every=0.2)
    record = {"head_count": VOTERS, "minutes": "逐条商议", "options": ["留", "拆"]}
    desk.post(f"/api/councils/{number}/minutes", record)


def election(desk: Desk) -> str:
    """The number of one that is voted on by account: six stand for five seats."""
    asked = {"subject": "百姓监督员", "area_path": f"{QINGHE}.g1", "seats": 5, "mode": "PHONE", "place_text": "院内"}
    call = {**asked, "voters_rule": "十八周岁以上，一人一票", "meets_at": datetime.now(UTC).isoformat()}
    number = str(desk.post("/api/elections", call)["number"])
    for name in ("候选甲", "候选乙", "候选丙", "候选丁", "候选戊", "候选己"):
        desk.post(f"/api/elections/{number}/candidates", {"name": name})
    desk.post(f"/api/elections/{number}/voting", {"tellers": ["监票甲", "计票乙"]})
    return number


def neighbours(world: World) -> None:
    """So many residents with an account and a session each, whose token is `token_of`: logging in would be the load."""
    with provision.connected(world, "portal") as database, database.cursor() as cursor:
        for no in range(VOTERS):
            who, key = f"voter-{no}", hashlib.sha256(token_of(no).encode()).hexdigest()
            cursor.execute(ACCOUNT, (who, who, "业*"))
            cursor.execute(GRANT, (uuid.uuid4(), who, HOME))
            cursor.execute(SESSION, (key, who))


def token_of(no: int) -> str:
    return f"voter-{no}-of-the-bench"


def vote(world: World, path: str, body: Callable[[int], dict[str, object]]) -> Paced:
    """By every voter once, evenly over the seconds."""

    def cast(desk: Desk, no: int) -> None:
        desk.speak_for(token_of(no))
        desk.post(path, body(no))

    desks = [Desk(world, "") for _ in range(pacing.CLIENTS)]
    return pacing.pace(desks, VOTERS / SECONDS, SECONDS, cast)


def looks(world: World, number: str, enough: Callable[[int], bool], over: Event) -> list[float]:
    """Milliseconds of the public page, again and again."""
    waits = list[float]()
    with httpx.Client(base_url=world.portal_url, trust_env=False, timeout=30) as client:
        while not enough(len(waits)):
            began = time.perf_counter()
            client.get(f"/c/{number}").raise_for_status()
            waits.append(1000 * (time.perf_counter() - began))
            over.wait(0.1)
    return waits


def watched(world: World, number: str, act: Callable[[], Paced]) -> tuple[Paced, list[float]]:
    """What `act` did, and how long the page took meanwhile."""
    over = Event()
    with ThreadPoolExecutor(1) as aside:
        seen = aside.submit(looks, world, number, lambda _: over.is_set(), over)
        try:
            done = act()
        finally:
            over.set()
    return done, seen.result()


def report(what: str, done: Paced, lost: int, waits: list[float], used: dict[str, float]) -> None:
    each = ", ".join(f"{name} {1000 * spent / VOTERS:.1f}" for name, spent in used.items() if spent > VOTERS / 10000)
    Console(width=200).print(
        f"{what}: {done}; lost {lost}; page meanwhile {centiles(waits)}; ms of a processor a voter: "
        f"{1000 * sum(used.values()) / VOTERS:.1f} ({each})"
    )


def at_rest(world: World, number: str, when: str) -> None:
    seen, used = processes.spent(world, lambda: looks(world, number, lambda seen: seen >= LOOKS, Event()))
    Console().print(f"{when}: {centiles(seen)}, {1000 * sum(used.values()) / LOOKS:.1f} ms of a processor each")


def centiles(waits: list[float]) -> str:
    cut = quantiles(waits, n=100)
    return f"p50 {cut[49]:.0f} p95 {cut[94]:.0f} ms of {len(waits)}"


def counted(world: World, query: str, number: str) -> int:
    with provision.connected(world, "mediation") as database:
        row = database.execute(query, (number,)).fetchone()
    assert row is not None
    return int(row[0])


def run(world: World) -> None:
    neighbours(world)
    token = log_in(world, KEEPER)
    number, ballot = council(Desk(world, token)), election(Desk(world, token))
    at_rest(world, number, "page before")

    desks, batches = [Desk(world, token) for _ in range(HANDS)], -(-VOTERS // AT_ONCE)
    (rolled, seen), used = processes.spent(
        world, lambda: watched(world, number, lambda: pacing.pace(desks, batches / SECONDS, SECONDS, roll_of(number)))
    )
    report("roll in batches", rolled, VOTERS - counted(world, SIGNED, number), seen, used)

    hold(Desk(world, token), number)
    (voted, seen), used = processes.spent(world, lambda: watched(world, number, lambda: vote(
        world, f"/api/councils/{number}/votes", lambda no: {"option_no": 1 + no % 2})))  # fmt: skip
    options = httpx.get(f"{world.portal_url}/api/councils/{number}/record", trust_env=False).json()["options"]
    report("vote by phone", voted, VOTERS - sum(each["votes"] for each in options), seen, used)

    (elected, seen), used = processes.spent(world, lambda: watched(world, number, lambda: vote(
        world, f"/api/elections/{ballot}/votes", lambda no: {"choices": [1 + no % 6]})))  # fmt: skip
    report("ballots by phone", elected, VOTERS - counted(world, IN_THE_BOX, ballot), seen, used)
    at_rest(world, number, "page afterwards")


SIGNED = "select count(*) from council_attendee a join council c on c.id = a.council_id where c.case_number = %s"


IN_THE_BOX = """select least((select count(*) from election_ballot b where b.election_id = e.id),
    (select sum(votes) from unnest(e.cast) votes)) from election e where e.case_number = %s"""


def main() -> None:
    with lifecycle.running("bench-councils") as world:
        run(world)


if __name__ == "__main__":
    main()
