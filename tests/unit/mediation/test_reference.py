"""The organisations of a district, loaded from its file."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from services.mediation import conflicts, orgs, reference
from services.mediation.tables import Base, Member, Org
from tests.unit.mediation.people import NOW, STAIRWELL

DISTRICT = Path(__file__).parents[3] / "data/district"


@pytest.fixture
def store(database):
    return database(Base.metadata)


def load(store, folder=DISTRICT):
    with store.transaction() as session:
        reference.load(session, folder, NOW)


def content(store):
    listed, roster = select(Org).order_by(Org.code), select(Member).order_by(Member.org_code, Member.account)
    with store.transaction() as session:
        found = [(org.code, org.statutory, org.seal_text, org.active) for org in session.scalars(listed)]
        members = [(one.org_code, one.account, one.name, one.active) for one in session.scalars(roster)]
    return found, members


def changed(tmp_path, change):
    raw = yaml.safe_load((DISTRICT / reference.FILE).read_text(encoding="utf8"))
    change(raw["orgs"])
    (tmp_path / reference.FILE).write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf8")
    return tmp_path


def test_given_the_demo_district_when_loaded_twice_then_the_same_stands_there(store):
    load(store)
    first = content(store)
    load(store)
    assert first == content(store)
    assert ("yinhong-tiaowei", True, "银虹社区人民调解委员会", True) in first[0]


def test_given_the_demo_district_when_loaded_then_the_committee_is_in_charge_of_the_told_case(store):
    load(store)
    with store.transaction() as session:
        org = orgs.in_charge(session, STAIRWELL)
        assert ("yinhong-tiaowei", 5) == (org.code, len(org.members))


def test_given_the_demo_district_when_loaded_then_its_committees_meet_article_eight(store):
    load(store)
    with store.transaction() as session:
        assert [] == reference.warnings(session)


def test_given_a_committee_of_two_men_when_asked_then_the_roster_is_warned_of(store, tmp_path):
    def two_men(listed):
        listed[0].pop("rota")
        listed[0]["members"] = [one for one in listed[0]["members"] if one["sex"] == "M"][:2]

    load(store, changed(tmp_path, two_men))
    with store.transaction() as session:
        assert 2 == len(reference.warnings(session))


def test_given_a_member_and_a_body_no_longer_listed_when_loaded_then_they_are_inactive_but_kept(store, tmp_path):
    load(store)

    def fewer(listed):
        listed[0].pop("rota")
        del listed[0]["members"][0]
        del listed[1:]

    load(store, changed(tmp_path, fewer))
    found, members = content(store)
    assert ("hongse-jiayuan", False, "红色家园居民自治接待站", False) in found
    assert ("yinhong-tiaowei", "u-shixiuying", "石秀英", False) in members


def test_given_a_place_that_is_no_path_when_loaded_then_the_line_is_named(store, tmp_path):
    def broken(listed):
        listed[0]["area_path"] = "no path"

    with pytest.raises(ValueError, match="yinhong-tiaowei"):
        load(store, changed(tmp_path, broken))


@pytest.mark.rule("19")
def test_given_a_roster_with_person_record_and_telephone_when_loaded_then_the_telephone_is_kept_as_a_hash(
    store, tmp_path
):
    person, marks = "018f0000-0000-7000-8000-000000000001", {"phone": "13900139000"}
    load(store, changed(tmp_path, lambda listed: listed[0]["members"][0].update(person_id=person, **marks)))
    with store.transaction() as session:
        member = session.scalars(select(Member).where(Member.account == "u-shixiuying")).one()
        assert (person, conflicts.hashed_phone("13900139000")) == (str(member.person_id), member.phone_hash)
