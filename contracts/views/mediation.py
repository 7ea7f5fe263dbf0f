"""Views of mediation 调解."""

from contracts.fields import (
    Amount,
    Code,
    Count,
    Day,
    Flag,
    Id,
    Many,
    Moment,
    One,
    Text,
    fingerprint,
    some,
    unit_code,
)
from contracts.schema import AnswerSchema, Shape
from contracts.shapes import PersonRef, SourceRef, files
from contracts.views.base import AggregateView
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


class SessionPlaceView(AnswerSchema):
    """Where a session is held, as it was taken down; unmasked."""

    session_id = Id()
    place_text = Text(200)


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

    signer = Code(codes.Signer)
    party_id = Id(optional=True)
    by = One(PersonRef, optional=True)
    manner = Code(codes.SignManner)
    scan_sha256 = fingerprint(optional=True)
    paper_date = Day(optional=True)
    at = Moment()


class AgreementView(AggregateView):
    """The whole agreement. `missing`: which signatures still lack for effect (人民调解法 art. 29)."""

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
    performed_at = Moment(optional=True)


class MediationCaseView(AggregateView):
    """The whole case with parties, helpers, sessions and agreements. `statutory`: whether art. 31–33 apply."""

    state = Code(codes.MediationState)
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
    helpers = some(HelperView)
    sessions = some(SessionView, most=1000)
    agreements = some(AgreementView)
    result = Code(codes.MediationResult, optional=True)
    reason = Code(codes.TerminationReason, optional=True)
    remedies = Many(Code(codes.Remedy))
    closed_at = Moment(optional=True)


class DocumentView(AnswerSchema):
    """A printable document; `content` is base64. It names the parties: for print and signature only."""

    media_type = Text(60)
    filename = Text(120)
    content = Text(20_000_000)
