"""Starting the read model over: `python -m services.portal.readmodel.rebuild`, with the portal stopped.

Everything that was learned is forgotten, and with it what was heard and how far the peers' logs were read. The
portal's back-stop (chassis.bus.catching_up) then reads the logs of all services from their beginning.
"""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from chassis import cursors
from chassis.settings import Settings
from chassis.store import Store
from chassis.tables import INBOX
from services.portal.readmodel.service import ReadModelService
from services.portal.readmodel.tables import CasePage, FollowUpRow, TaskRow, TimelineEntry, WhistleRow

LEARNED = (TimelineEntry, TaskRow, WhistleRow, FollowUpRow, CasePage)
HANDLER = "portal.anything"


def start_over(session: Session) -> None:
    """Forgets all pages, timelines and desks, and that their events were heard."""
    for model in LEARNED:
        session.execute(delete(model))
    session.execute(delete(INBOX).where(INBOX.c.handler == HANDLER))
    cursors.start_over(session, ReadModelService.hears_from)


def main() -> None:
    with Store(Settings.of("portal").database_url).transaction() as session:
        start_over(session)
    print("已清空读模型；门户启动后会从各服务的日志重建")


if __name__ == "__main__":
    main()
