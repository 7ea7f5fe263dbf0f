"""Campaigns of visits 走访 (domain §2 A6): every unit of a place is visited; what is found becomes cases of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy.orm import Session

from capability.life import Life, Rules, by_number, permit, unknown_number
from capability.machine import Move
from chassis.entrypoints import asked
from chassis.errors import Conflict, Forbidden, Invalid
from chassis.identity import Principal
from chassis.standing import Standing, standing_of
from chassis.store import new_id
from contracts.deadlines import IntakeDeadlineApproaching
from contracts.intake import campaign_views as shown
from contracts.intake import campaigns as say
from contracts.intake.campaign_views import CampaignState as S
from contracts.intake.hotspots import AcceptSweep, DeclineSweep, SweepDeclined
from contracts.intake.raising import CameOf
from contracts.intake.surveys import AppealSurveyAnswered, AppealSurveyed
from kernel.areas import is_within
from kernel.codes import Channel
from kernel.numbering import next_number
from services.intake import areas, facts, policy, posts, raising
from services.intake.machines import APPEAL
from services.intake.tables import (
    Appeal,
    AreaNode,
    Campaign,
    DataChange,
    NumberCounter,
    Target,
    Visit,
)

Command = dict[str, Any]

LIFE: Life[Campaign, S] = Life(
    Campaign,
    S.OPEN,
    {
        AcceptSweep: Move({S.PROPOSED}, S.OPEN),
        DeclineSweep: Move({S.PROPOSED}, S.DECLINED, SweepDeclined),
        say.RecordVisit: Move({S.OPEN}, None),
        say.RaiseAppeal: Move({S.OPEN}, None),
        say.RaiseHazard: Move({S.OPEN}, None),
        say.DecideChange: Move({S.OPEN, S.CONCLUDED}, None),
        say.ConcludeCampaign: Move({S.OPEN}, S.CONCLUDED),
        say.WithdrawCampaign: Move({S.OPEN}, S.WITHDRAWN, say.CampaignWithdrawn),
    },
    Rules(
        by_number(Campaign),
        shown.READERS,
        unknown_number,
        facts.tell,
        due=policy.due,
        approaching=IntakeDeadlineApproaching,
    ),
    clocks={S.PROPOSED: "sweep.decide", S.OPEN: "visits.campaign"},
    answers=(say.GetCampaign, say.ListCampaigns),
)


@asked(say.OpenCampaign)
def open_campaign(session: Session, who: Principal, command: Command, now: datetime) -> Campaign:
    """Errors: Forbidden; Invalid for a place without units, too many (policy key visits.most_units), a sweep without
    its question, or an appeal that lies elsewhere or complains of staff.
    """
    permit(who, say.OpenCampaign, SimpleNamespace(**command))
    area, appeal = areas.find(session, command["area_path"], now), _appeal(session, who, command)
    campaign = Campaign(
        **{name: command[name] for name in ("area_path", "purpose", "topic", "question", "appeal_number")},
        appeal_id=appeal and appeal.id, appeal_path=appeal and appeal.area_path,
        opened_by_id=who.id, opened_by_name=who.name,
        created_at=now,
        evidence=[],
    )  # fmt: skip
    visitors = plan(session, campaign, now)
    campaign.case_number = next_number(session, NumberCounter, "Z", area.area4, now)
    LIFE.start(session, who, say.OpenCampaign, campaign, now, say.CampaignOpened, visitors=visitors)
    if appeal:
        told = {"campaign": campaign.number, "units": campaign.units}
        facts.tell(session, AppealSurveyed, appeal, who, now, **told)
    return campaign


def plan(session: Session, campaign: Campaign, now: datetime) -> list[facts.Ref]:
    """Gives it its units, each with its visitor; the visitors. Errors: Invalid, as `open_campaign`."""
    campaign.targets = [_target(session, unit, now) for unit in areas.homes(session, campaign.area_path, now)]
    _check(campaign, now)
    return list({each.visitor_id: each.visitor for each in campaign.targets if each.visitor}.values())


def _appeal(session: Session, who: Principal, command: Command) -> Appeal | None:
    """The appeal a sweep grew from, locked."""
    if command["appeal_number"] is None:
        return None
    appeal = APPEAL.rules.hold(session, {"number": command["appeal_number"], "expected_version": None})
    if appeal is None or not APPEAL.sees(who, appeal):
        raise Invalid.because({"appeal_number": ["没有找到这个编号"]})
    outside = not is_within(appeal.area_path, command["area_path"])
    Invalid.where(
        appeal_number=(bool(appeal.against) and "投诉工作人员或单位的诉求，不能据此摸排")
        or (outside and "这件诉求不在走访的范围内"),
    )
    return appeal  # type: ignore[no-any-return]


def _target(session: Session, unit: AreaNode, now: datetime) -> Target:
    """For whoever holds the post nearest to the unit, at work or not: a deputy may visit for her."""
    post = posts.responsible(session, unit.path)
    holder = post.holder(posts.A, now) if post else None
    named = {"visitor_id": holder.person_id, "visitor_name": holder.name} if holder else {}
    return Target(id=new_id(), unit_path=unit.path, name=unit.name, asked=False, came_of=[], **named)


def _check(campaign: Campaign, now: datetime) -> None:
    most = policy.rules(now).value("visits.most_units")
    no_question = campaign.purpose == shown.Purpose.SURVEY and not campaign.question
    too_many = campaign.units > most and f"范围内有{campaign.units}个单元，一次最多{most}个，请分社区发起"
    Invalid.where(
        area_path=(not campaign.units and "这里还没有登记楼栋或单元") or too_many,
        question=no_question and "摸排要写清楚问什么",
    )


@asked(say.RecordVisit)
def record_visit(session: Session, who: Principal, command: Command, now: datetime) -> Campaign:
    """Errors: as `Life.begin`; Forbidden for a unit of another's place; Conflict for one visited already; Invalid."""
    campaign = LIFE.begin(session, who, say.RecordVisit, command)
    inside = command["result"] == shown.VisitResult.IN
    missing = campaign.purpose == shown.Purpose.SURVEY and inside and command["need"] is None
    Invalid.where(
        need=(missing and "摸排入户后要写明需要不需要")
        or (command["need"] is not None and not inside and "没有入户，不填"),
        how_many=command["how_many"] is not None and command["need"] != shown.Need.YES and "需要的才填",
    )
    found = [_found(campaign, who, path) for path in dict.fromkeys(command["unit_paths"])]
    for target in found:
        _knock(campaign, target, who, command, now)
    told = {"places": len(found), "result": command["result"], "need": command["need"]}
    LIFE.done(session, who, campaign, now, say.VisitRecorded, **told)
    if command["change"]:
        _propose(session, who, campaign, found, command["change"], now)
    return campaign


