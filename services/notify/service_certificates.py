"""Certificates of volunteer service 志愿服务记录证明: what was confirmed when it was issued, and nothing later."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Date, Index, Text, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column

from bus import green
from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from capability.papers.paper import Paper
from chassis.entrypoints import asked
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identity import Principal
from chassis.sealing import keyed_hash
from chassis.standing import Standing, standing_of
from chassis.store import Root, person_ref
from contracts.notify import service_certificates as say
from contracts.notify.service_certificates import CertificateState as S
from contracts.notify.service_records import ServiceSource, ServiceState
from contracts.shapes import pdf_answer
from kernel.calendar import at, day_words, due_words, local_day
from kernel.masking import mask_name
from kernel.numbering import next_number
from services.notify import saying
from services.notify.areas import area4, community
from services.notify.service_points import nearest_phone
from services.notify.service_records import ServiceRecord
from services.notify.tables import Area, Base, NumberCounter
from services.notify.volunteer_teams import VolunteerTeam

Command = dict[str, Any]
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
A_DAY = timedelta(days=1)
BY_HAND = "　　　　　　　　　　（当面核对后填写，系统不保存）"


class ServiceCertificate(Root, Base):
    """`records` are the numbers of what it certifies: what is confirmed later is in the next one."""

    __tablename__ = "service_certificate"
    state: Mapped[str]
    volunteer_id: Mapped[str] = mapped_column(index=True)
    volunteer_name: Mapped[str]
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    records: Mapped[list[str]] = mapped_column(ARRAY(Text))
    minutes: Mapped[int]
    issuer_id: Mapped[str]
    issuer_name: Mapped[str]
    reason: Mapped[str | None]
    volunteer, issuer = person_ref("volunteer"), person_ref("issuer")
    __table_args__ = (Index("ix_service_certificate_area", "area_path", postgresql_using="gist"),)

    @property
    def times(self) -> int:
        return len(self.records)

    @property
    def code(self) -> str:
        """Nobody without the key can make one up for another number, person or time."""
        told = f"certificate|{self.number}|{self.volunteer_id}|{self.minutes}|{'|'.join(self.records)}"
        drawn = int(keyed_hash(told)[:16], 16)
        return "".join(SIGNS[drawn >> 5 * no & 31] for no in range(LENGTH))


LIFE: Life[ServiceCertificate, S] = Life(
    ServiceCertificate,
    S.ISSUED,
    {say.RevokeServiceCertificate: Move({S.ISSUED}, S.REVOKED, say.ServiceCertificateRevoked)},
    Rules(by_number(ServiceCertificate), say.READERS, unknown_number, saying.say),
    answers=(say.GetServiceCertificate, say.ListServiceCertificates),
)


@asked(say.IssueServiceCertificate)
def issue(session: Session, who: Principal, command: Command, now: datetime) -> ServiceCertificate:
    """Errors: Invalid for an unknown place, or days the wrong way round; Forbidden; NotFound without confirmed records."""
    place, first, last = command["area_path"], command["first_day"], command["last_day"]
    Invalid.where(
        area_path=session.get(Area, place) is None and "没有这个地方",
        last_day=bool(first and last) and last < first and "不能早于开始的那天",
    )
    row = ServiceCertificate(volunteer_id=command["volunteer_id"] or who.id, area_path=place)
    permit(who, say.IssueServiceCertificate, row)
    served = _served(session, row, first, last)
    if not served:
        raise NotFound("这段时间在这里没有已确认的志愿服务记录")
    row.volunteer_name, row.records = served[-1].volunteer_name, [one.number for one in served]
    row.minutes = sum(one.minutes for one in served)
    row.first_day, row.last_day = first or local_day(served[0].began_at), last or local_day(served[-1].began_at)
    row.issuer_id, row.issuer_name = who.id, who.name
    row.case_number = next_number(session, NumberCounter, "ZE", area4(session, place), now)
    return LIFE.started(session, who, row, now, say.ServiceCertificateIssued)


def _served(session: Session, row: ServiceCertificate, first: date | None, last: date | None) -> list[ServiceRecord]:
    theirs = ServiceRecord.volunteer_id == row.volunteer_id, ServiceRecord.state == ServiceState.CONFIRMED
    query = select(ServiceRecord).where(*theirs, ServiceRecord.area_path.within(row.area_path))
    if first:
        query = query.where(ServiceRecord.began_at >= at(first, time.min))
    if last:
        query = query.where(ServiceRecord.began_at < at(last + A_DAY, time.min))
    return list(session.scalars(query.order_by(ServiceRecord.began_at, ServiceRecord.id)))


@asked(say.CheckServiceCertificate)
def check(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: NotFound, the same for a number that does not exist and a code that is not its own."""
    query = select(ServiceCertificate).where(ServiceCertificate.case_number == command["number"])
    row = session.scalars(query).one_or_none()
    if row is None or row.code != command["code"]:
        raise NotFound("编号和校验码对不上，请核对；对不上的证明不是这里出具的")
    told = ("number", "state", "first_day", "last_day", "times", "minutes")
    more = {"masked_name": mask_name(row.volunteer_name), "place": community(session, row.area_path)[1]}
    return {**{name: getattr(row, name) for name in told}, **more, "issued_at": row.created_at}


