"""Files of an order, by the signed link of its letter: read what is there, bring what no reply could carry along."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

from shaodao_kit.messages import TaskChanged, WhistleTask

SECONDS = 60


class FilesRefused(Exception):
    """The portal said no; `status` 404 means that the link does not hold any more: take that of a newer letter."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status} {detail}")
        self.status = status


class OrderFiles:
    """`OrderFiles.of(task)` with the portal of SHAODAO_PORTAL, from the welcome sheet 接入单.

    `.items()`, `.download(item)`, `.upload("photo.jpg")`: what `upload` returns goes into `finish` and `tick_parts`.
    """

    def __init__(self, portal: str, path: str) -> None:
        """Errors: ValueError when the path would lead elsewhere than to this portal."""
        self._portal = portal
        self._address = self._at(path)

    @classmethod
    def of(cls, letter: WhistleTask | TaskChanged) -> OrderFiles:
        """Errors: KeyError when SHAODAO_PORTAL is not set or the letter has no link."""
        return cls(os.environ["SHAODAO_PORTAL"], letter.data["files"]["path"])

    def items(self) -> list[dict[str, Any]]:
        """Each with `href`, `sha256`, `kind`, `stage`. Errors: FilesRefused, OSError, as of all functions here."""
        found: list[dict[str, Any]] = json.loads(self._asked(Request(self._address)))["items"]
        return found

    def download(self, item: dict[str, Any]) -> bytes:
        """The bytes of one of `items()`."""
        return self._asked(Request(self._at(item["href"])))

    def upload(self, path: str | Path, kind: str = "PHOTO", stage: str = "AFTER") -> dict[str, Any]:
        """Brings a file: photos and PDF up to 8 MB, films and recordings up to 32 MB."""
        return self.upload_content(Path(path).read_bytes(), kind, stage)

    def upload_content(self, content: bytes, kind: str = "PHOTO", stage: str = "AFTER") -> dict[str, Any]:
        """The same for its content. The fingerprint is the answer's: what telephones write into files is taken out."""
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
        asked = Request(self._address, body, {"Content-Type": f"multipart/form-data; boundary={mark}"}, method="POST")
        return {"sha256": json.loads(self._asked(asked))["sha256"], "kind": kind, "stage": stage}

    def _at(self, path: str) -> str:
        address = urljoin(self._portal, path)
        here, there = urlsplit(self._portal), urlsplit(address)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc) or here.scheme not in ("http", "https"):
            raise ValueError(f"not an address of {self._portal}: {path}")
        return address

    def _asked(self, request: Request) -> bytes:
        try:
            with urlopen(request, timeout=SECONDS) as answer:
                content: bytes = answer.read()
                return content
        except HTTPError as error:
            with error:
                raise FilesRefused(error.code, _detail(error.read())) from error


def _detail(body: bytes) -> str:
    try:
        return str(json.loads(body).get("detail", ""))
    except (ValueError, AttributeError):
        return ""
