#!/bin/sh
# marshmallow: `issubclass(one, base)` asks every schema there is below `base`, once for each class that is none.
#
# Guess: issubclass of two schema classes looks along one line of bases, some ten steps.
# Seen, marshmallow 4.4.0 on Python 3.11: the metaclass of Schema is ABCMeta, and where the answer is no it asks each
# class below `base` in turn, and remembers that for this pair alone:
#   400 schemas of one base, 400 of another, 100 questions with the answer no: 40,100 questions inside
#   the same by `base in one.__mro__`: none
# Whoever sorts the classes of some modules by their base pays the square of their number, at every start of every
# process: here 893 classes by six bases took six seconds of processor, along `__mro__` a tenth of one.
#
# Prints what it saw; ends with 1 when that changes.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet install marshmallow==4.4.0
"$place/venv/bin/python" - <<'PYTHON'
import abc
import sys

import marshmallow

SCHEMAS, ASKED = 400, 100
inside = 0
of_python = abc.ABCMeta.__subclasscheck__


def counted(cls, one):
    global inside
    inside += 1
    return of_python(cls, one)


class Event(marshmallow.Schema):
    pass


class Command(marshmallow.Schema):
    pass


events = [type(f"Event{no}", (Event,), {}) for no in range(SCHEMAS)]
commands = [type(f"Command{no}", (Command,), {}) for no in range(SCHEMAS)]
abc.ABCMeta.__subclasscheck__ = counted
answers = {issubclass(one, Event) for one in commands[:ASKED]}
by_issubclass, inside = inside, 0
answers |= {Event in one.__mro__ for one in commands[:ASKED]}
seen = {"answers": answers, "inside issubclass": by_issubclass, "inside __mro__": inside}
print(seen)
sys.exit(seen != {"answers": {False}, "inside issubclass": ASKED * (SCHEMAS + 1), "inside __mro__": 0})
PYTHON
