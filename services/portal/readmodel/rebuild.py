"""Starting the read model over: `python -m services.portal.readmodel.rebuild`, with the portal stopped.

What was learned is forgotten, and with it what was heard and how far the peers' logs were read. The portal's back-stop
(bus.catching_up) then reads the logs of all services from their beginning, up to the last hour, which it
leaves to the bus. The bus has brought those events already and does not bring them again, so what they told stays.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bus import catching_up
from chassis.clock import clock_from_environment
from chassis.settings import Settings
from chassis.store import Store
from chassis.tables import INBOX
from services.portal.readmodel.service import ReadModelService
from services.portal.readmodel.tables import Entry, Matter

HANDLER = "portal.project"


def start_over(session: Session, now: datetime) -> None:
    """Forgets matters and entries, and that their events were heard; keeps what no log is asked for again.

    That is twice the back-stop's age, because an event is published after it happened. A matter that is kept stands as
    its newest event says; the log tells it nothing newer.
    """
    old = now - timedelta(seconds=2 * catching_up.AGE_SECONDS)
    session.execute(delete(Entry).where(Entry.time <= old))
    session.execute(delete(Matter).where(Matter.updated_at <= old))
    session.execute(delete(INBOX).where(INBOX.c.handler == HANDLER, INBOX.c.event_id.not_in(select(Entry.event_id))))
    catching_up.start_over(session, ReadModelService.hears_from)


def main() -> None:
    with Store(Settings.of("portal").database_url).transaction() as session:
        start_over(session, clock_from_environment()())
    print("已清空读模型；门户启动后会从各服务的日志重建")


if __name__ == "__main__":
    main()
