"""Breaking Chinese text into lines 禁则 (GB/T 15834—2011, 5.1; W3C clreq): what may not stand first or last on one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

NOT_FIRST = frozenset("，。、；：？！）》〉」』】〕〗］｝”’％‰℃°…—～·・々%,.;:?!)]}>")
NOT_LAST = frozenset("（《〈「『【〔〖［｛“‘￥¥＄$№([{<")
WHOLE = frozenset("…—")
"""Written twice, and never parted."""

LONGEST_WORD = 20
"""Letters and figures kept on one line; longer runs are broken."""

Width = Callable[[str], float]


def broken(text: str, width: Width, first: float, rest: float) -> Iterator[str]:
    """The lines of a text, `first` and `rest` wide in the unit of `width`: words and figures stay whole.

    Nothing is lost. A cluster wider than a whole line is broken inside, whatever it is made of.
    """
    line, left = "", first
    for cluster in _clusters(text):
        for part in [cluster] if width(cluster) <= rest else cluster:
            wide = width(part)
            if line and wide > left:
                yield line
                line, left = "", rest
            line, left = line + part, left - wide
    yield line


def _clusters(text: str) -> Iterator[str]:
    """Pieces with all that may not part from them: opening signs before, closing signs and marks after."""
    cluster = ""
    for piece in _pieces(text):
        if cluster and piece[0] not in NOT_FIRST and cluster[-1] not in NOT_LAST:
            yield cluster
            cluster = ""
        cluster += piece
    if cluster:
        yield cluster


def _pieces(text: str) -> Iterator[str]:
    """Single Chinese characters; letters and figures of other scripts in whole words; doubled marks whole."""
    piece = ""
    for sign in text:
        if piece and not _belongs(piece, sign):
            yield piece
            piece = ""
        piece += sign
    if piece:
        yield piece


def _belongs(piece: str, sign: str) -> bool:
    if sign in WHOLE:
        return piece[-1] == sign
    if unicodedata.category(sign) in ("Mn", "Mc", "Me", "Cf"):
        return True
    return _in_word(piece[-1]) and _in_word(sign) and len(piece) < LONGEST_WORD


def _in_word(sign: str) -> bool:
    """Letters and figures that are not as wide as a Chinese sign, and what stands inside figures and addresses."""
    if unicodedata.east_asian_width(sign) in ("W", "F"):
        return False
    return unicodedata.category(sign)[0] == "L" or sign.isdecimal() or sign in "-_./,:@+#&'"
