"""Files a unit's program names as evidence 佐证: the portal has them, or the reply is refused. A fingerprint alone
proves nothing."""

from __future__ import annotations

from typing import Any

from chassis.entrypoints import Ask
from contracts.department_codes import RefusalCode
from contracts.portal.files import KeepFiles
from services.dispatch.letters import Refused

File = dict[str, Any]
PORTAL_SECONDS = 2.0
"""How long the portal may take to say which files are there."""


def kept(files: list[File], by: str, case_number: str, ask: Ask, field: str) -> list[File]:
    """The same files under the fingerprints they are kept by, without content. Errors: Refused; those of the
    portal, and then the reply comes again later."""
    asked = [{"sha256": file["sha256"], "content": file["content"]} for file in files]
    answers = ask(KeepFiles, {"by": by, "case_number": case_number, "files": asked}, deadline=PORTAL_SECONDS)["files"]
    wrong = [f"{field}.{no}: {answer['problem']}" for no, answer in enumerate(answers) if answer["kept_as"] is None]
    if wrong:
        raise Refused(RefusalCode.INVALID, "佐证文件未上传，也未随回哨附上", wrong)
    return [_named(file, answer["kept_as"]) for file, answer in zip(files, answers, strict=True)]


def _named(file: File, sha256: str) -> File:
    return {**{key: value for key, value in file.items() if key != "content"}, "sha256": sha256}
