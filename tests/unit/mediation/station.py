"""A station that opens its own cases: walk-ins, talks with one side, points in dispute."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from chassis.identity import Principal
from contracts.mediation.cases import GetCase, ListCases
from contracts.mediation.issues import RecordIssue, SettleIssue
from contracts.mediation.opening import OpenCase
from contracts.mediation.talks import RecordTalk
from services.mediation import issues, opening, talks, views
from services.mediation.tables import Case
from tests.unit.mediation.people import SHI, WALK_IN
from tests.unit.mediation.world import World


class Station(World):
    """As the world of A1, with what mediation begins by itself."""

    def walk_in(self, who: Principal, **more: Any) -> Any:
        return self.ask(OpenCase, opening.open_case, who, **{**WALK_IN, **more})

    def talk(self, party: UUID, who: Principal = SHI, **more: Any) -> Any:
        return self.on_case(RecordTalk, talks.record, who, **{"party_id": party, "words": "嫌贵", **more})

    def issue(self, kind: str, who: Principal = SHI, **says: Any) -> Any:
        return self.on_case(RecordIssue, issues.record, who, kind=kind, **says)

    def settle(self, kind: str, who: Principal = SHI, **more: Any) -> Any:
        return self.on_case(SettleIssue, issues.settle, who, kind=kind, **more)

    def party(self, side: str) -> UUID:
        return UUID(str(self.see(lambda case: next(one.party_id for one in case.parties if one.side == side))))

    def view(self, who: Principal) -> dict[str, Any]:
        """The newest case as somebody is shown it."""
        with self.store.transaction() as session:
            case = session.scalars(select(Case).order_by(Case.created_at.desc(), Case.id.desc()).limit(1)).one()
            return dict(GetCase.answer().dump(views.case_view(session, who, case)))

    def lines(self, who: Principal, **asked: Any) -> list[dict[str, Any]]:
        """The cases somebody is shown in a list."""
        with self.store.transaction() as session:
            answer = views.list_cases(session, who, ListCases().load(asked), self.now)
            return list(ListCases.answer().dump(answer)["items"])
