"""Where bytes of files lie when it is not the portal's own store: a folder, or a bucket of any S3 (ADR 20).

`UPLOADS` says where: nothing for the store itself, `folder:/var/lib/shaodao/uploads`, or `s3:BUCKET`, whose server and
login are `S3_ENDPOINT` (`https://host:port`), `S3_ACCESS_KEY` and `S3_SECRET_KEY`. A file is called by its fingerprint.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Protocol

from chassis.settings import MissingSetting, read


class Outside(Protocol):
    """Errors of all: Unavailable. To put or delete twice is once."""

    def put(self, sha256: str, content: bytes) -> None: ...

    def get(self, sha256: str) -> bytes | None:
        """None where there is no such file."""

    def delete(self, sha256: str) -> None: ...


class Folder:
    """Files in a directory, 256 below it; a half-written one is never seen."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, sha256: str, content: bytes) -> None:
        path = self._path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(f".{os.getpid()}.{id(content)}")
        half.write_bytes(content)
        half.rename(path)

    def get(self, sha256: str) -> bytes | None:
        path = self._path(sha256)
        return path.read_bytes() if path.exists() else None

    def delete(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256


def outside() -> Outside | None:
    """Where the settings say; None for the portal's own store. Errors: MissingSetting."""
    return _made(read("UPLOADS", ""))


@cache
def _made(where: str) -> Outside | None:
    kind, _, name = where.partition(":")
    if kind == "folder" and name:
        return Folder(Path(name))
    if kind == "s3" and name:
        from services.portal.uploads.bucket import Bucket  # its client costs memory where nobody has a bucket

        return Bucket(name, read("S3_ENDPOINT"), read("S3_ACCESS_KEY"), read("S3_SECRET_KEY"))
    if where:
        raise MissingSetting(f"setting UPLOADS is neither folder:PATH nor s3:BUCKET: {where}")
    return None
