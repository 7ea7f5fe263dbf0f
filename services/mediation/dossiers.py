"""The dossier 卷宗 in the customary order (人民调解法 art. 27; domain §4.5), as one PDF; printing it is audited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bus import green
from capability.papers.blocks import Block, bound
from chassis import audit
from chassis.entrypoints import asked
from chassis.identity import Principal
from contracts.mediation.dossiers import DossierPart, GetDossier
from contracts.shapes import pdf_answer
from kernel.calendar import due_words, moment_words
from kernel.codes import (
    ChallengeGround,
    DisputeType,
    HandlingHow,
    MediationResult,
    MediationState,
    ProlongWord,
    Ruling,
    TerminationReason,
)
from services.mediation import states
from services.mediation.dossier_parts import INNER, OPEN, Part
from services.mediation.rules import rules
from services.mediation.tables import Case

KEEP = "person.keep_dossier"


@asked(GetDossier)
def printed(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, str]:
    """The PDF in Base64. Errors: NotFound; Forbidden; Conflict for a sign no font has; Unavailable without a font."""
    case = states.CASE.allow(who, GetDossier, states.CASE.hold(session, command), command)
    part = DossierPart(command["part"])
    content = render(case, part, now)
    purpose = f"装订、查阅调解卷宗（{part.label}）"
    audit.note(session, who, now, "print_dossier", f"mediation_case:{case.id}", purpose, bytes=len(content))
    name = f"调解卷宗-{part.label}-{case.mediation_number}.pdf"
    return pdf_answer(name, content)


def render(case: Case, part: DossierPart, now: datetime) -> bytes:
    """Cover, list of contents with pages, the parts that there are; laid out beside the event loop."""
    parts = [(name, list(blocks(case))) for name, blocks in PARTS[part].items()]
    name = f"人民调解卷宗（{part.label}）" if case.org and case.org.statutory else f"调解卷宗（{part.label}）"
    number = f"编号：{case.docket or case.mediation_number}"
    return green.aside(bound, name, number, list(_cover(case, name, now)), [each for each in parts if each[1]])


def _cover(case: Case, name: str, now: datetime) -> Iterator[Block]:
    mediators = [one.name for one in case.mediators if one.ended_at is None]
    yield "heading", name
    yield "fact", "调解组织", case.org.name if case.org else "—"
    yield "fact", "纠纷类别", DisputeType(case.dispute_type).label
    yield "fact", "当事人", "、".join(str(party.name or party.masked_name) for party in case.parties)
    yield "fact", "调解员", "、".join(mediators) or "—"
    yield "fact", "受理时间", moment_words(case.accepted_at, year=True)
    yield "fact", "结案时间", moment_words(case.closed_at, year=True) if case.closed_at else "尚未结案"
    yield "fact", "处理结果", outcome(case)
    yield "fact", "保管期限", kept(case)


def outcome(case: Case) -> str:
    if case.result:
        return MediationResult(case.result).label
    return f"终止：{TerminationReason(case.reason).label}" if case.reason else MediationState(case.state).label


def kept(case: Case) -> str:
    """Until when it is kept (policy key person.keep_dossier); the term runs from the end of the case."""
    if case.closed_at is None:
        return "结案后起算"
    return f"至{due_words(rules(case.closed_at).until(KEEP, case.closed_at), year=True)}"


def _notes(case: Case) -> Iterator[Block]:
    """备考表: who mediated, challenges and their rulings, more time, what lies in the inner part."""
    for one in case.mediators:
        left = f"，{moment_words(one.ended_at, year=True)}离任" if one.ended_at else ""
        yield "fact", "调解员", f"{one.name}，{moment_words(one.assigned_at, year=True)}确定{left}"
    for each in case.challenges:
        ruling = Ruling(each.ruling).label if each.ruling else "待决定"
        yield "fact", "回避申请", f"申请{each.mediator_name}回避：{ChallengeGround(each.ground).label}；{ruling}"
    yield from _more_time(case)
    if case.talks:
        yield "paragraph", f"单方沟通记录{len(case.talks)}份，另立副卷，不对外提供。"
    yield "paragraph", "本卷材料完整，页码连续。"


def _more_time(case: Case) -> Iterator[Block]:
    """What each party said to more time, and until when it was given."""
    names = {party.party_id: str(party.name or party.masked_name) for party in case.parties}
    for one in case.extension_words:
        word = f"{HandlingHow(one.how).label}表示：{ProlongWord(one.word).label}"
        yield "fact", "延长期限", f"{names[one.party_id]}{moment_words(one.said_at, year=True)}{word}"
    if case.clock.term().extensions:
        yield "fact", "调解期限", f"各方同意，延长到{due_words(case.clock.due_at, year=True)}"


def _back(case: Case) -> Iterator[Block]:
    yield "signature", "立卷人（签名）：", ""
    yield "signature", "检查人（签名）：", ""
    yield "paragraph", f"保管期限{kept(case)}。"


PARTS: dict[DossierPart, dict[str, Part]] = {
    DossierPart.OPEN: {**OPEN, "备考表": _notes, "封底": _back},
    DossierPart.INNER: {**INNER, "封底": _back},
}
