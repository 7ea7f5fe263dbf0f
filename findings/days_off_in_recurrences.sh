#!/bin/sh
# A meeting every fortnight that leaves out one day off (EXDATE): one of five readers takes a date, three break on it.
#
# RFC 5545, 3.8.5.1: EXDATE has the value type of DTSTART, DATE-TIME by default; people write VALUE=DATE all the same.
# Guess: readers leave out the day, or keep it silently.
# Seen, DTSTART;TZID=Asia/Shanghai:20240920T190000, every two weeks, four times, without 4 October 2024:
#   EXDATE;VALUE=DATE:20241004
#     recurring-ical-events 3.8.2 leaves the day out; vobject 0.9.9, python-dateutil 2.9.0.post0 and icalevents 0.3.1: TypeError
#   EXDATE with TZID and hour, or in UTC: these four leave the day out
#   ics 0.7.3 knows no recurrence: the first day alone, without a word
# The house sends every meeting as an event of its own date (services/portal/pages/invitations.py).
#
# Prints what it saw; ends with 1 when that changes.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet install icalendar==7.3.2 recurring-ical-events==3.8.2 vobject==0.9.9 ics==0.7.3 \
    icalevents==0.3.1 python-dateutil==2.9.0.post0
"$place/venv/bin/python" -W ignore - <<'PYTHON'
import sys
from datetime import datetime

import ics
import recurring_ical_events
import vobject
from dateutil.rrule import rrulestr
from icalendar import Calendar
from icalevents.icalparser import parse_events

RULE = ["DTSTART;TZID=Asia/Shanghai:20240920T190000", "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4"]
FIRST, LAST = datetime(2024, 9, 1), datetime(2024, 12, 31)


def days(moments):
    return [each.strftime("%m-%d") for each in moments]


READERS = {
    "recurring-ical-events": lambda file, _: days(
        each["DTSTART"].dt for each in recurring_ical_events.of(Calendar.from_ical(file)).between(FIRST, LAST)
    ),
    "vobject": lambda file, _: days(vobject.readOne(file).vevent.getrruleset(addRDate=True)),
    "icalevents": lambda file, _: days(sorted(each.start for each in parse_events(file, start=FIRST, end=LAST))),
    "python-dateutil": lambda _, rule: days(rrulestr("\n".join(rule), forceset=True)),
    "ics": lambda file, _: days(each.begin for each in ics.Calendar(file).events),
}
WITHOUT, ONCE = ["09-20", "10-18", "11-01"], ["09-20"]
EXPECTED = {
    "EXDATE;VALUE=DATE:20241004": [WITHOUT, "TypeError", "TypeError", "TypeError", ONCE],
    "EXDATE;TZID=Asia/Shanghai:20241004T190000": [WITHOUT, WITHOUT, WITHOUT, WITHOUT, ONCE],
    "EXDATE:20241004T110000Z": [WITHOUT, WITHOUT, WITHOUT, WITHOUT, ONCE],
}


def read(how, exdate):
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20240701T000000Z"]
    rule = [*RULE, exdate]
    try:
        return how("\r\n".join([*head, *rule, "SUMMARY:议事会", "END:VEVENT", "END:VCALENDAR", ""]), rule)
    except Exception as error:
        return type(error).__name__


seen = {exdate: [read(how, exdate) for how in READERS.values()] for exdate in EXPECTED}
for exdate, answers in seen.items():
    for name, answer in zip(READERS, answers, strict=True):
        print(exdate, name, answer)
sys.exit(seen != EXPECTED)
PYTHON