def _found(campaign: Campaign, who: Principal, path: str, field: str = "unit_paths") -> Target:
    """The unit, for who answers for it. Errors: Invalid, Forbidden."""
    target = next((each for each in campaign.targets if each.unit_path == path), None)
    if target is None:
        raise Invalid.because({field: ["这个单元不在走访的范围内"]})
    if target.visitor_id != who.id and not any(who.holds(role, at=path) for role in shown.VISITORS.roles):
        raise Forbidden("这个单元不归您走访", roles=[str(role) for role in shown.VISITORS.roles], place=path)
    return target


def _knock(campaign: Campaign, target: Target, who: Principal, command: Command, now: datetime) -> None:
    if not target.is_open:
        raise Conflict(f"{target.name}已经走访过", unit_path=target.unit_path, result=target.result)
    by = {"by_id": who.id, "by_name": who.name}
    campaign.visits.append(Visit(target=target, at=now, result=command["result"], note=command["note"], **by))
    target.result, target.visited_at = str(command["result"]), now
    target.need = command["need"] and str(command["need"])
    target.how_many = command["how_many"]
    target.asked = target.need == shown.Need.YES and not campaign.appeals and _same_place(campaign, target)


def _same_place(campaign: Campaign, target: Target) -> bool:
    """Whether the appeal came from the unit; of one said of a wider place, the first unit in need stands for it."""
    asked = campaign.appeal_path
    return asked is not None and (is_within(asked, target.unit_path) or is_within(target.unit_path, asked))


def _propose(
    session: Session, who: Principal, campaign: Campaign, found: Iterable[Target], words: str, now: datetime
) -> None:
    for target in found:
        proposed = {"proposed_by_id": who.id, "proposed_by_name": who.name, "state": shown.ChangeState.PROPOSED}
        change = DataChange(id=new_id(), target=target, words=words, **proposed)
        campaign.changes.append(change)
        facts.tell(session, say.DataChangeProposed, campaign, who, now, change_id=change.id)


