"""Certificates of volunteer service 志愿服务记录证明: the same words have the same check code, others another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Date, Text, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from bus import green
from capability.papers.paper import Paper
from chassis.entrypoints import asked
from chassis.errors import Conflict, NotFound
from chassis.identity import Principal
from chassis.sealing import keyed_hash
from chassis.settings import read
from chassis.store import Ltree, Moment
from contracts.notify import service_certificates as say
from contracts.notify.service_records import ServiceSource, ServiceState
from contracts.shapes import pdf_answer
from kernel.calendar import day_words, due_words, local_day
from kernel.masking import mask_name
from services.notify.areas import community
from services.notify.service_points import nearest_phone
from services.notify.service_records import LIFE, ServiceRecord
from services.notify.tables import Base

Command = dict[str, Any]
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 12, 4
CODE = 20
"""Millimetres of the QR code that opens the page on which the paper is checked."""
BY_HAND = "证件号码（当面填写，系统不保存）"
PAGE = "/certificates?code="
"""Where the portal checks one."""


class ServiceCertificate(Base):
    """What a paper said when it was first printed, and the records it rests on."""

    __tablename__ = "service_certificate"
    code: Mapped[str] = mapped_column(primary_key=True)
    area_path: Mapped[str] = mapped_column(Ltree)
    volunteer_id: Mapped[str] = mapped_column(index=True)
    volunteer_name: Mapped[str]
    first_day: Mapped[Any] = mapped_column(Date)
    last_day: Mapped[Any] = mapped_column(Date)
    minutes: Mapped[int]
    records: Mapped[list[str]] = mapped_column(ARRAY(Text))
    issued_at: Mapped[datetime] = mapped_column(Moment)


@asked(say.GetServiceCertificate)
def printed(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, str]:
    """The PDF in Base64. Errors: NotFound, Forbidden; Conflict for what is not confirmed, or a sign no font has."""
    last = LIFE.allow(who, say.GetServiceCertificate, LIFE.read(session, who, command), command)
    if last.state != ServiceState.CONFIRMED:
        raise Conflict("确认以后才能出证明", state=last.state)
    path, place = community(session, last.area_path)
    served = _served(session, last, path)
    paper = _kept(session, path, served, now)
    return pdf_answer(
        f"{say.TAG}-{paper.code}.pdf", green.aside(render, paper, served, place, nearest_phone(session, path))
    )


def _served(session: Session, last: ServiceRecord, path: str) -> list[ServiceRecord]:
    theirs = ServiceRecord.volunteer_id == last.volunteer_id, ServiceRecord.state == ServiceState.CONFIRMED
    until = ServiceRecord.area_path.within(path), ServiceRecord.began_at <= last.began_at
    query = select(ServiceRecord).where(*theirs, *until).order_by(ServiceRecord.began_at, ServiceRecord.id)
    return list(session.scalars(query))


def _kept(session: Session, path: str, served: list[ServiceRecord], now: datetime) -> ServiceCertificate:
    """The certificate of these records, as it was first printed."""
    last, records = served[-1], [one.number for one in served]
    told = [path, last.volunteer_id, last.volunteer_name, *(f"{one.number} {one.minutes}" for one in served)]
    row: dict[str, Any] = {"code": _code("|".join(told)), "area_path": path, "records": records, "issued_at": now}
    row |= {"volunteer_id": last.volunteer_id, "volunteer_name": last.volunteer_name}
    row |= {"first_day": local_day(served[0].began_at), "last_day": local_day(last.began_at)}
    row["minutes"] = sum(one.minutes for one in served)
    session.execute(insert(ServiceCertificate).values(row).on_conflict_do_nothing())
    return session.get_one(ServiceCertificate, row["code"])


def _code(told: str) -> str:
    """Nobody without the key can make one up (60 bits)."""
    drawn = int(keyed_hash(f"certificate|{told}"), 16)
    return "".join(SIGNS[drawn >> 5 * no & 31] for no in range(LENGTH))


@asked(say.CheckServiceCertificate)
def check(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: NotFound for a code of no certificate."""
    row = session.get(ServiceCertificate, command["code"])
    if row is None:
        raise NotFound("没有这个校验码，请核对；对不上的证明不是这里出具的")
    told = ("code", "first_day", "last_day", "minutes", "issued_at")
    more = {"masked_name": mask_name(row.volunteer_name), "place": community(session, row.area_path)[1]}
    return {**{name: getattr(row, name) for name in told}, **more, "times": len(row.records)}


def render(row: ServiceCertificate, served: list[ServiceRecord], place: str, phone: str | None) -> bytes:
    """Identity, service, who certifies, number and day, as 民发〔2015〕149号 asks. Errors: as `printed`."""
    code = "-".join(row.code[start : start + GROUP] for start in range(0, LENGTH, GROUP))
    paper = Paper(say.TAG, f"校验码：{code}")
    paper.running = f"{say.TAG}　{row.volunteer_name}"
    paper.heading(say.TAG)
    paper.fact("志愿者", row.volunteer_name)
    paper.fact(BY_HAND, "")
    paper.fact("服务时间", f"{day_words(row.first_day)}至{day_words(row.last_day)}")
    paper.fact("服务时长", f"{hours(row.minutes)}，共{len(served)}次")
    paper.section("志愿服务记录")
    for no, one in enumerate(served, 1):
        paper.paragraph(_line(no, one), indent=False)
    paper.paragraph("以上时长均由本人以外的人确认，不含往返路途。依据《志愿服务条例》第十九条如实出具，不收费用。")
    paper.signature_and_seal("经办人（签名）：", "", place, day_words(local_day(row.issued_at)))
    _how_to_check(paper, row, phone)
    return paper.finished()


def _how_to_check(paper: Paper, row: ServiceCertificate, phone: str | None) -> None:
    portal, ring = read("PORTAL_URL", "").rstrip("/"), f"，或拨打{phone}" if phone else ""
    scan = "，或扫下面的码" if portal else ""
    paper.paragraph(f"查验：在本平台“查验{say.TAG}”输入校验码{scan}{ring}。", indent=False)
    if portal:
        paper.code(f"{portal}{PAGE}{row.code}", CODE)


def _line(no: int, one: ServiceRecord) -> str:
    source = ServiceSource(one.source).label
    what = one.what if one.what == source else f"{source}“{one.what}”"
    when, of = f"{due_words(one.began_at, year=True)}起，{hours(one.minutes)}", f"（{one.team}）" if one.team else ""
    return f"{no}. {when}，{what}{of}，{one.confirmed_by_name}确认"


def hours(minutes: int) -> str:
    """1小时30分钟."""
    whole, rest = divmod(minutes, 60)
    return "".join(f"{count}{unit}" for count, unit in ((whole, "小时"), (rest, "分钟")) if count) or "0分钟"
