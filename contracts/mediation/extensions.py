"""More time for a mediation 延长调解期限: once, by the word of every party, told before the old limit ends."""

from contracts import samples
from contracts.fields import Code, Id, Moment, some
from contracts.mediation.base import ASKERS, MEDIATORS, CaseFact, about_case
from contracts.mediation.cases import CaseCommand
from contracts.shapes import Party
from kernel import codes

TAG = "调解"


class AgreeToExtension(CaseCommand):
    """A party's newest word counts, until the limit is moved on."""

    title = "记延期意见"
    route = "POST /mediations/<case_id>/extension-words"
    by = ASKERS
    hint = "每一方都同意，才能延长调解期限。"
    party_id = Id(label="谁说的")
    word = Code(codes.ProlongWord, label="同意吗")
    how = Code(codes.HandlingHow, label="怎么说的")
    said_at = Moment(optional=True, label="什么时候", help="不填就是现在")
    example = {
        "case_id": samples.CASE,
        "expected_version": 6,
        "party_id": samples.PARTY_A,
        "word": "AGREES",
        "how": "PHONE",
        "said_at": None,
    }


class ExtendMediation(CaseCommand):
    """By the term of policy key mediation.extension, as often as it says, before the limit ends."""

    title = "延长调解期限"
    route = "POST /mediations/<case_id>/extension"
    by = MEDIATORS
    hint = "先逐一记下每一方的意见；延长后告诉各方。不延长的，期限届满调解终止。"
    reason = Code(codes.ProlongReason, label="为什么延长")
    example = {"case_id": samples.CASE, "expected_version": 8, "reason": "NEEDS_EVIDENCE"}


class ExtensionWordRecorded(CaseFact):
    title = "延期意见"
    for_staff = "一方当事人{word}（{how}）。"
    for_resident = None
    party_id = Id()
    word = Code(codes.ProlongWord)
    how = Code(codes.HandlingHow)
    example = about_case(party_id=samples.PARTY_A, word="AGREES", how="PHONE")


class MediationExtended(CaseFact):
    """Every party agreed; told before `old_due_at`."""

    title = "延长调解期限"
    for_staff = "各方同意，调解期限由{old_due_at}延长到{new_due_at}，原因：{reason}。"
    for_resident = "各方同意，调解期限延长了。"
    reason = Code(codes.ProlongReason)
    old_due_at = Moment()
    new_due_at = Moment()
    parties = some(Party, least=2, most=50)
    example = about_case(
        reason="NEEDS_EVIDENCE", old_due_at=samples.MONTH_END, new_due_at="2024-09-06T16:00:00Z",
        parties=[samples.CLAIMANT, samples.RESPONDENT],
    )  # fmt: skip
