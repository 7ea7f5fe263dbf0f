"""Personal data in words: one table of what is hidden and what stays."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.masking import find_personal, mask_personal
from tests.data.tables import Score, rows

pytestmark = pytest.mark.rule("23")
TABLE = rows("personal_in_words.csv")


def hidden(text: str) -> list[tuple[str, str]]:
    return [(text[found.start : found.end], found.kind.value) for found in find_personal(text)]


def wanted(row: dict[str, Any]) -> list[tuple[str, str]]:
    return list(zip(row["hidden"].split("|"), row["kinds"].split("|"), strict=True)) if row["hidden"] else []


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["text"])
def test_given_words_when_masked_then_what_is_personal_is_hidden_and_the_rest_stays(row: dict[str, Any]) -> None:
    masked = mask_personal(row["text"])
    assert wanted(row) == hidden(row["text"])
    assert row["stays"] in masked
    assert [] == [number for number, _ in wanted(row) if number in masked]


@pytest.mark.parametrize("row", [row for row in TABLE if row["hidden"]], ids=lambda row: row["text"])
def test_given_masked_words_then_nothing_is_found_in_them_again(row: dict[str, Any]) -> None:
    assert [] == hidden(mask_personal(row["text"]))


def test_given_the_whole_table_then_its_figures_are_told_and_nothing_is_missed() -> None:
    score = Score("personal numbers in words")
    for row in TABLE:
        found = [number for number, _ in hidden(row["text"])]
        for number, _ in wanted(row):
            score.note(row["text"], wanted=True, got=number in found)
        score.note(row["text"], wanted=False, got=not row["hidden"] and bool(found))
    score.tell()
    assert ([], [], True) == (score.missed, score.wrong, len(TABLE) >= 120)
