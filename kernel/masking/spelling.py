"""Text as people spell numbers, brought to ASCII digits and plain joints, with the way back to the original."""

from __future__ import annotations

import unicodedata

_SPOKEN = str.maketrans("零〇洞一二三四五六七八九幺两拐勾壹贰貳叁參叄肆伍陆陸柒捌玖", "00012345678912791223334566789")
"""Figures as they are spoken (幺, 两, 拐, 勾, 洞) and as they stand on receipts (壹, 贰, 叁)."""

_UNSEEN = ("Cf", "Mn", "Me")
_DASHES = "~−ー"
_SPOKEN_DASH = "一"


class Spelling:
    """`plain` for finding; `places[n]` is where its n-th sign stands in the original."""

    def __init__(self, text: str) -> None:
        signs: list[str] = []
        self.places: list[int] = []
        for place, character in enumerate(text):
            for part in _simple(character):
                signs.append(part)
                self.places.append(place)
        self.plain = "".join(signs)
        self.readings = {self.plain, self._dashed(text)}

    def _dashed(self, text: str) -> str:
        """0951一6012345: between written digits the sign for one may be a dash."""
        return "".join(
            "-" if text[place] == _SPOKEN_DASH and self._written(text, number) else sign
            for number, (sign, place) in enumerate(zip(self.plain, self.places, strict=True))
        )

    def _written(self, text: str, number: int) -> bool:
        beside = [n for n in (number - 1, number + 1) if 0 <= n < len(self.places)]
        return len(beside) == 2 and all(unicodedata.decimal(text[self.places[n]], None) is not None for n in beside)


def _simple(character: str) -> str:
    if unicodedata.category(character) in _UNSEEN:
        return ""
    return "".join(_joint(part) for part in unicodedata.normalize("NFKC", character).translate(_SPOKEN))


def _joint(character: str) -> str:
    if character.isspace():
        return " "
    if character in _DASHES or unicodedata.category(character) == "Pd":
        return "-"
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
