"""Keeping and handing out files; every reading leaves an audit row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, undefer

from chassis import audit
from chassis.errors import Invalid, NotFound
from chassis.identity import Principal
from services.portal.problems import TooLarge, UnsupportedMediaType
from services.portal.uploads.kinds import READABLE, sniff
from services.portal.uploads.tables import Upload

NAMED_IN = frozenset({"attachments", "evidence", "photos"})
NOT_KEPT = "所列文件尚未上传，请先 POST /api/uploads"


def keep(session: Session, who: Principal, content: bytes, now: datetime) -> dict[str, object]:
    """`{sha256, size, media_type}`; the same content again only adds who brought it.

    Errors: Invalid when empty; UnsupportedMediaType when the bytes are not a photo, PDF or recording.
    """
    if not content:
        raise Invalid.because({"file": ["文件是空的"]})
    media_type = sniff(content)
    if media_type is None:
        raise UnsupportedMediaType("文件类型不对，只收" + READABLE)
    row = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "media_type": media_type}
    kept = insert(Upload).values(**row, content=content, uploaded_by=who.id, brought_by=[who.id], uploaded_at=now)
    again = {"brought_by": func.array_append(func.array_remove(Upload.brought_by, who.id), who.id)}
    session.execute(kept.on_conflict_do_update(index_elements=["sha256"], set_=again))
    return row


def require_kept(session: Session, who: Principal, fields: Mapping[str, Any]) -> None:
    """Whoever names a file as proof has uploaded it: a fingerprint alone proves nothing, and gives no right to read
    what somebody else brought. Errors: Invalid by field.
    """
    named = {name: _fingerprints(fields.get(name)) for name in NAMED_IN}
    wanted = {each for found in named.values() for each in found}
    if not wanted:
        return
    kept = set(
        session.scalars(select(Upload.sha256).where(Upload.sha256.in_(wanted), Upload.brought_by.contains([who.id])))
    )
    if missing := {name: [NOT_KEPT] for name, found in named.items() if not kept.issuperset(found)}:
        raise Invalid.because(missing)


def _fingerprints(files: Any) -> list[str]:
    """What is no list of files is for the service to refuse."""
    told = [file.get("sha256") for file in files if isinstance(file, dict)] if isinstance(files, list) else []
    return [each for each in told if isinstance(each, str) and each.isascii() and each.isalnum()]


def within(stream: IO[bytes], most: int) -> bytes:
    """The whole content. Errors: TooLarge when it is longer than `most` bytes."""
    content = stream.read(most + 1)
    if len(content) > most:
        raise TooLarge("文件过大", limit_bytes=most)
    return content


def attach(session: Session, fields: Mapping[str, Any], now: datetime) -> None:
    """The files a service took with a command belong to its case from now on."""
    wanted = {each for name in NAMED_IN for each in _fingerprints(fields.get(name))}
    if wanted:
        loose = update(Upload).where(Upload.sha256.in_(wanted), Upload.attached_at.is_(None))
        session.execute(loose.values(attached_at=now))


def names(view: Any, sha256: str) -> bool:
    """Whether a view shows this file, wherever in it."""
    if isinstance(view, Mapping):
        return any(names(each, sha256) for each in view.values())
    if isinstance(view, list):
        return any(names(each, sha256) for each in view)
    return bool(view == sha256)


def read(session: Session, who: Principal, sha256: str, now: datetime, *, shown: bool) -> Upload:
    """The file with its bytes, for who is `shown` it in the case it belongs to, or has brought it and not yet named it.

    Errors: NotFound, the same whether there is no such file or it is not for `who`.
    """
    found = session.get(Upload, sha256, options=[undefer(Upload.content)])
    own = found is not None and found.attached_at is None and who.id in found.brought_by
    if found is None or not (shown or own):
        raise NotFound("没有这个文件，或您不能查看")
    audit.note(session, who, now, "read_upload", sha256, "查看附件", media_type=found.media_type)
    return found
