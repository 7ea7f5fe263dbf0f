"""Files nothing names any more: noted in the transaction that took the last name, deleted after it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from chassis import audit
from chassis.entrypoints import every
from chassis.identity import Principal
from services.portal.uploads.outside import outside
from services.portal.uploads.tables import Upload, UploadUse

AT_ONCE = 100


def forget(session: Session, numbers: Iterable[str], now: datetime) -> int:
    """Matters whose words go lose their files; one that another matter shows stays. How many go."""
    gone = set(session.scalars(delete(UploadUse).where(UploadUse.number.in_(numbers)).returning(UploadUse.sha256)))
    left = select(UploadUse.sha256).where(UploadUse.sha256 == Upload.sha256).exists()
    unused = update(Upload).where(Upload.sha256.in_(gone), ~left).values(gone_at=now, content=None)
    return len(session.scalars(unused.returning(Upload.sha256)).all())


@every(seconds=60)
def sweep(session: Session, who: Principal, now: datetime) -> None:
    """The bytes first, then the row: what fails in between is done again. Errors: Unavailable."""
    waiting = select(Upload).where(Upload.gone_at.is_not(None)).order_by(Upload.gone_at).limit(AT_ONCE)
    for row in session.scalars(waiting.with_for_update(skip_locked=True)).all():
        if elsewhere := outside():
            elsewhere.delete(row.sha256)
        session.delete(row)
        audit.note(session, who, now, "delete_upload", row.sha256, "删除请求")
