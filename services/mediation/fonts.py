"""The Chinese font the papers are printed with: a TrueType file of the system, found at run time, never shipped."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError  # type: ignore[import-untyped]

from chassis.errors import Unavailable

_ROOT = Path("/usr/share/fonts/truetype")
CHINESE = (
    _ROOT / "droid/DroidSansFallbackFull.ttf",
    _ROOT / "droid/DroidSansFallback.ttf",
    _ROOT / "arphic-gbsn00lp/gbsn00lp.ttf",
    _ROOT / "arphic-gkai00mp/gkai00mp.ttf",
    _ROOT / "noto/NotoSansSC-Regular.ttf",
    _ROOT / "arphic/uming.ttc",
    _ROOT / "wqy/wqy-microhei.ttc",
    _ROOT / "wqy/wqy-zenhei.ttc",
)
"""Debian's fonts-droid-fallback, fonts-arphic-*, fonts-noto, fonts-wqy-*: those whose outlines fpdf2 can subset."""

LATIN = (
    _ROOT / "dejavu/DejaVuSans.ttf",
    _ROOT / "liberation/LiberationSans-Regular.ttf",
    _ROOT / "liberation2/LiberationSans-Regular.ttf",
)
"""For figures and letters, which some Chinese fonts leave out."""

_SAMPLE = "调解协议书：甲方、乙方。"
_PLAIN = "0123456789.-/%"
_STAND_INS = str.maketrans({"“": "「", "”": "」", "‘": "『", "’": "』", "—": "－", "·": "・", "×": "ｘ", "¥": "￥"})


@dataclass(frozen=True)
class Fonts:
    """The files to print with. Without a Latin one, `fit` turns figures and letters into their full-width forms."""

    chinese: Path
    latin: Path | None
    letters_missing: bool

    def fit(self, text: str) -> str:
        """The text as these fonts can show it."""
        if self.latin is not None or not self.letters_missing:
            return text
        wide = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
        return text.translate(_STAND_INS).translate(wide)


def fonts() -> Fonts:
    """The fonts of setting PDF_FONT, else the first of the usual places.

    Errors: Unavailable, saying which package to install or which setting to mend.
    """
    return _found(os.environ.get("PDF_FONT", ""))


@lru_cache(maxsize=8)
def _found(wanted: str) -> Fonts:
    if wanted:
        chinese = Path(wanted)
        if not _shows(chinese, _SAMPLE):
            raise Unavailable(f"设置 PDF_FONT 所指的文件不是可用的中文字体：{wanted}")
    else:
        chinese = _first(CHINESE, _SAMPLE)
    missing = not _shows(chinese, _PLAIN)
    latin = next((path for path in LATIN if _shows(path, _PLAIN)), None) if missing else None
    return Fonts(chinese, latin, missing)


def _first(places: tuple[Path, ...], sample: str) -> Path:
    for path in places:
        if _shows(path, sample):
            return path
    raise Unavailable("没有可用的中文字体，无法制作文书；请安装 fonts-droid-fallback，或用 PDF_FONT 指定字体文件")


def _shows(path: Path, sample: str) -> bool:
    """Whether the file is a TrueType font that has all these characters."""
    if not path.is_file():
        return False
    try:
        with TTFont(path, fontNumber=0, lazy=True) as font:
            return "glyf" in font and all(ord(letter) in font.getBestCmap() for letter in sample)
    except (TTLibError, OSError, ValueError, KeyError):
        return False
