"""The parts of a dossier in their customary order; a part without content is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import object_session

from capability.papers.blocks import Block
from contracts.mediation.performance_checks import CheckOccasion, Kept
from kernel.calendar import due_words, moment_words
from kernel.codes import (
    AgreementState,
    CaseOrigin,
    ChallengeGround,
    CourtWay,
    DisputeType,
    HandlingHow,
    IssueKind,
    JudicialState,
    PerformanceProof,
    SessionKind,
    SessionOutcome,
    SessionState,
    Willing,
)
from services.mediation import document, words
from services.mediation.rights_notices import DUTIES, RIGHTS
from services.mediation.tables import Agreement, Case, CaseSession, PerformanceCheck, Willingness

Part = Callable[[Case], Iterator[Block]]
ALONE = SessionKind.SHUTTLE
"""A session up and down the stairs: what is said in it is one side's, as in a talk."""


def _accepted(case: Case) -> Iterator[Block]:
    """受理登记表, with every word of a party on mediation."""
    yield "fact", "来源", CaseOrigin(case.origin).label
    yield "fact", "类别", DisputeType(case.dispute_type).label
    yield "fact", "受理时间", moment_words(case.accepted_at, year=True)
    for label, text in (("事由", case.cause_text), ("地点", case.place_text)):
        if text:
            yield "fact", label, text
    if case.claimed_amount is not None:
        yield "fact", "争议金额", words.yuan(case.claimed_amount)
    session, names = object_session(case), _names(case)
    assert session is not None
    said = select(Willingness).where(Willingness.case_id == case.id).order_by(Willingness.at, Willingness.id)
    for one in session.scalars(said):
        word = f"{HandlingHow(one.how).label}表示：{Willing(one.willing).label}"
        yield "fact", names[str(one.party_id)], f"{moment_words(one.at, year=True)}{word}"


def _rights(case: Case) -> Iterator[Block]:
    """权利义务告知书."""
    yield "paragraph", "人民调解不收费。当事人在调解活动中享有下列权利："
    yield from (("paragraph", f"{no}．{right}；") for no, right in enumerate(RIGHTS, 1))
    yield "paragraph", "当事人在调解活动中履行下列义务："
    yield from (("paragraph", f"{no}．{duty}；") for no, duty in enumerate(DUTIES, 1))
    for party in case.parties:
        heard = f"已于{moment_words(party.rights_at, year=True)}听取并明白" if party.rights_at else "尚未告知"
        yield "fact", document.side(party), f"{party.name or party.masked_name}：{heard}"


def _identity(case: Case) -> Iterator[Block]:
    yield from document.people(case)


def _authority(case: Case) -> Iterator[Block]:
    for party in case.parties:
        for one in party.representatives:
            until = f"，委托到{one.until}" if one.until else ""
            ended = f"，{moment_words(one.ended_at, year=True)}解除" if one.ended_at else ""
            yield (
                "fact",
                f"{party.name or party.masked_name}的代理人",
                f"{one.name}，{document.authority(one)}{until}{ended}",
            )
            yield from (("fact", "委托书存档指纹", str(each["sha256"])) for each in one.letter)


def _inquiry(case: Case) -> Iterator[Block]:
    """调查记录: what both sides hold before each other, and what was found."""
    for one in case.issues:
        yield "fact", "争议焦点", IssueKind(one.kind).label
        yield "fact", "申请方", one.claimant_says
        yield "fact", "对方", one.respondent_says
        yield "fact", "认定", one.finding or "尚未认定"


def _sessions(case: Case) -> Iterator[Block]:
    """调解记录: what was said before all."""
    for row in case.sessions:
        if row.state == SessionState.HELD:
            yield from _session(case, row)
            alone = row.kind == ALONE
            yield "paragraph", "（分别沟通，记录存副卷。）" if alone else row.record_text or ""


def _session(case: Case, row: CaseSession) -> Iterator[Block]:
    yield "fact", f"第{row.no}次", f"{moment_words(row.starts_at, year=True)}，{SessionKind(row.kind).label}"
    if row.kind != ALONE and row.place_text:
        yield "fact", "地点", row.place_text
    there = [name for key, name in _names(case).items() if key in row.present]
    yield "fact", "到场", "、".join(there) or "—"
    if row.outcome:
        yield "fact", "结果", SessionOutcome(row.outcome).label


