"""Who answers 谁负责: one question for a place, a matter and a minute, with the reason in words."""

from contracts import samples
from contracts.fields import Code, Moment, One, Text
from contracts.intake.base import IntakeCommand
from contracts.schema import AnswerSchema
from contracts.shapes import PersonRef
from contracts.tokens import area, category_code, unit_code
from kernel.codes.base import Code as Codes
from kernel.rights import everybody

TAG = "区域与类别"


class OnDutyReason(Codes):
    HOLDER = "HOLDER", "A岗在岗"
    STANDS_IN = "STANDS_IN", "B岗顶岗"
    ROSTER = "ROSTER", "值班"
    SUPERVISOR = "SUPERVISOR", "上级"


class ResponsibleView(AnswerSchema):
    """`lead_unit`: who usually leads this kind of matter, where the category says so.

    `area_path`: of the post.
    """

    person = One(PersonRef, label="谁负责")
    post = Text(60, label="岗位")
    area_path = area(label="岗位所在")
    unit = unit_code(label="单位")
    reason_code = Code(OnDutyReason, label="原因")
    reason = Text(500, label="为什么")
    lead_unit = unit_code(optional=True, label="主办单位")


class ResolveResponsible(IntakeCommand):
    """At `at`, or now. Also a minute that has passed, or is to come, by what is recorded today."""

    title = "谁负责"
    route = "GET /responsible"
    by = everybody()
    hint = "at 为空即现在；答复写明为什么是此人。"
    answer = ResponsibleView
    area_path = area()
    category = category_code(optional=True)
    at = Moment(optional=True)
    example = {"area_path": samples.STAIRWELL, "category": "housing.drain.blocked", "at": samples.MORNING}
