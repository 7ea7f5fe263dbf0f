"""Mediation cases 调解案件: opened, looked at, ended."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from contracts import samples
from contracts.fields import Code, Count, Day, Flag, Id, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.mediation.base import MEDIATORS, PARTY, READERS, CaseFact, about_case
from contracts.mediation.hints import KnowledgeHint
from contracts.mediation.taking_part import ChallengeView, RepresentativeView
from contracts.schema import AnswerSchema, CommandSchema, Shape, VersionedCommand
from contracts.shapes import AggregateView, ListCommand, Page, Party, PersonRef, SourceRef, files
from contracts.tokens import Amount, area, case_no, fingerprint, staff_id, unit_code
from kernel import codes
from kernel.rights import everybody, services

TAG = "调解"


class PartyView(Shape):
    """A party, masked, with its word on mediation."""

    party_id = Id()
    person_id = Id(optional=True)
    masked_name = Text(40)
    masked_phone = Text(40, optional=True)
    side = Code(codes.PartySide)
    willing = Code(codes.Willing, default=codes.Willing.UNKNOWN)
    willing_at = Moment(optional=True)
    willing_how = Code(codes.HandlingHow, optional=True)
    kind = Code(codes.PartyKind, default=codes.PartyKind.PERSON)
    rights_at = Moment(optional=True)


class HelperView(Shape):
    """A helper with the parties that consented to it; `may_attend` once all of them did."""

    helper_id = Id()
    unit = unit_code()
    unit_name = Text(60)
    task_id = Id(optional=True)
    receiver = One(PersonRef, optional=True)
    consented_party_ids = Many(Id())
    may_attend = Flag(default=False)


class SessionView(Shape):
    """A session, planned or held."""

    session_id = Id()
    session_no = Count(1)
    state = Code(codes.SessionState)
    kind = Code(codes.SessionKind)
    starts_at = Moment()
    place_text = Text(200, optional=True)
    helper_ids = Many(Id())
    notice_waived = Flag(default=False)
    outcome = Code(codes.SessionOutcome, optional=True)
    reason_code = Code(codes.SessionReason, optional=True)
    record_text = Text(10000, optional=True)
    present = Many(Id())
    held_at = Moment(optional=True)


class TalkView(Shape):
    """A talk with one side; `words` for the mediators alone."""

    talk_no = Count(1)
    party_id = Id()
    how = Code(codes.HandlingHow)
    talked_at = Moment()
    words = Text(1000)
    by = One(PersonRef)


class ExtensionWordView(Shape):
    """A party's word on more time, for the term that ran then; the newest counts."""

    party_id = Id()
    term = Count(1)
    word = Code(codes.ProlongWord)
    how = Code(codes.HandlingHow)
    said_at = Moment()
    by = One(PersonRef)


class IssueView(Shape):
    """A point in dispute, with both positions and what was found."""

    kind = Code(codes.IssueKind)
    claimant_says = Text(1000)
    respondent_says = Text(1000)
    finding = Text(1000, optional=True)
    settled_at = Moment(optional=True)


class AvailableView(Shape):
    """Somebody who may mediate here, with their dialects 乡音 and the weekdays of their duty, 1 Monday … 7 Sunday."""

    id = staff_id()
    name = Text(40)
    org_name = Text(60)
    dialects = Many(Text(20))
    weekdays = Many(Count(1, 7))


class TermView(Shape):
    """One duty of an agreement and whether it is done."""

    term_no = Count(1)
    obligor_party_id = Id()
    obligee_party_id = Id()
    content = Text(1000)
    amount = Amount(optional=True)
    method = Code(codes.PerformanceMethod)
    due_at = Moment(optional=True)
    performed_at = Moment(optional=True)
    proof = Code(codes.PerformanceProof, optional=True)
    note = Text(1000, optional=True)
    attachments = files()


class SignatureView(Shape):
    """One signature, or the committee's seal: `paper_date` as it stands on the paper, `at` when it was taken down."""

    by = One(PersonRef, optional=True)

    signer = Code(codes.Signer)
    party_id = Id(optional=True)
    representative_id = Id(optional=True)
    manner = Code(codes.SignManner)
    scan_sha256 = fingerprint(optional=True)
    paper_date = Day(optional=True)
    at = Moment()


