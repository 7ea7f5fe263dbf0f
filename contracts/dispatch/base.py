"""What all that dispatch says and answers shares."""

from typing import Any

from contracts import samples
from contracts.fields import Id, One
from contracts.schema import CommandSchema, EventSchema, Example
from contracts.shapes import SourceRef
from contracts.tokens import case_no
from kernel.codes import STAFF_ROLES, Role, WhistleKind, WhistleLevel
from kernel.rights import anywhere, at, named, own, when

STAFF = anywhere(*sorted(STAFF_ROLES)).said("工作人员")
OFFICES = at(Role.COMMUNITY, Role.WHISTLER, Role.STREET, Role.DISTRICT, Role.GRID, Role.AUDITOR)
"""Those who answer for the place."""
WHISTLERS = at(Role.COMMUNITY, Role.WHISTLER, Role.STREET, Role.DISTRICT)
APPROVERS = at(Role.STREET, Role.DISTRICT)
DRAFTERS = APPROVERS.unless(
    when("区级哨", lambda asked: asked.level == WhistleLevel.DISTRICT), at(Role.DISTRICT)
).unless(
    when("社区级哨", lambda asked: asked.level == WhistleLevel.COMMUNITY),
    WHISTLERS | at(Role.GRID).given(when("应急哨", lambda asked: asked.kind == WhistleKind.EMERGENCY)),
)
WHISTLE_SIDE = WHISTLERS | at(Role.GRID).given(named("danger", "应急哨或本人所吹的哨"))
OWN_SIDE = named("own_side", "该单位的人")
"""Nobody checks, rates or decides on their own unit (domain §3.6 inv. 7)."""
ESCALATED = named("escalated", "三次核实不通过后")
UNATTENDED = named("unattended", "报到之前")
RECEIVERS = named("receiver", "该单位名册上的接哨员", Role.RECEIVER)
HEAD = named("head", "单位负责人", Role.DEPT_HEAD)
UNIT = RECEIVERS | HEAD
TASK_READERS = OFFICES | UNIT
WHISTLE_READERS = OFFICES | named("called", "被吹哨单位的接哨员、负责人", Role.RECEIVER, Role.DEPT_HEAD)
LEAVE_RECORDERS = (
    RECEIVERS.given(own("person_id", words="本人")) | HEAD | at(Role.COMMUNITY, Role.STREET, Role.DISTRICT)
)


class DispatchEvent(EventSchema):
    """Every fact of dispatch names the case its whistle was blown for."""

    source = "dispatch"
    whistle_id = Id()
    whistle_number = case_no()


class AboutCase(DispatchEvent):
    """Adds the field `source`; apart, because the class attribute of that name would hide it from type checkers."""

    source: Any = One(SourceRef)


class DispatchQuestion(CommandSchema):
    service = "dispatch"


def about_whistle(**more: object) -> Example:
    return {
        "whistle_id": samples.WHISTLE,
        "whistle_number": samples.WHISTLE_NO,
        "source": samples.ABOUT_APPEAL,
        **more,
    }
