"""What several letters ask at the same time is one question: while one is out, those that come wait for the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Together(Generic[T]):
    """Asks for one key; `ask_all` answers for all keys it is given. May be called from several threads.

    Errors: those of `ask_all`, for each who waits for that question.
    """

    def __init__(self, ask_all: Callable[[Sequence[str]], Mapping[str, T]]) -> None:
        self._ask_all, self._one_at_a_time, self._lock = ask_all, ThreadPoolExecutor(1), Lock()
        self.waiting: list[str] = []
        self._next: Future[Mapping[str, T]] | None = None

    def __call__(self, key: str) -> T:
        with self._lock:
            self.waiting.append(key)
            if self._next is None:
                self._next = self._one_at_a_time.submit(self._ask)
            answer = self._next
        return answer.result()[key]

    def _ask(self) -> Mapping[str, T]:
        with self._lock:
            keys, self.waiting, self._next = self.waiting, [], None
        return self._ask_all(list(dict.fromkeys(keys)))
