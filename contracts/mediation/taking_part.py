"""Who else takes part, as a case shows them: representatives of a party, challenges of a mediator."""

from contracts.fields import Code, Day, Flag, Id, Many, Moment, One, Text
from contracts.schema import Shape
from contracts.shapes import PersonRef, files
from kernel.codes import ChallengeGround, Granted, Power, RepresentativeTie, Ruling


class RepresentativeView(Shape):
    """`active` until the letter ends or is withdrawn."""

    representative_id = Id()
    party_id = Id()
    masked_name = Text(40)
    tie = Code(RepresentativeTie)
    power = Code(Power)
    granted = Many(Code(Granted))
    until = Day(optional=True)
    active = Flag(default=True)
    letter = files()


class ChallengeView(Shape):
    """Without `ruling` it is still to be decided, and the session waits."""

    party_id = Id()
    mediator = One(PersonRef)
    ground = Code(ChallengeGround)
    words = Text(500)
    raised_at = Moment()
    ruling = Code(Ruling, optional=True)
    reason = Text(500, optional=True)
    ruled_by = One(PersonRef, optional=True)
    ruled_at = Moment(optional=True)
