"""Amounts as they stand in Chinese papers."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
LIMIT = Decimal(10) ** 12


def yuan(amount: Decimal) -> str:
    """4800.00元（大写：肆仟捌佰元整）."""
    return f"{amount:.2f}元（大写：{capital(amount)}）"


def capital(amount: Decimal) -> str:
    """An amount in the figures that cannot be altered: 肆仟捌佰元整, 壹万零伍元叁角整 (支付结算办法, annex 1).

    Where the rule leaves a 零 open, it is written after four empty places (壹亿零伍仟元) and nowhere else. Errors:
    ValueError for one below zero, with parts of a fen, or of a million million and more.
    """
    if not (amount.is_finite() and 0 <= amount < LIMIT and amount * 100 % 1 == 0):
        raise ValueError(f"no amount of whole fen from 0 to below {LIMIT}: {amount}")
    cents = int(amount * 100)
    whole, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    words = f"{_whole(whole)}元" if whole else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif fen and whole:
        words += "零"
    if fen:
        words += f"{_DIGITS[fen]}分"
    if not words:
        return "零元整"
    return words if fen else words + "整"


def _whole(number: int) -> str:
    words, gap = "", False
    for group in reversed(range(3)):
        part = number // 10_000**group % 10_000
        if not part:
            gap = bool(words)
            continue
        zero = words and (gap or part < 1000)
        words += ("零" if zero else "") + _four(part) + _GROUPS[group]
        gap = False
    return words


def _four(number: int) -> str:
    words, gap = "", False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if not digit:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return words
