"""Hot spots 未诉先办: what several people report of one place is proposed as a sweep; a person decides."""

from contracts.fields import Count, Many
from contracts.intake.base import COORDINATORS
from contracts.intake.campaigns import CampaignCommand, CampaignFact
from contracts.tokens import case_no, category_code
from contracts.words import shared_text

TAG = "走访"


class AcceptSweep(CampaignCommand):
    title = "采纳，发起摸排"
    main = True
    route = "POST /campaigns/<number>/acceptance"
    by = COORDINATORS
    hint = "不等群众再来反映，挨个单元问一遍；发现的都记为未诉先办。"
    question = shared_text(200, label="要问的事", help="例如：您家下水最近堵过吗")


class DeclineSweep(CampaignCommand):
    title = "不采纳"
    route = "POST /campaigns/<number>/declining"
    by = COORDINATORS
    reason = shared_text(200, label="原因")


class SweepProposed(CampaignFact):
    """Told once a place and category; `evidence` are the appeals that say so."""

    title = "建议摸排"
    for_staff = "{days}天内{reports}人反映{category}（{evidence}），建议摸排。"
    for_resident = None
    category = category_code()
    reports, days = Count(), Count()
    evidence = Many(case_no(), least=1)


class SweepDeclined(CampaignFact):
    title = "不摸排"
    for_staff, for_resident = "社区决定不摸排，原因见详情。", None
