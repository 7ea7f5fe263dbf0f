"""What comes in, as objects. Fields of the contract that are not named here lie in `data`; new ones do no harm."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

WHISTLE_TASK = "cn.shaodao.departments.whistle_task.v1"
TASK_CHANGED = "cn.shaodao.departments.task_changed.v1"
SENT_ALONG_BYTES = 150_000
REFUSAL = "cn.shaodao.departments.refusal.v1"


class NotAnEnvelope(ValueError):
    """The body is not a CloudEvents envelope in JSON."""


@dataclass(frozen=True)
class Message:
    """Any message. `id` is the same on every delivery; `data` is what it says."""

    id: str
    type: str
    data: dict[str, Any]
    case_number: str | None = None

    @classmethod
    def read(cls, body: str | bytes) -> Message:
        """Errors: NotAnEnvelope."""
        try:
            raw = json.loads(body)
            if raw["specversion"] != "1.0" or not isinstance(raw["data"], dict):
                raise NotAnEnvelope("not a CloudEvents 1.0 envelope")
            return cls(str(raw["id"]), str(raw["type"]), raw["data"], raw.get("casenumber"))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise NotAnEnvelope(f"{type(error).__name__}: {error}") from error


@dataclass(frozen=True)
class WhistleTask:
    """A whistle 哨令 for this unit. Times are aware; `data` holds everything the contract says."""

    message: Message

    @property
    def data(self) -> dict[str, Any]:
        return self.message.data

    @property
    def task_id(self) -> str:
        return str(self.data["task_id"])

    @property
    def whistle_number(self) -> str:
        return str(self.data["whistle_number"])

    @property
    def reason(self) -> str:
        return str(self.data["reason"])

    @property
    def emergency(self) -> bool:
        return bool(self.data["kind"] == "EMERGENCY")

    @property
    def parts(self) -> dict[int, str]:
        """What is ticked off one by one: the name of each part by the number `tick_parts` takes."""
        return {no: str(name) for no, name in enumerate(self.data.get("parts") or (), 1)}

    @property
    def sign_due(self) -> datetime:
        return moment(self.data["sign_due"])

    @property
    def report_due(self) -> datetime:
        return moment(self.data["report_due"])


@dataclass(frozen=True)
class TaskChanged:
    """Something became of a task of ours: CANCELLED, RESULT_REJECTED, RATED, PARTS_DONE, LOOK_BACK_PASSED …"""

    message: Message

    @property
    def data(self) -> dict[str, Any]:
        return self.message.data

    @property
    def task_id(self) -> str:
        return str(self.message.data["task_id"])

    @property
    def change(self) -> str:
        return str(self.message.data["change"])

    @property
    def state(self) -> str:
        return str(self.message.data["state"])

    @property
    def reason(self) -> str | None:
        return self.message.data.get("reason")

    @property
    def order(self) -> str | None:
        """The number of the order of supervision, with SUPERVISED and SUPERVISION_ENDED."""
        return self.message.data.get("order")

    @property
    def further(self) -> dict[str, Any] | None:
        """The task of a body we called: `unit`, `task_id`, `state`. With FURTHER_CALLED and FURTHER_CHANGED."""
        return self.message.data.get("further")


@dataclass(frozen=True)
class Refusal:
    """A reply of ours was refused. `code` says why, `errors` where."""

    message: Message

    @property
    def code(self) -> str:
        return str(self.message.data["code"])

    @property
    def detail(self) -> str:
        return str(self.message.data["detail"])

    @property
    def errors(self) -> list[str]:
        return list(self.message.data.get("errors", ()))


def moment(text: str) -> datetime:
    """RFC 3339; Python before 3.11 does not read the Z."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def file_evidence(path: str | Path, kind: str = "PHOTO", stage: str = "AFTER") -> dict[str, Any]:
    """A file as evidence of `finish`. A reply holds 256 KiB: what is larger than `SENT_ALONG_BYTES` is named by its
    fingerprint alone, and is uploaded before (`OrderFiles`, or at the desk)."""
    return evidence(Path(path).read_bytes(), kind, stage)


def evidence(content: bytes, kind: str = "PHOTO", stage: str = "AFTER") -> dict[str, Any]:
    """The same for a file's content."""
    named = {"sha256": hashlib.sha256(content).hexdigest(), "kind": kind, "stage": stage}
    if len(content) > SENT_ALONG_BYTES:
        return named
    return {**named, "content": base64.b64encode(content).decode()}
