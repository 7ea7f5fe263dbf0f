"""A sheet to print and put up: a code that opens a page of this site."""

from __future__ import annotations

import segno
from flask import Response, render_template, request

from bus import green
from capability.papers.paper import LARGE, TITLE, Paper
from services.portal.pages import places

CODE, LEAST = 90, 45
"""Millimetres: a code as it is read from some steps away, and where many words stand above it."""
SIZES = (TITLE, 22, LARGE)
"""Points, the largest first."""


def sheet(path: str, place: str, heading: str, call: str) -> str:
    """The code of an ASCII address, which every reader takes, with the address and the place's name beside it."""
    code, address = code_of(path)
    area = places.names([place])[place]
    return render_template("poster.html", code=code, address=address, area=area, heading=heading, call=call)


def printed(path: str, place: str, heading: str, call: str) -> Response:
    """The same as a PDF of one page, in type as large as the words leave room for: at least LARGE."""
    content = green.aside(_laid, f"{request.host_url}{path}", places.names([place])[place], heading, call)
    return Response(content, mimetype="application/pdf")


def _laid(address: str, area: str, heading: str, call: str) -> bytes:
    paper = Paper(heading, area, body=LARGE)
    for points in SIZES:
        paper = _worded(area, heading, call, points)
        if paper.page_no() == 1 and _room(paper) >= LEAST:
            break
    paper.code(address, max(LEAST, min(CODE, _room(paper))))
    return paper.finished()


def _worded(area: str, heading: str, call: str, points: int) -> Paper:
    paper = Paper(heading, area, body=LARGE)
    paper.heading("扫一扫")
    for words in (heading, call):
        paper.large(words, points)
        paper.ln(5)
    return paper


def _room(paper: Paper) -> float:
    """Millimetres left for a code."""
    return paper.left - paper.code_height(0)


def code_of(path: str) -> tuple[str, str]:
    """A code as a picture, and the address it opens."""
    address = f"{request.host_url}{path}"
    return segno.make_qr(address, error="m", mode="byte").svg_data_uri(scale=8), address
