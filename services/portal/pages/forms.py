"""The form of every command that people give, from its contract: the fields with a label, in the order of the class.

What the contract cannot know stands here, by method: what is fixed by the page, how what is entered becomes the command
where the two differ. Whoever may use which is for the services to say (`allowed_commands`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from contracts import registry
from contracts.intake.appeals import RegisterAppeal
from contracts.intake.residents import FindAddress, RevealContact
from contracts.mediation.councils import TakeRoll
from contracts.notify.care_profiles import RevealCareContact
from contracts.notify.pagers import RevealPagerContact
from contracts.schema import CommandSchema
from kernel import codes
from services.portal.api.public import title_of
from services.portal.api.shapes import UNSORTED
from services.portal.pages import choices
from services.portal.pages.fields import LINES_LENGTH, Field, Kind, drawn, nested

Values = dict[str, Any]
Adapt = Callable[[Values], Values]

KEYS = (
    "number", "task_id", "whistle_id", "case_id", "agreement_id", "follow_up_id", "person_id", "unit", "area_path",
)  # fmt: skip
"""Fields that say what a command is about; forms carry them hidden."""
TOLD_BY_PAGE = frozenset({"expected_version", "leave_id"})
ABOUT_CASES = {"draft_whistle": "number"}
"""Commands that are about something without naming it by a key."""

FIXED = {
    "draft_whistle": {
        "source.kind": "source_kind",
        "source.id": "source_id",
        "source.number": "source_number",
        "area_path": "area_path",
        "level": "whistle_level",
    },
}
"""Fields whose value the page knows, by the key of its view."""

VALUES = {
    "register_appeal": {
        "category": UNSORTED, "channel": codes.Channel.VISIT.value, "nature": codes.Nature.HELP.value,
    },
    "reveal_contact": {"purpose": "电话联系群众"},
    "find_address": {"purpose": "电话联系群众"},
    RevealCareContact.method: {"purpose": "打关怀电话"},
    RevealPagerContact.method: {"purpose": "回应呼叫"},
}  # fmt: skip
"""What stands in a field before anybody enters something."""


@dataclass(frozen=True)
class Form:
    """`key` names what it is about; empty where it begins something new."""

    command: type[CommandSchema]
    fields: tuple[Field, ...]
    key: str

    @property
    def name(self) -> str:
        return self.command.title

    @property
    def method(self) -> str:
        return self.command.method

    @property
    def main(self) -> bool:
        return self.command.main

    @property
    def note(self) -> str:
        return self.command.hint

    @property
    def has_files(self) -> bool:
        return any(field.kind in (Kind.FILES, Kind.FILE) for field in self.fields)

    @property
    def further(self) -> list[str]:
        """What a form asks for last, and seldom."""
        names = [field.name for field in self.fields]
        return [field.label for field in self.fields[names.index("category") :]] if "category" in names else []

    def adapt(self, entered: Values) -> Values:
        """What was entered, as fields of the command."""
        told = nested(entered)
        return ADAPTED[self.method](told) if self.method in ADAPTED else told


def _assigned(values: Values) -> Values:
    unit, _, person = str(values.get("handler_id") or "").partition(" ")
    return {"lead_unit": unit or None, "handler_id": person or None}


def _called(values: Values) -> Values:
    """The first unit leads, the others assist."""
    units = values.get("recipients", [])
    roles = [codes.TaskRole.LEAD, *[codes.TaskRole.ASSIST] * len(units)]
    return {**values, "recipients": [{**row, "role": role.value} for row, role in zip(units, roles, strict=False)]}


def _signed_by(values: Values) -> Values:
    signer, _, party = str(values.get("signer") or "").partition(":")
    return {**values, "signer": signer, "party_id": party or None}


def _told_at_a_door(values: Values) -> Values:
    """The title is the first words; who has no telephone is visited."""
    reporter = values.get("reporter")
    if reporter and not reporter.get("phone"):
        values["reporter"] = {**reporter, "contact_preference": codes.ContactPreference.VISIT.value}
    return {**values, "title": title_of(values.get("content") or "") or None}


def _on_the_roll(values: Values) -> Values:
    """Lines of a roll, as people write them on paper: `姓名`, `姓名 身份`, `姓名 身份 自来`."""
    return {**values, "people": [_attendee(line.split()) for line in values.get("people", ())]}


def _attendee(words: list[str]) -> Values:
    known = [word for word in words if word not in WALKED_IN]
    return {"name": known[0] if known else "", "group": " ".join(known[1:]) or None, "walk_in": len(known) < len(words)}


WALKED_IN = frozenset({"自来", "自己来的", "临时"})
ROLL = Field(
    "people", "名单", Kind.LINES, most=LINES_LENGTH, help="一行一个：姓名 身份。没有邀请、自己来的，后面空一格写“自来”",
)  # fmt: skip
DRAWN = {TakeRoll.method: {"people": ROLL}}
"""A list that is written down quicker than it is filled in field by field."""
ADAPTED: dict[str, Adapt] = {
    TakeRoll.method: _on_the_roll,
    "assign_appeal": _assigned,
    "draft_whistle": _called,
    "sign_agreement": _signed_by,
    RegisterAppeal.method: _told_at_a_door,
}


def form_of(command: type[CommandSchema]) -> Form | None:
    """None where a required field is neither drawn, nor fixed, nor what it is about: that needs a program."""
    method, schema = command.method, command()
    fields = [*_fixed(method), *(_preset(method, each) for each in _drawn(command))]
    shown = {each.name.partition(".")[0] for each in fields}
    key = ABOUT_CASES.get(method) or next((each for each in KEYS if each in schema.fields and each not in shown), "")
    filled = shown | {key} | TOLD_BY_PAGE | FILLED.get(method, set())
    complete = all(name in filled for name, field in schema.fields.items() if field.required)
    return Form(command, tuple(fields), key) if complete else None


FILLED = {"assign_appeal": {"lead_unit"}, RegisterAppeal.method: {"title"}}
"""What `ADAPTED` makes of other fields."""


def _fixed(method: str) -> list[Field]:
    fixed = FIXED.get(method, {}).items()
    return [Field(name, "", Kind.FIXED, choices.known(key), required=False) for name, key in fixed]


def _drawn(command: type[CommandSchema]) -> list[Field]:
    own = DRAWN.get(command.method, {})
    each_field = drawn(command, choices.of(command.method))
    return [*own.values(), *(field for field in each_field if field.name.partition(".")[0] not in own)]


def _preset(method: str, field: Field) -> Field:
    value = VALUES.get(method, {}).get(field.name)
    return replace(field, value=value) if value else field


ORDERS = [command for command in registry.COMMANDS.values() if command.route.startswith("POST ")]
FORMS: dict[str, Form] = {form.method: form for form in map(form_of, ORDERS) if form}
GROUPS: dict[str, tuple[Form, ...]] = {key: tuple(form for form in FORMS.values() if form.key == key) for key in KEYS}
BEGINNING = tuple(form for form in FORMS.values() if not form.key and "<" not in form.command.route)
REVEAL, ADDRESS = FORMS[RevealContact.method], FORMS[FindAddress.method]
TOLD_ONCE = frozenset({"phone", "token"})
"""Fields of answers that no view repeats."""
SHOWN_ONCE = frozenset(
    form.method for form in FORMS.values() if form.key and TOLD_ONCE & form.command.answer().fields.keys()
)
"""What these answer stands on the page once and is asked for anew each time."""
