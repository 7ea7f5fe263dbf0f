"""How many requests programs may send: counted by window of time in one row each, so that all processes count as one.

The answer says where it stands in the fields of draft-ietf-httpapi-ratelimit-headers-11: `RateLimit-Policy` (`q`
requests in `w` seconds) and `RateLimit` (`r` are left, `t` seconds until the window ends).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Response, g
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.entrypoints import every
from chassis.identity import Principal
from chassis.store import Store
from services.portal.accounts.limits import LIMITS, Limit, limit_of
from services.portal.accounts.tables import Spent
from services.portal.problems import TooManyRequests

KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class Standing:
    """Where one quota stands after this request."""

    name: str
    limit: Limit
    used: int
    reset: int

    @property
    def left(self) -> int:
        return max(0, self.limit.times - self.used)


def count(store: Store, wanted: dict[str, str], now: datetime) -> list[Standing]:
    """Counts one request for each act of LIMITS and key, in a transaction of its own."""
    began = {act: _began(LIMITS[act].within, now) for act in wanted}
    rows = [{"counted_for": f"{act}|{key}", "window": began[act], "times": 1} for act, key in wanted.items()]
    told = insert(Spent).values(rows)
    raised = told.on_conflict_do_update(index_elements=["counted_for", "window"], set_={"times": Spent.times + 1})
    with store.transaction() as session:
        used = dict(session.execute(raised.returning(Spent.counted_for, Spent.times)).tuples().all())
    return [
        Standing(act, limit_of(act), used[f"{act}|{key}"], _seconds(began[act] + LIMITS[act].within - now))
        for act, key in wanted.items()
    ]


def refuse_spent(quotas: Sequence[Standing]) -> None:
    """Errors: TooManyRequests with `retry_after` seconds where one is overdrawn."""
    spent = [each for each in quotas if each.used > each.limit.times]
    if spent:
        raise TooManyRequests("这个程序凭证的请求太多，请稍后再试", retry_after=max(each.reset for each in spent))


def tell(response: Response) -> Response:
    """The fields of the answer to a program."""
    quotas: Sequence[Standing] = g.get("quota", ())
    if quotas:
        policies = [f'"{each.name}";q={each.limit.times};w={_seconds(each.limit.within)}' for each in quotas]
        response.headers["RateLimit-Policy"] = ", ".join(policies)
        response.headers["RateLimit"] = ", ".join(f'"{each.name}";r={each.left};t={each.reset}' for each in quotas)
    return response


@every(seconds=600)
def forget_windows(session: Session, who: Principal, now: datetime) -> None:
    session.execute(delete(Spent).where(Spent.window < now - KEPT))


def _began(within: timedelta, now: datetime) -> datetime:
    """The window of that length that `now` lies in."""
    return datetime.fromtimestamp(now.timestamp() // within.total_seconds() * within.total_seconds(), UTC)


def _seconds(span: timedelta) -> int:
    return max(1, round(span.total_seconds()))
