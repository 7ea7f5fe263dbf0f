"""Starting the read model over: `python -m services.portal.readmodel.rebuild`, with the portal stopped.

Everything that was learned is forgotten, and with it what was heard and how far the peers' logs were read. The
portal's back-stop (chassis.bus.catching_up) then reads the logs of all services from their beginning, up to the last
hour, which it leaves to the bus. The bus has brought those events already, so they are learned again from here.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from chassis.bus import catching_up
from chassis.clock import clock_from_environment
from chassis.envelope import TYPE_PREFIX, Event
from chassis.identity import Principal
from chassis.settings import Settings
from chassis.store import Store
from chassis.tables import INBOX
from services.portal.readmodel.project import project
from services.portal.readmodel.service import ReadModelService
from services.portal.readmodel.tables import CasePage, FollowUpRow, TaskRow, TimelineEntry, WhistleRow

LEARNED = (TimelineEntry, TaskRow, WhistleRow, FollowUpRow, CasePage)
HANDLER = "portal.project"


def start_over(session: Session, now: datetime) -> None:
    """Forgets all pages, timelines and desks, and that their events were heard; keeps what no log is asked for again.

    Twice the back-stop's age is learned again from the timeline, because an event is published after it happened.
    """
    young = TimelineEntry.time > now - timedelta(seconds=2 * catching_up.AGE_SECONDS)
    recent = [event_of(entry) for entry in session.scalars(select(TimelineEntry).where(young))]
    for model in LEARNED:
        session.execute(delete(model))
    kept = [event.id for event in recent]
    session.execute(delete(INBOX).where(INBOX.c.handler == HANDLER, INBOX.c.event_id.not_in(kept)))
    catching_up.start_over(session, ReadModelService.hears_from)
    who = Principal.service("portal")
    for event in recent:
        project(session, who, event, now)


def event_of(entry: TimelineEntry) -> Event:
    """The event behind an entry, as far as the read model learns from it."""
    return Event(
        id=entry.event_id,
        type=f"{TYPE_PREFIX}.{entry.source}.{entry.name}.v1",
        source=entry.source,
        subject=entry.subject,
        time=entry.time,
        aggregate_version=entry.aggregate_version,
        area_path=entry.area_path,
        actor=entry.actor,
        case_number=entry.case_number,
        causation_id=None,
        traceparent=None,
        data=entry.data,
    )


def main() -> None:
    with Store(Settings.of("portal").database_url).transaction() as session:
        start_over(session, clock_from_environment()())
    print("已清空读模型；门户启动后会从各服务的日志重建")


if __name__ == "__main__":
    main()
