"""The docket 案号 of a case's dossier."""

from __future__ import annotations

import re
from datetime import date, datetime

from sqlalchemy.orm import Session

from kernel.calendar import local_day
from kernel.numbering import NO_AREA, next_number, next_of
from services.mediation.orgs import in_charge
from services.mediation.tables import NumberCounter, Org

_TAIL = re.compile(r"(社区|村|街道|镇|乡)?(人民调解委员会|居民自治接待站|调解委员会|工作室|调解室)$")


def docket(session: Session, org: Org, now: datetime) -> str:
    """（年）×人调字第n号 in use for dossiers (domain §4.5); 调字 where the body is no people's mediation committee."""
    year = local_day(now).year
    sequence = next_of(session, NumberCounter, "docket", date(year, 1, 1), org.code)
    return f"（{year}）{short(org.name)}{'人调' if org.statutory else '调'}字第{sequence}号"


def short(name: str) -> str:
    """银虹社区人民调解委员会 → 银虹."""
    return _TAIL.sub("", name) or name


def root_number(session: Session, kind: str, area_path: str, now: datetime) -> str:
    """The next number of a kind at a place, with the digits of the organisation in charge of it."""
    org = in_charge(session, area_path)
    return next_number(session, NumberCounter, kind, (org and org.area4) or NO_AREA, now)
