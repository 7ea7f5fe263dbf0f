"""What all that intake says and answers shares."""

from contracts import samples
from contracts.fields import Id
from contracts.schema import CommandSchema, EventSchema, Example
from contracts.tokens import case_no
from kernel.codes import Role
from kernel.rights import among, at, everybody, named, of_unit, own, residents, services, when

HANDLER = own("handler_id", words="承办人")
FIRST_RESPONDER = own("first_responder_id", words="首问责任人")
COMPLAINANT = own("registered_by", "reporter_id", words="诉求人").given(residents()).said("诉求人本人")
"""The resident who reported, by the account it was reported with or as the person on record."""
COMPLAINED_OF = among("against", "被投诉的一方")
"""Sees, does and hears nothing of the case (domain §3.6 inv. 6)."""
WORKERS = at(Role.GRID, Role.COMMUNITY, Role.STREET)
DESKS = at(Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET, Role.DISTRICT)
COORDINATORS = at(Role.COMMUNITY, Role.STREET, Role.DISTRICT)
REPORTERS = residents() | at(Role.GRID, Role.COMMUNITY, Role.STEWARD, Role.STREET)
"""Staff at their place; a resident anywhere, since danger has no owner."""
_OFFICES = (Role.GRID, Role.COMMUNITY, Role.WINDOW, Role.STREET, Role.DISTRICT, Role.AUDITOR)
OFFERED = own("offered_to_id", words="被请接手的人")
_TAKING_PART = HANDLER | FIRST_RESPONDER | COMPLAINANT | OFFERED
READERS = (services() | at(*_OFFICES, Role.FOLLOWUP) | _TAKING_PART).but(COMPLAINED_OF)
"""Those who answer for the place or work on the case; other services get it without words."""
WORD_READERS = (at(*_OFFICES) | _TAKING_PART).but(services()).but(COMPLAINED_OF)
"""What people wrote is shown to them; the follow-up caller needs the number and the state alone (domain §4.8)."""
HAZARD_READERS = services() | at(*_OFFICES, Role.FOLLOWUP) | own("reported_by_id", words="上报人")
_OPEN = named("open", "未办结的件")
_SECRET = when("要求保密的件", lambda appeal: bool(appeal.secret))
KNOWING = everybody().unless(_SECRET, FIRST_RESPONDER | COMPLAINANT | at(Role.AUDITOR)).but(COMPLAINED_OF)
"""To whom it is said who reported (domain §3.6 inv. 6)."""
_IN_SCOPE = (HANDLER | FIRST_RESPONDER | at(Role.GRID, Role.COMMUNITY, Role.STREET, Role.FOLLOWUP)).given(_OPEN)
REVEALED_TO = (
    (services() | at(Role.AUDITOR) | _IN_SCOPE)
    .unless(_SECRET, at(Role.AUDITOR) | FIRST_RESPONDER.given(_OPEN))
    .but(COMPLAINED_OF)
)
"""May see name and telephone of the people of a case."""
_CALLER = (
    at(Role.FOLLOWUP).given(named("awaits_answer", "已反馈结果待回访的件")).but(of_unit("lead_unit", "承办单位的人"))
)
ASKED_ABOUT_BY = _CALLER.but(COMPLAINED_OF)
"""Reads the matter and its result, nothing of how it was handled."""
REACHED_BY = (services("notify") | _CALLER).but(COMPLAINED_OF) | REVEALED_TO
"""May have the telephone of the reporter, secret or not, and nothing else."""


class IntakeEvent(EventSchema):
    source = "intake"


class IntakeCommand(CommandSchema):
    service = "intake"


class AppealFact(IntakeEvent):
    """About one appeal 诉求工单; its number is the case number of all that follows."""

    appeal_id = Id()
    number = case_no()


def about_appeal(**more: object) -> Example:
    """An example's fields of the sample appeal, and more."""
    return {"appeal_id": samples.APPEAL, "number": samples.APPEAL_NO, **more}
