"""Sessions as people see them: where an account is logged in, and how to end that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from chassis import audit
from chassis.errors import NotFound
from chassis.identity import Principal
from services.portal.accounts import managing
from services.portal.accounts.tables import SessionRow


def listed(session: Session, account_id: str, now: datetime) -> Sequence[SessionRow]:
    """Sessions that are open, the youngest first."""
    return session.scalars(_open(account_id, now).order_by(SessionRow.created_at.desc(), SessionRow.id)).all()


def end_one(session: Session, who: Principal, account_id: str, key: UUID, now: datetime) -> SessionRow:
    """Ends one of them. Errors: NotFound."""
    row = session.scalars(_open(account_id, now).where(SessionRow.id == key).with_for_update()).one_or_none()
    if row is None:
        raise NotFound("没有这个登录，或已经退出")
    row.revoked_at = now
    audit.note(session, who, now, "end_session", account_id, "让一台设备退出登录", opened=str(key), device=row.device)
    return row


def end_others(session: Session, who: Principal, mine: UUID, now: datetime) -> None:
    """All of the own sessions but this one."""
    managing.end_sessions(session, who.id, now, but=mine)
    audit.note(session, who, now, "end_other_sessions", who.id, "让其他设备都退出登录")


def end_all(session: Session, who: Principal, account_id: str, now: datetime) -> None:
    """An administrator ends every session of an account. Errors: NotFound, Forbidden."""
    account = managing.administered(session, who, account_id)
    managing.end_sessions(session, account.id, now)
    audit.note(session, who, now, "end_sessions", account.id, "让账号的所有设备退出登录")


def _open(account_id: str, now: datetime) -> Select[SessionRow]:
    mine = (SessionRow.account_id == account_id, SessionRow.revoked_at.is_(None), SessionRow.expires_at > now)
    return select(SessionRow).where(*mine)
