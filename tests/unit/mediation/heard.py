"""What mediation hears of others in the told case: disputes, whistles and tasks, the end of what it comes from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from chassis.store import Store
from contracts.dispatch.objections import WhistleTaskObjectionDecided
from contracts.dispatch.tasks import WhistleTaskSigned
from contracts.dispatch.whistles import WhistleBlown
from contracts.intake.disputes import DisputeIdentified
from contracts.intake.endings import AppealMerged, AppealWithdrawn
from services.mediation import following
from tests.support.delivering import deliver
from tests.support.events import hear
from tests.unit.mediation.people import APPEAL, OTHER_APPEAL, STAIRWELL, UNITS, number


class Heard:
    """Events about one appeal and its two sides, and their handlers as the bus calls them."""

    store: Store
    now: datetime
    chen: UUID
    zhao: UUID
    chen_person: UUID

    def hear(self, handle: Any, event: Any) -> bool:
        return deliver(self.store, handle, event, self.now)

    def disputed(self, appeal: UUID = APPEAL, seq: int = 1, **more: Any) -> Any:
        people = [
            {"party_id": str(self.chen), "person_id": str(self.chen_person), "masked_name": "陈*", "side": "CLAIMANT"},
            {"party_id": str(self.zhao), "person_id": None, "masked_name": "赵*", "side": "RESPONDENT"},
        ]
        data = {"appeal_id": str(appeal), "number": number(seq), "parties": people, **more.pop("data", {})}
        about = {"area_path": STAIRWELL, "case_number": number(seq), "time": self.now, **more}
        return hear(DisputeIdentified, data, **about)

    def whistled(self, *units: str, whistle: UUID | None = None, appeal: UUID = APPEAL, **more: Any) -> Any:
        recipients = [
            {"task_id": str(uuid4()), "unit": unit, "unit_name": f"{unit}单位", "unit_kind": "STATION", "role": "LEAD"}
            for unit in units or UNITS
        ]
        source = {"kind": more.pop("kind", "APPEAL"), "id": str(appeal), "number": number(1)}
        data = {"whistle_id": str(whistle or uuid4()), "source": source, "recipients": recipients}
        return hear(WhistleBlown, data, **{"time": self.now + timedelta(minutes=1), **more})

    def task(self, contract: Any, whistle: UUID, unit: str, appeal: UUID = APPEAL, **data: Any) -> Any:
        about = {
            "whistle_id": str(whistle),
            "task_id": str(uuid4()),
            "unit": {"code": unit, "name": f"{unit}单位", "kind": "STATION"},
            "source": {"kind": "APPEAL", "id": str(appeal), "number": number(1)},
        }
        return hear(contract, {**about, **data}, time=self.now + timedelta(minutes=2))

    def signed(self, whistle: UUID, unit: str) -> Any:
        return self.task(WhistleTaskSigned, whistle, unit, receiver={"id": str(UUID(int=77)), "name": "接哨员"})

    def swapped(self, whistle: UUID, unit: str, new_unit: str | None, decision: str = "UPHELD") -> Any:
        new_task = str(uuid4()) if new_unit else None
        return self.task(
            WhistleTaskObjectionDecided,
            whistle,
            unit,
            decision=decision,
            new_unit=new_unit,
            new_task_id=new_task,
        )

    def withdrawn(self, appeal: UUID = APPEAL) -> Any:
        return hear(AppealWithdrawn, {"appeal_id": str(appeal), "number": number(1)})

    def merged(self, appeal: UUID = APPEAL, into: UUID = OTHER_APPEAL, into_seq: int = 2) -> Any:
        data = {"appeal_id": str(appeal), "number": number(1), "into_id": str(into), "into_number": number(into_seq)}
        return hear(AppealMerged, data)

    def withdraw(self, appeal: UUID = APPEAL) -> bool:
        return self.hear(following.source_withdrawn, self.withdrawn(appeal))

    def merge(self, **more: Any) -> bool:
        return self.hear(following.source_merged, self.merged(**more))
