"""Entries of the knowledge base that fit some words: without a dictionary, by keywords and pairs of signs."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from contracts.mediation.knowledge import KnowledgeState as S
from kernel.grams import grams, phrases
from services.mediation.tables import Knowledge

OFFERED = (S.CURRENT, S.REVIEW)
OFFERS, CANDIDATES = 3, 500
ENOUGH = 2
"""Pairs of signs that must be alike where no keyword is."""


def offered(
    session: Session, place: str, words: str, now: datetime, sight: ColumnElement[bool] | None = None
) -> list[dict[str, Any]]:
    """Entries in force for a place that say what these words say, the best first.

    A keyword in the words counts most, then pairs of signs, the rarer the more.
    """
    said = grams(words)
    query = select(Knowledge).where(
        Knowledge.area_path.op("@>")(func.text2ltree(place)), Knowledge.state.in_(OFFERED),
        Knowledge.expires_at > now, Knowledge.grams.overlap(sorted(said)),
    )  # fmt: skip
    if sight is not None:
        query = query.where(sight)
    rows = list(session.scalars(query.order_by(Knowledge.id.desc()).limit(CANDIDATES)))
    often = Counter(pair for row in rows for pair in said.intersection(row.grams))
    ranked = sorted(((_score(row, words, said, often), row) for row in rows), key=lambda one: one[0], reverse=True)
    return [_hint(row, words) for score, row in ranked if score > (0, 0.0)][:OFFERS]


def _score(row: Knowledge, words: str, said: frozenset[str], often: Counter[str]) -> tuple[int, float]:
    """Keywords met, and the weight of the pairs alike; nothing where too little is alike."""
    met = sum(keyword in words for keyword in row.keywords)
    alike = said.intersection(row.grams)
    return (met, sum(1 / often[pair] for pair in alike)) if met or len(alike) >= ENOUGH else (0, 0.0)


def _hint(row: Knowledge, words: str) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in ("number", "question", "answer", "legal_basis", "expires_on")}
    keywords = [keyword for keyword in row.keywords if keyword in words]
    return {**plain, "reasons": keywords or phrases(words, row.grams)}
