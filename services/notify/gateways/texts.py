"""Lengths as those count who carry the text: SMS by UTF-16 units, group robots by bytes."""

from __future__ import annotations

from collections.abc import Iterator

SINGLE, PART = 70, 67
"""UTF-16 units of a text message alone, and of each part of a long one (3GPP TS 23.040: six bytes tell the parts)."""

END = "。"


def as_text(title: str, body: str) -> str:
    """A letter where there is no line for its title."""
    return f"{title}{END}{body}"


MORE = "……（全文请登录查看）"


def units(text: str) -> int:
    """How much of a text message it fills: a sign outside the basic plane counts two."""
    return len(text.encode("utf-16-le")) // 2


def sms_parts(text: str) -> list[str]:
    """The text messages it leaves as; no sign is torn apart. An empty text is one empty message."""
    return [text] if units(text) <= SINGLE else list(_parts(text))


def _parts(text: str) -> Iterator[str]:
    part, filled = "", 0
    for sign in text:
        width = units(sign)
        if filled + width > PART:
            yield part
            part, filled = "", 0
        part, filled = part + sign, filled + width
    yield part


def cut(text: str, most: int) -> str:
    """The text in at most `most` bytes of UTF-8, no sign torn; what was cut off says so."""
    if len(text.encode()) <= most:
        return text
    return text.encode()[: most - len(MORE.encode())].decode(errors="ignore") + MORE
