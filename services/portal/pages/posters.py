"""A sheet to print and put up: a code that opens a page of this site."""

from __future__ import annotations

from functools import partial

import segno
from flask import Response, render_template, request

from capability.papers.paper import LARGE, Paper
from chassis import green
from services.portal.pages import places

CODE = 90
"""Millimetres."""


def sheet(path: str, place: str, heading: str, call: str) -> str:
    """The code of an ASCII address, which every reader takes, with the address and the place's name beside it."""
    code, address = code_of(path)
    area = places.names([place])[place]
    return render_template("poster.html", code=code, address=address, area=area, heading=heading, call=call)


def printed(path: str, place: str, heading: str, call: str) -> Response:
    """The same as a PDF of one page, in type that is read from afar."""
    paper = green.aside(partial(Paper, body=LARGE), heading, places.names([place])[place])
    paper.heading("扫一扫")
    for words in (heading, call):
        paper.large(words)
        paper.ln(5)
    paper.code(f"{request.host_url}{path}", CODE)
    return Response(green.aside(paper.finished), mimetype="application/pdf")


def code_of(path: str) -> tuple[str, str]:
    """A code as a picture, and the address it opens."""
    address = f"{request.host_url}{path}"
    return segno.make_qr(address, error="m", mode="byte").svg_data_uri(scale=8), address
