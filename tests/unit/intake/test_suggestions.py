"""Categories are suggested by counting, with the words and the closed cases that speak for them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from chassis.errors import Forbidden
from contracts.intake.suggestions import SuggestCategory
from services.intake import categories, outcomes, suggestions
from services.intake.suggestions import CategoryCount, Lesson, catalogued, likeliest, signs
from services.intake.tables import Appeal, Category
from tests.data.tables import rows
from tests.unit.intake.world import CHEN, INTAKE, LISHAN, NOW, STAIRWELL, WANG, WINDOW, do, register, solve

TREE = Path(__file__).resolve().parents[3] / "data" / "district" / "categories.yaml"
SENTENCES = [(row["category"], row["words"]) for row in rows("category_sentences.csv")]
HALVES = (SENTENCES[::2], SENTENCES[1::2])
CALM = {"damage_ongoing": False, "danger_flags": [], "title": "一件事"}


def tree(nodes, parent=None):
    for node in nodes:
        told = {"name": node["name"], "parent": parent, "questions": node.get("questions", [])}
        yield node["code"], told
        yield from tree(node.get("children", ()), node["code"])


KNOWN = dict(tree(yaml.safe_load(TREE.read_text("utf8"))["categories"]))


def top_three(learned):
    """What each text is suggested, once these have been counted."""
    counted = catalogued(KNOWN)
    for code, words in learned:
        for sign in signs(words):
            counted.setdefault(sign, Counter())[code] += 1
    sizes = sum(counted.values(), Counter())
    return lambda words: likeliest(words, counted, sizes)[:3]


def rate(learned, measured):
    suggested = top_three(learned)
    return sum(code in suggested(words) for code, words in measured) / len(measured)


def test_given_cases_kept_apart_when_measured_both_ways_then_three_suggestions_hold_the_category_in_four_of_five():
    rates = [rate(learned, measured) for learned, measured in (HALVES, HALVES[::-1])]
    assert (True, True) == (len(SENTENCES) >= 200, sum(rates) / 2 >= 0.79), rates


def test_given_nothing_learned_when_measured_then_the_catalogue_alone_suggests():
    assert rate([], SENTENCES) >= 0.75


def suggested(store, words, who=WANG):
    asked = {"content": words, "area_path": STAIRWELL}
    return do(store, suggestions.suggest, SuggestCategory, who, **asked)["items"]


@pytest.fixture
def named(store):
    """Two categories with names people use."""
    with store.transaction() as session:
        for code, name in (("housing.drain.blocked", "下水堵塞"), ("old.lift", "电梯故障")):
            session.get_one(Category, code).name = name
    categories.forget()
    return store


def closed(store, words, category="old.lift", **more):
    number = register(store, LISHAN, category=category, content=words, **CALM, **more)["number"]
    solve(store, number)
    with store.transaction() as session:
        appeal = session.scalars(select(Appeal).where(Appeal.case_number == number)).one()
        outcomes.close(session, INTAKE, appeal, NOW)
    return number


def learn(store):
    with store.transaction() as session:
        return suggestions.learn(session, INTAKE, NOW)


def test_given_a_text_when_asked_then_the_category_comes_with_the_words_that_speak_for_it(named):
    first = suggested(named, "家里下水堵塞了")[0]
    assert ("housing.drain.blocked", "下水堵塞", ["下水堵塞"], []) == tuple(
        first[name] for name in ("code", "name", "words", "cases")
    )


def test_given_closed_cases_when_learned_then_their_words_are_suggested_and_the_cases_named(named):
    number = closed(named, "轿厢卡在半层，铃按了没人应")
    before = [one["code"] for one in suggested(named, "轿厢又卡了")]
    learn(named)
    first = suggested(named, "轿厢又卡了")[0]
    assert ([], "old.lift", [number]) == (before, first["code"], first["cases"])


def test_given_a_closed_case_when_timers_tick_again_then_it_is_counted_once(named):
    closed(named, "轿厢卡在半层")
    assert [1, 0] == [learn(named), learn(named)]
    with named.transaction() as session:
        counted = set(session.scalars(select(CategoryCount.cases).where(CategoryCount.mark != 0)))
        assert ({1}, []) == (counted, list(session.scalars(select(Lesson))))


@pytest.mark.parametrize("more", [{"secret": True}, {"category": "other.advice"}])
def test_given_what_is_secret_or_unsorted_when_closed_then_it_teaches_nothing(named, more):
    closed(named, "轿厢卡在半层", **more)
    assert 0 == learn(named)


def test_given_what_was_learned_when_the_store_is_read_then_no_word_stands_there(named):
    closed(named, "轿厢卡在半层")
    learn(named)
    with named.transaction() as session:
        text = str([(row.mark, row.category, row.cases) for row in session.scalars(select(CategoryCount))])
    assert [] == [sign for sign in signs("轿厢卡在半层") if sign in text]


def test_given_a_closed_case_elsewhere_when_suggested_then_it_is_not_named_to_who_may_not_read_it(named):
    closed(named, "轿厢卡在半层")
    learn(named)
    assert [[]] == [one["cases"] for one in suggested(named, "轿厢又卡了", WINDOW)]


def test_given_a_resident_when_asking_then_it_is_forbidden(store):
    with pytest.raises(Forbidden):
        suggested(store, "下水堵塞", CHEN)
