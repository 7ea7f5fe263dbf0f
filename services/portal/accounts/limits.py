"""How often something may be tried. Tries are rows, so that every process of the portal counts the same.

A try is counted before it is made and given back when it was a success, so that parallel tries cannot slip past.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from chassis.entrypoints import every
from chassis.identity import Principal
from chassis.sealing import keyed_hash
from chassis.settings import read_json
from chassis.store import Store
from services.portal.accounts.tables import Attempt
from services.portal.problems import TooManyRequests


@dataclass(frozen=True)
class Limit:
    """At most `times` within the sliding window `within`."""

    times: int
    within: timedelta


LIMITS = {
    "login": Limit(5, timedelta(minutes=15)),  # wrong passwords of one user from one address
    "login_address": Limit(60, timedelta(minutes=15)),  # wrong passwords from one address, whoever the user
    "code": Limit(5, timedelta(minutes=15)),  # wrong codes of one account from one address
    "code_account": Limit(30, timedelta(hours=24)),  # from all addresses: of a million codes three are right
    "look_up_number": Limit(10, timedelta(hours=6)),  # wrong tails for one case from one address: 10,000 exist
    "look_up_halved": Limit(20, timedelta(hours=6)),  # wrong tails for one case from all: each so many halve the above
    "look_up_address": Limit(30, timedelta(hours=1)),  # wrong look-ups from one address
    "report_address": Limit(30, timedelta(hours=1)),  # reports without an account from one address
    "link_address": Limit(60, timedelta(hours=1)),  # signed links that do not hold, from one address
    "link_upload": Limit(120, timedelta(hours=1)),  # files brought by signed link for one order
    "token": Limit(300, timedelta(minutes=1)),  # requests of a program with one token
    "token_account": Limit(600, timedelta(minutes=1)),  # with all tokens of one account
    "outside_address": Limit(60, timedelta(minutes=15)),  # logins by a provider that came to nothing, from one address
    "task_link_address": Limit(10, timedelta(hours=1)),  # new links of whistles asked for from one address
}
LEAST = 2
"""Tries that every address keeps at every number, however many others have failed: the owner's way stays open."""

KEPT = timedelta(days=1)


def limit_of(act: str) -> Limit:
    """The limit; setting RATE_LIMITS, e.g. {"report_address": 300}, changes how often (shared addresses)."""
    limit = LIMITS[act]
    return Limit(int(read_json("RATE_LIMITS", "{}").get(act, limit.times)), limit.within)


def spend_on_number(store: Store, number: str, address: str, now: datetime) -> list[UUID]:
    """Counts one look-up of `number` from `address`. Strangers elsewhere shorten the tries of an address to LEAST and
    never to none, so that nobody locks the owner out. Errors: TooManyRequests with `retry_after` seconds.
    """
    halved = limit_of("look_up_halved")
    failed = count(store, "look_up_halved", number, now)
    times = max(LEAST, limit_of("look_up_number").times >> min(failed // halved.times, 30))
    mine = spend(store, "look_up_number", f"{number}|{address}", now, times)
    return [mine, note(store, "look_up_halved", number, now)]


def count(store: Store, act: str, key: str, now: datetime) -> int:
    """Tries within the window."""
    window = (Attempt.act == act, Attempt.key_hash == keyed_hash(f"{act}|{key}"), Attempt.at > now - LIMITS[act].within)
    with store.transaction() as session:
        return session.scalar(select(func.count()).select_from(Attempt).where(*window)) or 0


def note(store: Store, act: str, key: str, now: datetime) -> UUID:
    """Counts one try and refuses nothing."""
    attempt = Attempt(act=act, key_hash=keyed_hash(f"{act}|{key}"), at=now)
    with store.transaction() as session:
        session.add(attempt)
        session.flush()
        return attempt.id


def spend(store: Store, act: str, key: str, now: datetime, times: int | None = None) -> UUID:
    """Counts one try in a transaction of its own; `times` narrows the limit. Errors: TooManyRequests with
    `retry_after` seconds."""
    limit = limit_of(act)
    limit = limit if times is None else Limit(times, limit.within)
    attempt = Attempt(act=act, key_hash=keyed_hash(f"{act}|{key}"), at=now)
    with store.transaction() as session:
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(attempt.key_hash))))
        mine = (Attempt.act == act, Attempt.key_hash == attempt.key_hash, Attempt.at > now - limit.within)
        tried, oldest = session.execute(select(func.count(), func.min(Attempt.at)).where(*mine)).one()
        if tried < limit.times:
            session.add(attempt)
            session.flush()
            return attempt.id
    wait = (oldest + limit.within - now).total_seconds() if oldest else limit.within.total_seconds()
    raise TooManyRequests("尝试次数过多，请稍后再试", retry_after=max(1, round(wait)))


def give_back(store: Store, *attempts: UUID) -> None:
    """What succeeded does not count."""
    with store.transaction() as session:
        session.execute(delete(Attempt).where(Attempt.id.in_(attempts)))


@every(seconds=600)
def forget_old(session: Session, who: Principal, now: datetime) -> None:
    session.execute(delete(Attempt).where(Attempt.at < now - KEPT))


def network(address: str | None) -> str:
    """What counts as one address: an IPv4 address, or the /64 network a subscriber of IPv6 is given."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return address or "unknown"
    return str(ipaddress.ip_network(f"{ip}/64", strict=False)) if ip.version == 6 else str(ip)
