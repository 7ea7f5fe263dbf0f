"""`python -m bench.councils`: a roll of 5,000 and a vote of 5,000, one a voter, while everybody looks at the page.

BENCH_VOTERS (5,000). Each voter has an account and a session of their own, and all goes over HTTP.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from threading import Event

import httpx
from rich.console import Console

from bench.desk import Desk, log_in
from ops import lifecycle, provision
from ops.waiting import wait_until
from ops.world import World
from tests.stories.people import QINGHE

VOTERS = int(os.environ.get("BENCH_VOTERS", "5000"))
HANDS, AT_ONCE = 8, 200
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


def take_roll(world: World, token: str, number: str, first: int) -> None:
    people = [{"sign_id": str(uuid.uuid4()), "name": "业主"} for _ in range(first, min(first + AT_ONCE, VOTERS))]
    Desk(world, token).post(f"/api/councils/{number}/roll", {"people": people})


def hold(desk: Desk, number: str) -> bool:
    """Once its hour has come."""
    record = {"head_count": VOTERS, "minutes": "逐条商议", "options": ["留", "拆"]}
    return bool(desk.post(f"/api/councils/{number}/minutes", record))


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


def vote(world: World, number: str, voters: range) -> None:
    for no in voters:
        Desk(world, token_of(no)).post(f"/api/councils/{number}/votes", {"option_no": 1 + no % 2})


def look(world: World, number: str, over: Event) -> list[float]:
    """Milliseconds of the public page, again and again until the vote is over."""
    waits = []
    with httpx.Client(base_url=world.portal_url, trust_env=False, timeout=30) as client:
        while not over.is_set():
            began = time.perf_counter()
            client.get(f"/c/{number}").raise_for_status()
            waits.append(1000 * (time.perf_counter() - began))
            over.wait(0.1)
    return waits


def all_done(futures: list[Future[None]]) -> None:
    for each in futures:
        each.result()


def run(world: World) -> None:
    token = log_in(world, KEEPER)
    neighbours(world)
    desk, over = Desk(world, token), Event()
    number = council(desk)
    wait_until(lambda: datetime.now(UTC) > begins(desk, number), seconds=30, what="its hour", every=0.2)
    with ThreadPoolExecutor(HANDS + 1) as hands:
        began = time.perf_counter()
        all_done([hands.submit(take_roll, world, token, number, first) for first in range(0, VOTERS, AT_ONCE)])
        rolled = time.perf_counter() - began
        hold(desk, number)
        watched, began = hands.submit(look, world, number, over), time.perf_counter()
        try:
            all_done([hands.submit(vote, world, number, range(hand, VOTERS, HANDS)) for hand in range(HANDS)])
            voted = time.perf_counter() - began
        finally:
            over.set()
    view = httpx.get(f"{world.portal_url}/api/councils/{number}/record", trust_env=False).json()
    signed = len(httpx.get(f"{world.portal_url}/api/councils/{number}/roll", trust_env=False,
                           headers={"Authorization": f"Bearer {token}"}).json()["people"])  # fmt: skip
    votes, waits = sum(each["votes"] for each in view["options"]), quantiles(watched.result(), n=100)
    Console().print(
        f"roll of {VOTERS} in {rolled:.1f} s, lost {VOTERS - signed}; vote of {VOTERS} in {voted:.1f} s, lost "
        f"{VOTERS - votes}; its page meanwhile p50 {waits[49]:.0f} ms, p95 {waits[94]:.0f} ms"
    )


def begins(desk: Desk, number: str) -> datetime:
    return datetime.fromisoformat(json.loads(desk.get(f"/api/councils/{number}"))["starts_at"])


def main() -> None:
    with lifecycle.running("bench-councils") as world:
        run(world)


if __name__ == "__main__":
    main()
