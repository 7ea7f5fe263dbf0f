"""A sheet to print and put up: a code that opens a page of this site."""

from __future__ import annotations

import segno
from flask import render_template, request

from services.portal.pages import places


def sheet(path: str, place: str, heading: str, call: str) -> str:
    """The code of an ASCII address, which every reader takes, with the address and the place's name beside it."""
    code, address = code_of(path)
    area = places.names([place])[place]
    return render_template("poster.html", code=code, address=address, area=area, heading=heading, call=call)


def code_of(path: str) -> tuple[str, str]:
    """A code as a picture, and the address it opens."""
    address = f"{request.host_url}{path}"
    return segno.make_qr(address, error="m", mode="byte").svg_data_uri(scale=8), address
