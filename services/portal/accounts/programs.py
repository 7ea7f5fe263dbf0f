"""Tokens of programs: each does some operations as its account, never more than the account may, until a day.

One rule for rights: a token only leaves operations out. Whether the account may do them, the services judge as ever.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import g, request
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from chassis import audit
from chassis.errors import Forbidden, Invalid, NotFound, Unauthenticated
from chassis.identity import Principal
from chassis.store import Store
from services.portal.accounts import quotas
from services.portal.accounts.sessions import PROGRAM, Known, digest
from services.portal.accounts.tables import Account, ProgramToken

MOST = 20
LONGEST_DAYS = 366
ALWAYS = frozenset({"get_me"})
"""Who am I: allowed to every token."""


def make(
    session: Session, who: Principal, told: dict[str, Any], known: Collection[str], now: datetime
) -> tuple[ProgramToken, str]:
    """A new token of the account of `who`, and what it reads: nobody sees that again. `told`: name, scopes, days;
    `known`: the operations there are. Errors: Invalid by field.
    """
    session.get_one(Account, who.id, with_for_update=True)
    held = session.scalars(_valid(who.id, now)).all()
    name, scopes = told["name"], sorted(set(told["scopes"]))
    unknown = [scope for scope in scopes if scope not in known]
    Invalid.where(
        name=(len(held) >= MOST and f"最多 {MOST} 个凭证，请先停用不用的")
        or (name in {each.name for each in held} and "已有同名的凭证，请换个名称"),
        scopes=unknown and f"没有这样的操作：{'、'.join(unknown[:3])}",
    )
    token = PROGRAM + secrets.token_urlsafe(32)
    times = {"created_at": now, "expires_at": now + timedelta(days=told["days"])}
    row = ProgramToken(token_hash=digest(token), account_id=who.id, name=name, scopes=scopes, **times)
    session.add(row)
    session.flush()
    audit.note(session, who, now, "make_token", who.id, "新建程序凭证", token=str(row.id), scopes=scopes)
    return row, token


def listed(session: Session, account_id: str, now: datetime) -> Sequence[ProgramToken]:
    """Tokens that are valid, by name."""
    return session.scalars(_valid(account_id, now).order_by(ProgramToken.name)).all()


def end(session: Session, who: Principal, account_id: str, key: UUID, now: datetime) -> ProgramToken:
    """It is worth nothing any more. Errors: NotFound."""
    row = session.scalars(_valid(account_id, now).where(ProgramToken.id == key).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("没有这个凭证，或已经停用")
    row.revoked_at = now
    audit.note(session, who, now, "end_token", account_id, "停用程序凭证", token=str(key))
    return row


def admit(store: Store, known: Known, now: datetime) -> None:
    """Counts the request, once, and lets it do what its token may. Errors: TooManyRequests, Forbidden;
    Unauthenticated for a token in a cookie.
    """
    if "Authorization" not in request.headers:
        raise Unauthenticated("程序凭证只能放在 Authorization 头里")
    if "quota" not in g:
        g.quota = quotas.count(store, {"token": str(known.id), "token_account": known.principal.id}, now)
    quotas.refuse_spent(g.quota)
    operation = operation_asked()
    if operation not in ALWAYS | (known.scopes or frozenset()):
        raise Forbidden("这个程序凭证不能办理此操作", operation=operation or None)


def operation_asked() -> str:
    """The operation of the API that the request is for, by its `operationId`; empty for pages and what is not there."""
    found = request.path.startswith("/api/") and request.url_rule
    return str(found.endpoint).rpartition(".")[2] if found else ""


def _valid(account_id: str, now: datetime) -> Select[ProgramToken]:
    mine = (ProgramToken.account_id == account_id, ProgramToken.revoked_at.is_(None), ProgramToken.expires_at > now)
    return select(ProgramToken).where(*mine)
