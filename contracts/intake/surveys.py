"""What a sweep 摸排 tells of the appeal it grew from (domain §2 A6)."""

from contracts.fields import Count
from contracts.intake.base import AppealFact
from contracts.tokens import case_no

TAG = "诉求"


class AppealSurveyed(AppealFact):
    """One request has started a sweep."""

    title = "发起摸排"
    for_staff = "由此诉求发起摸排{campaign}，共{units}个单元。"
    for_resident = "您说的事别人家可能也有，社区正在挨个单元了解。"
    campaign = case_no()
    units = Count()


class AppealSurveyAnswered(AppealFact):
    """What the sweep found. It stays one appeal; the rest is 未诉先办."""

    title = "摸排结果"
    for_staff = "摸排{campaign}结束：{units}个单元，入户{visited}个，{needing}个需要[，其中{proactive}个记为未诉先办]。"
    for_resident = "社区走访了{visited}个单元，{needing}个单元也有这个需要，一并研究。"
    campaign = case_no()
    units, visited, needing, proactive = Count(), Count(), Count(), Count()
