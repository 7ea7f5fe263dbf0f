"""What all that mediation says and answers shares."""

from typing import Any

from contracts import samples
from contracts.fields import Id, One
from contracts.schema import CommandSchema, EventSchema, Example
from contracts.shapes import SourceRef
from contracts.tokens import case_no
from kernel.codes import Role
from kernel.rights import Right, at, named, own

READERS = at(Role.MEDIATOR, Role.COMMUNITY, Role.GRID, Role.STREET)
"""May know of a case of their place. Helpers and parties see nothing here: they get paper, notices and a seat."""
OPENLY = Right(
    "没有封存的案件",
    lambda who, item, tests: not item.sealed,
    condition=lambda model, who: model.sealed.is_(False),
)
KEEPER = own("keeper_id", words="本案调解员")
CASE_READERS = READERS.given(OPENLY) | at(Role.COMMUNITY, Role.STREET) | KEEPER
"""May know of a case. Of a sealed one (violence at home) the grid worker and other mediators learn nothing."""
PARTY = named("party", "案件当事人及其代理人、近亲属")
"""Whose own dispute it is (domain §3.6 inv. 7)."""
ASKERS = at(Role.MEDIATOR, Role.COMMUNITY, Role.GRID).but(PARTY)
"""May take down who the parties are and whether they are willing: often the grid worker asks at the door."""
MEDIATORS = at(Role.MEDIATOR, Role.COMMUNITY).but(PARTY)
"""May run the case: sessions, agreement, signatures, seal, performance, end."""
APPOINTERS = at(Role.COMMUNITY, Role.MEDIATOR, Role.STREET).but(PARTY)
"""May appoint a mediator, or take down whom the parties chose (人民调解法 art. 19)."""


class MediationCommand(CommandSchema):
    service = "mediation"


class NumberedFact(EventSchema):
    """About what people find by its own number."""

    source = "mediation"
    number = case_no()


class MediationEvent(EventSchema):
    source = "mediation"
    case_id = Id()
    mediation_number = case_no()


class CaseFact(MediationEvent):
    """Adds the field `source`; apart, because the class attribute of that name would hide it from type checkers."""

    source: Any = One(SourceRef)


def about_case(**more: object) -> Example:
    return {
        "case_id": samples.CASE,
        "mediation_number": samples.MEDIATION_NO,
        "source": samples.ABOUT_APPEAL,
        **more,
    }