def _names(case: Case) -> dict[str, str]:
    """By id, who may be present."""
    parties = {str(party.party_id): str(party.name or party.masked_name) for party in case.parties}
    speakers = {str(one.id): f"{one.name}（代理人）" for party in case.parties for one in party.representatives}
    return {**parties, **speakers, **{str(one.id): one.unit_name for one in case.helpers}}


def _binding(case: Case) -> list[Agreement]:
    return [one for one in case.agreements if one.state not in (AgreementState.REPLACED, AgreementState.SET_ASIDE)]


def _agreements(case: Case) -> Iterator[Block]:
    for agreement in _binding(case):
        yield from document.content(agreement)
        for one in agreement.signatures:
            if one.scan_sha256:
                yield "fact", "签字页扫描件指纹", one.scan_sha256


def _performance(case: Case) -> Iterator[Block]:
    for term in (term for agreement in _binding(case) for term in agreement.terms):
        if term.performed_at and term.proof:
            proof = PerformanceProof(term.proof).label
            yield "fact", f"第{term.no}项", f"{moment_words(term.performed_at, year=True)}履行，凭据：{proof}"
            yield from (("fact", "附件指纹", str(each["sha256"])) for each in term.attachments)

    yield from _breaches(case)


def _breaches(case: Case) -> Iterator[Block]:
    """What was not kept, how it was urged, and the way to the court."""
    for agreement in _binding(case):
        for one in agreement.breaches:
            yield "fact", f"第{one.term_no}项", f"{moment_words(one.at, year=True)}记未履行：{one.words}"
            yield from (("fact", "佐证指纹", str(each["sha256"])) for each in one.attachments)
            if one.urged_at and one.urged_until:
                until = due_words(one.urged_until, year=True)
                yield "fact", "催告", f"{moment_words(one.urged_at, year=True)}催告，限{until}前履行"
        if agreement.court_way:
            way = CourtWay(agreement.court_way).label
            yield "fact", "转入法院", f"{agreement.filed_on}{way}，{agreement.sued_at}"


def _checks(case: Case) -> Iterator[Block]:
    """回访记录."""
    session = object_session(case)
    assert session is not None
    of_case = select(PerformanceCheck).where(PerformanceCheck.case_id == case.id)
    for one in session.scalars(of_case.order_by(PerformanceCheck.done_at, PerformanceCheck.id)):
        if one.done_at and one.how and one.kept:
            found = f"{HandlingHow(one.how).label}，{Kept(one.kept).label}"
            yield "fact", CheckOccasion(one.occasion).label, f"{moment_words(one.done_at, year=True)}{found}"
            yield "paragraph", one.words or ""


def _confirmation(case: Case) -> Iterator[Block]:
    for agreement in _binding(case):
        if agreement.judicial != JudicialState.NONE:
            yield "fact", "司法确认", JudicialState(agreement.judicial).label
            told = (agreement.court, agreement.applied_on, agreement.ruling_number, agreement.decided_on)
            for label, value in zip(("法院", "申请日", "裁定书", "裁定日"), told, strict=True):
                if value:
                    yield "fact", label, str(value)


def _talks(case: Case) -> Iterator[Block]:
    """单方沟通记录: for the mediators alone."""
    names = _names(case)
    for one in case.talks:
        yield (
            "fact",
            f"第{one.no}次",
            f"{moment_words(one.talked_at, year=True)}，{names[str(one.party_id)]}，{HandlingHow(one.how).label}",
        )
        yield "paragraph", one.words


def _alone(case: Case) -> Iterator[Block]:
    for row in case.sessions:
        if row.kind == ALONE and row.state == SessionState.HELD:
            yield from _session(case, row)
            yield "paragraph", row.record_text or ""


def _challenges(case: Case) -> Iterator[Block]:
    for one in case.challenges:
        yield "fact", one.mediator_name, ChallengeGround(one.ground).label
        yield from (("paragraph", text) for text in (one.words, one.reason) if text)


OPEN: dict[str, Part] = {
    "调解申请（受理）登记表": _accepted,
    "当事人权利义务告知书": _rights,
    "当事人身份": _identity,
    "授权委托书": _authority,
    "调查记录": _inquiry,
    "调解记录": _sessions,
    "调解协议": _agreements,
    "履行凭据": _performance,
    "回访记录": _checks,
    "司法确认材料": _confirmation,
}
INNER: dict[str, Part] = {"单方沟通记录": _talks, "背靠背调解记录": _alone, "回避申请材料": _challenges}
