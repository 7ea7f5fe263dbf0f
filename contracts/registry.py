"""Everything that may be said and asked, found by name. Two things of one name are refused at import."""

from collections.abc import Hashable, Iterable, Iterator
from importlib import import_module
from types import ModuleType
from typing import TypeVar

from contracts import deadlines, departments, examples
from contracts.fields import Many, One
from contracts.matters import Matter
from contracts.schema import AnswerSchema, CommandSchema, EventSchema, Shape

CAPABILITIES = {
    "intake": (
        "appeals",
        "triage",
        "disputes",
        "working",
        "endings",
        "likeness",
        "hazards",
        "residents",
        "persons",
        "erasures",
        "own_data",
        "returned",
        "retention",
        "places",
        "leaves",
        "campaigns",
        "coverage",
        "surveys",
        "needs",
        "diaries",
        "errands",
        "repeats",
        "bookings",
        "imports",
        "exports",
        "handovers",
        "responsible",
        "shops",
        "patrols",
        "patrol_plans",
        "courtyards",
        "suggestions",
        "hotspots",
        "incidents",
        "on_account",
        "analyses",
        "clinics",
        "looks",
    ),
    "dispatch": (
        "whistles",
        "tasks",
        "objections",
        "ratings",
        "rating_appeals",
        "task_links",
        "catalogue",
        "crossings",
        "duty_requests",
        "leaves",
        "updates",
        "file_links",
        "owners",
        "holdings",
        "retention",
        "parts",
        "chains",
        "rectifications",
        "conferences",
        "turnouts",
        "supervisions",
        "supervision_figures",
        "appraisals",
    ),
    "mediation": (
        "cases",
        "opening",
        "parties",
        "representatives",
        "rights_notices",
        "challenges",
        "protection",
        "talks",
        "sessions",
        "extensions",
        "issues",
        "agreements",
        "breaches",
        "performance_checks",
        "confirmations",
        "dossiers",
        "archives",
        "topics",
        "councils",
        "council_board",
        "resolutions",
        "undertakings",
        "decisions",
        "holdings",
        "retention",
        "open_days",
        "visits",
        "ledger",
        "sweeps",
        "quick",
        "legal",
        "knowledge",
        "elections",
        "projects",
        "site_issues",
        "covenants",
        "rhythms",
        "looks",
    ),
    "notify": (
        "messages",
        "hand_deliveries",
        "follow_ups",
        "re_calls",
        "rates",
        "notices",
        "wishes",
        "volunteer_teams",
        "service_records",
        "service_certificates",
        "care_profiles",
        "care_rounds",
        "care_coverage",
        "pairings",
        "seats",
        "stewards",
        "commendations",
        "doorway_notices",
        "holdings",
        "pagers",
        "pager_alarms",
        "assistance",
        "assist_blocks",
        "service_points",
        "unmask_days",
        "wordings",
        "retention",
    ),
    "portal": (
        "files",
        "holdings",
        "retention",
    ),
}
"""The rooms of the published language by service, as their story goes."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class DuplicateName(ValueError):
    """Two classes of the published language claim one name."""


def unique(pairs: Iterable[tuple[K, V]]) -> dict[K, V]:
    """A dict of the pairs. Errors: DuplicateName."""
    found: dict[K, V] = {}
    for key, value in pairs:
        if key in found:
            raise DuplicateName(f"{key}: {found[key]} and {value}")
        found[key] = value
    return found


def _whole(modules: Iterable[ModuleType], base: type[V]) -> Iterator[type[V]]:
    """Classes that can be sent: a title or an example of their own tells them from mere bases."""
    for module in modules:
        for thing in vars(module).values():
            own = isinstance(thing, type) and thing.__module__ == module.__name__
            # issubclass would ask every other schema there is: marshmallow's are abstract base classes
            if own and base in thing.__mro__ and vars(thing).keys() & {"title", "example"}:
                if "example" not in vars(thing):
                    thing.example = examples.of(thing)
                yield thing


ROOMS = [import_module(f"contracts.{service}.{room}") for service, rooms in CAPABILITIES.items() for room in rooms]
ROOMS.append(deadlines)

EVENTS: dict[str, type[EventSchema]] = unique((fact.type, fact) for fact in _whole(ROOMS, EventSchema))
"""Every event by its type, `cn.shaodao.<service>.<event>.v1`, in the order of the story."""

COMMANDS: dict[tuple[str, str], type[CommandSchema]] = unique(
    ((asked.service, asked.method), asked) for asked in _whole(ROOMS, CommandSchema)
)
"""Every question and order by service and RPC method."""

ROUTED: dict[str, type[CommandSchema]] = unique((asked.method, asked) for asked in COMMANDS.values() if asked.route)
"""What has a page and a route, by its method: their names are made of it."""

ANSWERS: dict[str, type[AnswerSchema]] = unique(
    (answer.__name__, answer) for answer in dict.fromkeys(asked.answer for asked in COMMANDS.values())
)
"""Every answer by its class name."""


def listed(answer: type[AnswerSchema]) -> type[Shape] | None:
    """What the rows of a list are; None for what is no list."""
    items = answer().fields.get("items")
    return type(items.inner.schema) if isinstance(items, Many) and isinstance(items.inner, One) else None  # type: ignore[return-value]


MATTERS: dict[str, Matter] = {
    view.about.kind: view.about
    for answer in ANSWERS.values()
    for view in (answer, listed(answer))
    if view and view.about
}
"""What every aggregate is called, by kind."""

READS: dict[str, type[CommandSchema]] = {
    asked.answer.about.kind: asked
    for asked in COMMANDS.values()
    if asked.route.startswith("GET ") and asked.answer.about and set(asked().fields) == {"number"} and not asked.public
}
"""By kind, what is asked for the whole of an aggregate that staff find by its number."""

LOOK_UPS: dict[str, type[CommandSchema]] = unique(
    (asked.looks_up, asked) for asked in COMMANDS.values() if asked.looks_up
)
"""By the letter of a number, what is asked for it at the door."""

DEPARTMENT_MESSAGES: dict[str, type[EventSchema]] = unique(
    (message.type, message) for message in _whole((departments,), EventSchema)
)
"""What a department hears and replies, by type."""


def event(event_type: str) -> type[EventSchema]:
    """By type. Errors: KeyError."""
    return EVENTS[event_type]


def events_of(source: str) -> list[type[EventSchema]]:
    """All a service says."""
    return [fact for fact in EVENTS.values() if fact.source == source]


def command(service: str, method: str) -> type[CommandSchema]:
    """By service and RPC method. Errors: KeyError."""
    return COMMANDS[service, method]
