"""A printed paper 文书 for old eyes: A4, 16-point type, wide margins, page numbers, lines broken as Chinese is."""

from __future__ import annotations

from collections.abc import Iterator

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from services.mediation.fonts import Fonts, fonts

BODY, TITLE, HEADING, FOOT = 16, 26, 17, 12
"""Points. 16 is 三号, the size of official letters; accessibility asks for 14 at least."""

MARGIN, FOOT_MARGIN, INSET = 25, 22, 12
LINE = 9.4
SIGNATURE, SEAL = 22, 20
"""Millimetres. A line is 1.66 times the type; SEAL is the radius of a committee's round seal."""

LONGEST_WORD = 20
"""Letters and figures kept on one line; longer runs are broken."""

NO_DATE = "　　　　年　　月　　日"

_NOT_FIRST = set("，。、；：？！）》」』”’％%,.;:?!)")
_NOT_LAST = set("（《「『“‘(")


class Paper(FPDF):
    """Pages with a footer; `section`, `paragraph`, `blank_line` and the like put text on them."""

    def __init__(self, title: str, number: str) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self._fonts: Fonts = fonts()
        self._number = number
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, margin=FOOT_MARGIN)
        self.add_font("body", fname=self._fonts.chinese)
        if self._fonts.latin is not None:
            self.add_font("latin", fname=self._fonts.latin)
            self.set_fallback_fonts(["latin"], exact_match=False)
        self.set_title(title)
        self.set_lang("zh-CN")
        self.set_creator("Shaodao 哨到")
        self.add_page()

    def finished(self) -> bytes:
        """The PDF, every page with the paper's number and its own of how many."""
        total = self.page_no()
        self.set_auto_page_break(False)
        for page in range(1, total + 1):
            self.page = page
            self._foot(f"第 {page} 页，共 {total} 页")
        return bytes(self.output())

    def _foot(self, pages: str) -> None:
        self.set_y(self.h - 17)
        self.set_font("body", size=BODY)  # a font set on another page must be set anew here
        self.set_font("body", size=FOOT)
        self.cell(self.epw / 2, 6, self._fonts.fit(self._number))
        self.cell(self.epw / 2, 6, self._fonts.fit(pages), align=Align.R)

    def heading(self, text: str) -> None:
        """The paper's title, large and in the middle, its number below."""
        self.set_font("body", size=TITLE)
        self.cell(0, 16, self._fonts.fit(text), align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_font("body", size=BODY)
        self.cell(0, LINE, self._fonts.fit(self._number), align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(5)

    def section(self, text: str) -> None:
        """A heading that never stands alone at the foot of a page."""
        self.keep_together(LINE * 3)
        self.ln(2)
        self.set_font("body", size=HEADING)
        with self.local_context(text_mode="FILL_STROKE", line_width=0.25):  # the fonts have one weight only
            self._line(text, 0)

    def paragraph(self, text: str, *, indent: bool = True) -> None:
        """Running text, two characters in at its beginning."""
        self.set_font("body", size=BODY)
        first = 2 * self._width("中") if indent else 0.0
        for part in text.splitlines():
            for no, line in enumerate(self.lines(part, first)):
                self._line(line, first if no == 0 else 0)

    def fact(self, label: str, text: str) -> None:
        """`label：text`, continued under the text."""
        self.set_font("body", size=BODY)
        inset = self._width(f"{label}：")
        lines = list(self.lines(text, inset, hanging=inset))
        for no, line in enumerate(lines):
            self._line(f"{label}：{line}" if no == 0 else line, 0 if no == 0 else inset)

    def signature(self, label: str, done: str) -> None:
        """A line to sign on, or what was signed there; high enough for a fingerprint, with room for the date."""
        self.keep_together(SIGNATURE)
        top = self._sign_here(label, done)
        if not done:
            self.set_xy(MARGIN + 85, top + LINE + 1.5)
            self.cell(75, LINE, self._fonts.fit(NO_DATE))
        self.set_y(top + SIGNATURE)

    def signature_and_seal(self, label: str, done: str, org: str, sealed: str) -> None:
        """The mediator's line on the left, the place of the seal on the right; the seal goes over the date."""
        self.keep_together(SEAL * 2 + 5)
        top = self._sign_here(label, done, inset=0)
        if not done:
            self.set_xy(MARGIN, top + LINE * 2 + 2)
            self.cell(75, LINE, self._fonts.fit(NO_DATE))
        self._seal_here(org, top + 2)
        self.set_font("body", size=BODY)
        self.set_xy(MARGIN + 85, top + SEAL + 8)
        self.cell(75, LINE, self._fonts.fit(sealed or NO_DATE.strip()), align=Align.C)
        self.set_y(top + SEAL * 2 + 5)

    def _sign_here(self, label: str, done: str, inset: float = INSET) -> float:
        """The label with the line below it, or the words of what was signed; answers where it begins."""
        self.set_font("body", size=BODY)
        top = self.get_y()
        self._line(label, 0)
        self.set_y(top + LINE)
        if done:
            self._line(done, inset)
        else:
            self.line(MARGIN + INSET, top + LINE * 2, MARGIN + 75, top + LINE * 2)
        return top

    def _seal_here(self, org: str, top: float) -> None:
        """A dashed round as large as a committee's seal, with the body's name in grey."""
        middle = MARGIN + 122
        self.set_draw_color(150)
        self.set_dash_pattern(dash=1.5, gap=1.5)
        self.circle(x=middle, y=top + SEAL, radius=SEAL)
        self.set_dash_pattern()
        self.set_draw_color(0)
        self.set_font("body", size=FOOT)
        self.set_text_color(120)
        for no, row in enumerate([*_balanced(org), "（盖章）"]):
            self.set_xy(middle - SEAL, top + 5 + 6 * no)
            self.cell(SEAL * 2, 6, self._fonts.fit(row), align=Align.C)
        self.set_text_color(0)

    def keep_together(self, height: float) -> None:
        """Begins a new page where less than `height` millimetres are left."""
        if self.get_y() + height > self.h - FOOT_MARGIN:
            self.add_page()

    def lines(self, text: str, first: float = 0, hanging: float = 0) -> Iterator[str]:
        """Breaks text to the width: words and figures stay whole, no line begins with 。 or ends with （."""
        line, room = "", self.epw - first
        for piece in _pieces(self._fonts.fit(text)):
            if line and self._width(line + piece) > room and not set(piece) <= _NOT_FIRST:
                keep = _loose_end(line)
                yield line[: len(line) - len(keep)]
                line, room = keep, self.epw - hanging
            line += piece
        yield line

    def _line(self, text: str, inset: float) -> None:
        self.set_x(MARGIN + inset)
        self.cell(0, LINE, self._fonts.fit(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _width(self, text: str) -> float:
        return self.get_string_width(self._fonts.fit(text))


def _balanced(name: str, longest: int = 9) -> list[str]:
    """A name in rows of about the same length."""
    rows = -(-len(name) // longest)
    size = -(-len(name) // rows)
    return [name[start : start + size] for start in range(0, len(name), size)]


def _pieces(text: str) -> Iterator[str]:
    """Single Chinese characters; letters and figures in whole words."""
    word = ""
    for letter in text:
        if len(word) < LONGEST_WORD and letter.isascii() and not letter.isspace() and letter not in "()":
            word += letter
            continue
        if word:
            yield word
        word = letter if letter.isascii() and letter.isalnum() else ""
        if not word:
            yield letter
    if word:
        yield word


def _loose_end(line: str) -> str:
    """What must go over to the next line because nothing may end with it."""
    return line[len(line.rstrip("".join(_NOT_LAST))) :]
