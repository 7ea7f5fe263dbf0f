"""What an old person said she lacks, on the phone: an appeal like any other, of whoever heard it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from chassis.entrypoints import hears
from chassis.envelope import Event
from chassis.identity import Grant, Principal
from contracts.intake.appeals import RegisterAppeal
from contracts.notify.care_rounds import CareNeedFound
from kernel.codes import Channel, Nature, Role, Source
from services.intake import areas, categories
from services.intake.registering import register_appeal

UNSORTED = "other.unsorted.any"


@hears(CareNeedFound)
def care_need_found(session: Session, who: Principal, event: Event, now: datetime) -> None:
    """The words stay in notify, sealed: whoever handles it reads them on the call. A category nobody knows is none."""
    heard, call, place = event.data["found_by"], event.data["number"], event.area_path
    category = event.data["category"] if event.data["category"] in categories.tree(session) else UNSORTED
    asked = {
        "channel": Channel.CARE_CALL, "source": Source.PROACTIVE, "nature": Nature.HELP, "category": category,
        "title": "关怀电话里听到的困难", "content": f"老人在关怀电话{call}里说了一个困难，原话见该通电话。",
        "area_path": place, "place_text": areas.find(session, place, now).name,
    }  # fmt: skip
    caller = Principal(heard["id"], heard["name"], (Grant(Role.COMMUNITY, place),))
    register_appeal(session, caller, RegisterAppeal().load(asked), now)
