"""Points in dispute 争议焦点: the cause and the price, each with what both sides say and with its own finding."""

from contracts import samples
from contracts.fields import Code, Text
from contracts.mediation.base import MEDIATORS, CaseFact, about_case
from contracts.mediation.cases import CaseCommand
from kernel import codes

TAG = "调解"


class RecordIssue(CaseCommand):
    """What each side says now; what was taken down before is replaced, the finding with it."""

    title = "记争议焦点"
    route = "POST /mediations/<case_id>/issues"
    by = MEDIATORS
    kind = Code(codes.IssueKind, label="争什么")
    claimant_says = Text(1000, label="申请方怎么说")
    respondent_says = Text(1000, label="对方怎么说")
    example = {
        "case_id": samples.CASE,
        "expected_version": 6,
        "kind": "CAUSE",
        "claimant_says": "水是从楼上卫生间漏下来的",
        "respondent_says": "自家没有漏水",
    }


class SettleIssue(CaseCommand):
    """What was found on a point that was taken down before."""

    title = "记认定"
    route = "POST /mediations/<case_id>/issues/finding"
    by = MEDIATORS
    kind = Code(codes.IssueKind, label="哪一点")
    finding = Text(1000, label="认定的结果")
    example = {
        "case_id": samples.CASE,
        "expected_version": 7,
        "kind": "CAUSE",
        "finding": "现场查看，楼上卫生间地漏堵塞，水漫过门槛渗到楼下",
    }


class IssueRecorded(CaseFact):
    title = "争议焦点"
    for_staff = "记下双方对{kind}的说法。"
    for_resident = None
    kind = Code(codes.IssueKind)
    example = about_case(kind="CAUSE")


class IssueSettled(CaseFact):
    title = "作出认定"
    for_staff = "对{kind}作出认定。"
    for_resident = None
    kind = Code(codes.IssueKind)
    example = about_case(kind="CAUSE")
