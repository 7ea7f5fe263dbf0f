"""Buttons of a page: which forms stand beside a thing, and what became of one that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chassis.errors import Conflict, Forbidden, ServiceError, Unauthenticated
from chassis.store import new_id
from services.portal.pages.fields import Field, Kind, paths
from services.portal.pages.forms import FORMS, GROUPS, Form
from services.portal.problems import KINDS, OTHER

View = Mapping[str, Any]


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
        seen = {field.name for field in FORMS[self.method].fields if field.kind != Kind.FIXED}
        unseen = [name for name in self.fields if seen_as(name, seen) is None]
        general = self.fields.get("_schema", [])
        return general if general else ["页面上的内容已经旧了，请刷新页面后再提交"] if unseen else []

    @property
    def states(self) -> list[str]:
        """The states in which it could be done, as what it is about calls them."""
        state: Any = FORMS[self.method].command.answer().fields.get("state")
        known = dict(state.enum.choices()) if state else {}
        return [known.get(code, code) for code in self.error.details.get("allowed_states", ())]

    @property
    def document(self) -> dict[str, Any]:
        """The same for a script: `wrong` by the names of the fields on the form."""
        seen = {field.name for field in FORMS[self.method].fields}
        wrong = {name: words for path, words in self.fields.items() if (name := seen_as(path, seen))}
        told = {
            "plain": self.plain,
            "beside": self.beside,
            "wrong": {name: "；".join(said) for name, said in wrong.items()},
        }
        return {"code": self.error.code, **told}

    @property
    def fields(self) -> dict[str, list[str]]:
        told = self.error.details.get("fields")
        return paths(told) if isinstance(told, dict) else {}


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
    presets: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.form.method}-{self.target}"

    def value(self, name: str, default: str = "") -> str:
        return self.failure.entered.get(name, "") if self.failure else self.presets.get(name, default)

    @property
    def first_wrong(self) -> str:
        """The field that is looked at first."""
        return next((field.name for field in self.form.fields if self.wrong(field.name)), "")

    def wrong(self, name: str) -> str:
        seen = {field.name for field in self.form.fields}
        told = self.failure.fields.items() if self.failure else ()
        return "；".join(text for path, texts in told if seen_as(path, seen) == name for text in texts)

    def picked(self, name: str, code: str) -> bool:
        entered = self.failure.entered if self.failure else self.presets
        return bool(entered.get(f"{name}:{code}"))

    @property
    def rows(self) -> list[Row]:
        """The fields as they stand on the page: further rows of a list wait behind one line that opens."""
        rows: list[Row] = []
        for each in self.form.fields:
            head, _, place = each.name.partition(".")
            further = head if place.partition(".")[0].isdigit() and not place.startswith("0") else ""
            if not rows or rows[-1].list_name != further:
                rows.append(Row(further, []))
            rows[-1].fields.append(each)
        return rows

    def used(self, row: Row) -> bool:
        return any(self.value(field.name) or self.wrong(field.name) for field in row.fields)


@dataclass(frozen=True)
class Row:
    """Fields that stand together; with a `list_name`, the further rows of a list, folded until they are used."""

    list_name: str
    fields: list[Field]


def seen_as(path: str, names: set[str]) -> str | None:
    """Under which field what is wrong with `path` is told: its own, its list, or the list's first row."""
    while path and path not in names:
        if rows := sorted(name for name in names if name.startswith(f"{path}.")):
            return rows[0]
        path = path.rpartition(".")[0]
    return path or None


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


def _action(form: Form, key_field: str, target: str, view: View, failure: Failure | None) -> Action:
    mine = failure if failure and (failure.method, failure.target) == (form.method, target) else None
    key = mine.key if mine else str(new_id())
    return Action(form, key_field, target, view.get("version"), view, key, mine)


def target_of(method: str, form: Mapping[str, str]) -> str:
    """The key of the thing a sent form is about."""
    return form.get(FORMS[method].key, "") if FORMS[method].key else "new"


def done(method: str) -> str | None:
    """What the page says after a form was taken."""
    form = FORMS.get(method)
    return f"已提交：{form.name}" if form else None
