"""What a query string searches for, among all matters in sight: for the API and for the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from chassis.errors import Invalid
from chassis.identity import Principal
from services.portal.accounts.current import current_principal, now, process
from services.portal.api.reading import question
from services.portal.pages import places
from services.portal.readmodel import scope, search, shapes
from services.portal.readmodel.search import Named
from services.portal.readmodel.tables import Matter

LEVELS_SEARCHED = 3
MOST_PLACES = 100


class Found(NamedTuple):
    """A page, and the cursor of the next."""

    matters: Sequence[Matter]
    cursor: str | None = None


NOTHING = Found([])


def found() -> Found:
    """What the query string asks for. Errors: Invalid, by field."""
    who, asked = current_principal(), question(shapes.SearchMatters)
    known = named(who, asked)
    with process().store.transaction() as session:
        return Found(*search.page(session, who, asked, known, now()))


def named(who: Principal, asked: dict[str, Any]) -> Named:
    """The places in sight and the categories that are called by a word of `q`. Errors: Invalid, by field."""
    words = [word for word in search.split(asked.get("q") or "") if len(word) > 1 and not search.is_number(word)]
    if not words:
        return Named()
    nodes = scope.nodes(who, scope.OF_PLACE | scope.OF_DISPUTES)
    paths = {path for node in nodes for path in places.below(node, LEVELS_SEARCHED)}
    found = {word: places.called(word, paths) for word in words}
    Invalid.where(q=any(len(each) > MOST_PLACES for each in found.values()) and "有太多地方叫这个名字，请写得更具体")
    categories = places.categories().items()
    return Named(found, {word: [code for code, name in categories if word in name] for word in words})
