"""What the parties hand to the court: application, undertaking and agreement in one PDF (SPC 2011, art. 3–4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bus import green
from capability.papers.blocks import PAGE, Block, made
from chassis import audit
from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.mediation.confirmations import GetConfirmationPacket
from contracts.shapes import pdf_answer
from kernel.calendar import day_words, last_day_words, local_day
from services.mediation import confirmations, document, states
from services.mediation.tables import Agreement

TITLE = "司法确认申请书"
UNDERTAKING = (
    "双方出于解决纠纷的目的自愿达成协议，没有恶意串通、规避法律的行为；"
    "如果因为该协议内容而给他人造成损害的，愿意承担相应的民事责任和其他法律责任。"
)
ENCLOSED = ("调解协议书", "调解组织主持调解的证明", "各方身份证明、联系方式", "与协议有关的财产权利证明等材料")


@asked(GetConfirmationPacket)
def printed(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, str]:
    """Errors: NotFound; Forbidden; Conflict before effect, after the window, or for what no court confirms."""
    agreement = states.paper(session, who, GetConfirmationPacket, command)
    if agreement.effective_at is None:
        raise Conflict("协议还没有生效", state=agreement.state)
    confirmations.require_confirmable(agreement)
    content = render(agreement)
    purpose = "打印司法确认申请，供当事人签字递交"
    audit.note(session, who, now, "print_confirmation", f"agreement:{agreement.id}", purpose, bytes=len(content))
    name = f"{TITLE}-{agreement.case.mediation_number}.pdf"
    return pdf_answer(name, content)


def render(agreement: Agreement) -> bytes:
    return green.aside(made, TITLE, f"编号：{document.number(agreement)}", list(_content(agreement)))


def _content(agreement: Agreement) -> Iterator[Block]:
    assert agreement.effective_at is not None
    yield "heading", TITLE
    for party in agreement.case.parties:
        yield "fact", "申请人", "，".join(one for one in (party.name, party.address, party.phone) if one)
    yield "section", "请求事项"
    yield "paragraph", f"确认{agreement.org_name}{document.number(agreement)}调解协议有效。"
    yield "section", "事实与理由"
    day = day_words(local_day(agreement.effective_at))
    yield "paragraph", f"申请人经{agreement.org_name}调解，达成调解协议，协议自{day}起生效。"
    if agreement.judicial_until:
        yield (
            "paragraph",
            f"依照《人民调解法》第三十三条，在{last_day_words(agreement.judicial_until)}以前共同提出申请。",
        )
    yield "section", "承诺"
    yield "paragraph", UNDERTAKING
    yield "section", "附件"
    yield from (("paragraph", f"{no}．{each}") for no, each in enumerate(ENCLOSED, 1))
    yield "paragraph", "此致"
    yield "fact", "受理法院", "＿＿＿＿＿＿＿＿＿＿人民法院"
    for party in agreement.case.parties:
        yield "signature", f"申请人 {party.name}（签名、盖章或按指印）：", ""
    yield PAGE, "agreement"
    yield from document.content(agreement)
