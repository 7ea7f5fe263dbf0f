"""Category suggestions 类别建议: counted, not trained (docs/decisions/0018).

Single signs and pairs of them are counted by category in cases that were closed: their category was confirmed by a
person. The catalogue's own words count beside them, so that the first day has suggestions too. What is stored of a
text is a keyed hash of each sign and a number of cases: no words, and no case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from math import log
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from capability.life import permit
from chassis.entrypoints import asked, every
from chassis.identity import Principal
from chassis.sealing import keyed_hash
from contracts.intake.suggestions import SuggestCategory
from kernel.codes import AppealState
from kernel.grams import grams, phrases, runs
from services.intake import areas, categories, reading
from services.intake.tables import Appeal, Base

Command = dict[str, Any]
Counts = dict[str, Counter[str]]
SHOWN, AT_ONCE, LOOKED_AT, MOST_WORDS, MOST_CASES = 3, 100, 30, 4, 2
NAME, BRANCH, QUESTION = 3, 1, 1
"""How many cases a word of the catalogue counts as."""
SMOOTH, SIGNS = 0.1, 6_000
"""What an unseen sign counts as, and of how many different ones is reckoned."""
ALL = 0
"""The mark under which all signs of a category are counted."""


class CategoryCount(Base):
    """In how many closed cases of a category a sign or a pair was written."""

    __tablename__ = "category_count"

    mark: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    cases: Mapped[int]


class Lesson(Base):
    """A closed case to be counted; gone once it is."""

    __tablename__ = "lesson"

    appeal_id: Mapped[UUID] = mapped_column(ForeignKey("appeal.id"), primary_key=True)


def keep(session: Session, appeal: Appeal) -> None:
    """The case was closed: it will be counted. A secret one, and a complaint of staff, teach nothing."""
    if not appeal.secret and not appeal.against and not appeal.category.startswith("other."):
        session.execute(insert(Lesson).values(appeal_id=appeal.id).on_conflict_do_nothing())


@every(seconds=60)
def learn(session: Session, who: Principal, now: datetime) -> int:
    """Counts cases that were closed, each once, however many timers tick. How many."""
    lessons = session.scalars(select(Lesson).limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    taught: Counter[tuple[int, str]] = Counter()
    for lesson in lessons:
        appeal = session.get_one(Appeal, lesson.appeal_id)
        marks = [mark(sign) for sign in signs(f"{appeal.title}\n{appeal.content}")]
        taught.update((each, appeal.category) for each in marks)
        taught[ALL, appeal.category] += len(marks)
        session.delete(lesson)
    if taught:  # in order, so that two timers never wait for each other
        rows = [{"mark": key[0], "category": key[1], "cases": cases} for key, cases in sorted(taught.items())]
        fresh = insert(CategoryCount).values(rows)
        more = {"cases": CategoryCount.cases + fresh.excluded.cases}
        session.execute(fresh.on_conflict_do_update(index_elements=["mark", "category"], set_=more))
    return len(lessons)


@asked(SuggestCategory)
def suggest(session: Session, who: Principal, command: Command, now: datetime) -> dict[str, Any]:
    """Errors: Forbidden; Invalid for an unknown place."""
    permit(who, SuggestCategory, None)
    areas.find(session, command["area_path"], now)
    text, tree = command["content"], categories.tree(session)
    counted = _counted(session, text, tree)
    best = likeliest(text, counted, _sizes(session, tree))[:SHOWN]
    return {"items": [_view(session, who, text, code, counted, tree) for code in best]}


def signs(text: str) -> frozenset[str]:
    """What is counted: pairs, and single signs, which a short text has more of in common with others."""
    return grams(text) | {sign for run in runs(text) for sign in run if not sign.isdecimal()}


def mark(sign: str) -> int:
    """A number that stands for the sign where nobody is to read it."""
    return int(keyed_hash(f"sign {sign}")[:15], 16)


def likeliest(text: str, counted: Mapping[str, Counter[str]], sizes: Counter[str]) -> list[str]:
    """Categories by how likely their cases use the words of the text, the likeliest first; none for strange words."""
    known = [counts for sign in sorted(signs(text)) if (counts := counted.get(sign))]
    touched = {code for counts in known for code in counts}
    of_all = {code: log(sizes[code] + SMOOTH * SIGNS) for code in touched}
    score = {code: sum(log(counts[code] + SMOOTH) - of_all[code] for counts in known) for code in touched}
    return sorted(score, key=lambda code: (-score[code], code))


def catalogued(tree: Mapping[str, dict[str, Any]]) -> Counts:
    """By sign, the categories whose name, branch or questions hold it."""
    inner, counted = {each["parent"] for each in tree.values()}, Counts()
    for code, each in tree.items():
        if code in inner or code.startswith("other."):
            continue
        above = tree.get(each["parent"] or "", {"name": ""})
        said = [(each["name"], NAME), (above["name"], BRANCH), *((asked, QUESTION) for asked in each["questions"])]
        for words, times in said:
            for sign in signs(words):
                counted.setdefault(sign, Counter())[code] += times
    return counted


def _counted(session: Session, text: str, tree: Mapping[str, Any]) -> Counts:
    marks = {mark(sign): sign for sign in signs(text)}
    catalogue = catalogued(tree)
    counted = {sign: Counter(catalogue.get(sign, {})) for sign in marks.values()}
    rows = session.scalars(select(CategoryCount).where(CategoryCount.mark.in_(marks)))
    for row in rows:
        if row.category in tree:
            counted[marks[row.mark]][row.category] += row.cases
    return counted


def _sizes(session: Session, tree: Mapping[str, Any]) -> Counter[str]:
    sizes: Counter[str] = Counter()
    for counts in catalogued(tree).values():
        sizes.update(counts)
    for row in session.scalars(select(CategoryCount).where(CategoryCount.mark == ALL)):
        sizes[row.category] += row.cases
    return sizes


def _view(
    session: Session, who: Principal, text: str, code: str, counted: Counts, tree: Mapping[str, Any]
) -> dict[str, Any]:
    speaking = {sign for sign, counts in counted.items() if len(sign) == 2 and counts[code]}
    single = [sign for sign, counts in counted.items() if len(sign) == 1 and counts[code]]
    words = phrases(text, speaking) or sorted(single, key=lambda sign: len(counted[sign]))
    cases = _cases(session, who, text, code)
    return {"code": code, "name": tree[code]["name"], "words": words[:MOST_WORDS], "cases": cases}


def _cases(session: Session, who: Principal, text: str, code: str) -> list[str]:
    """Closed cases of the category that the asker may read and that share words, the likest first."""
    columns = (Appeal.case_number, Appeal.title, Appeal.content)
    closed = (Appeal.category == code, Appeal.state == AppealState.CLOSED.value, Appeal.secret.is_(False))
    query = select(*columns).where(*closed, reading.visible(who)).order_by(Appeal.id.desc()).limit(LOOKED_AT)
    own = grams(text)
    shared = {row.case_number: len(own & grams(f"{row.title}\n{row.content}")) for row in session.execute(query)}
    return sorted(filter(shared.get, shared), key=lambda number: -shared[number])[:MOST_CASES]