@asked(say.GetCertificatePaper)
def printed(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, str]:
    """The PDF in Base64. Errors: NotFound, Forbidden; Conflict for a revoked one, or a sign no font has."""
    row = LIFE.allow(who, say.GetCertificatePaper, LIFE.read(session, who, command), command)
    if row.state == S.REVOKED:
        raise Conflict("这份证明已经撤销", state=row.state)
    served = select(ServiceRecord).where(ServiceRecord.case_number.in_(row.records))
    rows = list(session.scalars(served.order_by(ServiceRecord.began_at, ServiceRecord.id)))
    teams = select(VolunteerTeam.case_number, VolunteerTeam.name)
    names = dict(session.execute(teams.where(VolunteerTeam.case_number.in_({one.team for one in rows if one.team}))).all())
    place, phone = community(session, row.area_path)[1], nearest_phone(session, row.area_path)
    return pdf_answer(f"{say.TAG}-{row.number}.pdf", green.aside(render, row, rows, names, place, phone))


def render(
    row: ServiceCertificate, served: list[ServiceRecord], teams: dict[str, str], place: str, phone: str | None
) -> bytes:
    """Identity, service, who certifies, number and day: what 民发〔2015〕149号 asks of such a paper. Errors: as `printed`."""
    paper = Paper(say.TAG, f"编号：{row.number}　校验码：{row.code}")
    paper.running = f"{say.TAG}　{row.volunteer_name}"
    paper.heading(say.TAG)
    paper.fact("志愿者", row.volunteer_name)
    paper.fact("证件号码", BY_HAND)
    paper.fact("服务时间", f"{day_words(row.first_day)}至{day_words(row.last_day)}")
    paper.fact("服务时长", f"{hours(row.minutes)}，共{row.times}次")
    paper.section("志愿服务记录")
    for no, one in enumerate(served, 1):
        paper.paragraph(_line(no, one, teams), indent=False)
    paper.section("说明")
    paper.paragraph("以上时长均由志愿者本人以外的人确认，不含往返路途。依据《志愿服务条例》第十九条，如实出具，不收费用。")
    paper.paragraph(f"查验：凭编号和校验码，在本平台“查验{say.TAG}”核对{f'，或拨打{phone}' if phone else ''}。")
    paper.signature_and_seal("经办人（签名）：", "", place, day_words(local_day(row.created_at)))
    return paper.finished()


def _line(no: int, one: ServiceRecord, teams: dict[str, str]) -> str:
    source = ServiceSource(one.source).label
    what = one.what if one.what == source else f"{source}“{one.what}”"
    of = f"（{teams[one.team]}）" if one.team in teams else ""
    return f"{no}. {due_words(one.began_at, year=True)}起，{hours(one.minutes)}，{what}{of}，{one.confirmed_by_name}确认（{one.number}）"


def hours(minutes: int) -> str:
    """1小时30分钟."""
    whole, rest = divmod(minutes, 60)
    return "".join(f"{count}{unit}" for count, unit in ((whole, "小时"), (rest, "分钟")) if count) or "0分钟"


@standing_of.register
def _stands(row: ServiceCertificate) -> Standing:
    return Standing(
        kind=say.ServiceCertificateView.about.kind, state=row.state, number=row.number, tally={"first": row.volunteer_id}
    )
