"""What is posted at a place, as sheets for the notice board 公告栏 at the door: 18 points, with a code to read on."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, request

from bus import green
from capability.papers.paper import LARGE, Paper
from chassis.errors import NotFound
from contracts import registry
from contracts.schema import CommandSchema
from kernel.areas import is_path
from kernel.calendar import day_words, local_day
from services.portal.accounts.current import now
from services.portal.api.public import posted
from services.portal.pages import places
from services.portal.pages.blueprint import blueprint
from services.portal.pages.derived import BOARDS, Derived, derived
from services.portal.readmodel.saying import made

CODE, MOST = 45, 50


def sheets(command: type[CommandSchema], area: str) -> Response:
    """The PDF of what hangs there now. Errors: NotFound for what is no place; Conflict for a sign no font has."""
    if not is_path(area):
        raise NotFound("没有这个地方")
    asked = {name: value for name, value in {"area_path": area, "limit": MOST}.items() if name in made(command).fields}
    row: Any = registry.listed(command.answer)
    shown = [derived(row, view, {}) for view in posted(command, asked)["items"]]
    place, address = places.names([area])[area], f"{request.host_url}{command.page}/{area}"
    printed = f"{place}　{day_words(local_day(now()))}打印"
    content = green.aside(_laid, command.title, printed, shown, address)
    return Response(content, mimetype="application/pdf")


def _laid(title: str, printed: str, shown: list[Derived], address: str) -> bytes:
    paper = Paper(title, printed, body=LARGE)
    paper.heading(title)
    for no, each in enumerate(shown, 1):
        paper.section(f"{no}．{each.title}")
        if each.words:
            paper.paragraph(each.words)
        for label, words in each.facts:
            paper.fact(label, words)
    if not shown:
        paper.paragraph("现在没有张贴的内容。")
    paper.ln(6)
    paper.code(address, CODE)
    return paper.finished()


for each in BOARDS:
    blueprint.add_url_rule(f"/{each.page}/<area>/board.pdf", f"{each.method}_sheets", partial(sheets, each))
