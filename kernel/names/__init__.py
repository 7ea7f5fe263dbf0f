"""Names of people: one form to match by, what is no name, and the surnames of two signs (domain §3.3, §4.8)."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from marshmallow import ValidationError

HAN = r"\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Signs of Han names, 〇 among them."""

_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}])[\s.·•‧∙⋅・･゠᛫⸱●．｡。﹒\-—–‐‑]+(?=[{HAN}])")
_BLANK_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}])\s+(?=[{HAN}])")
_ZERO_BESIDE_HAN = re.compile(rf"(?<=[{HAN}])[○◯](?=[{HAN}]|$)|^[○◯](?=[{HAN}])")

_NONE = re.compile(
    r"匿名(者|人|人士|用户|群众|市民|居民|举报|反映人)?"
    r"|(我|本人|群众|居民|当事人|来电人|反映人)?(不|未|拒绝)(愿意|愿|想|便|方便|肯|予|能)?"
    r"(透露|提供|留|留下|具|具名|说|告知|公开|填|填写)(真实)?(姓名|名字|名|姓氏|身份|个人信息)?"
    r"|(要求|请求|请|姓名)?保密|隐名|无名氏?|无姓名?|没有(姓名|名字)?|佚名|无|不详|姓名不详|不知道|不清楚|未知|[某xX*＊]{1,4}"
    r"|none|nil|null|n/?a|unknown|anonymous|noname|nobody"
)


def tidy(name: str) -> str:
    """As it is kept and shown: no invisible signs, no blanks between Han, one kind of middle dot."""
    seen = "".join(sign for sign in name if not _unseen(sign))
    seen = _BLANK_BETWEEN_HAN.sub("", " ".join(seen.split()))
    return _ZERO_BESIDE_HAN.sub("〇", _BETWEEN_HAN.sub("·", seen))


def key(name: str) -> str:
    """The form two spellings of one name share. For hashing and comparing, never shown."""
    return _BETWEEN_HAN.sub("", tidy(unicodedata.normalize("NFKC", tidy(name)))).casefold()


def place_key(place: str) -> str:
    """The form two spellings of one address share: full width or half, with blanks or without."""
    return "".join(unicodedata.normalize("NFKC", place).split()).casefold()


def is_none(text: str) -> bool:
    """Whether the words only say that no name is given: 匿名, 不愿透露, 无名氏, ***, or nothing with a letter in it."""
    plain = key(text)
    return _NONE.fullmatch(plain) is not None or not any(sign.isalpha() or sign == "〇" for sign in plain)


def refuse_none(text: str) -> None:
    """Marshmallow validator of a person's name. Raises ValidationError."""
    if is_none(text):
        raise ValidationError("这不是姓名，请写姓名或称呼（如“王先生”）；不愿留姓名的，请按匿名登记")


def _unseen(sign: str) -> bool:
    selects = "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"
    return selects or (unicodedata.category(sign) in ("Cf", "Cc") and not sign.isspace())


def _compound() -> frozenset[str]:
    lines = (Path(__file__).parent / "compound_surnames.txt").read_text(encoding="utf8").splitlines()
    return frozenset(name for line in lines if line and not line.startswith("#") for name in line.split()[1:])


COMPOUND_SURNAMES = _compound()
"""Surnames of two signs, each with its source in compound_surnames.txt."""
