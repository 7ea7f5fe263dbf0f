"""Drafting and deciding on whistles. What departments will read may hold no telephone or identity number."""

from contracts import samples
from contracts.fields import Code, Flag, Id, Moment, One, Text, area, limit_text, some, unit_code
from contracts.schema import CommandSchema, StrictShape, VersionedCommand
from contracts.shapes import SourceRef
from contracts.views.dispatch import WhistleView
from contracts.words import shared_text
from kernel import codes


class RecipientInput(StrictShape):
    """A unit to whistle for; `finish_within` a limit such as 5wd, or null for none."""

    unit = unit_code()
    role = Code(codes.TaskRole, default=codes.TaskRole.ASSIST)
    finish_within = limit_text(optional=True)


class DraftWhistle(CommandSchema):
    """An EMERGENCY whistle blows at once; every other waits for the street (policy key dispatch.approval).

    A unit's limit to finish is capped by what the case has left, unless the street or the district says `agree_longer`.
    `duty_item` is a code of the duty catalogue: a cancelled item is refused where a community is among the recipients.
    """

    service = "dispatch"
    title = "拟哨"
    answer = WhistleView
    source = One(SourceRef)
    kind = Code(codes.WhistleKind)
    level = Code(codes.WhistleLevel, default=codes.WhistleLevel.COMMUNITY)
    reason = shared_text(2000)
    asked_action = Code(codes.AskedAction)
    asked_action_text = shared_text(1000, optional=True)
    asked_time = Moment(optional=True)
    asked_place_text = shared_text(200, optional=True)
    area_path = area()
    recipients = some(RecipientInput, least=1, most=30)
    duty_item = Text(60, optional=True)
    agree_longer = Flag(default=False)
    example = {
        "source": samples.ABOUT_APPEAL,
        "kind": "APPEAL",
        "level": "COMMUNITY",
        "reason": "首次协商未果，需专业力量到会释法",
        "asked_action": "ATTEND_MEETING",
        "asked_action_text": "到会讲解相邻关系和赔偿责任",
        "asked_time": samples.MEETING,
        "asked_place_text": "银虹社区调解室",
        "area_path": samples.COMMUNITY,
        "duty_item": None,
        "agree_longer": False,
        "recipients": [{"unit": "lijingjie-sifasuo", "role": "LEAD", "finish_within": "5wd"}],
    }


class WhistleCommand(VersionedCommand):
    """Changes one whistle; by the street."""

    service = "dispatch"
    answer = WhistleView
    whistle_id = Id()


class ApproveWhistle(WhistleCommand):
    """`agree_longer`: units may take longer than what the case has left (policy key dispatch.finish)."""

    title = "批准吹哨"
    agree_longer = Flag(default=False)
    example = {"whistle_id": samples.WHISTLE, "expected_version": 1, "agree_longer": False}


class ReturnWhistle(WhistleCommand):
    title = "退回哨单"
    reason_code = Code(codes.ReturnReason)
    reason = shared_text(1000)
    example = {
        "whistle_id": samples.WHISTLE,
        "expected_version": 1,
        "reason_code": "CAN_SELF_HANDLE",
        "reason": "社区可自行协调物业处理",
    }


class CancelWhistle(WhistleCommand):
    title = "取消哨单"
    reason_code = Code(codes.CancelReason)
    reason = shared_text(1000)
    example = {
        "whistle_id": samples.WHISTLE,
        "expected_version": 2,
        "reason_code": "SOLVED",
        "reason": "问题已现场解决",
    }
