"""Sessions: a random token, its hash in the store, and a few seconds of memory so that most requests cost no query.

Tokens of programs are found the same way: they differ from sessions in what they may do (`Known.scopes`), not in how.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, selectinload

from chassis.entrypoints import every
from chassis.errors import Unauthenticated
from chassis.identity import Grant, Kind, Principal, Signer
from chassis.store import Store
from kernel.calendar import local_day
from kernel.masking import mask_name
from services.portal.accounts import second_factor
from services.portal.accounts.arriving import Arrival, Way
from services.portal.accounts.tables import Account, ProgramToken, SessionRow

LIFETIME = timedelta(hours=8)
REMEMBERED = timedelta(seconds=5)
MINTED_GOOD_FOR = timedelta(seconds=60)
MOST_REMEMBERED = 5000
SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is kept when a session was last used."""
PROGRAM = "shaodao_"
"""What tokens of programs begin with, so that one in a log or a repository is known for what it is."""


@dataclass
class Known:
    """A session as this process remembers it, with the identity token minted last for it.

    `scopes`: the operations a program's token may do; None for people. `held_back`: roles that wait for a second
    factor.
    """

    id: UUID
    way: Way
    principal: Principal
    unit: str | None
    expires_at: datetime
    seen_at: datetime
    must_change: bool = False
    held_back: frozenset[str] = frozenset()
    scopes: frozenset[str] | None = None
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
            known = self._load(store, key, token.startswith(PROGRAM), now)
        if now >= known.expires_at:
            raise Unauthenticated("登录已过期，请重新登录")
        return known

    def forget(self, token_hash: str) -> None:
        self.known.pop(token_hash, None)

    def _load(self, store: Store, key: str, program: bool, now: datetime) -> Known:
        before = self.known.pop(key, None)
        with store.transaction() as session:
            known = _read(session, _token(session, key, program), now)
        if before is not None and before.principal == known.principal:
            known.token, known.minted_at = before.token, before.minted_at
        if len(self.known) >= MOST_REMEMBERED:
            self.known.clear()
        self.known[key] = known
        return known


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, account: Account, arrival: Arrival, now: datetime) -> tuple[str, SessionRow]:
    """A new session's token (256 random bits) and its row."""
    token = secrets.token_urlsafe(32)
    where = {"way": arrival.way, "network": arrival.network, "device": arrival.device}
    times = {"created_at": now, "expires_at": now + LIFETIME, "seen_at": now}
    row = SessionRow(token_hash=digest(token), account_id=account.id, **where, **times)
    session.add(row)
    return token, row


def end_session(session: Session, token: str, now: datetime) -> None:
    """Ending twice is the same as ending once."""
    mine = (SessionRow.token_hash == digest(token), SessionRow.revoked_at.is_(None))
    session.execute(update(SessionRow).where(*mine).values(revoked_at=now))


@every(seconds=600)
def forget_expired(session: Session, who: Principal, now: datetime) -> None:
    for table in (SessionRow, ProgramToken):
        session.execute(delete(table).where(table.expires_at < now - LIFETIME))


def principal_of(account: Account, day: date, held_back: frozenset[str] = frozenset()) -> Principal:
    """The account with the grants that hold on `day`, without roles that are `held_back`."""
    held = (row for row in account.grants if row.holds_on(day) and row.role not in held_back)
    grants = tuple(Grant(row.role, row.node, row.unit) for row in held)
    return Principal(id=account.id, name=_shown(account), grants=grants, kind=cast(Kind, account.kind))


def _shown(account: Account) -> str:
    """How services and events know the one who acts: staff by display name, residents by their masked name."""
    return mask_name(account.name) if account.kind == "resident" else account.name


def _token(session: Session, key: str, program: bool) -> SessionRow | ProgramToken:
    """Errors: Unauthenticated."""
    mine = ProgramToken.token_hash == key
    row = session.scalars(select(ProgramToken).where(mine)).one_or_none() if program else session.get(SessionRow, key)
    if row is None or row.revoked_at is not None:
        raise Unauthenticated("登录凭证无效，请重新登录")
    return row


def _read(session: Session, row: SessionRow | ProgramToken, now: datetime) -> Known:
    found = select(Account).where(Account.id == row.account_id, Account.active).options(selectinload(Account.grants))
    account = session.scalars(found).one_or_none()
    if account is None:
        raise Unauthenticated("账号已停用")
    if row.seen_at is None or now - row.seen_at >= SEEN_EVERY:
        row.seen_at = now
    scopes = frozenset(row.scopes) if isinstance(row, ProgramToken) else None
    waiting = second_factor.held_back(session, account, now)
    who = principal_of(account, local_day(now), waiting)
    way = Way(row.way) if isinstance(row, SessionRow) else Way.PASSWORD
    must_change = account.must_change and way == Way.PASSWORD
    return Known(row.id, way, who, account.unit, row.expires_at, now, must_change, waiting, scopes)
