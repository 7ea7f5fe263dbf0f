"""A council as a calendar file 日历 (RFC 5545): one event with its own date, in Chinese time, which takes itself back.

One dated event and no rule: fortnights that skip days off are said by no RRULE that readers understand alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from flask import Response, request

from contracts.mediation.council_board import GetCouncilInvitation
from contracts.mediation.council_views import CouncilKind
from kernel.calendar import SHANGHAI
from kernel.numbers import normalise
from services.portal.api import public
from services.portal.pages.blueprint import blueprint

OCTETS = 75
"""Of a line, without its end (RFC 5545, 3.1)."""
ZONE = ("BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19910915T010000", "TZOFFSETFROM:+0800",
        "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE")  # fmt: skip


@blueprint.get("/c/<number>.ics")
def council_invitation(number: str) -> Response:
    """Errors: NotFound."""
    found = public.posted(GetCouncilInvitation, {"number": normalise(number)})
    content = calendar(found, request.host.partition(":")[0], f"{request.host_url}c/{found['number']}")
    return Response(content, content_type="text/calendar; charset=utf-8",
                    headers={"Content-Disposition": f'attachment; filename="{found["number"]}.ics"'})  # fmt: skip


def calendar(found: dict[str, Any], host: str, page: str) -> str:
    """With the same UID whenever it is asked for, so that a calendar knows it again."""
    gone = found["called_off"]
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Shaodao//Councils//ZH", "CALSCALE:GREGORIAN",
            f"METHOD:{'CANCEL' if gone else 'PUBLISH'}", *ZONE)  # fmt: skip
    lines = (*head, *_event(found, host, page, gone), "END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(found: dict[str, Any], host: str, page: str, gone: bool) -> Iterator[str]:
    changed = _moment(found["changed_at"]).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    starts = _moment(found["starts_at"]).astimezone(SHANGHAI).strftime("%Y%m%dT%H%M%S")
    title, invited = f"{CouncilKind(found['kind']).label}：{found['subject']}", found.get("invited")
    yield from ("BEGIN:VEVENT", f"UID:council-{found['number']}@{host}", f"SEQUENCE:{found['sequence']}")
    yield from (f"DTSTAMP:{changed}", f"LAST-MODIFIED:{changed}", f"DTSTART;TZID=Asia/Shanghai:{starts}")
    yield f"SUMMARY:{escaped(title)}"
    yield f"LOCATION:{escaped(found['place_text'])}"
    if invited:
        yield f"DESCRIPTION:{escaped(f'邀请：{invited}')}"
    yield from (f"URL:{page}", f"STATUS:{'CANCELLED' if gone else 'CONFIRMED'}", "END:VEVENT")


def escaped(text: str) -> str:
    """As a TEXT value (RFC 5545, 3.3.11)."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return "\\n".join(text.splitlines())


def folded(line: str) -> str:
    """In lines of at most 75 octets, the later ones behind a blank; no character is cut."""
    parts, length = [""], 0
    for sign in line:
        octets = len(sign.encode())
        if length + octets > OCTETS:
            parts.append("")
            length = 1
        parts[-1] += sign
        length += octets
    return "\r\n ".join(parts)


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)