@asked(say.DecideChange)
def decide_change(session: Session, who: Principal, command: Command, now: datetime) -> Campaign:
    """Errors: as `Life.begin`; Invalid for an unknown change; Conflict for one decided already."""
    campaign = LIFE.begin(session, who, say.DecideChange, command)
    change = next((each for each in campaign.changes if each.id == command["change_id"]), None)
    if change is None:
        raise Invalid.because({"change_id": ["没有这条变化"]})
    if change.state != shown.ChangeState.PROPOSED:
        raise Conflict("这条变化已经核定", state=change.state)
    change.state, change.why = str(command["decision"]), command["why"]
    change.decided_by_id, change.decided_by_name = who.id, who.name
    told = {"change_id": change.id, "decision": command["decision"]}
    return LIFE.done(session, who, campaign, now, say.DataChangeDecided, **told)


@asked(say.RaiseAppeal)
def raise_appeal(session: Session, who: Principal, command: Command, now: datetime) -> Campaign:
    """Errors: as `Life.begin`, `register_appeal`."""
    campaign, target = _at_door(session, who, say.RaiseAppeal, command)
    number = raising.appeal(session, who, say.RaiseAppeal, command, target.unit_path, Channel.VISIT, now)
    return _came_of(session, who, campaign, target, CameOf.APPEAL, number, now)


@asked(say.RaiseHazard)
def raise_hazard(session: Session, who: Principal, command: Command, now: datetime) -> Campaign:
    """Errors: as `Life.begin`, `report_hazard`."""
    campaign, target = _at_door(session, who, say.RaiseHazard, command)
    number = raising.hazard(session, who, say.RaiseHazard, command, target.unit_path, now)
    return _came_of(session, who, campaign, target, CameOf.HAZARD, number, now)


def _at_door(session: Session, who: Principal, contract: Any, command: Command) -> tuple[Campaign, Target]:
    campaign = LIFE.begin(session, who, contract, command)
    target = _found(campaign, who, command["unit_path"], "unit_path")
    Invalid.where(unit_path=target.result is None and "请先记下这次走访")
    return campaign, target


def _came_of(
    session: Session, who: Principal, campaign: Campaign, target: Target, kind: CameOf, number: str, now: datetime
) -> Campaign:
    target.came_of = [*target.came_of, number]
    return LIFE.done(session, who, campaign, now, say.VisitLedTo, kind=kind, raised=number)


@asked(say.ConcludeCampaign)
def conclude(session: Session, who: Principal, command: Command, now: datetime) -> Campaign:
    """The appeal it grew from is told what was found. Errors: as `Life.begin`; Invalid without a reason while open."""
    campaign = LIFE.begin(session, who, say.ConcludeCampaign, command)
    left = campaign.unreached
    Invalid.where(reason=left and not command["reason"] and f"还有{left}个单元没有走到，请写明原因")
    campaign.reason, campaign.concluded_at = command["reason"], now
    LIFE.done(session, who, campaign, now, say.CampaignConcluded)
    if campaign.appeal_number:
        appeal = APPEAL.hold(session, {"number": campaign.appeal_number, "expected_version": None})
        counts = {name: getattr(campaign, name) for name in ("units", "visited", "needing", "proactive")}
        facts.tell(session, AppealSurveyAnswered, appeal, who, now, campaign=campaign.number, **counts)
    return campaign


WAITS = ("role:COMMUNITY",)
"""Whom units wait for that are nobody's, and a campaign that has been through all of them."""


@standing_of.register
def _stands(campaign: Campaign) -> Standing:
    visitors = (each.visitor_id for each in campaign.targets if each.is_open and each.visitor_id)
    waits = tuple(dict.fromkeys(f"person:{visitor}" for visitor in visitors)) or WAITS
    goes_on = campaign.state in (S.PROPOSED, S.OPEN)
    counts = {name: str(getattr(campaign, name)) for name in ("units", "visited", "needing", "proactive")}
    return Standing(
        kind=shown.CampaignView.about.kind, state=campaign.state, number=campaign.number,
        due=campaign.due_at, waits=waits if goes_on else (),
        tally={"purpose": campaign.purpose, "first": campaign.opened_by_id, **counts},
    )  # fmt: skip
