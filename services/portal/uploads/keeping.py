"""Keeping and handing out files; every reading leaves an audit row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from sqlalchemy import case, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, undefer

from bus import green
from chassis import audit
from chassis.errors import Invalid, NotFound
from chassis.identity import Principal
from services.portal.problems import TooLarge, UnsupportedMediaType
from services.portal.uploads.cleaning import cleaned
from services.portal.uploads.kinds import READABLE, sniff
from services.portal.uploads.outside import outside
from services.portal.uploads.tables import Upload, UploadUse

LARGEST_PHOTO = 8 * 1024 * 1024
LARGEST_FILM = 32 * 1024 * 1024
LARGEST = {"video": LARGEST_FILM, "audio": LARGEST_FILM}
"""Bytes; what is neither film nor sound is no larger than a photo."""

NOT_KEPT = "所列文件尚未上传，请先 POST /api/uploads"


@dataclass(frozen=True)
class Prepared:
    """A file as it is kept."""

    content: bytes
    media_type: str


def prepared(content: bytes) -> Prepared:
    """The file without what it tells of its maker. Takes half a second for a large photo, beside other green threads.

    Errors: Invalid when it is empty or broken; TooLarge; UnsupportedMediaType for what is no photo, PDF, sound or film.
    """
    if not content:
        raise Invalid.because({"file": ["文件是空的"]})
    media_type = sniff(content)
    if media_type is None:
        raise UnsupportedMediaType("文件类型不对，只收" + READABLE)
    most = LARGEST.get(media_type.partition("/")[0], LARGEST_PHOTO)
    if len(content) > most:
        raise TooLarge("文件过大", limit_bytes=most)
    return Prepared(*green.aside(cleaned, content, media_type))


def keep(session: Session, who: Principal, file: Prepared, now: datetime) -> dict[str, object]:
    """`{sha256, size, media_type}` of what is kept; the same content again only adds who brought it.

    The row is locked before the bytes go outside, so that nobody sweeps them away meanwhile. Errors: Unavailable.
    """
    row = {
        "sha256": hashlib.sha256(file.content).hexdigest(), "size": len(file.content), "media_type": file.media_type,
    }  # fmt: skip
    whose = {"uploaded_by": who.id, "brought_by": [who.id], "uploaded_at": now}
    elsewhere = outside()
    content = None if elsewhere else file.content
    brought = func.array_append(func.array_remove(Upload.brought_by, who.id), who.id)
    attached_at = case((Upload.gone_at.is_(None), Upload.attached_at))  # else the matter it belonged to is erased
    anew = {"content": func.coalesce(Upload.content, content), "attached_at": attached_at, "gone_at": None}
    kept = insert(Upload).values(**row, content=content, **whose)
    session.execute(kept.on_conflict_do_update(index_elements=["sha256"], set_={**anew, "brought_by": brought}))
    if elsewhere:
        elsewhere.put(str(row["sha256"]), file.content)
    return row


def content_of(row: Upload) -> bytes | None:
    """The bytes, wherever they lie; None where they are lost. Errors: Unavailable."""
    if row.content is not None or row.gone_at is not None:
        return row.content
    elsewhere = outside()
    return elsewhere.get(row.sha256) if elsewhere else None


def require_kept(session: Session, who: Principal, named: Mapping[str, set[str]]) -> None:
    """Whoever names a file as proof has uploaded it: a fingerprint alone proves nothing, and gives no right to read
    what somebody else brought. `named`: field → fingerprints (`naming`). Errors: Invalid by field.
    """
    wanted = {each for found in named.values() for each in found}
    brought = select(Upload.sha256).where(Upload.sha256.in_(wanted), Upload.brought_by.contains([who.id]))
    kept = set(session.scalars(brought))
    if missing := {name: [NOT_KEPT] for name, found in named.items() if not kept.issuperset(found)}:
        raise Invalid.because(missing)


def within(stream: IO[bytes], most: int) -> bytes:
    """The whole content. Errors: TooLarge when it is longer than `most` bytes."""
    content = stream.read(most + 1)
    if len(content) > most:
        raise TooLarge("文件过大", limit_bytes=most)
    return content


def attach(session: Session, named: Mapping[str, set[str]], number: str | None, now: datetime) -> None:
    """The files a service took with a command belong to its matter from now on."""
    wanted = {each for found in named.values() for each in found}
    loose = update(Upload).where(Upload.sha256.in_(wanted), Upload.attached_at.is_(None))
    session.execute(loose.values(attached_at=now))
    if number and wanted:
        uses = [{"number": number, "sha256": each} for each in sorted(wanted)]
        session.execute(insert(UploadUse).on_conflict_do_nothing(), uses)


def read(session: Session, who: Principal, sha256: str, now: datetime, *, shown: bool) -> Prepared:
    """The file, for who is `shown` it in the case it belongs to, or has brought it and not yet named it.

    Errors: NotFound, the same whether there is no such file or it is not for `who`; Unavailable.
    """
    found = session.get(Upload, sha256, options=[undefer(Upload.content)])
    own = found is not None and found.attached_at is None and who.id in found.brought_by
    content = content_of(found) if found is not None and (shown or own) else None
    if found is None or content is None:
        raise NotFound("没有这个文件，或您不能查看")
    audit.note(session, who, now, "read_upload", sha256, "查看附件", media_type=found.media_type)
    return Prepared(content, found.media_type)
