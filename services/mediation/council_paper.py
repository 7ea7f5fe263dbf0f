"""The papers of a council for print: a sheet to sign in on, the minutes, and the result to put up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from bus import green
from capability.papers.paper import LARGE, Paper
from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.mediation.council_views import CouncilKind, CouncilPaper, CouncilState
from contracts.mediation.councils import GetCouncilPaper
from contracts.shapes import pdf_answer
from kernel.calendar import due_words
from services.mediation.council_life import LIFE
from services.mediation.tables import Council

LINES, MOST_LINES, LINE = 36, 200, 13.0
"""Of a sign-in sheet where nobody said how many must come, and at most; millimetres of one, in which a hand writes."""
BLANKS = ("", "", "")
HEADS, WIDTHS = ("序号", "姓名", "身份", "签名"), (0.12, 0.28, 0.32, 0.28)


@asked(GetCouncilPaper)
def printed(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, str]:
    """The PDF in Base64. Errors: NotFound; Forbidden; Conflict for what is not written yet."""
    council = LIFE.allow(who, GetCouncilPaper, LIFE.read(session, who, command), command)
    kind = CouncilPaper(command["paper"])
    content = render(council, kind)
    name = f"{kind.label}-{council.number}.pdf"
    return pdf_answer(name, content)


def render(council: Council, kind: CouncilPaper) -> bytes:
    """Fonts subset. Errors: as `printed`."""
    paper = green.aside(partial(Paper, body=LARGE), kind.label, f"编号：{council.number}")
    name = f"{CouncilKind(council.kind).label}{kind.label}"
    paper.running = f"{name}　{council.subject}"
    paper.heading(name)
    _head(paper, council)
    PAPERS[kind](paper, council)
    return green.aside(paper.finished)


def _head(paper: Paper, council: Council) -> None:
    paper.fact("议题", council.subject)
    paper.fact("时间", due_words(council.starts_at, year=True))
    paper.fact("地点", council.place_text)
    if council.invited:
        paper.fact("邀请", council.invited)


def _sign_in(paper: Paper, council: Council) -> None:
    """Room for whom the quorum asks for and a quarter more, as walk-ins sign here too. No page stays half empty."""
    paper.section("签到（没有邀请、自己来的，请在身份后注明）")
    lines = min(max(LINES, (council.quorum or 0) * 5 // 4), MOST_LINES)
    paper.grid(HEADS, WIDTHS, _empty(paper, lines), LINE)


def _empty(paper: Paper, lines: int) -> Iterator[tuple[str, ...]]:
    no = 0
    while no < lines or paper.left >= LINE:
        no += 1
        yield (f"{no:02}", *BLANKS)


def _notice(paper: Paper, council: Council) -> None:
    if council.state != CouncilState.CONVENED:
        raise Conflict("会已经开过或取消了", state=council.state)
    paper.paragraph("请按时到会，也可以推荐邻居来；来不了的，可以把意见告诉社区或网格员。")
    _part(paper, "议程", [f"{each['no']}．{each['subject']}" for each in council.agenda])
    _part(paper, "法律提示", [council.owners_warning] if council.owners_warning else [])
    _issued(paper)


def _minutes(paper: Paper, council: Council) -> None:
    if council.minutes is None:
        raise Conflict("会议还没有记录", state=council.state)
    paper.fact("到会", f"{council.head_count}人，其中签到{council.signed_in}人")
    for title, words in (
        ("会议记录", [council.minutes]), ("意见", council.opinions), ("不同意见", [council.dissent]),
    ):  # fmt: skip
        _part(paper, title, [each for each in words if each])
    _votes(paper, council)
    _resolution(paper, council)
    paper.ln(6)
    paper.signature("主持人（签名）：", "")
    paper.signature("记录人（签名）：", "")


def _result(paper: Paper, council: Council) -> None:
    if council.published_until is None or council.state == CouncilState.HELD:
        raise Conflict("决议还没有公示", state=council.state)
    paper.fact("到会", f"{council.head_count}人")
    _votes(paper, council)
    _resolution(paper, council)
    until = due_words(council.published_until, year=True)
    _part(paper, "公示", [f"公示到{until}。有异议的，请在此之前向社区提出，社区按期答复。"])
    _issued(paper)


def _issued(paper: Paper) -> None:
    """What is put up bears who answers for it."""
    paper.ln(6)
    paper.signature("主办单位（盖章）：", "")


def _votes(paper: Paper, council: Council) -> None:
    counted = [f"{each['no']}．{each['option']}：{each['votes']}票" for each in council.options]
    _part(paper, "各方案的意见", [*counted, f"（{council.vote_note}。）"] if counted else [])


def _resolution(paper: Paper, council: Council) -> None:
    steps = [
        f"第{each['no']}步：{each['what']}，{due_words(each['due_at'], year=True)}前完成。" for each in council.works
    ]
    _part(paper, "决议", [council.resolution, *steps] if council.resolution else [])
    _part(paper, "法律提示", [council.owners_warning] if council.owners_warning else [])


def _part(paper: Paper, title: str, words: list[Any]) -> None:
    if words:
        paper.section(title)
        for each in words:
            paper.paragraph(each)


PAPERS = {
    CouncilPaper.NOTICE: _notice, CouncilPaper.SIGN_IN: _sign_in, CouncilPaper.MINUTES: _minutes,
    CouncilPaper.RESULT: _result,
}  # fmt: skip
