"""Tables of intake. Importing this package fills `Base.metadata`."""

from services.intake.tables.appeals import (
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
from services.intake.tables.erasures import Erasure
from services.intake.tables.errands import AuthorityContact, Errand, ErrandMaterial, HomeVisit
from services.intake.tables.hazards import Hazard, Measure
from services.intake.tables.imports import Import, ImportRow
from services.intake.tables.patrols import Patrol, PatrolPoint
from services.intake.tables.people import Consent, Person, PersonMerge
from services.intake.tables.places import AreaNode, AreaOutline, Category, Post, PostHolder, PostLeave
from services.intake.tables.sequence import NumberCounter

__all__ = [
    "Appeal",
    "AppealWhistle",
    "AreaNode",
    "AreaOutline",
    "AuthorityContact",
    "Base",
    "Campaign",
    "Category",
    "Consent",
    "DataChange",
    "Deadline",
    "Dispute",
    "Ending",
    "Erasure",
    "Errand",
    "ErrandMaterial",
    "Extension",
    "Handling",
    "Hazard",
    "HomeVisit",
    "Import",
    "ImportRow",
    "Measure",
    "NeedItem",
    "NumberCounter",
    "OverdueRaised",
    "Patrol",
    "PatrolPoint",
    "Person",
    "PersonMerge",
    "Post",
    "PostHolder",
    "PostLeave",
    "Target",
    "Visit",
]
