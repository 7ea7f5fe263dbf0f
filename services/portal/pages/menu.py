"""The main menu: a line of one's own work, and behind few headings all that one's posts may begin, list or count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from chassis.identity import Principal
from contracts import registry
from contracts.intake.exports import ListOrders
from contracts.notify.rates import READERS
from contracts.notify.wordings import ListWordings
from kernel.codes import Role
from services.portal.pages import seeing
from services.portal.pages.derived import BOARDS, LISTS, readers
from services.portal.pages.forms import BEGINNING
from services.portal.readmodel import scope


class Item(NamedTuple):
    """An address, what it is called, for whose posts (nobody named: for all), and its part of a long group."""

    address: str
    words: str
    roles: frozenset[Any] = frozenset()
    part: str = ""


class Group(NamedTuple):
    heading: str
    items: list[Item]


class Menu(NamedTuple):
    first: list[Item]
    begins: list[Item]
    groups: list[Group]


OF_PLACE = frozenset({Role.GRID, Role.COMMUNITY, Role.STREET})
OUTDOORS = frozenset(role for command in registry.COMMANDS.values() if command.outdoors for role in command.by.roles)
SUBJECTS: Mapping[str, str] = {
    "intake": "诉求", "dispatch": "哨单", "mediation": "调解议事", "notify": "关怀",
}  # fmt: skip
"""What the lists of a service are found under."""
FIRST = (
    Item("/", "今日待办"),
    Item("/outdoors", "外出办事", OUTDOORS),
    Item("/hats", "六员", frozenset({Role.STEWARD})),
    Item("/tasks", "本单位哨令", scope.OF_UNIT),
    Item("/mediations", "调解", frozenset({Role.MEDIATOR})),
    Item("/find", "查找"),
)
BEGINS = [
    Item(f"/new/{form.method}", form.name, frozenset(form.command.by.roles), SUBJECTS[form.command.service])
    for form in BEGINNING
]
OWN_PAGES: Mapping[str, list[Item]] = {
    "intake": [Item("/orders", ListOrders.title, frozenset(ListOrders.by.roles))],
    "dispatch": [Item("/whistles", "哨单", OF_PLACE | {Role.WHISTLER, Role.DISTRICT})],
    "notify": [Item("/wordings", ListWordings.title, frozenset(ListWordings.by.roles))],
}
"""By service, lists drawn by a page written for them."""


def _lists(service: str) -> list[Item]:
    listed = [Item(f"/{each.page}", each.title, readers(each)) for each in LISTS if each.service == service]
    return [*OWN_PAGES.get(service, ()), *listed]


GROUPS = (
    Group("登记", BEGINS),
    *(Group(heading, _lists(service)) for service, heading in SUBJECTS.items()),
    Group("统计", [Item(address, words, frozenset(READERS.roles)) for address, words in seeing.PAGES]),
    Group("公开", [Item(f"/{board.page}", board.title) for board in BOARDS]),
    Group("我的", [Item("/leaves", "请假与顶岗"), Item("/accounts", "账号", frozenset({Role.ADMIN}))]),
)


def of(who: Principal) -> Menu:
    """What the posts of `who` may open; headings with nothing under them are left out."""
    groups = [Group(each.heading, _open(each.items, who)) for each in GROUPS]
    return Menu(_open(FIRST, who), _open(BEGINS, who), [each for each in groups if each.items])


def _open(items: Any, who: Principal) -> list[Item]:
    return [each for each in items if not each.roles or each.roles & who.roles]
