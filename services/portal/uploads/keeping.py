"""Keeping and handing out files; every reading leaves an audit row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, undefer

from chassis import audit, green
from chassis.errors import Invalid, NotFound
from chassis.identity import Principal
from services.portal.problems import TooLarge, UnsupportedMediaType
from services.portal.uploads.cleaning import cleaned
from services.portal.uploads.kinds import READABLE, sniff
from services.portal.uploads.tables import Upload

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
    """`{sha256, size, media_type}` of what is kept; the same content again only adds who brought it."""
    row = {
        "sha256": hashlib.sha256(file.content).hexdigest(), "size": len(file.content), "media_type": file.media_type,
    }  # fmt: skip
    whose = {"uploaded_by": who.id, "brought_by": [who.id], "uploaded_at": now}
    again = {"brought_by": func.array_append(func.array_remove(Upload.brought_by, who.id), who.id)}
    kept = insert(Upload).values(**row, content=file.content, **whose)
    session.execute(kept.on_conflict_do_update(index_elements=["sha256"], set_=again))
    return row


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


def attach(session: Session, named: Mapping[str, set[str]], now: datetime) -> None:
    """The files a service took with a command belong to its case from now on."""
    wanted = {each for found in named.values() for each in found}
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
