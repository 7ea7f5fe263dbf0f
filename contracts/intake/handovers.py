"""Warm hand-over 首问转交: offered to a colleague by name, and with the giver until that colleague takes it by name."""

from contracts import samples
from contracts.fields import One, Text
from contracts.intake.appeals import AppealCommand
from contracts.intake.base import FIRST_RESPONDER, HANDLER, OFFERED, AppealFact, about_appeal
from contracts.shapes import PersonRef
from contracts.tokens import staff_id, unit_code
from contracts.words import shared_text
from kernel.rights import named

TAG = "诉求"
GIVERS = HANDLER | FIRST_RESPONDER.given(named("unhandled", "还没有承办人的件"))


class OfferHandover(AppealCommand):
    """A further offer takes the place of the one before. The first responder stays so for ever."""

    title = "当面转交"
    route = "POST /appeals/<number>/handover"
    by = GIVERS
    hint = "对方点名接手之前，此件仍由您负责；首问责任人不变。"
    offered_to = staff_id(label="请谁接手")
    example = {"number": samples.APPEAL_NO, "expected_version": 1, "offered_to": samples.LI_SHAN["id"]}


class AcceptHandover(AppealCommand):
    title = "接手"
    main = True
    route = "POST /appeals/<number>/handover/acceptance"
    by = OFFERED
    hint = "接手即签收，由您承办。"


class DeclineHandover(AppealCommand):
    title = "不接手"
    route = "POST /appeals/<number>/handover/refusal"
    by = OFFERED
    reason = shared_text(200, label="为什么", help="应该找谁、怎么找")
    example = {"number": samples.APPEAL_NO, "expected_version": 2, "reason": "这是第2网格的事，请找丁雪梅"}


class HandoverOffered(AppealFact):
    title = "转交"
    for_staff = "{giver}请{offered_to}接手，接手之前仍由{giver}负责。"
    for_resident = None
    giver, offered_to = One(PersonRef), One(PersonRef)
    example = about_appeal(giver=samples.STREET_OFFICER, offered_to=samples.LI_SHAN)


class HandoverAccepted(AppealFact):
    title = "接手"
    for_staff = "{handler}点名接手，由{handler}承办。"
    for_resident = "{handler}已经接手您的事，首问责任人仍跟到底。"
    giver, handler, lead_unit = One(PersonRef), One(PersonRef), unit_code()
    example = about_appeal(giver=samples.STREET_OFFICER, handler=samples.LI_SHAN, lead_unit=samples.COMMUNITY_UNIT)


class HandoverDeclined(AppealFact):
    title = "不接手"
    for_staff = "{offered_to}没有接手，仍由{giver}负责。"
    for_resident = None
    giver, offered_to = One(PersonRef), One(PersonRef)
    example = about_appeal(giver=samples.STREET_OFFICER, offered_to=samples.LI_SHAN)


class PostLeftEmpty(AppealFact):
    """Both holders of the post that should have it are away: the level above has it, and must see to the post."""

    title = "岗位空缺"
    for_staff = "{post}的AB岗都不在，由上级{taken_by}负责。"
    for_resident = None
    taken_by = One(PersonRef)
    post = Text(60)
    example = about_appeal(taken_by=samples.STREET_OFFICER, post="网格员")
