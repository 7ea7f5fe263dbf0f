"""The five invariants, by SQL and from the broker, over everything that happened since a mark.

1 exists   every case whose client was told a number exists once, on the portal's pages too, with all its facts
2 sent     every outbox row is sent
3 effects  every event has exactly one effect per listener: its inbox row and one committed run of its handler
4 empty    queues are empty, and a department has each order it was given
5 parked   parked = exactly what was poisoned
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from contracts.listeners import HEARS_EVERYTHING, LISTENERS, SERVICES
from ops import rabbitmq_api
from tests.chaos.load import Told
from tests.chaos.stage import UNIT, Stage
from tests.stories.sql import FACTS, one, rows

SPEAKERS = tuple(service for service in SERVICES if service != "portal")
VERSIONED = """
select table_name from information_schema.columns where table_schema = 'public'
and column_name in ('id', 'version', 'case_number') group by 1 having count(*) = 3
"""


@dataclass(frozen=True)
class Mark:
    """Where the outboxes, witnesses and parking tables stood when a row of the table began."""

    outbox: dict[str, int]
    effect: dict[str, int]
    parked: dict[str, int]

    @classmethod
    def of(cls, stage: Stage) -> Mark:
        last = lambda table, column: {  # noqa: E731
            service: one(stage.world, service, f"select coalesce(max({column}), 0) from {table}")
            for service in SERVICES
        }
        # the outboxes last: what is said and heard in between would be wanted again
        return cls(parked=last("parked", "id"), effect=last("chaos_effect", "no"), outbox=last("outbox", "position"))


@dataclass
class Expected:
    """What a fault did on purpose: ids of events that must end up parked, by service, and how many unreadable ones."""

    events: dict[str, set[str]] = field(default_factory=dict)
    unreadable: Counter[str] = field(default_factory=Counter)


@dataclass
class Findings:
    """What is wrong, a sentence each, by invariant."""

    lost: dict[str, list[str]] = field(default_factory=dict)
    doubled: dict[str, list[str]] = field(default_factory=dict)

    def lose(self, invariant: str, what: Any) -> None:
        self.lost.setdefault(invariant, []).extend(sorted(map(str, what)))

    def double(self, invariant: str, what: Any) -> None:
        self.doubled.setdefault(invariant, []).extend(sorted(map(str, what)))

    def count(self) -> tuple[int, int]:
        return sum(map(len, self.lost.values())), sum(map(len, self.doubled.values()))

    def sentences(self, most: int | None = None) -> list[str]:
        """What is wrong, at most so many sentences a kind."""
        kinds = [(name, what[:most]) for found in (self.lost, self.doubled) for name, what in found.items()]
        return [f"{name}: {each}" for name, what in kinds for each in what]

    def failed(self) -> set[str]:
        """What does not hold, for example `effects lost` and `exists doubled`."""
        lost = {f"{name} lost" for name, what in self.lost.items() if what}
        return lost | {f"{name} doubled" for name, what in self.doubled.items() if what}


Events = dict[str, dict[str, Any]]


def judge(stage: Stage, mark: Mark, told: list[Told], expected: Expected) -> Findings:
    """All five, at this moment."""
    findings = Findings()
    said = events(stage, mark)
    exists(stage, told, said, findings)
    sent(stage, findings)
    effects(stage, mark, said, expected, findings)
    empty(stage, findings)
    parked(stage, mark, expected, findings)
    return findings


def events(stage: Stage, mark: Mark) -> Events:
    """Every event recorded since the mark: id → its envelope, by the outbox of its source."""
    found = {}
    for service in SPEAKERS:
        query = f"select id, fact from {FACTS} where position > {mark.outbox[service]}"
        found |= dict(rows(stage.world, service, query))
    return found


def exists(stage: Stage, told: list[Told], said: Events, findings: Findings) -> None:
    accepted = Counter(each.number for each in told if each.number)
    cases = Counter(number for (number,) in rows(stage.world, "intake", "select case_number from appeal"))
    pages = {number for (number,) in rows(stage.world, "portal", "select number from matter where root")}
    made = {each["casenumber"] for each in said.values() if each["type"].endswith(".appeal_registered.v1")}
    findings.lose("exists", [each.gave_up for each in told if each.gave_up])
    findings.lose("exists", [number for number in accepted if cases[number] == 0 or number not in pages])
    findings.double("exists", [number for number in accepted if cases[number] > 1 or accepted[number] > 1])
    findings.double("exists", made - accepted.keys())  # a case nobody was told of: one key made two
    whistles = {each.whistle for each in told if each.whistle}
    kept = Counter(number for (number,) in rows(stage.world, "dispatch", "select number from whistle"))
    findings.lose("exists", whistles - kept.keys())
    blown = {e["data"]["whistle_number"] for e in said.values() if e["type"].endswith(".whistle_blown.v1")}
    findings.double("exists", blown - whistles)
    facts(stage, findings)


def facts(stage: Stage, findings: Findings) -> None:
    """`version` counts the facts told of an aggregate: the outbox holds each of them once."""
    for service in SPEAKERS:
        for (table,) in rows(stage.world, service, VERSIONED):
            query = f"""
                select a.id, a.version, count(facts.id), count(distinct facts.version)
                from {table} a left join {FACTS} on facts.subject = a.id::text
                group by 1, 2 having a.version <> count(facts.id) or count(facts.id) <> count(distinct facts.version)
            """
            for key, version, told, different in rows(stage.world, service, query):
                note = findings.lose if different < version else findings.double
                note("exists", [f"{table} {key}: version {version}, {told} facts, {different} different"])


def sent(stage: Stage, findings: Findings) -> None:
    for service in SERVICES:
        waiting = rows(stage.world, service, "select id from outbox where sent_at is null")
        findings.lose("sent", [f"{service} outbox {key}" for (key,) in waiting])


def effects(stage: Stage, mark: Mark, said: Events, expected: Expected, findings: Findings) -> None:
    for listener in SERVICES:
        given_up = expected.events.get(listener, set())
        wanted = {key for key, each in said.items() if hears(listener, each)} - given_up
        ran = Counter(
            key for (key,) in rows(
                stage.world, listener, f"select event_id from chaos_effect where no > {mark.effect[listener]}"
            )
        )  # fmt: skip
        claimed = {key for (key,) in rows(stage.world, listener, "select event_id from inbox")}
        findings.lose(
            "effects", [describe(listener, said[key]) for key in wanted if not ran[key] or key not in claimed]
        )
        findings.double("effects", [f"{listener} {key} ran {count} times" for key, count in ran.items() if count > 1])
        findings.double("effects", [f"{listener} {key} was given up, yet ran" for key in given_up if ran[key]])


def hears(listener: str, envelope: dict[str, Any]) -> bool:
    heard = {(contract.source, contract.name) for contract in LISTENERS[listener]}
    return listener in HEARS_EVERYTHING or (envelope["source"].strip("/"), envelope["type"].split(".")[-2]) in heard


def describe(listener: str, envelope: dict[str, Any]) -> str:
    return f"{listener} {envelope['type']} {envelope['id']} of {envelope['casenumber']}"


def empty(stage: Stage, findings: Findings) -> None:
    """A department has each order it was given, and nothing waits in the platform's queues.

    What lies in the reply queue of a process that died is for nobody: the queue goes by itself after five minutes.
    """
    heard = stage.read_department()
    orders = {str(key) for (key,) in rows(stage.world, "dispatch", "select id from department_message")}
    findings.lose("empty", [f"order {key} for {UNIT}" for key in orders - heard])
    waiting = {
        name: queue["messages"]
        for name, queue in rabbitmq_api.queues(stage.world).items()
        if queue.get("messages") and not name.startswith("department.")
        if queue.get("consumers") or not name.startswith("rpc.reply-")
    }
    findings.lose("empty", [f"{count} messages in {name}" for name, count in waiting.items()])


def parked(stage: Stage, mark: Mark, expected: Expected, findings: Findings) -> None:
    for service in SERVICES:
        query = f"select event_id, handler, error from parked where id > {mark.parked[service]}"
        lying = rows(stage.world, service, query)
        ids = Counter(key for key, _, _ in lying if key)
        unreadable = sum(1 for key, _, _ in lying if not key)
        wanted = expected.events.get(service, set())
        innocent = [f"{service} parked {key}: {error}" for key, _, error in lying if key and key not in wanted]
        findings.lose("parked", innocent)
        findings.lose("parked", [f"{service} did not park {key}" for key in wanted - ids.keys()])
        findings.double("parked", [f"{service} parked {key} {count} times" for key, count in ids.items() if count > 1])
        if unreadable != expected.unreadable[service]:
            findings.lose("parked", [f"{service} parked {unreadable} unreadable of {expected.unreadable[service]}"])
