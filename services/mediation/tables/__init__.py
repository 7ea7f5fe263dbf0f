"""Tables of mediation. Importing this package fills `Base.metadata`."""

from services.mediation.tables.agreements import Agreement, Signature, Term
from services.mediation.tables.base import Base
from services.mediation.tables.cases import (
    Case,
    CaseMediator,
    Deadline,
    NumberCounter,
    Party,
    SourceEnd,
    Willingness,
)
from services.mediation.tables.councils import Attendee, Council, Opinion, Topic, Vote
from services.mediation.tables.decisions import Decision
from services.mediation.tables.elections import Ballot, Election, Project, SiteIssue
from services.mediation.tables.extensions import ExtensionWord
from services.mediation.tables.helpers import HeardTask, Helper, HelperConsent
from services.mediation.tables.issues import Issue
from services.mediation.tables.ledger import Analysis, Entry, Quick, Sweep
from services.mediation.tables.legal import Knowledge, LegalHelper, LegalQuestion
from services.mediation.tables.open_days import GrantedWish, OpenDay, Visit
from services.mediation.tables.orgs import Member, Org
from services.mediation.tables.participants import Challenge, Representative
from services.mediation.tables.performance import Breach, PerformanceCheck
from services.mediation.tables.sessions import CaseSession, Talk

__all__ = [
    "Agreement",
    "Analysis",
    "Attendee",
    "Ballot",
    "Base",
    "Breach",
    "Case",
    "CaseMediator",
    "CaseSession",
    "Challenge",
    "Council",
    "Deadline",
    "Decision",
    "Election",
    "Entry",
    "ExtensionWord",
    "GrantedWish",
    "HeardTask",
    "Helper",
    "HelperConsent",
    "Issue",
    "Knowledge",
    "LegalHelper",
    "LegalQuestion",
    "Member",
    "NumberCounter",
    "OpenDay",
    "Opinion",
    "Org",
    "Party",
    "PerformanceCheck",
    "Project",
    "Quick",
    "Representative",
    "Signature",
    "SiteIssue",
    "SourceEnd",
    "Sweep",
    "Talk",
    "Term",
    "Topic",
    "Visit",
    "Vote",
    "Willingness",
]
