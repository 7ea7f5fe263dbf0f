"""Sessions: a random token, its hash in the store, and a few seconds of memory so that most requests cost no query."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, selectinload

from chassis.entrypoints import every
from chassis.errors import Unauthenticated
from chassis.identity import Grant, Kind, Principal, Signer
from chassis.store import Store
from kernel.calendar import local_day
from kernel.masking import mask_name
from services.portal.accounts.tables import Account, SessionRow

LIFETIME = timedelta(hours=8)
REMEMBERED = timedelta(seconds=5)
MINTED_GOOD_FOR = timedelta(seconds=60)
MOST_REMEMBERED = 5000


@dataclass
class Known:
    """A session as this process remembers it, with the identity token minted last for it."""

    principal: Principal
    unit: str | None
    expires_at: datetime
    seen_at: datetime
    must_change: bool = False
    token: str = ""
    minted_at: datetime | None = None

    def fresh(self, now: datetime) -> bool:
        return timedelta(0) <= now - self.seen_at < REMEMBERED

    def identity(self, signer: Signer, now: datetime) -> str:
        """A token for this principal and nobody else, at most a minute old."""
        if self.minted_at is None or not timedelta(0) <= now - self.minted_at < MINTED_GOOD_FOR:
            self.token, self.minted_at = signer.mint(self.principal, now), now
        return self.token


@dataclass
class Sessions:
    """The sessions of one process. A session ended elsewhere is noticed within REMEMBERED."""

    known: dict[str, Known] = field(default_factory=dict)

    def find(self, store: Store, token: str, now: datetime) -> Known:
        """Errors: Unauthenticated when unknown, expired, ended, or the account is closed."""
        key = digest(token)
        known = self.known.get(key)
        if known is None or not known.fresh(now):
            known = self._load(store, key, now)
        if now >= known.expires_at:
            raise Unauthenticated("登录已过期，请重新登录")
        return known

    def forget(self, token: str) -> None:
        self.known.pop(digest(token), None)

    def _load(self, store: Store, key: str, now: datetime) -> Known:
        before = self.known.pop(key, None)
        with store.transaction() as session:
            known = _read(session, key, now)
        if before is not None and before.principal == known.principal:
            known.token, known.minted_at = before.token, before.minted_at
        if len(self.known) >= MOST_REMEMBERED:
            self.known.clear()
        self.known[key] = known
        return known


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, account: Account, now: datetime) -> tuple[str, SessionRow]:
    """A new session's token (256 random bits) and its row."""
    token = secrets.token_urlsafe(32)
    row = SessionRow(token_hash=digest(token), account_id=account.id, created_at=now, expires_at=now + LIFETIME)
    session.add(row)
    return token, row


def end_session(session: Session, token: str, now: datetime) -> None:
    """Ending twice is the same as ending once."""
    mine = (SessionRow.token_hash == digest(token), SessionRow.revoked_at.is_(None))
    session.execute(update(SessionRow).where(*mine).values(revoked_at=now))


@every(seconds=600)
def forget_expired(session: Session, who: Principal, now: datetime) -> None:
    session.execute(delete(SessionRow).where(SessionRow.expires_at < now - LIFETIME))


def principal_of(account: Account, day: date) -> Principal:
    """The account with the grants that hold on `day`."""
    grants = tuple(Grant(row.role, row.node, row.unit) for row in account.grants if row.holds_on(day))
    return Principal(id=account.id, name=_shown(account), grants=grants, kind=cast(Kind, account.kind))


def _shown(account: Account) -> str:
    """How services and events know the one who acts: staff by display name, residents by their masked name."""
    return mask_name(account.name) if account.kind == "resident" else account.name


def _read(session: Session, key: str, now: datetime) -> Known:
    row = session.get(SessionRow, key)
    if row is None or row.revoked_at is not None:
        raise Unauthenticated("登录凭证无效，请重新登录")
    found = select(Account).where(Account.id == row.account_id, Account.active).options(selectinload(Account.grants))
    account = session.scalars(found).one_or_none()
    if account is None:
        raise Unauthenticated("账号已停用")
    who = principal_of(account, local_day(now))
    return Known(who, account.unit, row.expires_at, seen_at=now, must_change=account.must_change)
