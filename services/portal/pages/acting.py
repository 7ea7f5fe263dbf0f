"""Buttons of a page: which forms stand beside a thing, and what became of one that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chassis.errors import Conflict, Forbidden, ServiceError, Unauthenticated
from chassis.store import new_id
from kernel.codes import (
    AgreementState,
    AppealState,
    FollowUpState,
    HazardState,
    MediationState,
    TaskState,
    WhistleState,
)
from services.portal.pages.fields import Kind
from services.portal.pages.forms import FORMS, GROUPS, KEY_OF, Form
from services.portal.problems import KINDS, OTHER

View = Mapping[str, Any]
STATES = (WhistleState, TaskState, FollowUpState, AgreementState, MediationState, HazardState, AppealState)
"""Whose words name a state; what appeals call theirs goes before the others."""


@dataclass(frozen=True)
class Failure:
    """A form the service did not take: shown again, open, as it was entered, with what is wrong."""

    method: str
    target: str
    error: ServiceError
    entered: Mapping[str, str] = field(default_factory=dict)
    key: str = ""

    @property
    def plain(self) -> str:
        """What happened and what to do now, for people: no word of headers, keys or tokens."""
        if isinstance(self.error, Unauthenticated):
            return str(self.error)
        kind = KINDS.get(self.error.code, OTHER)
        own = self.error.message if isinstance(self.error, (Conflict, Forbidden)) else ""
        return f"{own}。{kind.plain}" if own else kind.plain

    @property
    def beside(self) -> list[str]:
        """What is wrong with fields nobody sees on the form cannot stand beside one: one sentence for all of them."""
        seen = {field.name for field in FORMS[self.method].fields}
        unseen = [name for name in self.fields if name not in seen]
        general = self.fields.get("_schema", [])
        return general if general else ["页面上的内容已经旧了，请刷新页面后再提交"] if unseen else []

    @property
    def states(self) -> list[str]:
        """The states in which it could be done, in words."""
        known = {each.value: each.label for kind in STATES for each in kind}
        return [known.get(code, code) for code in self.error.details.get("allowed_states", ())]

    @property
    def fields(self) -> dict[str, list[str]]:
        told = self.error.details.get("fields")
        return {name: _flat(each) for name, each in told.items()} if isinstance(told, dict) else {}


@dataclass(frozen=True)
class Action:
    """One form beside one thing. Sending it twice has one effect: `key` goes along as idempotency key."""

    form: Form
    key_field: str
    target: str
    version: int | None
    view: View
    key: str
    failure: Failure | None = None

    @property
    def id(self) -> str:
        return f"{self.form.method}-{self.target}"

    def value(self, name: str, default: str = "") -> str:
        return self.failure.entered.get(name, "") if self.failure else default

    @property
    def first_wrong(self) -> str:
        """The field that is looked at first."""
        return next((field.name for field in self.form.fields if self.wrong(field.name)), "")

    def wrong(self, name: str) -> str:
        return "；".join(self.failure.fields.get(name, ())) if self.failure else ""


def actions(view: View | None, key_field: str, failure: Failure | None = None) -> list[Action]:
    """The forms for what `view` allows its viewer, in the order of the table."""
    if not view:
        return []
    allowed, target = set(view.get("allowed_commands", ())), str(view["number" if key_field == "number" else "id"])
    offered = [form for form in GROUPS[key_field] if form.method in allowed and _can_be_filled(form, view)]
    return [_action(form, key_field, target, view, failure) for form in offered]


def _can_be_filled(form: Form, view: View) -> bool:
    """A form whose required choice has nothing to choose from could only be refused."""
    needed = [field for field in form.fields if field.kind is Kind.CHOICE and field.required]
    return all(field.options(view) for field in needed)


def others(view: View | None) -> list[str]:
    """What is allowed but has no form here: it is done through the API."""
    return sorted(set((view or {}).get("allowed_commands", ())) - FORMS.keys() - {"agreement_document"})


def _action(form: Form, key_field: str, target: str, view: View, failure: Failure | None) -> Action:
    mine = failure if failure and (failure.method, failure.target) == (form.method, target) else None
    key = mine.key if mine else str(new_id())
    return Action(form, key_field, target, view.get("version"), view, key, mine)


def target_of(method: str, form: Mapping[str, str]) -> str:
    """The key of the thing a sent form is about."""
    return form.get(KEY_OF[method], "")


def _flat(messages: Any) -> list[str]:
    """Messages of a field; those of nested fields too."""
    if isinstance(messages, dict):
        return [text for each in messages.values() for text in _flat(each)]
    return [str(each) for each in messages] if isinstance(messages, list) else [str(messages)]


def done(method: str) -> str | None:
    """What the page says after a form was taken."""
    form = FORMS.get(method)
    return f"已提交：{form.name}" if form else None
