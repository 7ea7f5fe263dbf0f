"""Tables of intake. Importing this package fills `Base.metadata`."""

from services.intake.tables.appeals import (
    FIRST_RESPONDER_GUARD,
    Appeal,
    AppealWhistle,
    Dispute,
    Ending,
    Extension,
    Handling,
    NeedItem,
)
from services.intake.tables.base import Base
from services.intake.tables.campaigns import Campaign, DataChange, Target, Visit
from services.intake.tables.clocks import Deadline, OverdueRaised
from services.intake.tables.hazards import Hazard, Measure
from services.intake.tables.people import Person
from services.intake.tables.places import AreaNode, Category, Post, PostHolder, PostLeave
from services.intake.tables.sequence import NumberCounter

__all__ = [
    "FIRST_RESPONDER_GUARD",
    "Appeal",
    "AppealWhistle",
    "AreaNode",
    "Base",
    "Campaign",
    "Category",
    "DataChange",
    "Deadline",
    "Dispute",
    "Ending",
    "Extension",
    "Handling",
    "Hazard",
    "Measure",
    "NeedItem",
    "NumberCounter",
    "OverdueRaised",
    "Person",
    "Post",
    "PostHolder",
    "PostLeave",
    "Target",
    "Visit",
]
