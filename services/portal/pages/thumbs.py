"""Small pictures of the photographs on a page. Who reads the page was shown them by the services already."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import Image, UnidentifiedImageError
from sqlalchemy import select
from sqlalchemy.orm import undefer

from bus import green
from services.portal.accounts.current import process
from services.portal.uploads.keeping import content_of
from services.portal.uploads.tables import Upload

EDGE = 240
"""Pixels of the longer edge."""
MOST = 40
"""Pictures a page draws; the rest are links."""
QUALITY = 70

_drawn: dict[str, str] = {}
_KEPT = 2000


def of(*views: Any) -> dict[str, str]:
    """Addresses (data:) of small pictures by fingerprint, for all photographs the views name."""
    wanted = list(dict.fromkeys(sha for view in views for sha in _photos(view)))[:MOST]
    missing = [sha for sha in wanted if sha not in _drawn]
    if missing:
        _draw(missing)
    return {sha: _drawn[sha] for sha in wanted if _drawn.get(sha)}


def _draw(missing: list[str]) -> None:
    if len(_drawn) > _KEPT:
        _drawn.clear()
    with process().store.transaction() as session:
        found = select(Upload).where(Upload.sha256.in_(missing), Upload.media_type.startswith("image/"))
        rows = session.scalars(found.options(undefer(Upload.content)))
        kept = {row.sha256: content for row in rows if (content := content_of(row)) is not None}
    _drawn.update({sha: green.aside(small, content) for sha, content in kept.items()})


def small(content: bytes) -> str:
    """Empty where the picture cannot be opened."""
    out = BytesIO()
    try:
        with Image.open(BytesIO(content)) as opened:
            opened.draft("RGB", (EDGE, EDGE))
            opened.thumbnail((EDGE, EDGE))
            opened.convert("RGB").save(out, "JPEG", quality=QUALITY)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return ""
    return f"data:image/jpeg;base64,{b64encode(out.getvalue()).decode()}"


def _photos(view: Any) -> Iterator[str]:
    if isinstance(view, dict):
        if view.get("kind") == "PHOTO" and "sha256" in view:
            yield view["sha256"]
        for each in view.values():
            yield from _photos(each)
    elif isinstance(view, (list, tuple)):
        for each in view:
            yield from _photos(each)
