"""Reading what a unit sent: who it is, and what it says. Whatever is wrong is refused with a code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy.orm import Session

from contracts.department_codes import RefusalCode
from contracts.departments import MOST_BYTES, REPLIES, VERBS, DepartmentReply
from kernel.masking import find_personal
from letters.letter import Letter
from services.dispatch import unreadable
from services.dispatch.tables import Unit

LOGIN = "department."
ID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
TYPE = re.compile(r"cn\.shaodao\.department\.([a-z_]{1,40})\.v([0-9]{1,4})")
KNOWN: dict[str, type[DepartmentReply]] = {reply.type: reply for reply in REPLIES}


class Refused(Exception):
    """The letter changes nothing, and its sender is told why."""

    def __init__(self, code: RefusalCode, detail: str, errors: list[str] | None = None) -> None:
        super().__init__(detail)
        self.code, self.detail, self.errors = code, detail, errors or []


@dataclass(frozen=True)
class Said:
    """A reply that was understood. `at` is when its sender says to have sent it."""

    contract: type[DepartmentReply]
    task_id: UUID
    at: datetime
    data: dict[str, Any]


def unit_of(session: Session, letter: Letter) -> Unit | None:
    """The unit whose login the broker vouches for.

    Without a user_id it is the unit of the routing key, for being told so: only its own login may write with that key.
    """
    login = letter.sender or LOGIN + letter.key.partition(".")[0]
    code = login.removeprefix(LOGIN)
    unit = session.get(Unit, code) if login.startswith(LOGIN) and code.isprintable() else None
    return unit if unit is not None and unit.active else None


def read(letter: Letter, unit: Unit | None) -> Said:
    """Errors: Refused."""
    if unit is None:
        raise Refused(RefusalCode.UNKNOWN_UNIT, "发送者不是已登记的单位")
    return _understood(letter, unit.code)


def hopeless(letter: Letter) -> bool:
    """Whether it can only be refused, whoever sent it. Asks no store: it is asked of every letter, before all else."""
    try:
        _understood(letter, letter.sender.removeprefix(LOGIN))
    except Refused:
        return True
    return False


def _understood(letter: Letter, unit_code: str) -> Said:
    if not letter.sender:
        raise Refused(RefusalCode.NO_SENDER, "消息属性 user_id 须为本单位账号，否则无法证明由谁发出")
    if len(letter.body) > MOST_BYTES:
        raise Refused(RefusalCode.TOO_LARGE, f"消息超过 {MOST_BYTES} 字节，未予读取")
    content = _framed(letter)
    contract = _contract(str(content["type"]))
    if letter.key != f"{unit_code}.{contract.name}":
        raise Refused(RefusalCode.WRONG_KEY, f"路由键应为 {unit_code}.{contract.name}")
    try:
        data = contract().load(content["data"])
    except ValidationError as error:
        raise Refused(RefusalCode.INVALID, "回哨内容有误", lines(error.messages_dict)) from error
    return Said(contract, data["task_id"], datetime.fromisoformat(content["time"]), data)


def lines(errors: Mapping[str, Any], at: str = "") -> list[str]:
    """Field messages as lines `field.part: message`, at most fifty."""
    return list(_lines(errors, at))[:50]


def _lines(errors: Any, at: str) -> Iterator[str]:
    if isinstance(errors, Mapping):
        for field, below in errors.items():
            yield from _lines(below, f"{at}.{field}".lstrip("."))
    elif isinstance(errors, list):
        yield from (f"{at}: {message}"[:500] for message in errors)
    else:
        yield f"{at}: {errors}"[:500]


def _framed(letter: Letter) -> dict[str, Any]:
    content = letter.content
    if content is None:
        raise Refused(RefusalCode.MALFORMED, unreadable.named(letter.body))
    wrong = [name for name, right in _FRAME.items() if not right(content.get(name, _LEFT_OUT.get(name)))]
    if wrong:
        raise Refused(RefusalCode.MALFORMED, "信封有误", [f"{name}: 缺少或格式不对" for name in wrong])
    return content


def _is_moment(text: Any) -> bool:
    """Whether it is an RFC 3339 time with an offset."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except (ValueError, TypeError):
        return False


_FRAME: dict[str, Callable[[Any], bool]] = {
    "specversion": lambda value: value == "1.0",
    "id": lambda value: isinstance(value, str) and ID.fullmatch(value) is not None,
    "source": lambda value: isinstance(value, str),
    "type": lambda value: isinstance(value, str),
    "time": _is_moment,
    "datacontenttype": lambda value: value == "application/json",
    "data": lambda value: isinstance(value, dict),
}
"""What `contracts.envelope.reply` publishes."""
_LEFT_OUT = {"datacontenttype": "application/json"}


def _contract(type_: str) -> type[DepartmentReply]:
    if type_ in KNOWN:
        return KNOWN[type_]
    known = TYPE.fullmatch(type_)
    if known and known[1] in VERBS:
        raise Refused(RefusalCode.UNKNOWN_VERSION, f"“{known[1]}”没有这一版，请用 v1")
    raise Refused(RefusalCode.UNKNOWN_TYPE, "没有这种回哨")


def repeatable(text: Any) -> str | None:
    """A word of the sender that may stand in a table and in an answer, else None: it is short and names nobody."""
    if not (isinstance(text, str) and text.isprintable() and 0 < len(text) <= 200):
        return None
    return text if ID.fullmatch(text) or not find_personal(text) else None


def task_named(letter: Letter) -> UUID | None:
    """The task a letter is about, as far as it can be made out."""
    data = (letter.content or {}).get("data")
    try:
        return UUID(data["task_id"]) if isinstance(data, dict) else None
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