class BreachView(Shape):
    """A term that was not kept by its day, and the urging that followed."""

    term_no = Count(1)
    at = Moment()
    words = Text(1000)
    attachments = files()
    by = One(PersonRef)
    urged_at = Moment(optional=True)
    urged_how = Code(codes.HandlingHow, optional=True)
    urged_until = Moment(optional=True)
    urged_by = One(PersonRef, optional=True)


class CopyView(Shape):
    """A party's own copy, handed over."""

    party_id = Id()
    handed_on = Day()
    by = One(PersonRef)


class AgreementView(AggregateView):
    """The whole agreement. `missing`: which signatures still lack for effect (人民调解法 art. 29).

    `ways`: what is open to the other side where it is not kept; `court_way` the one taken, at the court `sued_at`.
    """

    number = Text(60)
    case_id = Id()
    state = Code(codes.AgreementState)
    form = Code(codes.AgreementForm)
    facts = Text(5000)
    liability = Text(5000)
    terms = some(TermView)
    copies = Count(1)
    signatures = some(SignatureView)
    missing = Many(Text(60))
    effective_at = Moment(optional=True)
    judicial = Code(codes.JudicialState, default=codes.JudicialState.NONE)
    judicial_until = Moment(optional=True)
    court = Text(60, optional=True)
    applied_on = Day(optional=True)
    decided_on = Day(optional=True)
    ruling_number = Text(60, optional=True)
    copies_handed = some(CopyView)
    breaches = some(BreachView)
    ways = Many(Code(codes.CourtWay))
    court_way = Code(codes.CourtWay, optional=True)
    sued_at = Text(60, optional=True)
    filed_on = Day(optional=True)
    performed_at = Moment(optional=True)


class CaseLine(Shape):
    """A case in a list. `cause_text` only for who may read the case."""

    about = Matter("MEDIATION", "调解", codes.MediationState, headline="{dispute_type}[：{cause_text}]")
    number = case_no()
    dispute_type = Code(codes.DisputeType)
    cause_text = Text(2000, optional=True)


class CasePage(Page):
    items = some(CaseLine)


class MediationCaseView(AggregateView):
    """The whole case with parties, helpers, talks, sessions and agreements. `statutory`: whether art. 31–33 apply.

    `available`: who may mediate it, for whoever may choose now. `knowledge`: what the knowledge base offers for its
    cause while it goes on, where one case is asked for.
    """

    about = CaseLine.about
    state = Code(codes.MediationState)
    origin = Code(codes.CaseOrigin, default=codes.CaseOrigin.APPEAL)
    cause_text = Text(2000, optional=True)
    place_text = Text(200, optional=True)
    source = One(SourceRef)
    dispute_type = Code(codes.DisputeType)
    cause = Code(codes.DisputeCause, optional=True)
    claimed_amount = Amount(optional=True)
    risk_level = Code(codes.RiskLevel)
    deadline = Moment()
    mediator = One(PersonRef, optional=True)
    how_chosen = Code(codes.HowChosen, optional=True)
    statutory = Flag(default=True)
    parties = some(PartyView)
    representatives = some(RepresentativeView)
    challenges = some(ChallengeView)
    helpers = some(HelperView)
    sessions = some(SessionView, most=1000)
    talks = some(TalkView, most=1000)
    sealed = Flag(default=False)
    protected_party_id = Id(optional=True)
    safe_hours = Text(60, optional=True)
    chosen = Many(Code(codes.SessionKind))
    escalated_at = Moment(optional=True)
    extension_words = some(ExtensionWordView, most=1000)
    extended = Count(default=0)
    issues = some(IssueView)
    available = some(AvailableView)
    agreements = some(AgreementView)
    knowledge = some(KnowledgeHint)
    result = Code(codes.MediationResult, optional=True)
    reason = Code(codes.TerminationReason, optional=True)
    remedies = Many(Code(codes.Remedy))
    closed_at = Moment(optional=True)


