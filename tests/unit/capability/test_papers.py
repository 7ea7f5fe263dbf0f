"""Papers share the opened fonts: what one uses shows in no other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from pypdf import PdfReader

from capability.papers.paper import Paper

WORDS = ["人民调解协议书", "㐂𠮷龘", "ئابدۇرېھىم تۇرسۇن", "兴庆区银古路街道", "Abc 0123"]


def made(words: str) -> bytes:
    paper = Paper("调解", "第1号")
    for no in range(40):
        paper.paragraph(f"{no}{words}")
    return paper.finished()


def shown(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def test_given_papers_made_at_the_same_time_when_read_then_each_says_what_it_says_alone():
    alone = [shown(made(words)) for words in WORDS]
    with ThreadPoolExecutor(4) as several:
        together = [shown(content) for content in several.map(made, WORDS * 4)]
    assert alone * 4 == together


def test_given_a_paper_after_another_when_made_then_it_holds_only_the_shapes_it_uses():
    before = len(made("Abc"))
    made("".join(chr(sign) for sign in range(0x4E00, 0x4E00 + 300)))
    assert before == len(made("Abc"))


def test_given_signs_of_several_faces_when_read_back_then_by_an_encoding_every_reader_knows():
    page = PdfReader(BytesIO(made(WORDS[0] + WORDS[1] + WORDS[4]))).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert {"/Identity-H"} == {font["/Encoding"] for font in fonts}
    text = page.extract_text()
    assert (True, False) == (f"3{WORDS[0]}{WORDS[1]}{WORDS[4]}" in "".join(text.split("\n")), "\0" in text)
