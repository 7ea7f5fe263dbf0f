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
    "look_up_number": Limit(10, timedelta(hours=6)),  # wrong telephone tails for one case: 10,000 exist
    "look_up_address": Limit(30, timedelta(hours=1)),  # wrong look-ups from one address
    "report_address": Limit(30, timedelta(hours=1)),  # reports without an account from one address
}
KEPT = timedelta(days=1)


def limit_of(act: str) -> Limit:
    """The limit; setting RATE_LIMITS, e.g. {"report_address": 300}, changes how often (shared addresses)."""
    limit = LIMITS[act]
    return Limit(int(read_json("RATE_LIMITS", "{}").get(act, limit.times)), limit.within)


def spend(store: Store, act: str, key: str, now: datetime) -> UUID:
    """Counts one try in a transaction of its own. Errors: TooManyRequests with `retry_after` seconds."""
    limit, attempt = limit_of(act), Attempt(act=act, key_hash=keyed_hash(f"{act}|{key}"), at=now)
    with store.transaction() as session:
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(attempt.key_hash))))
        mine = (Attempt.act == act, Attempt.key_hash == attempt.key_hash, Attempt.at > now - limit.within)
        count, oldest = session.execute(select(func.count(), func.min(Attempt.at)).where(*mine)).one()
        if count < limit.times:
            session.add(attempt)
            session.flush()
            return attempt.id
    wait = (oldest + limit.within - now).total_seconds() if oldest else limit.within.total_seconds()
    raise TooManyRequests("尝试次数过多，请稍后再试", retry_after=max(1, round(wait)))


def give_back(store: Store, *attempts: UUID) -> None:
    """What succeeded does not count."""
    with store.transaction() as session:
        session.execute(delete(Attempt).where(Attempt.id.in_(attempts)))


def forget_old(session: Session, now: datetime) -> None:
    session.execute(delete(Attempt).where(Attempt.at < now - KEPT))


def network(address: str | None) -> str:
    """What counts as one address: an IPv4 address, or the /64 network a subscriber of IPv6 is given."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return address or "unknown"
    return str(ipaddress.ip_network(f"{ip}/64", strict=False)) if ip.version == 6 else str(ip)