class CaseCommand(VersionedCommand):
    """Changes one case."""

    service = "mediation"
    answer: type[AnswerSchema] = MediationCaseView
    case_id = Id()


class GetCase(CommandSchema):
    """By `case_id`, or by the number of the appeal it came from, else its own; exactly one of them."""

    service = "mediation"
    title = "查看调解案件"
    route = "GET /mediations/<key>"
    by = READERS.but(PARTY)
    hint = "key 为案件标识（UUID），或来源诉求的编号；自行登记的案件用它自己的编号。"
    answer = MediationCaseView
    case_id = Id(optional=True)
    case_number = case_no(optional=True)
    example = {"case_id": None, "case_number": samples.APPEAL_NO}

    @validates_schema
    def one_key(self, data: dict[str, Any], **kwargs: Any) -> None:
        if (data.get("case_id") is None) == (data.get("case_number") is None):
            raise ValidationError("请只填案件标识或编号中的一项", "case_id")


class CasePlace(AnswerSchema):
    """Where a case that mediation opened itself lies, and until when it runs; no words of it."""

    id = Id()
    number = case_no()
    area_path = area()
    due_at = Moment()


class LocateCase(CommandSchema):
    """Whether a whistle may be for it: one that came from an appeal is whistled for by its appeal, an ended one not."""

    keeps_answer = False
    service = "mediation"
    title = "核对调解编号"
    by = services().said("系统服务")
    answer = CasePlace
    number = case_no()
    example = {"number": samples.MEDIATION_NO}


class ListCases(ListCommand):
    """Of the asker's places, the newest first."""

    service = "mediation"
    title = "调解案件列表"
    route = "GET /mediations"
    by = everybody("登录的人，所列限本人可以查看的")
    answer = CasePage
    numbers = Many(case_no(), most=200)
    example = {"cursor": None, "limit": 50, "numbers": [samples.MEDIATION_NO]}


class TerminateCase(CaseCommand):
    """Every party is told the other ways (人民调解法 art. 26)."""

    title = "终止调解"
    route = "POST /mediations/<case_id>/termination"
    by = MEDIATORS
    hint = "终止后告知各方还可走的途径（人民调解法第二十六条）。"
    reason = Code(codes.TerminationReason, label="原因")
    example = {"case_id": samples.CASE, "expected_version": 9, "reason": "FAILED"}


REMEDIES = [remedy.value for remedy in codes.Remedy]


class MediationCaseOpened(CaseFact):
    """`deadline`: policy key mediation.limit, 30 days by default."""

    title = "调解立案"
    for_staff = "{dispute_type}立案调解[（{origin}）]，风险等级{risk_level}[，当事人{parties}]，{deadline}到期。"
    for_resident = "人民调解已经开始，期限到{deadline}。"
    origin = Code(codes.CaseOrigin, optional=True)
    dispute_type = Code(codes.DisputeType)
    risk_level = Code(codes.RiskLevel)
    parties = some(Party, least=2, most=50)
    deadline = Moment()
    example = about_case(
        origin="APPEAL",
        dispute_type="NEIGHBOUR",
        risk_level="YELLOW",
        parties=[samples.CLAIMANT, samples.RESPONDENT],
        deadline=samples.MONTH_END,
    )


class MediationCaseClosed(CaseFact):
    title = "调解结案"
    for_staff = "调解结案：{result}。"
    for_resident = "调解结束：{result}。"
    result = Code(codes.MediationResult)
    example = about_case(result="SUCCESS")


class MediationTerminated(CaseFact):
    """Every party is told the other ways that stay open (人民调解法 art. 26)."""

    title = "终止调解"
    for_staff = "调解终止：{reason}。已告知双方还可走{remedies}。"
    for_resident = "调解没有继续下去。您还可以走{remedies}。"
    reason = Code(codes.TerminationReason)
    remedies = Many(Code(codes.Remedy), least=1)
    parties = some(Party, least=2, most=50)
    example = about_case(reason="PARTY_REFUSED", remedies=REMEDIES, parties=[samples.CLAIMANT, samples.RESPONDENT])
