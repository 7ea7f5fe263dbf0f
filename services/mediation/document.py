"""The agreement on paper 调解协议书, with the contents of 人民调解法 art. 29. Printing unmasks names and is audited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bus import green
from capability.papers.blocks import Block, made, within
from capability.papers.paper import NO_DATE
from chassis import audit
from chassis.entrypoints import asked
from chassis.errors import Conflict
from chassis.identity import Principal
from contracts.mediation.agreements import AgreementDocument
from contracts.shapes import pdf_answer
from kernel.calendar import day_words, due_words
from kernel.codes import (
    AgreementForm,
    AgreementState,
    Granted,
    PartySide,
    PerformanceMethod,
    Power,
    RepresentativeTie,
    Signer,
    SignManner,
)
from services.mediation import mediators, states, words
from services.mediation.rules import WINDOW, rules
from services.mediation.tables import Agreement, Case, Party, Representative, Signature, Term

VOID = {AgreementState.REPLACED, AgreementState.SET_ASIDE}


@asked(AgreementDocument)
def printed(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, str]:
    """The PDF in base64, for print and signature. Errors: NotFound; Forbidden; Conflict; Unavailable without a font."""
    agreement = states.paper(session, who, AgreementDocument, command)
    if agreement.state in VOID:
        raise Conflict("协议已作废，不能打印", state=agreement.state)
    content = render(agreement)
    purpose = "打印调解协议供签署、留存或送达"
    audit.note(
        session, who, now, "print_agreement", f"agreement:{agreement.id}", purpose,
        parties=[str(party.party_id) for party in agreement.case.parties], bytes=len(content),
    )  # fmt: skip
    return pdf_answer(f"调解协议书-{agreement.case.mediation_number}-{agreement.no}.pdf", content)


def title(agreement: Agreement) -> str:
    if not agreement.statutory:
        return "和解协议书"
    return "人民调解口头协议登记表" if agreement.form == AgreementForm.ORAL else "人民调解协议书"


def render(agreement: Agreement) -> bytes:
    """The document as PDF, fonts subset; laid out beside the event loop."""
    return green.aside(made, title(agreement), f"编号：{number(agreement)}", list(content(agreement)))


def number(agreement: Agreement) -> str:
    return agreement.case.docket or agreement.case.mediation_number


def content(agreement: Agreement) -> Iterator[Block]:
    """All that stands on it."""
    yield "heading", title(agreement)
    yield from people(agreement.case, agreement)
    yield "section", "一、纠纷主要事实"
    yield "paragraph", agreement.facts
    yield "section", "二、争议事项及各方责任"
    yield "paragraph", agreement.liability
    yield "section", "三、协议内容"
    yield "paragraph", "经调解，各方当事人自愿达成如下协议："
    for term in agreement.terms:
        yield "paragraph", _term(agreement, term)
    yield "section", "四、效力与权利告知"
    for statement in _statements(agreement):
        yield "paragraph", statement
    yield from _signatures(agreement)


def people(case: Case, agreement: Agreement | None = None) -> Iterator[Block]:
    """The parties with who speaks for them, in full; with an agreement, who made it."""
    for party in case.parties:
        head = f"法定代表人或负责人{party.head}" if party.head else ""
        known = [str(party.name or party.masked_name), head, f"电话 {party.phone}" if party.phone else "",
                 party.address or ""]  # fmt: skip
        yield "fact", side(party), "，".join(one for one in known if one)
        for one in party.representatives:
            if one.ended_at is None:
                yield "fact", "委托代理人", f"{one.name}，{authority(one)}"
    if agreement is not None:
        mediator = mediators.on_paper(agreement)
        yield "fact", "调解员", mediator.name if mediator else ""
        yield "fact", "调解组织", agreement.org_name


def authority(one: Representative) -> str:
    """How far a representative's authority goes."""
    items = "、".join(Granted(item).label for item in one.granted)
    return f"{RepresentativeTie(one.tie).label}，{Power(one.power).label}{f'：{items}' if items else ''}"


def side(party: Party) -> str:
    return "申请人" if party.side == PartySide.CLAIMANT else "被申请人"


def _term(agreement: Agreement, term: Term) -> str:
    """One duty: who, to whom, what, how much, how, until when."""
    names = {party.party_id: within(str(party.name)) for party in agreement.case.parties}
    words_of = [
        f"{term.no}．{names[term.obligor_party_id]}向{names[term.obligee_party_id]}：{term.content.rstrip('。')}"
    ]
    if term.amount is not None:
        words_of.append(f"金额人民币{words.yuan(term.amount)}")
    words_of.append(f"履行方式为{PerformanceMethod(term.method).label}")
    words_of.append(f"履行期限为{due_words(term.due_at, year=True)}前" if term.due_at else "签订协议时当场履行")
    return "；".join(words_of) + "。"


def _statements(agreement: Agreement) -> list[str]:
    return [
        *(_binding(agreement) if agreement.statutory else _civil()),
        "调解不收取任何费用。当事人对协议的履行或者内容有争议的，可以向人民法院提起诉讼；"
        "本次调解不影响当事人依法通过仲裁、行政、司法等途径维护自己的权利。",
        f"本协议一式{agreement.copies}份，各方当事人各执一份，{agreement.org_name}留存一份。",
    ]


def _binding(agreement: Agreement) -> list[str]:
    """Art. 29–31 and 33; the last day is printed once it is known."""
    if agreement.form == AgreementForm.ORAL:
        effect = "本协议为口头协议，自各方当事人达成协议之日起生效"
    else:
        effect = "本协议自各方当事人签名、盖章或者按指印，人民调解员签名并加盖调解组织印章之日起生效"
    limit = rules(agreement.effective_at or agreement.drafted_at).pack.limit(WINDOW).label
    last = due_words(agreement.judicial_until, year=True) if agreement.judicial_until else NO_DATE
    return [
        f"{effect}，具有法律约束力，当事人应当按照约定履行。",
        f"各方当事人认为有必要的，可以自协议生效之日起{limit}内，即在{last}前，"
        "共同向人民法院申请司法确认。经依法确认有效后，一方拒绝履行的，对方可以申请强制执行。",
    ]


def _civil() -> list[str]:
    return ["本协议为当事人之间的民事和解协议，自各方签字之日起生效，不适用人民调解协议的司法确认。"]


def _signatures(agreement: Agreement) -> Iterator[Block]:
    given = {(one.signer, one.who): one for one in agreement.signatures}
    if agreement.form == AgreementForm.WRITTEN:
        for party in agreement.case.parties:
            label = f"{side(party)} {party.name}（签名、盖章或按指印）："
            yield "signature", label, _done(given.get((Signer.PARTY, str(party.party_id))), party)
    mediator = mediators.on_paper(agreement)
    seal = next((one for one in agreement.signatures if one.signer == Signer.SEAL), None)
    yield (
        "signature_and_seal",
        f"调解员 {mediator.name if mediator else ''}（签名）：",
        _done(given.get((Signer.MEDIATOR, mediator.mediator_id)) if mediator else None),
        agreement.seal_text,
        f"已于{day_words(seal.paper_date)}盖章" if seal else "",
    )


def _done(signature: Signature | None, party: Party | None = None) -> str:
    """What the register says of a sheet already signed."""
    if signature is None:
        return ""
    speakers = {one.id: f"由代理人{one.name}代签，" for one in party.representatives} if party else {}
    by = speakers.get(signature.representative_id, "")  # type: ignore[arg-type]
    return f"（{by}已于{day_words(signature.paper_date)}{SignManner(signature.manner).label}，原件存档）"
