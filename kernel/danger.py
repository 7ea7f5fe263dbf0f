"""Danger in words: stems that must stand near each other, and what tells that there is none (条例 art. 11, 29).

Read from policy key intake.danger_words, so that a district writes its own. A sign is written ``电线|电缆 + 断了|垂``:
every part must occur in one sentence, each at most `near` signs from the next, in any order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from kernel.codes import DangerFlag, Urgency

_SENTENCE = re.compile(r"[。！？!?；;\n]+")
_CLAUSE = re.compile(r"[，,、：:]")
_NEAR = re.compile(r"\s*@(\d+)\s*$")
_TAKEN_OUT = "□"
_WINDOW, _OVERLAP = 120, 40
_FIELDS = {"near", "harmless", "not", "over", "now", "flags"}


class InvalidDangerWords(ValueError):
    """The value of the policy key cannot be read; the words say where."""


@dataclass(frozen=True)
class Danger:
    """A flag that a text suggests, the urgency it gives, and the words that do."""

    flag: DangerFlag
    urgency: Urgency
    words: str


@dataclass(frozen=True)
class _Hit:
    start: int
    end: int


@dataclass(frozen=True)
class _Sign:
    parts: tuple[tuple[str, ...], ...]
    near: int


@dataclass(frozen=True)
class DangerWords:
    """The words of one policy pack on one day."""

    signs: Mapping[DangerFlag, tuple[Urgency, tuple[_Sign, ...]]]
    harmless: tuple[str, ...]
    negations: tuple[str, ...]
    over: tuple[str, ...]
    now: tuple[str, ...]

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> DangerWords:
        """Errors: InvalidDangerWords."""
        try:
            if set(value) != _FIELDS:
                raise InvalidDangerWords(f"应有 {'、'.join(sorted(_FIELDS))}")
            signs = {DangerFlag(flag): _signs(given, value["near"]) for flag, given in value["flags"].items()}
            harmless = tuple(word for line in value["harmless"] for word in _words(line))
            by_length = tuple(sorted(harmless, key=len, reverse=True))
            return cls(signs, by_length, _words(value["not"]), _words(value["over"]), _words(value["now"]))
        except (KeyError, TypeError, AttributeError, ValueError) as wrong:
            raise InvalidDangerWords(str(wrong)) from wrong

    def found(self, text: str) -> list[Danger]:
        """The dangers a text tells of as present, one a flag."""
        plain = _plain(text)
        for word in self.harmless:
            plain = plain.replace(word, _TAKEN_OUT)
        heads = self._stems.keys() & set(plain)
        possible = self._possible({stem for head in heads for stem in self._stems[head] if stem in plain})
        if not possible:
            return []
        windows = [window for sentence in _SENTENCE.split(plain) for window in _windows(sentence)]
        found = (self._of_flag(flag, possible[flag], windows) for flag in self.signs if flag in possible)
        return [danger for danger in found if danger]

    def _possible(self, there: set[str]) -> dict[DangerFlag, list[_Sign]]:
        """The signs of which every part has a stem that is there, in their order: most texts hold none."""
        begun = {key for stem in there for key in self._with_stem[stem]}
        whole = [
            key for key in begun if not any(there.isdisjoint(part) for part in self.signs[key[0]][1][key[1]].parts)
        ]
        found: dict[DangerFlag, list[_Sign]] = {}
        for flag, no in sorted(whole, key=lambda key: key[1]):
            found.setdefault(flag, []).append(self.signs[flag][1][no])
        return found

    @cached_property
    def _with_stem(self) -> dict[str, set[tuple[DangerFlag, int]]]:
        """Which signs, by their flag and place, a stem belongs to."""
        found: dict[str, set[tuple[DangerFlag, int]]] = {}
        for flag, (_, signs) in self.signs.items():
            for no, sign in enumerate(signs):
                for stem in {stem for part in sign.parts for stem in part if stem}:
                    found.setdefault(stem, set()).add((flag, no))
        return found

    @cached_property
    def _stems(self) -> dict[str, frozenset[str]]:
        """Of all signs, by how they begin: most texts hold none, and need no closer look."""
        by_head: dict[str, set[str]] = {}
        for stem in self._with_stem:
            by_head.setdefault(stem[0], set()).add(stem)
        return {head: frozenset(stems) for head, stems in by_head.items()}

    def _of_flag(self, flag: DangerFlag, possible: Sequence[_Sign], sentences: Sequence[str]) -> Danger | None:
        urgency, _ = self.signs[flag]
        for sentence in sentences:
            for sign in possible:
                words = self._words_of(sign, sentence)
                if words:
                    return Danger(flag, urgency, words)
        return None

    def _words_of(self, sign: _Sign, sentence: str) -> str | None:
        """The words of the sentence that make the sign, the nearest choice; None where it is not made."""
        choices = []
        for part in sign.parts:
            choices.append(list(self._hits(part, sentence)))
            if not choices[-1]:
                return None
        for hits in _near_together(choices, sign.near):
            if not self._is_over(sentence, hits):
                return "…".join(sentence[hit.start : hit.end] for hit in sorted(hits, key=lambda hit: hit.start))
        return None

    def _hits(self, part: tuple[str, ...], sentence: str) -> Iterator[_Hit]:
        for stem in part:
            at = sentence.find(stem)
            while at >= 0:
                if not sentence[:at].endswith(self.negations):
                    yield _Hit(at, at + len(stem))
                at = sentence.find(stem, at + 1)

    def _is_over(self, sentence: str, hits: Sequence[_Hit]) -> bool:
        """Whether the clauses the hits stand in say that it is past, mended or only taught."""
        start = max((m.end() for m in _CLAUSE.finditer(sentence, 0, min(h.start for h in hits))), default=0)
        after = _CLAUSE.search(sentence, max(hit.end for hit in hits))
        clause = sentence[start : after.start() if after else len(sentence)]
        return any(word in clause for word in self.over) and not any(word in clause for word in self.now)


def _plain(text: str) -> str:
    """Without blanks and invisible signs; line ends stay, they end sentences."""
    shown = unicodedata.normalize("NFKC", text)
    return "".join(s for s in shown if s == "\n" or not (s.isspace() or unicodedata.category(s) in ("Cf", "Cc")))


def _windows(sentence: str) -> Iterator[str]:
    """A sentence without an end is read in pieces that overlap, so that no text takes long."""
    for start in range(0, max(1, len(sentence) - _OVERLAP), _WINDOW - _OVERLAP):
        yield sentence[start : start + _WINDOW]


def _near_together(choices: Sequence[Sequence[_Hit]], near: int) -> Iterator[list[_Hit]]:
    """One hit of each part, no two the same signs, each at most `near` from the next."""
    if not choices:
        yield []
        return
    for rest in _near_together(choices[1:], near):
        for hit in choices[0]:
            if _fits([hit, *rest], near):
                yield [hit, *rest]


def _fits(hits: Sequence[_Hit], near: int) -> bool:
    ordered = sorted(hits, key=lambda hit: hit.start)
    return all(0 <= after.start - before.end <= near for before, after in pairwise(ordered))


def _signs(given: Mapping[str, Any], near: int) -> tuple[Urgency, tuple[_Sign, ...]]:
    return Urgency(given["urgency"]), tuple(_sign(line, near) for line in given["signs"])


def _sign(line: str, near: int) -> _Sign:
    own = _NEAR.search(line)
    parts = tuple(_words(part) for part in _NEAR.sub("", line).split("+"))
    if not all(parts):
        raise InvalidDangerWords(f"“{line}”中有空的词干")
    return _Sign(parts, int(own[1]) if own else int(near))


def _words(line: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in line.split("|") if word.strip())
