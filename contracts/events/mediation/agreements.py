"""Facts of mediation agreements 调解协议 (人民调解法 art. 28–33)."""

from contracts import samples
from contracts.events.mediation.base import CaseFact, about_case
from contracts.fields import Code, Count, Day, Id, Moment, Text, some
from contracts.schema import Example
from contracts.shapes import Party
from kernel import codes


class AgreementFact(CaseFact):
    agreement_id = Id()


def about_agreement(**more: object) -> Example:
    return about_case(agreement_id=samples.AGREEMENT, **more)


class AgreementDrafted(AgreementFact):
    """Each party gets a copy, the committee keeps one (art. 29)."""

    name = "agreement_drafted"
    title = "调解协议已拟"
    agreement_number = Text(60)
    form = Code(codes.AgreementForm)
    copies = Count(1, 100)
    example = about_agreement(agreement_number=samples.MEDIATION_NO, form="WRITTEN", copies=3)


class AgreementSigned(AgreementFact):
    """`party_id` is given where the signer is a party; `paper_date` is the day written beside the mark."""

    name = "agreement_signed"
    title = "调解协议已签署"
    signer = Code(codes.Signer)
    party_id = Id(optional=True)
    manner = Code(codes.SignManner)
    paper_date = Day(optional=True)
    example = about_agreement(signer="PARTY", party_id=samples.PARTY_A, manner="FINGERPRINT", paper_date="2024-07-09")


class AgreementTookEffect(AgreementFact):
    """Binding from `effective_at`: the last of all signatures and the seal as dated on the paper (art. 29, 31).

    Only its day counts. `judicial_until`: until when the court may confirm it, passed or not (art. 33); null where
    the body is no people's mediation committee.
    """

    name = "agreement_took_effect"
    title = "调解协议已生效"
    effective_at = Moment()
    judicial_until = Moment(optional=True)
    parties = some(Party, least=2, most=50)
    example = about_agreement(
        effective_at=samples.AFTER, judicial_until=samples.MONTH_END, parties=[samples.CLAIMANT, samples.RESPONDENT]
    )


class JudicialConfirmationWindowOpened(AgreementFact):
    """Both parties may ask the court together until `until`: 30 days from effect (art. 33), when still to come."""

    name = "judicial_confirmation_window_opened"
    title = "可申请司法确认"
    until = Moment()
    example = about_agreement(until=samples.MONTH_END)


class AgreementPerformed(AgreementFact):
    name = "agreement_performed"
    title = "调解协议已履行"
    example = about_agreement()
