"""Words of Chinese text without a dictionary: pairs of neighbouring signs, and what two texts say alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from operator import add

RUN = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")
EMPTY = str.maketrans(
    dict.fromkeys(
        "的了着过吗呢吧啊呀嘛我你您他她它们这那哪是在有和与及就都也还又很太请要想去来到从把被给让对为于之其个些么什",
        " ",
    )
)
"""Signs that say nothing of a matter: words end at them."""


def runs(text: str) -> list[str]:
    """Stretches of signs, figures and letters that say something, in one form however they were typed."""
    return RUN.findall(unicodedata.normalize("NFKC", text).lower().translate(EMPTY))


def grams(text: str) -> frozenset[str]:
    """The pairs of neighbouring signs; figures alone are none."""
    pairs: set[str] = set()
    for run in runs(text):
        pairs.update(map(add, run, run[1:]))
    return frozenset(pair for pair in pairs if not pair.isdecimal())


def phrases(text: str, said: Collection[str]) -> list[str]:
    """The longest stretches of `text` whose pairs are all in `said`, each once, in their order."""
    return list(dict.fromkeys(phrase for run in runs(text) for phrase in _stretches(run, said)))


def _stretches(run: str, said: Collection[str]) -> Iterator[str]:
    start = None
    for at in range(len(run)):
        goes_on = run[at : at + 2] in said
        if goes_on and start is None:
            start = at
        elif not goes_on and start is not None:
            yield run[start : at + 1]
            start = None
