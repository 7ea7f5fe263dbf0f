"""The told case A1 from mediation's side: who is there, what is heard, and the shortest way to any state."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from chassis.identity import Principal
from chassis.store import Store
from contracts import samples
from contracts.mediation.agreements import DraftAgreement, RecordPerformance, SealAgreement, SignAgreement
from contracts.mediation.breaches import RecordBreach, TakeToCourt, UrgePerformance
from contracts.mediation.cases import TerminateCase
from contracts.mediation.challenges import ChallengeMediator, RuleOnChallenge
from contracts.mediation.extensions import AgreeToExtension, ExtendMediation
from contracts.mediation.parties import AssignMediator, ConsentToHelper, NameParty, RecordWillingness
from contracts.mediation.protection import ProtectParty, ReportDanger
from contracts.mediation.representatives import AppointRepresentative, EndRepresentative
from contracts.mediation.rights_notices import AcknowledgeRights
from contracts.mediation.sessions import MoveSession, RecordSession, ScheduleSession
from services.mediation import (
    agreements,
    breaches,
    cases,
    challenges,
    effect,
    extensions,
    helpers,
    mediators,
    parties,
    performance,
    protection,
    representatives,
    rights_notices,
    sessions,
    views,
    willingness,
)
from services.mediation.tables import Agreement, Case, Member, Org
from tests.support.events import names_said, said
from tests.unit.mediation.heard import Heard
from tests.unit.mediation.people import (
    HEARING,
    LISHAN,
    NOW,
    ORGS,
    SHI,
    STREET_OFFICER,
    WANG,
)


class World(Heard):
    """One store, and the operations as the entrypoints call them: each in a transaction of its own."""

    def __init__(self, store: Store, *, furnish: bool = True) -> None:
        self.store, self.now = store, NOW
        self.chen, self.zhao = uuid4(), uuid4()
        self.chen_person = uuid4()
        with store.transaction() as session:
            for code, name, statutory, area, members in ORGS if furnish else ():
                roster = [Member(account=account, name=person) for account, person in members]
                session.add(
                    Org(
                        code=code,
                        name=name,
                        kind="X",
                        statutory=statutory,
                        area_path=area,
                        seal_text=name,
                        members=roster,
                    )
                )

    @staticmethod
    def service() -> Principal:
        return Principal.service("mediation")

    # -- what is ordered

    def ask(self, command: Any, operation: Any, who: Principal, **fields: Any) -> Any:
        loaded = command().load({key: _wire(value) for key, value in fields.items()})
        with self.store.transaction() as session:
            row = operation(session, who, loaded, self.now)
            session.flush()
            view = views.agreement_view if isinstance(row, Agreement) else views.case_view
            command.answer().dump(view(session, who, row))
            return row.id

    def on_case(self, command: Any, operation: Any, who: Principal, **fields: Any) -> Any:
        return self.ask(command, operation, who, case_id=fields.pop("case_id", None) or self.case_id, **fields)

    def name(self, party: UUID, name: str, who: Principal = SHI, **more: Any) -> Any:
        return self.on_case(NameParty, parties.name, who, party_id=party, name=name, **more)

    def willing(self, party: UUID, word: str = "YES", who: Principal = LISHAN, **more: Any) -> Any:
        fields = {"party_id": party, "willing": word, "how": "PHONE", **more}
        return self.on_case(RecordWillingness, willingness.record, who, **fields)

    def assign(self, mediator: str = "u-shixiuying", who: Principal = WANG, **more: Any) -> Any:
        fields = {"mediator_id": mediator, "how_chosen": "APPOINTED", **more}
        return self.on_case(AssignMediator, mediators.assign, who, **fields)

    def consent(self, party: UUID, helper: UUID, who: Principal = SHI) -> Any:
        return self.on_case(ConsentToHelper, helpers.consent, who, party_id=party, helper_id=helper)

    def hear_rights(self, *party_ids: UUID, who: Principal = SHI) -> Any:
        told = list(party_ids or (self.chen, self.zhao))
        return self.on_case(AcknowledgeRights, rights_notices.acknowledge, who, party_ids=told, how="ON_SITE")

    def represent(self, party: UUID, name: str = "周明", who: Principal = SHI, **more: Any) -> Any:
        fields = {"party_id": party, "name": name, "tie": "LAWYER", "power": "GENERAL", "letter": [samples.PHOTO]}
        return self.on_case(AppointRepresentative, representatives.appoint, who, **{**fields, **more})

    def end_representative(self, key: UUID, who: Principal = SHI) -> Any:
        return self.on_case(EndRepresentative, representatives.end, who, representative_id=key)

    def challenge(self, party: UUID | None = None, who: Principal = LISHAN) -> Any:
        fields = {"party_id": party or self.zhao, "ground": "RELATED", "words": "他和对方是老战友"}
        return self.on_case(ChallengeMediator, challenges.challenge, who, **fields)

    def rule(self, ruling: str = "UPHELD", who: Principal = STREET_OFFICER) -> Any:
        return self.on_case(RuleOnChallenge, challenges.rule, who, ruling=ruling, reason="已核实")

    def protect(self, party: UUID | None = None, who: Principal = WANG, **more: Any) -> Any:
        safe = {"safe_phone": "13900000777", "safe_hours": "工作日9点到11点", "chosen": ["SHUTTLE"], **more}
        return self.on_case(ProtectParty, protection.protect, who, party_id=party or self.chen, **safe)

    def danger(self, danger: str = "VIOLENCE", who: Principal = SHI) -> Any:
        return self.on_case(ReportDanger, protection.report_danger, who, danger=danger)

    def word_on_time(self, party: UUID, word: str = "AGREES", who: Principal = LISHAN, **more: Any) -> Any:
        fields = {"party_id": party, "word": word, "how": "PHONE", **more}
        return self.on_case(AgreeToExtension, extensions.agree, who, **fields)

    def extend(self, who: Principal = SHI, **more: Any) -> Any:
        return self.on_case(ExtendMediation, extensions.extend, who, **{"reason": "NEEDS_EVIDENCE", **more})

    def schedule(self, who: Principal = SHI, **more: Any) -> Any:
        fields = {"kind": "JOINT", "starts_at": HEARING, "place_text": "社区调解室", "helper_ids": [], **more}
        return self.on_case(ScheduleSession, sessions.schedule, who, **fields)

    def move(self, who: Principal = SHI, **more: Any) -> Any:
        session_id = more.pop("session_id", None) or self.session_ids()[-1]
        fields = {"session_id": session_id, "place_text": "社区调解室", "notice_waived": False, **more}
        return self.on_case(MoveSession, sessions.move, who, **fields)

    def record(self, outcome: str, who: Principal = SHI, no: int = -1, **more: Any) -> Any:
        reason = None if outcome == "AGREED" else "REFUSED_COMPENSATION"
        session_id = more.pop("session_id", None) or self.session_ids()[no]
        fields = {"session_id": session_id, "outcome": outcome, "record_text": "双方陈述", "reason_code": reason}
        return self.on_case(RecordSession, sessions.record, who, **{**fields, **more})

    def terminate(self, reason: str = "FAILED", who: Principal = SHI, **more: Any) -> Any:
        return self.on_case(TerminateCase, cases.terminate, who, reason=reason, **more)

    def term(self, **more: Any) -> dict[str, Any]:
        base = {"obligor_party_id": str(self.zhao), "obligee_party_id": str(self.chen), "content": "赔偿地板和墙面损失"}
        return {**base, "amount": "4800.00", "method": "CASH", "due_at": None, **more}

    def draft(self, who: Principal = SHI, **more: Any) -> Any:
        fields = {
            "facts": "楼上住户将杂物倒入马桶",
            "liability": "楼上住户承担全部责任",
            "terms": [self.term()],
            "copies": 3,
        }
        return self.on_case(DraftAgreement, agreements.draft, who, **{**fields, **more})

    def sign(
        self, agreement: UUID, signer: str = "PARTY", party: UUID | None = None, who: Principal = SHI, **more: Any
    ) -> Any:
        fields = {"signer": signer, "party_id": party, "manner": "SIGN", **more}
        return self.ask(SignAgreement, effect.sign, who, agreement_id=agreement, **fields)

    def seal(self, agreement: UUID, who: Principal = SHI, **more: Any) -> Any:
        return self.ask(SealAgreement, effect.seal, who, agreement_id=agreement, **more)

    def perform(self, agreement: UUID, no: int = 1, who: Principal = SHI) -> Any:
        fields = {"agreement_id": agreement, "term_no": no, "proof": "RECEIPT", "attachments": [samples.PHOTO]}
        return self.ask(RecordPerformance, performance.record, who, **fields)

    def breach(self, agreement: UUID, no: int = 1, who: Principal = SHI, **more: Any) -> Any:
        fields = {"term_no": no, "words": "对方称手头紧", "attachments": [samples.PHOTO], **more}
        return self.ask(RecordBreach, breaches.record, who, agreement_id=agreement, **fields)

    def urge(self, agreement: UUID, until: str, no: int = 1, who: Principal = SHI, **more: Any) -> Any:
        fields = {"term_no": no, "how": "ON_SITE", "until": until, **more}
        return self.ask(UrgePerformance, breaches.urge, who, agreement_id=agreement, **fields)

    def to_court(self, agreement: UUID, way: str = "SUIT", who: Principal = SHI, **more: Any) -> Any:
        fields = {"way": way, "court": "银川市兴庆区人民法院", **more}
        return self.ask(TakeToCourt, breaches.take_to_court, who, agreement_id=agreement, **fields)

    # -- the shortest way there

    def open_case(self, **more: Any) -> UUID:
        assert self.hear(cases.open_for_dispute, self.disputed(**more))
        return self.case_id

    def opened(self) -> UUID:
        self.open_case()
        self.willing(self.chen)
        self.willing(self.zhao)
        return self.case_id

    def mediating(self) -> UUID:
        self.opened()
        self.assign()
        self.hear_rights()
        return self.case_id

    def accord(self) -> UUID:
        self.mediating()
        self.name(self.chen, "陈桂兰")
        self.name(self.zhao, "赵建国")
        self.schedule()
        self.now = HEARING + timedelta(hours=1)
        self.record("AGREED")
        return self.case_id

    def drafted(self, **more: Any) -> UUID:
        self.accord()
        return self.draft(**more)

    def signatures(self, agreement: UUID) -> dict[str, Any]:
        return {
            "chen": partial(self.sign, agreement, party=self.chen),
            "zhao": partial(self.sign, agreement, party=self.zhao, manner="FINGERPRINT"),
            "mediator": partial(self.sign, agreement, "MEDIATOR"),
            "seal": partial(self.seal, agreement),
        }

    def effective(self, **more: Any) -> UUID:
        agreement = self.drafted(**more)
        for give in self.signatures(agreement).values():
            give()
        return agreement

    # -- what is there

    @property
    def case_id(self) -> UUID:
        return self.see(lambda case: case.id)

    def see(self, look: Any) -> Any:
        """`look(newest case)`."""
        with self.store.transaction() as session:
            return look(session.scalars(select(Case).order_by(Case.created_at.desc(), Case.id.desc()).limit(1)).one())

    def state(self) -> str:
        return str(self.see(lambda case: case.state))

    def session_ids(self) -> list[UUID]:
        return list(self.see(lambda case: [row.id for row in case.sessions]))

    def helpers(self) -> list[SimpleNamespace]:
        return list(
            self.see(lambda case: [SimpleNamespace(id=one.id, unit=one.unit, state=one.state) for one in case.helpers])
        )

    def said(self, name: str) -> list[dict[str, Any]]:
        with self.store.transaction() as session:
            return [envelope["data"] for envelope in said(session, name)]

    def names_said(self) -> list[str]:
        """What was told of cases; the ledger, on which each of them is, tells its own."""
        with self.store.transaction() as session:
            return [name for name in names_said(session) if not name.startswith("dispute_")]

    def envelopes(self) -> list[dict[str, Any]]:
        with self.store.transaction() as session:
            return said(session)


def _wire(value: Any) -> Any:
    """As JSON carries it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return [_wire(one) for one in value]
    return str(value) if isinstance(value, UUID) else value
