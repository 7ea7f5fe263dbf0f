"""Keeping and handing out files; every reading leaves an audit row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, undefer

from chassis import audit
from chassis.errors import Invalid, NotFound
from chassis.identity import Principal
from chassis.store import Store
from contracts.schema import CommandSchema
from services.portal.problems import TooLarge, UnsupportedMediaType
from services.portal.uploads.kinds import READABLE, sniff
from services.portal.uploads.naming import named_in
from services.portal.uploads.tables import Upload

NOT_KEPT = "所列文件尚未上传，请先 POST /api/uploads"


def keep(session: Session, who: Principal, content: bytes, now: datetime) -> dict[str, object]:
    """`{sha256, size, media_type}`; the same content again changes nothing.

    Errors: Invalid when empty; UnsupportedMediaType when the bytes are not a photo, PDF or recording.
    """
    if not content:
        raise Invalid.because({"file": ["文件是空的"]})
    media_type = sniff(content)
    if media_type is None:
        raise UnsupportedMediaType("文件类型不对，只收" + READABLE)
    row = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "media_type": media_type}
    kept = insert(Upload).values(**row, content=content, uploaded_by=who.id, uploaded_at=now)
    session.execute(kept.on_conflict_do_nothing())
    return row


def require_kept(store: Store, command: type[CommandSchema], values: Mapping[str, Any]) -> None:
    """Whoever names a file as proof has uploaded it: a fingerprint alone proves nothing. Errors: Invalid by field."""
    named = named_in(command, values)
    wanted = {each for found in named.values() for each in found}
    if not wanted:
        return
    with store.transaction() as session:
        kept = set(session.scalars(select(Upload.sha256).where(Upload.sha256.in_(wanted))))
    if missing := {name: [NOT_KEPT] for name, found in named.items() if not kept.issuperset(found)}:
        raise Invalid.because(missing)


def within(stream: IO[bytes], most: int) -> bytes:
    """The whole content. Errors: TooLarge when it is longer than `most` bytes."""
    content = stream.read(most + 1)
    if len(content) > most:
        raise TooLarge("文件过大", limit_bytes=most)
    return content


def read(session: Session, who: Principal, sha256: str, now: datetime) -> Upload:
    """The file with its bytes. Staff may read; a resident only what the own account brought. Errors: NotFound."""
    found = session.get(Upload, sha256, options=[undefer(Upload.content)])
    if found is None or (who.kind != "person" and found.uploaded_by != who.id):
        raise NotFound("没有这个文件，或您不能查看")
    audit.note(session, who, now, "read_upload", sha256, "查看附件", media_type=found.media_type)
    return found
