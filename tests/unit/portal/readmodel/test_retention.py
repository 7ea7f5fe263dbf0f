"""Names leave timeline and index with a case's term, and do not come back; loose files and recordings go too."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from capability import terms
from chassis import erased
from chassis.identity import Principal
from chassis.store import Store
from services.portal.readmodel import retention
from services.portal.readmodel.project import project
from services.portal.readmodel.rebuild import start_over
from services.portal.readmodel.tables import Matter
from services.portal.uploads.tables import Upload, UploadUse
from tests.support.delivering import deliver
from tests.unit.portal.readmodel.story import a1
from tests.unit.portal.readmodel.test_holdings import GONE, NAME, heard, told

WHO = Principal.service("portal")
CLOSED, DOSSIER = timedelta(days=1200), timedelta(days=11 * 366)


def clear(store: Store, now: datetime) -> None:
    with store.transaction() as session:
        retention.RETENTION.clear_due(session, WHO, now)


def due(store: Store, now: datetime) -> dict[str, int]:
    with store.transaction() as session:
        return {one["what"]: one["rows"] for one in terms.due(session, retention.TERMS, now) if one["rows"]}


def without_mediation(store: Store) -> datetime:
    """The told case as if nobody had mediated in it."""
    events = heard(store)
    with store.transaction() as session:
        for row in session.scalars(select(Matter).where(Matter.kind == "MEDIATION")):
            session.delete(row)
    return events[-1].time


def test_given_a_closed_case_when_its_term_is_over_then_nobody_is_named_or_found_by_name(store: Store) -> None:
    ended = without_mediation(store)
    assert ({}, {"时间线里的称呼": 1}) == (due(store, ended + timedelta(days=1000)), due(store, ended + CLOSED))
    for _ in range(2):
        clear(store, ended + CLOSED)
    assert (False, True, {}) == (NAME in told(store), GONE in told(store), due(store, ended + CLOSED))


def test_given_a_case_with_a_mediation_when_the_shorter_term_is_over_then_it_keeps_its_names_as_the_dossier_does(
    store: Store,
) -> None:
    ended = heard(store)[-1].time
    clear(store, ended + CLOSED)
    assert NAME in told(store)
    clear(store, ended + DOSSIER)
    assert NAME not in told(store)


def test_given_a_case_that_runs_when_years_pass_then_it_keeps_its_names(store: Store) -> None:
    for event in a1()[:3]:
        deliver(store, project, event, event.time, service="portal")
    clear(store, a1()[0].time + DOSSIER)
    assert NAME in told(store)


def test_given_a_cleared_case_when_the_timeline_is_built_anew_then_no_name_comes_back(store: Store) -> None:
    ended = without_mediation(store)
    clear(store, ended + CLOSED)
    with store.transaction() as session:
        start_over(session, ended + CLOSED + timedelta(days=1))
    for event in a1():
        with store.transaction() as session:
            again = erased.without_names(session, event)
        deliver(store, project, again, event.time, service="portal")
    assert (False, True) == (NAME in told(store), GONE in told(store))


def file(store: Store, name: str, kind: str, now: datetime, number: str | None = None) -> None:
    with store.transaction() as session:
        session.add(
            Upload(
                sha256=name, size=1, media_type=kind, content=b"x", uploaded_by="u", brought_by=["u"], uploaded_at=now,
                attached_at=now if number else None,
            )
        )  # fmt: skip
        session.flush()
        if number:
            session.add(UploadUse(number=number, sha256=name))


def test_given_files_when_their_terms_are_over_then_loose_ones_and_recordings_go_and_those_of_a_dossier_stay(
    store: Store,
) -> None:
    now = a1()[0].time
    file(store, "loose", "image/jpeg", now)
    file(store, "photo", "image/jpeg", now, "S202407080101000018")
    file(store, "call", "audio/mpeg", now, "S202407080101000018")
    file(store, "talk", "audio/mpeg", now, "M202407080101000018")

    def gone() -> set[Any]:
        with store.transaction() as session:
            return set(session.scalars(select(Upload.sha256).where(Upload.gone_at.is_not(None))))

    clear(store, now + timedelta(days=40))
    early = gone()
    clear(store, now + timedelta(days=400))
    assert ({"loose"}, {"loose", "call"}) == (early, gone())
