"""What is shown of a mediation: the case, its parties, sessions and agreements."""

from contracts.fields import Code, Count, Day, Flag, Id, Many, Moment, One, Text, some
from contracts.matters import Matter
from contracts.mediation.hints import KnowledgeHint
from contracts.mediation.taking_part import ChallengeView, RepresentativeView
from contracts.schema import Shape
from contracts.shapes import AggregateView, Page, PersonRef, SourceRef, files
from contracts.tokens import Amount, case_no, fingerprint, staff_id, unit_code
from kernel import codes


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
