"""The fonts the papers are printed with: files of the system, found at run time, never shipped."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError  # type: ignore[import-untyped]

from chassis.errors import Conflict, Unavailable

_ROOT = Path("/usr/share/fonts")
PLACES = (
    _ROOT / "opentype/noto/NotoSansCJK-Regular.ttc",
    _ROOT / "truetype/droid/DroidSansFallbackFull.ttf",
    _ROOT / "truetype/noto/NotoSansSC-Regular.ttf",
    _ROOT / "truetype/wqy/wqy-microhei.ttc",
    _ROOT / "truetype/wqy/wqy-zenhei.ttc",
    _ROOT / "truetype/arphic-gbsn00lp/gbsn00lp.ttf",
    _ROOT / "truetype/dejavu/DejaVuSans.ttf",
    _ROOT / "truetype/liberation/LiberationSans-Regular.ttf",
)
"""Debian's fonts-noto-cjk (alone it has the signs of Extension B), fonts-droid-fallback, fonts-noto, fonts-wqy-*,
fonts-arphic-gbsn00lp; then fonts-dejavu-core (joined Arabic letters) and fonts-liberation."""

_SAMPLE = "调解协议书：甲方、乙方。"
_SIMPLIFIED = " SC"
"""How the faces of a collection that have the mainland's shapes are named."""


@dataclass(frozen=True)
class Face:
    """One face of a font file."""

    path: Path
    number: int = 0

    @property
    def name(self) -> str:
        return f"{self.path.stem}-{self.number}".lower()

    def lacks(self, text: str) -> str:
        """The signs of the text it has no shape for."""
        known = _signs(self)
        return "".join(sign for sign in dict.fromkeys(text) if ord(sign) not in known and not _is_unseen(sign))


def faces() -> tuple[Face, ...]:
    """The face of setting PDF_FONT, then those of the usual places; the first writes Chinese.

    Errors: Unavailable, saying which package to install or which setting to mend.
    """
    wanted = os.environ.get("PDF_FONT", "")
    usual = _found(PLACES)
    if not wanted:
        chinese = [face for face in usual if not face.lacks(_SAMPLE)]
        if not chinese:
            raise Unavailable("没有可用的中文字体，无法制作文书；请安装 fonts-noto-cjk，或用 PDF_FONT 指定字体文件")
        return tuple(dict.fromkeys((chinese[0], *usual)))
    own = _found((Path(wanted),))
    if not own or own[0].lacks(_SAMPLE):
        raise Unavailable(f"设置 PDF_FONT 所指的文件不是可用的中文字体：{wanted}")
    return (*own, *usual)


def covering(text: str, among: tuple[Face, ...]) -> Iterator[Face]:
    """The faces the text needs, the first that has a sign before others.

    Errors: Conflict, naming the first sign that none has: what cannot be printed must not vanish from a paper.
    """
    left = text
    for face in among:
        still = face.lacks(left)
        if still != left:
            yield face
        left = still
        if not left:
            return
    sign = left[0]
    raise Conflict(
        f"没有字体能印出“{sign}”（U+{ord(sign):04X}），请换一种写法，或请管理员安装有这个字的字体", sign=sign
    )


@cache
def _found(places: tuple[Path, ...]) -> tuple[Face, ...]:
    return tuple(Face(path, number) for path in places if (number := _number(path)) is not None)


def _number(path: Path) -> int | None:
    """Which face of the file to use; None where it is no font."""
    try:
        if path.suffix.lower() not in (".ttc", ".otc"):
            TTFont(path, lazy=True).close()
            return 0
        with TTCollection(path, lazy=True) as collection:
            names = [str(font["name"].getDebugName(4)) for font in collection.fonts]
        return next((number for number, name in enumerate(names) if name.endswith(_SIMPLIFIED)), 0)
    except (TTLibError, OSError, ValueError, KeyError):
        return None


@cache
def _signs(face: Face) -> frozenset[int]:
    with TTFont(face.path, fontNumber=face.number, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _is_unseen(sign: str) -> bool:
    """Blanks of lines, joiners and marks of direction have no shape of their own."""
    return unicodedata.category(sign) in ("Cc", "Cf") or "\ufe00" <= sign <= "\ufe0f"
