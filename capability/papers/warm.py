"""Opened fonts, kept while the process lives: a paper borrows one and embeds the shapes it uses.

Opening a font of 65,000 signs and cutting it down to those of a paper cost fpdf2 four fifths of the time a paper takes.
So the tables are read once a process, and HarfBuzz cuts the font before fpdf2 does: what is printed stays the same.
"""

from __future__ import annotations

import copy
from functools import cache
from io import BytesIO
from typing import Any

import uharfbuzz  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fpdf import FPDF
from fpdf.fonts import Glyph, SubsetMap, TTFFont
from fpdf.output import OutputProducer, PDFFont
from fpdf.syntax import Name

from capability.papers.fonts import Face

_UNUSED = (b"GDEF", b"GPOS", b"GSUB", b"BASE", b"MATH")
"""Tables for setting type; what is set already does not need them."""
_LEAST_VERSION = "1.6"
"""Of PDF, for fonts numbered by CID."""


def lend(pdf: FPDF, name: str, face: Face) -> None:
    """What `FPDF.add_font` does, without opening the file again."""
    known = _opened(face)
    font = copy.copy(known)
    font.fontkey, font.i = name, len(pdf.fonts) + 1
    font.desc = copy.copy(known.desc)
    font.missing_glyphs, font._hbfont = [], None
    font.subset = ByCid(font) if font.is_cff and font.is_cid_keyed else SubsetMap(font)
    pdf.fonts[name] = font
    if font.is_cff and font.is_cid_keyed:
        pdf.pdf_version = max(pdf.pdf_version, _LEAST_VERSION)


class ByCid(SubsetMap):
    """The code of a sign is its CID in the font, so that the paper needs no table of its own from codes to CIDs."""

    def __init__(self, font: TTFFont) -> None:
        super().__init__(font)
        self._char_id_per_glyph = {glyph: _cid(glyph) for glyph in self._char_id_per_glyph if glyph}

    def pick_glyph(self, glyph: Glyph | None) -> int | None:
        return None if glyph is None else self._char_id_per_glyph.setdefault(glyph, _cid(glyph))


def _cid(glyph: Glyph) -> int:
    """As fpdf2 counts it."""
    digits = glyph.glyph_name.removeprefix("cid")
    return int(digits) if digits.isdigit() else glyph.glyph_id


class Plain(OutputProducer):
    """Fonts by the encoding every reader knows: pdfminer.six gives no text at all of a paper with one of its own, pypdf
    a NUL before each sign (`findings/embedded_cmaps.sh`)."""

    def _add_fonts(self, *args: Any) -> Any:
        made = super()._add_fonts(*args)
        for font in self.fpdf.fonts.values():
            written = made.get(font.i)
            if isinstance(font, TTFFont) and isinstance(font.subset, ByCid) and isinstance(written, PDFFont):
                written.encoding = Name("Identity-H")
        return made


def cut(pdf: FPDF) -> None:
    """Each font of the paper has from now on the shapes the paper uses, and no others; right before `output`."""
    for font in pdf.fonts.values():
        if isinstance(font, TTFFont):
            font.ttfont = _subset(font)


def _subset(font: TTFFont) -> TTFont:
    """Shapes keep their names, by which fpdf2 finds them; the bounds of all of them stay those of the whole font."""
    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(font.ttfont.getGlyphID(each) for each in font.subset.get_all_glyph_names())
    wanted.drop_table_tag_set.update(int.from_bytes(tag) for tag in _UNUSED)
    wanted.flags = (
        uharfbuzz.SubsetFlags.GLYPH_NAMES
        | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
        | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
        | uharfbuzz.SubsetFlags.DESUBROUTINIZE
    )
    small = uharfbuzz.subset(_shapes(font.ttffile, font.collection_font_number), wanted)
    return TTFont(BytesIO(small.blob.data), recalcTimestamp=False, recalcBBoxes=False, lazy=True)


@cache
def _opened(face: Face) -> TTFFont:
    return TTFFont(FPDF(), face.path, face.name, "", collection_font_number=face.number)


@cache
def _shapes(path: object, number: int) -> uharfbuzz.Face:
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path), number)
