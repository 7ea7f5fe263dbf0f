#!/bin/sh
# iCalendar lines folded inside a character: every reader loses the character, and none says so.
#
# RFC 5545, 3.1: lines are folded at 75 octets, and "it is possible for very simple implementations to generate improperly
# folded lines in the middle of a UTF-8 multi-octet sequence"; a reader should therefore unfold octets before it decodes.
# Guess: readers that are given bytes do; those that are given text cannot, and raise.
# Seen, icalendar 7.3.2 (bytes), ics 0.7.3 and vobject 0.9.9 (text, decoded with replacement), a summary of 60 × 议:
#   all three: 59 × 议, two U+FFFD where the fold was, no error
# The house counts octets and breaks between characters (services/portal/pages/invitations.py).
#
# Prints what it saw; ends with 1 when that changes.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet install icalendar==7.3.2 ics==0.7.3 vobject==0.9.9
"$place/venv/bin/python" -W ignore - <<'PYTHON'
import sys

import ics
import vobject
from icalendar import Calendar

line = ("SUMMARY:" + "议" * 60).encode()
folded = b"\r\n ".join(line[at : at + 73] for at in range(0, len(line), 73))
before = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20240701T000000Z\r\n"
file = before + b"DTSTART:20240712T110000Z\r\n" + folded + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
text = file.decode(errors="replace")
seen = {
    "icalendar": str(Calendar.from_ical(file).walk("VEVENT")[0]["SUMMARY"]),
    "ics": next(iter(ics.Calendar(text).events)).name,
    "vobject": vobject.readOne(text).vevent.summary.value,
}
for what, words in seen.items():
    print(f"{what}: {words.count('议')} × 议, {words.count(chr(0xFFFD))} × U+FFFD")
sys.exit(any((words.count("议"), words.count(chr(0xFFFD))) != (59, 2) for words in seen.values()))
PYTHON
