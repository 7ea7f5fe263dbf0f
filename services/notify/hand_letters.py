"""The printed letter 书信: 18 points, the person's own name, whom to ring; every print is audited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bus import green
from capability.papers.paper import LARGE, Paper
from chassis import audit
from chassis.entrypoints import Ask, asked
from chassis.errors import NotFound
from chassis.identity import Principal
from contracts.intake.residents import RevealContact
from contracts.mediation.sessions import SessionPlace
from contracts.notify.hand_deliveries import GetLetter
from contracts.shapes import pdf_answer
from kernel.calendar import day_words, local_day
from services.notify.areas import community
from services.notify.hand_deliveries import LIFE, HandDelivery
from services.notify.messages import PLACE
from services.notify.service_points import nearest_phone

SECONDS = 3.0
PURPOSE = "打印书信"


@asked(GetLetter)
def printed(session: Session, who: Principal, command: dict[str, Any], now: datetime, ask: Ask) -> dict[str, str]:
    """The PDF in Base64. Errors: NotFound, Forbidden; those of intake and mediation, which are asked for name and
    place; Conflict for a sign no font has; Unavailable without a font."""
    row = LIFE.allow(who, GetLetter, LIFE.hold(session, command), command)
    name, body = _name(row, ask), row.body
    if PLACE in body:
        told = ask(SessionPlace, {"session_id": str(row.message.subject_id)}, deadline=SECONDS)
        body = body.replace(PLACE, str(told["place_text"]))
    place, phone = community(session, row.area_path)[1], nearest_phone(session, row.area_path)
    content = render(row, name, body, place, phone, now)
    audit.note(session, who, now, "print_letter", row.number, PURPOSE, case=row.about_number, bytes=len(content))
    return pdf_answer(f"书信-{row.number}.pdf", content)


def _name(row: HandDelivery, ask: Ask) -> str:
    """Whom intake does not know by id has the masked name on the letter, to be completed by hand."""
    if row.person_id is None:
        return row.masked_name
    asked_for = {"person_id": row.person_id, "purpose": PURPOSE}
    try:
        return str(ask(RevealContact, asked_for, deadline=SECONDS)["name"])
    except NotFound:
        return row.masked_name


def render(row: HandDelivery, name: str, body: str, place: str, phone: str | None, now: datetime) -> bytes:
    """Errors: as `printed`."""
    return bytes(green.aside(_laid, row, name, body, place, phone, now))


def _laid(row: HandDelivery, name: str, body: str, place: str, phone: str | None, now: datetime) -> bytes:
    paper = Paper(row.title, f"编号：{row.number}", body=LARGE)
    paper.large(row.title)
    paper.ln(6)
    paper.paragraph(f"{name}：", indent=False)
    paper.paragraph(body)
    paper.ln(4)
    paper.fact("事项编号", row.about_number)
    if phone:
        paper.fact("不明白请打电话", phone)
    paper.ln(8)
    paper.closing(place, day_words(local_day(now)))
    return paper.finished()
