"""The two numbers of a case: the one read out on the phone, and the docket 案号 of the dossier."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from kernel import numbers
from kernel.calendar import local_day
from services.mediation.tables import Counter, Org

_TAIL = re.compile(r"(社区|村|街道|镇|乡)?(人民调解委员会|居民自治接待站|调解委员会|工作室|调解室)$")


def take_next(session: Session, series: str) -> int:
    """The next number of a series, from 1, without gaps among what is committed; others wait for this transaction."""
    first = insert(Counter).values(series=series, last=1)
    step = first.on_conflict_do_update(index_elements=[Counter.series], set_={"last": Counter.last + 1})
    return session.execute(step.returning(Counter.last)).scalar_one()


def mediation_number(session: Session, source_number: str, now: datetime) -> str:
    """M + day + area + sequence + check digit; the area is the one in the source's number."""
    day, area4 = local_day(now), source_number[9:13]
    sequence = take_next(session, f"M{day:%Y%m%d}{area4}")
    return numbers.case_number("M", day, area4, sequence)


def docket(session: Session, org: Org, now: datetime) -> str:
    """（年）×人调字第n号 in use for dossiers (domain §4.5); 调字 where the body is no people's mediation committee."""
    year = local_day(now).year
    sequence = take_next(session, f"docket:{org.code}:{year}")
    return f"（{year}）{short(org.name)}{'人调' if org.statutory else '调'}字第{sequence}号"


def short(name: str) -> str:
    """银虹社区人民调解委员会 → 银虹."""
    return _TAIL.sub("", name) or name
