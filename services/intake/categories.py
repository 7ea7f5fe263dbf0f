"""Categories 诉求分类: three levels, and what each leaf brings with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.entrypoints import asked
from chassis.errors import Invalid
from chassis.identity import Principal
from contracts.intake.places import ListCategories
from kernel.codes import Urgency
from services.intake.remembered import Remembered
from services.intake.tables import Category

View = dict[str, Any]


def find(session: Session, code: str) -> View:
    """The category as its view. Errors: Invalid for one that is not in force."""
    found = _tree.get(session, "").get(code)
    if found is None:
        raise Invalid.because({"category": [f"没有代码为“{code}”的类别"]})
    return found


def default_urgency(category: View) -> Urgency:
    """That of the leaf; NORMAL for a branch, which says nothing."""
    return Urgency(category["default_urgency"] or Urgency.NORMAL)


@asked(ListCategories)
def listing(session: Session, who: Principal, command: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The whole tree, parents before children."""
    return {"items": list(tree(session).values()), "next_cursor": None}


def tree(session: Session) -> dict[str, View]:
    """The categories in force by code, parents before children."""
    return _tree.get(session, "")


def forget() -> None:
    _tree.forget()


def _load_tree(session: Session, _: str) -> dict[str, View]:
    rows = session.scalars(select(Category).where(Category.active.is_(True)).order_by(Category.position))
    return {row.code: _view(row) for row in rows}


_tree = Remembered(_load_tree)

_COLUMNS = [
    "code",
    "parent",
    "name",
    "level",
    "default_urgency",
    "lead_unit",
    "dispute",
    "hazard",
    "sensitive",
    "questions",
]


def _view(row: Category) -> View:
    return {column: getattr(row, column) for column in _COLUMNS}
