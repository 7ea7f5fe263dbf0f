"""Public notices 公示: masked, for everybody, for a while."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from chassis import outbox
from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from contracts.notify.notices import ListNotices, NoticeView, PublicNoticePublished
from kernel.areas import ancestors
from kernel.calendar import day_words, local_day
from kernel.codes import CaseKind, NoticeKind
from kernel.masking import find_personal
from services.notify.areas import community, public_place
from services.notify.files import Heard
from services.notify.rules import due
from services.notify.tables import PublicNotice

VISIBLE_FOR = "council.publication"
"""The policy key of how long results are published; a removed hazard is shown as long."""

SHOWN = tuple(NoticeView().fields)


def publish_removal(heard: Heard) -> None:
    """The building's page says that the danger is gone. One notice a hazard."""
    path, place = public_place(heard.session, heard.event.area_path)
    said = f"{place}的安全隐患（编号{heard.data['number']}）已于{_day(heard)}消除，并经现场核实。"
    about = {"kind": NoticeKind.HAZARD_REMOVED, "subject_kind": CaseKind.HAZARD, "subject_id": heard.data["hazard_id"]}
    _once(heard, path, title=f"{place}隐患消除公示", body=said, **about)


def publish_need_met(heard: Heard) -> None:
    """All households of the community read that what one asked for is done for all. One notice a need."""
    path, place = community(heard.session, heard.event.area_path)
    said = f"{place}需求清单上的一项（编号{heard.data['number']}），联席会决定以后，已于{_day(heard)}办好。"
    about = {"kind": NoticeKind.RESULT, "subject_kind": CaseKind.APPEAL, "subject_id": heard.data["appeal_id"]}
    _once(heard, path, title=f"{place}需求清单办理结果", body=said, **about)


def publish_digest(heard: Heard) -> None:
    """The residents around a project read what its supervisors found that week. One notice a digest."""
    path, place = community(heard.session, heard.event.area_path)
    said = "本周百姓监督员反映{raised}件，施工单位整改{fixed}件，监督员确认{confirmed}件，还没确认{open}件。"
    about = {"kind": NoticeKind.DIGEST, "subject_kind": CaseKind.PROJECT, "subject_id": heard.data["digest_id"]}
    title = f"{place}改造项目每周通报（编号{heard.data['number']}）"
    _once(heard, path, title=title, body=said.format_map(heard.data), **about)


def _day(heard: Heard) -> str:
    return day_words(local_day(heard.event.time))


def _once(heard: Heard, path: str, **told: Any) -> None:
    """One notice of a kind a subject."""
    event, about = heard.event, (told["kind"], told["subject_id"])
    known = select(PublicNotice).where(PublicNotice.kind == about[0], PublicNotice.subject_id == about[1])
    if heard.session.scalars(known).first():
        return
    until = due(VISIBLE_FOR, event.time, event.time)
    row = PublicNotice(
        **told, subject_number=heard.data["number"], visible_from=event.time, visible_to=until,
        area_path=path, case_number=event.case_number,
    )  # fmt: skip
    publish(heard.session, heard.who, row, heard.now)


def publish(session: Session, who: Principal, row: PublicNotice, now: datetime) -> None:
    """Puts a notice up. Errors: Invalid when its words hold a telephone or ID number."""
    if find_personal(row.title) or find_personal(row.body):
        raise Invalid.because({"body": ["公示内容不得含有电话或证件号码"]})
    session.add(row)
    session.flush()
    told = {name: getattr(row, name) for name in ("kind", "subject", "visible_from", "visible_to")}
    outbox.record(session, PublicNoticePublished, row, who, now, notice_id=row.id, **told)


@asked(ListNotices)
def list_visible(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Notices now visible at a place, those of the places it lies in included; newest first, for everybody."""
    place = command["area_path"]
    around = [PublicNotice.area_path == above for above in ancestors(place)]
    near = or_(PublicNotice.area_path.within(place), *around)
    shown = select(PublicNotice).where(near, PublicNotice.visible_from <= now, PublicNotice.visible_to > now)
    rows = session.scalars(shown.order_by(PublicNotice.visible_from.desc(), PublicNotice.id).limit(1000))
    return {"items": [{name: getattr(row, name) for name in SHOWN} for row in rows], "next_cursor": None}


@standing_of.register
def _stands(row: PublicNotice) -> Standing:
    about, tally = str(row.subject_id), {"notice": row.kind}
    return Standing(kind="NOTICE", state="VISIBLE", parent=about, due=row.visible_to, tally=tally)
