"""Which account somebody is whom a provider of sign-ins vouches for: an administrator says so, never the provider."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from chassis import audit
from chassis.errors import Invalid, NotFound
from chassis.identity import Principal
from services.portal.accounts import managing
from services.portal.accounts.tables import Account, OutsideLogin

LONGEST = 255
"""Characters of a subject, all of them ASCII (OpenID Connect Core §2)."""


def link(session: Session, who: Principal, account_id: str, issuer: str, subject: str, now: datetime) -> Account:
    """The account's subject at the provider, instead of another one. Errors: NotFound, Forbidden, Invalid."""
    account, told = managing.administered(session, who, account_id), subject.strip()
    sound = 0 < len(told) <= LONGEST and told.isascii() and told.isprintable()
    taken = select(OutsideLogin).where(OutsideLogin.issuer == issuer, OutsideLogin.subject == told)
    held = session.scalars(taken).one_or_none() if sound else None
    Invalid.where(
        subject=(not sound and "请填写统一登录里的用户标识（sub），只有英文、数字和符号")
        or (held is not None and held.account_id != account.id and "这个用户标识已经绑定到别的账号")
    )
    _gone(session, account.id, issuer)
    session.add(OutsideLogin(account_id=account.id, issuer=issuer, subject=told, linked_at=now))
    audit.note(session, who, now, "link_outside", account.id, "绑定统一登录", issuer=issuer, known_as=told)
    return account


def unlink(session: Session, who: Principal, account_id: str, issuer: str, now: datetime) -> Account:
    """Nobody comes in by the provider as this account, and who is in is out. Errors: NotFound, Forbidden."""
    account = managing.administered(session, who, account_id)
    if not _gone(session, account.id, issuer):
        raise NotFound("这个账号没有绑定统一登录")
    managing.end_sessions(session, account.id, now)
    audit.note(session, who, now, "unlink_outside", account.id, "解除统一登录", issuer=issuer)
    return account


def subject_of(session: Session, account_id: str, issuer: str) -> str | None:
    mine = (OutsideLogin.account_id == account_id, OutsideLogin.issuer == issuer)
    return session.scalar(select(OutsideLogin.subject).where(*mine))


def account_of(session: Session, issuer: str, subject: str) -> Account | None:
    """None where nobody linked it, or the account was ended."""
    linked = (OutsideLogin.issuer == issuer, OutsideLogin.subject == subject, OutsideLogin.account_id == Account.id)
    query = select(Account).where(*linked, Account.active).options(selectinload(Account.grants))
    return session.scalars(query).one_or_none()


def _gone(session: Session, account_id: str, issuer: str) -> bool:
    mine = (OutsideLogin.account_id == account_id, OutsideLogin.issuer == issuer)
    gone = delete(OutsideLogin).where(*mine).returning(OutsideLogin.id)
    return session.scalar(gone) is not None
