"""An agreement that is not kept: called to mind, taken down with evidence, urged 催告, taken to court (art. 31–33)."""

from contracts import samples
from contracts.fields import Code, Count, Day, Many, Moment, One, Text, some
from contracts.mediation.agreements import AgreementCommand, AgreementFact, about_agreement
from contracts.mediation.base import MEDIATORS
from contracts.shapes import Attachment, Party, PersonRef
from kernel import codes

TAG = "调解"


class RecordBreach(AgreementCommand):
    """Of one term, after its day; again only when it was urged and the new day has passed too."""

    title = "记未履行"
    route = "POST /agreements/<agreement_id>/breaches"
    by = MEDIATORS
    hint = "到期没有履行的才记，要附佐证；记了以后请催告。"
    term_no = Count(1, 50, label="哪一项")
    words = Text(1000, label="怎么核实的", help="谁说的、还差多少")
    attachments = some(Attachment, least=1, most=30, lacking="请附佐证：对账、照片、聊天或通话记录", label="佐证")
    example = {
        "agreement_id": samples.AGREEMENT,
        "expected_version": 7,
        "term_no": 1,
        "words": "对方称手头紧，一分未付",
        "attachments": [samples.PHOTO],
    }


class UrgePerformance(AgreementCommand):
    """The party is told; what is not kept by `until` either may be taken down as a new breach."""

    title = "记催告"
    main = True
    route = "POST /agreements/<agreement_id>/urges"
    by = MEDIATORS
    hint = "催告会通知没有履行的一方，写明再给到哪一天。"
    term_no = Count(1, 50, label="哪一项")
    how = Code(codes.HandlingHow, label="怎么催的")
    until = Day(label="再给到哪一天")
    example = {
        "agreement_id": samples.AGREEMENT,
        "expected_version": 8,
        "term_no": 1,
        "how": "ON_SITE",
        "until": "2024-07-31",
    }


class TakeToCourt(AgreementCommand):
    """A party went to court; the case of mediation ends. Confirmed by the court it is enforced, else it is a suit."""

    title = "记转入法院"
    route = "POST /agreements/<agreement_id>/court"
    by = MEDIATORS
    hint = "经司法确认的申请强制执行；没有确认的，就协议的履行起诉（人民调解法第三十二、三十三条）。"
    way = Code(codes.CourtWay, label="走哪条路")
    court = Text(60, label="哪个法院")
    filed_on = Day(optional=True, label="哪天递交的", help="不填就是今天")
    example = {
        "agreement_id": samples.AGREEMENT,
        "expected_version": 9,
        "way": "SUIT",
        "court": "银川市兴庆区人民法院",
        "filed_on": "2024-08-02",
    }


class TermFact(AgreementFact):
    term_no = Count(1)


class AgreementTermDue(TermFact):
    """Called to mind around the day, as policy key mediation.perform_reminder says. `holder`: who sees to it."""

    title = "履行提醒"
    for_staff = "协议第{term_no}项{when}，期限{due_at}。"
    for_resident = None
    when = Code(codes.DueWhen)
    due_at = Moment()
    obligor = One(Party)
    holder = One(PersonRef, optional=True)
    example = about_agreement(
        term_no=1, when="SOON", due_at=samples.MONTH_END, obligor=samples.RESPONDENT, holder=samples.COMMUNITY_MEDIATOR
    )


class TermPerformed(TermFact):
    """One term is done, others are not yet."""

    title = "履行一项"
    for_staff = "协议第{term_no}项已履行。"
    for_resident = "协议第{term_no}项办到了。"
    example = about_agreement(term_no=1)


class AgreementBreached(TermFact):
    """`ways`: what the other side may do now."""

    title = "未按期履行"
    for_staff = "协议第{term_no}项没有按期履行，应催告；对方可以{ways}。"
    for_resident = "协议第{term_no}项没有按期办到。"
    obligor = One(Party)
    obligee = One(Party)
    ways = Many(Code(codes.CourtWay), least=1)
    example = about_agreement(term_no=1, obligor=samples.RESPONDENT, obligee=samples.CLAIMANT, ways=["SUIT"])


class PerformanceUrged(TermFact):
    title = "催告履行"
    for_staff = "已催告履行第{term_no}项（{how}），再给到{until}。"
    for_resident = "协议第{term_no}项没有按期办，已经催过。"
    how = Code(codes.HandlingHow)
    until = Moment()
    obligor = One(Party)
    example = about_agreement(term_no=1, how="ON_SITE", until=samples.MONTH_END, obligor=samples.RESPONDENT)


class AgreementTakenToCourt(AgreementFact):
    title = "转入法院"
    for_staff = "就协议的履行{way}，{court}，{filed_on}递交。"
    for_resident = "就协议的履行{way}。"
    way = Code(codes.CourtWay)
    court = Text(60)
    filed_on = Day()
    example = about_agreement(way="SUIT", court="银川市兴庆区人民法院", filed_on="2024-08-02")
