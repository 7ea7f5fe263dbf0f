"""A printed paper 文书 for old eyes: A4, large type, wide margins, page numbers, lines broken as Chinese is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import segno
from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from capability.papers import warm
from capability.papers.breaking import broken
from capability.papers.fonts import Face, covering, faces

BODY, TITLE, HEADING, FOOT = 16, 26, 17, 12
"""Points. 16 is 三号, the size of official letters; accessibility asks for 14 at least. With another body the
heading grows by as much; the title and the foot stay."""

LARGE = 18
"""Points that old people read without glasses, and everybody from afar (domain §1)."""

MARGIN, FOOT_MARGIN, INSET = 25, 22, 12
LINE_OF_POINT = 9.4 / BODY
SIGNATURE, SEAL, COLUMN = 22, 20, 75
"""Millimetres. A line is 1.66 times the type; SEAL is the radius of a committee's round seal,
COLUMN the width left of it."""

BODY_FONT = "body"
FROM_RIGHT = frozenset({"R", "AL"})
"""Directions of Unicode: Arabic letters, among them Uyghur ones."""

NO_DATE = "　　　　年　　月　　日"


class Paper(FPDF):
    """Pages with a footer; `section`, `paragraph`, `blank_line` and the like put text on them."""

    def __init__(self, title: str, number: str, *, body: int = BODY) -> None:
        """`body`: points of the running text, from which the height of a line follows."""
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self._faces = faces()
        self._loaded: list[Face] = []
        self._widths: dict[tuple[str, float, str], float] = {}
        self._number, self.running = number, ""
        self.body, self.leading = body, body * LINE_OF_POINT
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, margin=FOOT_MARGIN)
        self._load(self._faces[0])
        self.set_title(title)
        self.set_lang("zh-CN")
        self.set_creator("Shaodao 哨到")
        self.add_page()

    def _load(self, face: Face) -> None:
        """The first face is the body's; the others write what it lacks."""
        name = face.name if self._loaded else BODY_FONT
        warm.lend(self, name, face)
        self._loaded.append(face)
        self.set_fallback_fonts([each.name for each in self._loaded[1:]], exact_match=False)

    def _shown(self, text: str) -> str:
        """The text, once there is a face for each of its signs. Errors: Conflict naming a sign no font has.

        Uyghur and Arabic letters are joined by the shaping engine; other text comes back from the PDF whole without.
        """
        for face in covering(text, self._faces):
            if face not in self._loaded:
                self._load(face)
        self.set_text_shaping(any(unicodedata.bidirectional(sign) in FROM_RIGHT for sign in text))
        return text

    def finished(self) -> bytes:
        """The PDF, every page with the paper's number and its own of how many."""
        total = self.page_no()
        self.set_auto_page_break(False)
        for page in range(1, total + 1):
            self.page = page
            self._foot(f"第 {page} 页，共 {total} 页")
            if self.running and page > 1:
                self._head()
        warm.cut(self)
        return bytes(self.output(output_producer_class=warm.Plain))

    def _foot(self, pages: str) -> None:
        self.set_y(self.h - 17)
        self.set_font(BODY_FONT, size=self.body)  # a font set on another page must be set anew here
        self.set_font(BODY_FONT, size=FOOT)
        self.cell(self.epw / 2, 6, self._shown(self._number))
        self.cell(self.epw / 2, 6, self._shown(pages), align=Align.R)

    def _head(self) -> None:
        """Above the second page and those after it: `running`, cut where the line ends."""
        self.set_y(MARGIN / 2)
        self.set_font(BODY_FONT, size=self.body)
        self.set_font(BODY_FONT, size=FOOT)
        words = next(broken(self._shown(self.running), self._width, self.epw, self.epw))
        self.cell(0, 6, self._shown(words), align=Align.C)

    def heading(self, text: str) -> None:
        """The paper's title, large and in the middle, its number below."""
        self.set_font(BODY_FONT, size=TITLE)
        self.cell(0, 16, self._shown(text), align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font(BODY_FONT, size=self.body)
        self.cell(0, self.leading, self._shown(self._number), align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(5)

    def section(self, text: str) -> None:
        """A heading that never stands alone at the foot of a page."""
        self.keep_together(self.leading * 3)
        self.ln(2)
        self.set_font(BODY_FONT, size=self.body + HEADING - BODY)
        with self.local_context(text_mode="FILL_STROKE", line_width=0.25):  # the fonts have one weight only
            self._line(text, 0)

    def paragraph(self, text: str, *, indent: bool = True) -> None:
        """Running text, two characters in at its beginning."""
        self.set_font(BODY_FONT, size=self.body)
        first = 2 * self._width("中") if indent else 0.0
        for part in text.splitlines():
            for no, line in enumerate(self.lines(part, first)):
                self._line(line, first if no == 0 else 0)

    def fact(self, label: str, text: str) -> None:
        """`label：text`, continued under the text."""
        self.set_font(BODY_FONT, size=self.body)
        inset = self._width(f"{label}：")
        lines = list(self.lines(text, inset, hanging=inset))
        for no, line in enumerate(lines):
            self._line(f"{label}：{line}" if no == 0 else line, 0 if no == 0 else inset)

    def signature(self, label: str, done: str) -> None:
        """A line to sign on, or what was signed there; high enough for a fingerprint, with room for the date."""
        rows = self._rows(label, self.epw)
        height = SIGNATURE + self.leading * (len(rows) - 1)
        self.keep_together(height)
        top = self.get_y()
        below = self._sign_here(rows, done)
        if not done:
            self.set_xy(MARGIN + 85, below + 1.5)
            self.cell(75, self.leading, self._shown(NO_DATE))
        self.set_y(top + height)

    def signature_and_seal(self, label: str, done: str, org: str, sealed: str) -> None:
        """The mediator's line on the left, the place of the seal on the right; the seal goes over the date."""
        rows = self._rows(label, COLUMN)
        height = SEAL * 2 + 5 + self.leading * (len(rows) - 1)
        self.keep_together(height)
        top = self.get_y()
        below = self._sign_here(rows, done, inset=0)
        if not done:
            self.set_xy(MARGIN, below + self.leading + 2)
            self.cell(COLUMN, self.leading, self._shown(NO_DATE))
        self._seal_here(org, top + 2)
        self.set_font(BODY_FONT, size=self.body)
        self.set_xy(MARGIN + 85, top + SEAL + 8)
        self.cell(75, self.leading, self._shown(sealed or NO_DATE.strip()), align=Align.C)
        self.set_y(top + height)

    def grid(self, heads: Sequence[str], widths: Sequence[float], rows: Iterable[Sequence[str]], height: float) -> None:
        """A ruled table to write in; its heads stand on every page. `widths` are parts of the width of the page."""
        across = [self.epw * each for each in widths]
        self.set_font(BODY_FONT, size=self.body)
        for no, row in enumerate(rows):
            if no == 0 or height > self.left:
                self.keep_together(height * 2)
                self._ruled(heads, across, height)
            self._ruled(row, across, height)

    def _ruled(self, words: Sequence[str], across: Sequence[float], height: float) -> None:
        for text, width in zip(words, across, strict=True):
            self.cell(width, height, self._shown(text), border=1, align=Align.C)
        self.ln(height)

    def closing(self, *lines: str) -> None:
        """Who writes and when, on the right, together on one page."""
        self.set_font(BODY_FONT, size=self.body)
        self.keep_together(self.leading * len(lines))
        for line in lines:
            self.cell(0, self.leading, self._shown(line), align=Align.R, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _rows(self, text: str, width: float) -> list[str]:
        """A label, however long the name in it, in rows of a width."""
        self.set_font(BODY_FONT, size=self.body)
        return list(broken(self._shown(text), self._width, width, width))

    def _sign_here(self, rows: list[str], done: str, inset: float = INSET) -> float:
        """The label with the line below it, or the words of what was signed; answers where the label ends."""
        for row in rows:
            self._line(row, 0)
        below = self.get_y()
        if done:
            for row in self._rows(done, COLUMN if inset == 0 else self.epw - inset):
                self._line(row, inset)
        else:
            self.line(MARGIN + INSET, below + self.leading, MARGIN + COLUMN, below + self.leading)
        return below

    def _seal_here(self, org: str, top: float) -> None:
        """A dashed round as large as a committee's seal, with the body's name in grey."""
        middle = MARGIN + 122
        self.set_draw_color(150)
        self.set_dash_pattern(dash=1.5, gap=1.5)
        self.circle(x=middle, y=top + SEAL, radius=SEAL)
        self.set_dash_pattern()
        self.set_draw_color(0)
        self.set_font(BODY_FONT, size=FOOT)
        self.set_text_color(120)
        for no, row in enumerate([*_balanced(org), "（盖章）"]):
            self.set_xy(middle - SEAL, top + 5 + 6 * no)
            self.cell(SEAL * 2, 6, self._shown(row), align=Align.C)
        self.set_text_color(0)

    def code(self, address: str, size: float) -> None:
        """A QR code of an ASCII address in the middle, `size` millimetres wide, with the address below it."""
        rows = [list(row) for row in segno.make_qr(address, error="m", mode="byte").matrix_iter(border=0)]
        self.keep_together(self.code_height(size))
        dot, left, top = size / len(rows), (self.w - size) / 2, self.get_y()
        self.set_fill_color(0)
        for y, row in enumerate(rows):
            for x in (x for x, dark in enumerate(row) if dark):
                self.rect(left + x * dot, top + y * dot, dot, dot, style="F")
        self.set_y(top + size + self.leading / 2)
        self.set_font(BODY_FONT, size=FOOT)
        self.cell(0, 6, self._shown(address), align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def code_height(self, size: float) -> float:
        """Millimetres that a code with its address takes."""
        return size + self.leading / 2 + 6

    def large(self, text: str, points: int = TITLE) -> None:
        """Words to be read from afar, in the middle, as large as the title or so many `points`."""
        self.set_font(BODY_FONT, size=points)
        height = points * LINE_OF_POINT
        for line in broken(self._shown(text), self._width, self.epw, self.epw):
            self.cell(0, height, self._shown(line), align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    @property
    def left(self) -> float:
        """Millimetres left on the page."""
        return float(self.h - FOOT_MARGIN - self.get_y())

    def keep_together(self, height: float) -> None:
        """Begins a new page where less than `height` millimetres are left."""
        if height > self.left:
            self.add_page()

    def lines(self, text: str, first: float = 0, hanging: float = 0) -> Iterator[str]:
        """Breaks text to the width of the page, its first line shorter by `first`, the others by `hanging`."""
        return broken(self._shown(text), self._width, self.epw - first, self.epw - hanging)

    def _line(self, text: str, inset: float) -> None:
        self.set_x(MARGIN + inset)
        side = Align.R if _is_from_right(text) else Align.L
        self.cell(0, self.leading, self._shown(text), align=side, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _width(self, text: str) -> float:
        """Asked of each sign of each line; a paper has few that differ."""
        asked = (self.font_family, self.font_size_pt, text)
        if asked not in self._widths:
            self._widths[asked] = self.get_string_width(self._shown(text))
        return self._widths[asked]


def _is_from_right(text: str) -> bool:
    """Whether the first letter with a direction of its own runs from right to left."""
    directions = (unicodedata.bidirectional(sign) for sign in text)
    return next((each in FROM_RIGHT for each in directions if each in ("L", *FROM_RIGHT)), False)


def _balanced(name: str, longest: int = 9) -> list[str]:
    """A name in rows of about the same length."""
    rows = -(-len(name) // longest)
    size = -(-len(name) // rows)
    return [name[start : start + size] for start in range(0, len(name), size)]
