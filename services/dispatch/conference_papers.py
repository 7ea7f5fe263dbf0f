"""The papers of a conference for print: the agenda before it, the minutes after it (domain §2 A6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bus import green
from capability.papers.paper import Paper
from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.dispatch.conferences import ConferenceKind, ConferencePaper, GetConferencePaper
from contracts.shapes import pdf_answer
from kernel.calendar import day_words, due_words
from kernel.codes import NeedDecision, label
from services.dispatch import units
from services.dispatch.conferences import LIFE, AgendaItem, Conference


@asked(GetConferencePaper)
def printed(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, str]:
    """The PDF in Base64. Errors: NotFound; Forbidden; Conflict for minutes that are not written yet."""
    row, kind = LIFE.read(session, who, command), ConferencePaper(command["paper"])
    named = [*row.invited, *(item.contractor for item in row.agenda if item.contractor)]
    names = {code: unit.name for code, unit in units.known(session, dict.fromkeys(named), "invited").items()}
    content, name = render(row, kind, names), f"{ConferenceKind(row.kind).label}{kind.label}-{row.number}.pdf"
    return pdf_answer(name, content)


def render(row: Conference, kind: ConferencePaper, names: dict[str, str]) -> bytes:
    """`names` of units by code. Fonts subset. Errors: as `printed`."""
    if kind is ConferencePaper.MINUTES and row.minutes is None:
        raise Conflict("会还没有开完，没有纪要", state=row.state)
    paper = green.aside(Paper, kind.label, f"编号：{row.number}")
    paper.heading(f"{ConferenceKind(row.kind).label}{kind.label}")
    paper.fact("议题", row.topic)
    paper.fact("时间", due_words(row.held_at, year=True))
    paper.fact("地点", row.place_text or "另行通知")
    paper.fact("召集人", row.called_by_name)
    paper.fact("参加单位", "、".join(names[code] for code in row.invited) or "无")
    paper.section("议程" if kind is ConferencePaper.AGENDA else "逐项决定")
    for no, item in enumerate(row.agenda, 1):
        for words in _before(item) if kind is ConferencePaper.AGENDA else _after(item, names):
            paper.paragraph(f"{no}．{words}" if words.startswith(item.item) else words, indent=False)
    if kind is ConferencePaper.MINUTES:
        paper.section("纪要")
        paper.paragraph(row.minutes or "")
        paper.signature("主持人（签名）：", "")
    return green.aside(paper.finished)


def _before(item: AgendaItem) -> list[str]:
    return [item.item, *([f"以前吹过的哨：{'、'.join(item.earlier)}"] if item.earlier else [])]


def _after(item: AgendaItem, names: dict[str, str]) -> list[str]:
    if item.decided_by_name is None:
        return [f"{item.item}：没有研究，留到下次。"]
    decided = f"{item.item}：{label(NeedDecision, item.decision)}" if item.decision else f"{item.item}：会诊意见"
    until = item.until and f"{day_words(item.until)}前办好"
    by = item.contractor and f"由{names[item.contractor]}办"
    money = item.funding and f"资金：{item.funding}"
    more = [each for each in (until, by, money, item.whistle and f"哨单{item.whistle}") if each]
    return ["，".join([decided, *more]) + "。", item.conclusion or ""]
