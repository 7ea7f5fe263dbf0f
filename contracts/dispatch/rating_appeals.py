"""Appeal against a rating 赋分申诉: once a task, decided by somebody other than who rated."""

from contracts import samples
from contracts.dispatch.base import APPROVERS, OWN_SIDE, UNIT
from contracts.dispatch.tasks import TaskCommand, TaskFact, about_task
from contracts.fields import Code, Count
from contracts.words import shared_text
from kernel.codes import ObjectionDecision
from kernel.rights import named

TAG = "哨令"
RATER = named("rater", "赋分的人")


class AppealRating(TaskCommand):
    """Within policy key dispatch.rating_appeal after the rating; the rating stands until it is decided."""

    title = "申诉赋分"
    route = "POST /tasks/<task_id>/rating-appeal"
    by = UNIT
    hint = "每件哨令只能申诉一次。"
    reason = shared_text(1000, label="为什么不服")
    example = {"task_id": samples.TASK, "expected_version": 6, "reason": "已按约定时间到会，签到表为证"}


class DecideRatingAppeal(TaskCommand):
    """UPHELD gives the points anew, within the same limits; what was given before is kept beside."""

    title = "裁定赋分申诉"
    main = True
    route = "POST /tasks/<task_id>/rating-appeal-decision"
    by = APPROVERS.but(OWN_SIDE).but(RATER)
    hint = "成立的，四项分数都要重新填写。"
    decision = Code(ObjectionDecision, label="裁定")
    reason = shared_text(1000, label="理由")
    timeliness = Count(0, 20, optional=True, label="及时（0–20）")
    attendance = Count(0, 20, optional=True, label="到位（0–20）")
    effect = Count(0, 40, optional=True, label="效果（0–40）")
    cooperation = Count(0, 20, optional=True, label="配合（0–20）")
    example = {
        "task_id": samples.TASK, "expected_version": 7, "decision": "UPHELD", "reason": "签到表核实无误",
        "timeliness": 20, "attendance": 20, "effect": 36, "cooperation": 18,
    }  # fmt: skip


class WhistleTaskRatingAppealed(TaskFact):
    title = "申诉赋分"
    for_staff = "{unit}对赋分提出申诉，待裁定。"
    for_resident = None
    example = about_task()


class WhistleTaskRatingAppealDecided(TaskFact):
    """`total` is what counts from now on; `before` what was given."""

    title = "赋分申诉裁定"
    for_staff = "{unit}的赋分申诉：{decision}，原{before}分，现{total}分。"
    for_resident = None
    decision = Code(ObjectionDecision)
    before, total = Count(0, 100), Count(0, 100)
    example = about_task(decision="UPHELD", before=60, total=94)
