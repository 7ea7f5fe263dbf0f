"""A paper as a list of what stands on it, so that its words are gathered in one place and laid out in another."""

from __future__ import annotations

from collections.abc import Iterable

from capability.papers.paper import Paper

Block = tuple[str, ...]
"""A method of `Paper` with its words: ("section", "一、事实"), ("fact", "调解员", "石秀英").

("page", name) begins a page, whose number `laid` answers by name.
"""

PAGE = "page"


def made(title: str, number: str, blocks: Iterable[Block]) -> bytes:
    """The PDF. Errors: Conflict for a sign no font has; Unavailable without a font."""
    paper = Paper(title, number)
    laid(paper, blocks)
    return paper.finished()


def laid(paper: Paper, blocks: Iterable[Block]) -> dict[str, int]:
    """Puts the blocks on the paper; the page on which each named one begins."""
    pages: dict[str, int] = {}
    for kind, *words in blocks:
        if kind == PAGE:
            paper.add_page()
            pages[words[0]] = paper.page_no()
        else:
            getattr(paper, kind)(*words)
    return pages


def bound(title: str, number: str, cover: list[Block], parts: list[tuple[str, list[Block]]]) -> bytes:
    """A bound file 卷: cover, list of contents with the page of each part, the parts, each on a page of its own."""
    body: list[Block] = [block for name, blocks in parts for block in ((PAGE, name), ("section", name), *blocks)]
    pages = dict.fromkeys((name for name, _ in parts), 0)
    for _ in range(2):  # the first time tells the pages, which do not change: the list keeps its length
        paper = Paper(title, number)
        contents = [("fact", f"{no:02}", f"{name}（第{page}页）") for no, (name, page) in enumerate(pages.items(), 1)]
        pages = laid(paper, [*cover, (PAGE, ""), ("section", "卷内目录"), *contents, *body])
        pages.pop("")
    return paper.finished()
