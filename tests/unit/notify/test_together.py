"""What several letters ask at the same time is one question."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from chassis.errors import Unavailable
from services.notify.delivery.together import Together

PATIENCE_SECONDS = 20.0


def test_given_a_question_out_when_others_come_then_they_wait_and_are_asked_as_one():
    out, came, asked = Event(), Event(), []

    def ask_all(keys):
        asked.append(sorted(keys))
        out.set()
        assert came.wait(PATIENCE_SECONDS)
        return {key: key.upper() for key in keys}

    together = Together(ask_all)
    with ThreadPoolExecutor(8) as letters:
        first = letters.submit(together, "a")
        assert out.wait(PATIENCE_SECONDS)
        others = [letters.submit(together, key) for key in ("b", "c", "b")]
        while len(together.waiting) < 3:
            came.wait(0.001)
        came.set()
        assert ["A", "B", "C", "B"] == [each.result(PATIENCE_SECONDS) for each in (first, *others)]
    assert [["a"], ["b", "c"]] == asked


def test_given_nobody_answers_when_asked_then_each_hears_of_it_and_the_next_question_goes_out_anew():
    answers = [Unavailable("x"), {"a": 1}]

    def ask_all(keys):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    together = Together(ask_all)
    with pytest.raises(Unavailable):
        together("a")
    assert 1 == together("a")
