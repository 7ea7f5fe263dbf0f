"""Files that other services were sent: kept where their content came along, looked for where it did not."""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Forbidden, Invalid, ServiceError
from chassis.identity import Principal
from contracts.portal.files import KeepFiles
from services.portal.uploads import keeping
from services.portal.uploads.tables import Upload

OTHER_CONTENT = "指纹与文件内容不符"
NO_CONTENT = "文件内容不是 Base64 编码"


@asked(KeepFiles)
def keep_files(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """What became of each file; `by` counts as its uploader. Errors: Forbidden for people."""
    if who.kind != "service":
        raise Forbidden("只有服务可以代为留存文件")
    by = Principal(command["sender"], command["sender"], kind="department")
    found = [_kept(session, by, file, now) for file in command["files"]]
    keeping.attach(session, {"files": {each["kept_as"] for each in found} - {None}}, command["case_number"], now)
    return {"files": found}


def _kept(session: Session, by: Principal, file: dict[str, Any], now: datetime) -> dict[str, Any]:
    named, problem, kept_as = file["sha256"], None, None
    if file["content"] is not None:
        kept_as, problem = _keep(session, by, named, file["content"], now)
    elif session.get(Upload, named) is not None:
        kept_as = named
    else:
        problem = keeping.NOT_KEPT
    return {"sha256": named, "kept_as": kept_as, "problem": problem}


def _keep(session: Session, by: Principal, named: str, text: str, now: datetime) -> tuple[str | None, str | None]:
    """The fingerprint it is kept under, or what is wrong with it."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None, NO_CONTENT
    if hashlib.sha256(content).hexdigest() != named:
        return None, OTHER_CONTENT
    try:
        return str(keeping.keep(session, by, keeping.prepared(content), now)["sha256"]), None
    except Invalid as error:
        return None, "；".join(words for told in error.details["fields"].values() for words in told)
    except ServiceError as error:
        return None, error.message
