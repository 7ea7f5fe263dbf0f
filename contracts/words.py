"""Free text that people outside the own service will read."""

import re
import unicodedata
from typing import Any

from marshmallow import ValidationError

from contracts.fields import Text
from kernel.masking import PersonalKind, find_personal, refuse_personal

TELEPHONES = frozenset({PersonalKind.MOBILE, PersonalKind.LANDLINE, PersonalKind.ABROAD})


def shared_text(longest: int, *, shortest: int = 1, optional: bool = False, **kwargs: Any) -> Text:
    """Text a department reads: refused where it holds a telephone or identity number (domain §4.8)."""
    return Text(longest, refuse_personal, shortest=shortest, optional=optional, **kwargs)


PASSWORD = re.compile(
    r"(?:密\s*码|口\s*令|验\s*证\s*码|动态码|PIN)[\s是为:=]*[A-Za-z0-9!@#$%^&*._-]{4,}", re.IGNORECASE
)
NUMBER = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9]){14,20}(?![0-9])")
"""As long as identity, social-insurance and bank cards are; telephones and dates are shorter."""


def without_secrets(text: str) -> None:
    """Validator of notes about a person's own business: no password, no whole number of a card or an identity paper.

    The last four digits may stand; so may a telephone, which the notes of one's own service may hold.
    """
    plain = unicodedata.normalize("NFKC", text)
    if PASSWORD.search(plain):
        raise ValidationError("不能记密码和验证码，请删除后再提交")
    found = [finding.kind for finding in find_personal(plain) if finding.kind not in TELEPHONES]
    if found or NUMBER.search(plain):
        raise ValidationError("不能记完整的证件号或卡号，只写后四位")
